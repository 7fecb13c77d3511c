"""The scopes a delivery speaks for, and the days each of them covers."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from sources.contract import Contract, Field
from sources.reading.checks import Rows
from sources.reading.model import ScopeInfo


def spelling(field: Field, value: Any) -> str:
    """A scope value as it is written in scopes: ISO days, `2024-03`, `2024Q1`; empty when missing."""
    if value is None:
        return ""
    if field.type == "month":
        return f"{value:%Y-%m}"
    if field.type == "quarter":
        return f"{value.year}Q{(value.month + 2) // 3}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _span(field: Field, value: Any) -> tuple[date, date]:
    """First and last day of a day, month, quarter or year."""
    if field.type == "year":
        return date(value, 1, 1), date(value, 12, 31)
    if field.type == "month":
        return value, _last_of_month(value.year, value.month)
    if field.type == "quarter":
        return value, _last_of_month(value.year, value.month + 2)
    day = value if field.type == "date" else value.date()
    return day, day


def period(contract: Contract, values: dict[str, Any]) -> tuple[date, date]:
    """The days a scope covers; a year and a quarter's number give the quarter, a register its own day."""
    first = contract.field(contract.period[0])
    start, end = _span(first, values[first.name])
    if len(contract.period) > 1:
        number = int(values[contract.period[1]])
        start, end = date(start.year, 3 * number - 2, 1), _last_of_month(start.year, 3 * number)
    return start, end


def _distinct(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first position of every distinct code, and for every position which of them it has."""
    if not codes.any():
        return np.zeros(min(len(codes), 1), dtype=np.int64), codes
    _, first, indices = np.unique(codes, return_index=True, return_inverse=True)
    return first, indices


class Scopes:
    """The distinct scopes of checked rows. `texts` are their spellings, `indices` tell each row's."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._contract = rows, rows.contract
        encoded = [rows.values[field.name].dictionary_encode("encode") for field in self._contract.scope]
        codes = np.zeros(rows.grid.height, dtype=np.int64)
        for one in encoded:
            if len(one.dictionary) > 1:
                codes = codes * len(one.dictionary) + one.indices.to_numpy()
        first, self.indices = _distinct(codes)
        self._values = [
            {field.name: rows.values[field.name][int(row)].as_py() for field in self._contract.scope} for row in first
        ]
        self._spelt = [
            {field.name: spelling(field, values[field.name]) for field in self._contract.scope}
            for values in self._values
        ]
        self.texts = ["|".join(spelt.values()) for spelt in self._spelt]

    def column(self) -> pa.Array:
        """The scope of every row."""
        return pa.array(self.texts, pa.string()).take(pa.array(self.indices))

    def check_empty(self) -> None:
        """Empty-scope rows that stand beside filled rows of the same scope."""
        rows = self._rows
        filled = np.zeros(len(self.texts), dtype=bool)
        filled[self.indices[~rows.is_empty]] = True
        whole = rows.whole([field for field in self._contract.scope])
        beside = np.flatnonzero(rows.is_empty & whole & filled[self.indices])
        field = self._contract.scope[0].name
        zh, en = "空范围行与同一范围的数据行并存", "an empty-scope row beside filled rows of the same scope"
        rows.report(beside, field, "empty_beside_filled", zh, en)

    def infos(self) -> list[ScopeInfo]:
        """Every scope with its rows and days, in the order of their values."""
        filled = np.bincount(self.indices[~self._rows.is_empty], minlength=len(self.texts))
        member = self._contract.member if self._contract.member in {f.name for f in self._contract.scope} else None
        return [
            ScopeInfo(
                scope=self.texts[number],
                values=spelt,
                rows=int(filled[number]),
                is_empty=not filled[number],
                period_start=start,
                period_end=end,
                member=spelt[member] if member else None,
            )
            for number, spelt in enumerate(self._spelt)
            for start, end in [period(self._contract, self._values[number])]
        ]
