"""Comparisons of a delivery with what was there before: SQL over its own rows and those of the scopes in force."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from sources.contract import Contract

if TYPE_CHECKING:
    import pyarrow

    from sources.ledger import WinningScope


class Past(Protocol):
    """What a delivery can be compared with, and the day of the run."""

    @property
    def as_of(self) -> date:
        """The day of the run."""

    @property
    def is_registered(self) -> bool:
        """Whether the plan knows the region."""

    def scopes(self, contract: Contract, first: date, last: date) -> Sequence[WinningScope]:
        """The scopes in force whose periods begin between two days, both included."""

    def rows(self, contract: Contract, scopes: Collection[WinningScope], schema: pyarrow.Schema) -> pyarrow.Table:
        """Their rows, with the columns of `schema`."""
