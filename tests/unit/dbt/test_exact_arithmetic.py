"""The ratio macros against Python's Decimal: every quotient to the last digit, ties to even, signs and nulls."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import duckdb
import pytest

from tests.support.macros import macros


def _expected(n: Decimal | None, d: Decimal | None, places: int, factor: int = 1) -> Decimal | None:
    if n is None or d is None or d == 0:
        return None
    with localcontext(prec=120):
        return (factor * n / d).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _random_pairs(count: int, seed: int) -> list[tuple[Decimal, Decimal]]:
    chance = random.Random(seed)

    def number(largest: int) -> Decimal:
        digits = chance.randrange(0, 10 ** chance.randint(1, largest))
        return Decimal(chance.choice((1, -1)) * digits).scaleb(-chance.randint(0, 15))

    return [(number(18), number(18)) for _ in range(count)]


def _ties() -> list[tuple[Decimal, Decimal]]:
    """Quotients that end exactly in half of the last published place, in both parities and signs."""
    halves = [Decimal(k) + Decimal("0.5") for k in (0, 1, 2, 3, 10, 11, 123456, 123457)]
    quotients = [half.scaleb(-places) for half in halves for places in (6, 8, 18)]
    divisors = [Decimal(text) for text in ("1", "-1", "2", "0.5", "1000", "-0.032", "16384")]
    pairs = [(quotient * divisor, divisor) for quotient in quotients for divisor in divisors]
    return [(n, d) for n, d in pairs if -int(n.as_tuple().exponent) <= 15]


def _edge() -> list[tuple[Decimal | None, Decimal | None]]:
    return [
        (None, Decimal(1)),
        (Decimal(1), None),
        (Decimal(1), Decimal(0)),
        (Decimal(0), Decimal(3)),
        (Decimal("99999999999999999.999999999999999"), Decimal("99999999999999998.999999999999999")),
        (Decimal("1E-15"), Decimal("99999999999999999")),
    ]


CASES = [*_random_pairs(3000, 7), *_ties(), *_edge()]


def _computed(expression: str, pairs: list[tuple[Decimal | None, Decimal | None]]) -> list[Decimal | None]:
    con = duckdb.connect()
    con.execute("create table pairs (position integer, n decimal(38, 15), d decimal(38, 15))")
    con.executemany("insert into pairs values (?, ?, ?)", [(i, n, d) for i, (n, d) in enumerate(pairs)])
    return [row[0] for row in con.execute(f"select {expression} from pairs order by position").fetchall()]


@pytest.mark.parametrize(
    ("name", "options", "places", "factor"),
    [("exact_ratio", {}, 18, 1), ("rounded_ratio", {}, 6, 1), ("rounded_ratio", {"percent": True}, 6, 100)],
)
def test_quotients_are_half_even_to_the_last_place(
    name: str, options: dict[str, bool], places: int, factor: int
) -> None:
    limit = Decimal(10) ** (38 - places)
    pairs = [(n, d) for n, d in CASES if n is None or not d or abs(factor * n / d) < limit]
    computed = _computed(macros()[name]("n", "d", **options), pairs)
    assert computed == [_expected(n, d, places, factor) for n, d in pairs]


def test_rounded_is_half_even() -> None:
    computed = _computed(macros()["rounded"]("n"), CASES)
    assert computed == [_expected(n, Decimal(1), 6) for n, _ in CASES]


def test_result_types_hold_every_published_digit() -> None:
    macro = macros()
    expressions = [macro["exact_ratio"]("n", "d"), macro["rounded_ratio"]("n", "d"), macro["rounded"]("n")]
    columns = ", ".join(f"typeof({expression})" for expression in expressions)
    given = "select cast(1 as decimal(38, 15)) as n, cast(3 as decimal(38, 15)) as d"
    types = duckdb.connect().execute(f"select {columns} from ({given})").fetchone()
    assert types == ("DECIMAL(38,18)", "DECIMAL(38,6)", "DECIMAL(38,6)")
