"""Properties that hold for any history."""
