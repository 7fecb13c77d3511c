"""Known errors that a bureau will not fix, as data: the table `corrections` and what its rows say."""

from sources.corrections.model import Correction, Place, attach, by_place, parse_key
from sources.corrections.table import NAME, TABLE, BadCorrections, Fault, load, parse

__all__ = [
    "NAME",
    "TABLE",
    "BadCorrections",
    "Correction",
    "Fault",
    "Place",
    "attach",
    "by_place",
    "load",
    "parse",
    "parse_key",
]
