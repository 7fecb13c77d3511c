"""What it takes to prove one kind of data test, and the statements that spoil tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from expectations.frames import joined
from expectations.mutants.data_tests.compiled import DataTest


@dataclass(frozen=True)
class Spoilt:
    """Statements that spoil the good tables so that one rule, `check`, is broken; the test then shows `rows` rows."""

    check: str
    label: str
    statements: tuple[str, ...]
    rows: int = 1


@dataclass(frozen=True)
class Maker:
    """Statements that make a test's good tables, every way to spoil them, and the rules that need one."""

    good: Callable[[DataTest], Iterable[str]]
    spoil: Callable[[DataTest], Iterator[Spoilt]]
    rules: Callable[[DataTest], Iterable[str]]


def cleared(table: str) -> str:
    """A statement that takes all rows away."""
    return joined("delete from", table)


def added(table: str, *rows: str) -> str:
    """A statement that adds the rows a query gives."""
    return joined("insert into", table, *rows)


def changed(table: str, column: str, value: str, where: str = "true") -> str:
    """A statement that puts a value into a column."""
    return joined("update", table, "set", column, "=", value, "where", where)
