"""Synthetic deliveries of the district and the real national series."""

from demo.generate import generate
from demo.real import copy_real

__all__ = ["copy_real", "generate"]
