"""The test `rows_as_recorded`: every feed loses, doubles or mistakes a row or a scope on its way into its model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from expectations.frames import joined
from expectations.mutants.data_tests.compiled import DataTest
from expectations.mutants.data_tests.maker import Maker, Spoilt, added, changed, cleared

_REF = re.compile(r"ref\('(\w+)'\)")
_SCOPE = "'r', 's', 'd'"


def _counted(test: DataTest) -> dict[str, tuple[str, str | None]]:
    """Per feed the table whose rows are counted, and the column that counts them (None: each row is one)."""
    single = {feed: (relation, None) for feed, relation in test.arguments["feeds"].items()}
    summed = {feed: (kept["relation"], kept["rows"]) for feed, kept in (test.arguments.get("kept_up") or {}).items()}
    return {feed: (_place(test, relation), rows) for feed, (relation, rows) in {**single, **summed}.items()}


def _place(test: DataTest, reference: str) -> str:
    found = _REF.search(reference)
    assert found is not None, reference
    return test.parents[found[1]].place


def good(test: DataTest) -> list[str]:
    """Every feed with one scope of three rows, recorded as three, and one that is empty."""
    winning, texts = test.looked_at.place, "region varchar, scope varchar, delivery_id varchar"
    made = [joined("create table", winning, f"(feed varchar, {texts}, row_count bigint)")]
    for feed, (table, rows) in _counted(test).items():
        made.append(joined("create table", table, f"({texts}, {rows} bigint)" if rows else f"({texts})"))
        made.append(added(table, _rows(3, rows)))
        made.append(added(winning, f"values ('{feed}', {_SCOPE}, 3), ('{feed}', 'r', 'e', 'd', 0)"))
    return made


def _rows(number: int, rows: str | None, scope: str = _SCOPE) -> str:
    """So many rows of a scope, or two that count as many."""
    one_each = [f"({scope})"] * number
    return joined("values", f"({scope}, 1), ({scope}, {number - 1})" if rows else ", ".join(one_each))


def spoil(test: DataTest) -> Iterator[Spoilt]:
    for feed, (table, rows) in _counted(test).items():
        yield Spoilt(feed, "a row lost", (cleared(table), added(table, _rows(2, rows))))
        yield Spoilt(feed, "a row twice", (cleared(table), added(table, _rows(4, rows))))
        yield Spoilt(feed, "a scope lost", (cleared(table),))
        yield Spoilt(feed, "a scope nobody delivered", (added(table, _rows(3, rows, "'r', 't', 'd'")),))
        for column in ("region", "scope", "delivery_id"):
            yield Spoilt(feed, f"another {column}", (changed(table, column, "'x'"),), rows=2)


RECORDED = Maker(good, spoil, _counted)
