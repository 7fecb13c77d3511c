"""Synthetic deliveries of the district and the real national series."""
