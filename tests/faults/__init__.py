"""Killing a night at any point: the harness, twenty points for every test run, and hundreds with `make faults`."""
