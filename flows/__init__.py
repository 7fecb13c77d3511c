"""Prefect flows. Each flow reads as the sentence it performs; the work is in plain functions elsewhere."""
