"""Synthetic deliveries of the district and the real national series."""

from demo.generate import generate
from demo.real import copy_real, real_files

__all__ = ["copy_real", "generate", "real_files"]
