"""Prefect flows. Each flow reads as the sentence it performs; the work is in plain functions elsewhere."""

from flows import settings as settings  # sets Prefect's environment before any module here imports prefect
