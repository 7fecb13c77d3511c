"""Explaining without a warehouse: terms as declared, periods and sums as written, rows and numbers as shown."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from peak.explanation import exact, lines
from sources.contract import contracts
from sources.ledger import Release, Revision, add_release, open_ledger
from warehouse.asked import Asked, Unexplained, parse_period
from warehouse.explain import explain, half_even
from warehouse.gaps import reason_words
from warehouse.paths import DBT_PROJECT, SEEDS, Home
from warehouse.provenance import Place, feeds_of
from warehouse.questions import Asking, bound, literal
from warehouse.terms import Declared, Window, declared, evaluate, parse_sum, signed, total, with_views

SIGNS = {"percent": "quotient", "ratio": "quotient", "level": "level"}
BASES = ("monthly", "balance")
NAME = re.compile(r"\$(\w+)")


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summed(text: str) -> Iterator[str]:
    return (name for _, name in parse_sum(text))


# --- formulas and terms as declared


def test_every_indicator_and_method_has_a_formula_of_its_form() -> None:
    registry = {row["code"]: row for row in seed("plan_indicators")}
    reductions = {(row["indicator"], row["method"]) for row in seed("plan_reductions")}
    formulas = {(row["indicator"], row["method"]): row for row in seed("plan_formulas")}
    falls = {row["indicator"] for row in seed("plan_reductions")}
    assert formulas.keys() == reductions | {(code, "default") for code in registry if code not in falls}
    for (code, method), formula in formulas.items():
        indicator = registry[code]
        if (code, method) in reductions:
            kind = "fall"
        elif indicator["method"] == "reported":
            kind = "reported"
        else:
            kind = SIGNS[indicator["form"]]
        assert formula["kind"] == kind, code
        assert formula["scale"] == ("100" if indicator["form"] == "percent" else "1"), code


def test_every_term_named_is_declared_and_every_term_declared_is_named() -> None:
    texts = [row[part] for row in seed("plan_formulas") for part in ("numerator_terms", "denominator_terms")]
    named = {name for text in texts for name in summed(text)}
    below = {name for term in declared().values() for _, name in term.parts}
    assert named | below == declared().keys()


def test_terms_have_both_names_and_rows_or_parts() -> None:
    for term in declared().values():
        assert re.search(r"[\u4e00-\u9fff]", term.zh), term.name
        assert re.search("[a-z]", term.en), term.name
        assert bool(term.parts) != bool(term.selects), term.name


def test_terms_ask_with_known_names_of_feeds_and_tables_that_exist() -> None:
    tables = {path.stem for path in (DBT_PROJECT / "models" / "marts").glob("*/*.sql")}
    for term in declared().values():
        given = Window("r", "i", "year", date(2024, 1, 1), date(2024, 12, 31), None).parameters() | dict(term.values)
        for select in term.selects:
            assert set(NAME.findall(select.sql)) <= given.keys(), term.name
            assert set(re.findall(r"\b(fct_\w+)", select.sql)) <= tables, term.name
            assert {origin.feed for origin in select.origins} <= contracts().keys(), term.name


def under(term: Declared, basis: str | None) -> set[str]:
    """The feeds under a term and all terms below it, on one basis."""
    found = {feed for _, part in term.parts for feed in under(declared()[part], basis)}
    selects = [select for select in term.selects if select.basis in (None, basis or "monthly")]
    return found | {origin.feed for select in selects for origin in select.origins}


def test_the_feeds_under_the_terms_are_those_of_the_indicator() -> None:
    """Whatever the terms of an indicator were made from is a feed that it looks at on that basis."""
    energy = {(row["indicator"], row["basis"]) for row in seed("indicator_feeds") if row["basis"] in BASES}
    for formula in seed("plan_formulas"):
        code, text = formula["indicator"], f"{formula['numerator_terms']} + {formula['denominator_terms']}"
        for basis in [basis for basis in BASES if (code, basis) in energy] or [None]:
            feeds = {feed for name in re.findall(r"\w+", text) for feed in under(declared()[name], basis)}
            # electricity at its calorific value needs no parameter, but shares terms with what does
            assert feeds <= {*feeds_of(code, basis), "region_parameters"}, (code, basis)


def test_sums_are_signs_and_names() -> None:
    assert parse_sum("a + b - c") == ((1, "a"), (1, "b"), (-1, "c"))
    assert parse_sum("-a") == ((-1, "a"),)
    assert parse_sum("") == ()
    for wrong in ("a b", "a +", "a * b", "a + (b)"):
        with pytest.raises(ValueError, match="not a sum"):
            parse_sum(wrong)


def test_views_come_with_those_they_need_and_no_others() -> None:
    views = {"first": "select 1 as x", "other": "select 2", "second": "select x from first"}
    sql = with_views("select x from second", views)
    assert sql == "with first as (select 1 as x), second as (select x from first) select x from second"
    assert with_views("select 1", views) == "select 1"


def test_sums_keep_every_digit() -> None:
    long = Decimal("12345678901234567890.123456789012345678")
    assert total([long, Decimal("1e-18")]) == Decimal("12345678901234567890.123456789012345679")
    assert total([long, None]) is None
    assert total([]) == 0


@pytest.mark.parametrize(
    ("value", "expected"), [("1/2000000", "0.000000"), ("3/2000000", "0.000002"), ("-1/3", "-0.333333")]
)
def test_values_round_half_to_even(value: str, expected: str) -> None:
    assert half_even(Fraction(value), 6) == Decimal(expected)


# --- terms against a small release


@pytest.fixture
def small() -> Iterator[Asking]:
    """The tables that coal and its CO2 are asked of, with a handful of rows."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("""
            create table fct_energy_supply as
              select 'r' as region, date '2024-01-01' as month, 'raw_coal' as product, 'industry' as sector,
                'coal' as family, '吨' as unit, cast(2 as decimal(38, 15)) as quantity,
                cast(1.5 as decimal(38, 15)) as tce
              where false;
            create table fct_energy_enterprise as
              select region, cast(month as date) as month, enterprise_id, 'raw_coal' as product,
                '某厂' as enterprise_name, 'coal' as family, balance, '吨' as unit,
                cast(used as decimal(38, 15)) as consumption,
                cast(0 as decimal(38, 15)) as transformation_output, cast(stock as decimal(38, 15)) as feedstock,
                cast(used * 0.7143 as decimal(38, 15)) as net_tce,
                cast(stock * 0.7143 as decimal(38, 15)) as feedstock_tce
              from (values ('r', '2024-01-01', 'A', 'enterprise', 10, 1), ('r', '2024-02-01', 'A', 'enterprise', 20, 0),
                ('r', '2024-02-01', 'B', 'enterprise', 5, 0), ('r', '2024-02-01', 'C', 'supply', 7, 2),
                ('r', '2025-01-01', 'A', 'enterprise', 99, 0), ('s', '2024-01-01', 'A', 'enterprise', 99, 0)
              ) as t(region, month, enterprise_id, balance, used, stock);
            create table fct_factors as select 'assessment' as factor_set, '1' as version, 'coal' as item,
              cast(2.64 as decimal(38, 9)) as value, 'tCO2/tce' as unit, 'somewhere' as citation;
        """)
        yield Asking(connection)


def window(start: date, end: date) -> Window:
    return Window("r", "co2_emissions", "year", start, end, "monthly")


def test_rows_of_a_term_are_those_of_region_period_and_balance(small: Asking) -> None:
    (coal,) = evaluate(small, "coal_tce", window(date(2024, 1, 1), date(2024, 12, 31)))
    rows = [row for select in coal.selects for row in select.rows]
    assert [(row.labels["enterprise_id"], row.amount) for row in rows] == [
        ("A", Decimal("21.429")),
        ("B", Decimal("3.5715")),
    ]
    assert coal.amount == Decimal("25.0005")


def test_a_factor_multiplies_the_sum_of_the_parts(small: Asking) -> None:
    (co2,) = evaluate(small, "co2_coal_t", window(date(2024, 1, 1), date(2024, 12, 31)))
    assert [(part.sign, part.amount) for part in co2.parts] == [(1, Decimal("25.0005")), (-1, Decimal("2.1429"))]
    assert co2.amount == (Decimal("25.0005") - Decimal("2.1429")) * Decimal("2.64")
    assert co2.factor is not None and co2.factor["citation"] == "somewhere"


def test_signs_enter_the_sum(small: Asking) -> None:
    terms = evaluate(small, "coal_tce - feedstock_coal_tce", window(date(2024, 1, 1), date(2024, 1, 31)))
    assert signed(terms) == Decimal("7.143") - Decimal("0.7143")


# --- what people write and read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", ("year", date(2024, 1, 1))),
        ("2024Q3", ("quarter", date(2024, 7, 1))),
        ("2024-03", ("month", date(2024, 3, 1))),
        ("ttm:2024-03", ("ttm", date(2023, 4, 1))),
        ("TTM:2024-12", ("ttm", date(2024, 1, 1))),
    ],
)
def test_periods_as_people_write_them(text: str, expected: tuple[str, date]) -> None:
    assert parse_period(text) == expected


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-03-05", "ttm:2024", "ttm:", "last year"])
def test_what_is_no_period_is_told_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match="ttm:2024-03"):
        parse_period(text)


def test_values_enter_sql_as_literals_and_only_outside_quotes() -> None:
    assert bound("select $a, '$a', $b", {"a": "it's", "b": date(2024, 1, 2)}) == (
        "select 'it''s', '$a', date '2024-01-02'"
    )
    assert [literal(value) for value in (None, True, 7)] == ["null", "true", "7"]
    with pytest.raises(TypeError):
        literal(1.5)
    with pytest.raises(KeyError):
        bound("select $missing", {})


def test_reasons_are_said_in_words() -> None:
    assert reason_words("missing_feed: energy_supply") == (
        "所需数据集当期没有任何报送：energy_supply",
        "a feed it needs delivered nothing in the period: energy_supply",
    )
    assert reason_words(None) == (None, None)
    assert reason_words("zero_denominator") == ("分母为零", "the denominator is zero")


def test_rows_are_shown_by_file_and_sheet() -> None:
    places = [Place("a", None, 2, 4), Place("a", None, 7, 7), Place("b", "一月", 5, 6)]
    assert lines(places, {"a": 1, "b": 2}, None) == "[1] 2–4, 7；[2] 一月!5–6"
    assert lines(places[:2], None, None) == "2–4, 7"
    assert lines(places, {"a": 1, "b": 2}, 1) == "[1] 2–4 …+1 …+1"


def test_numbers_are_shown_whole() -> None:
    assert exact(Decimal("1234567.890000000000000001")) == "1,234,567.890000000000000001"
    assert exact(Decimal("2400.000")) == "2,400"
    assert exact(Decimal(2024), "年") == "2024"
    assert exact(None) == "—"


# --- releases that are not there


def test_without_anything_published_there_is_nothing_to_explain(tmp_path: Path) -> None:
    with pytest.raises(Unexplained, match="peak run"):
        explain(Home(tmp_path / "nowhere"), Asked("ev_stock", "r", "year", date(2024, 1, 1)))


def test_a_pruned_release_says_its_value_and_how_it_comes_back(tmp_path: Path) -> None:
    home, release_id = Home(tmp_path), "20260101T000000Z-abcdef"
    release = Release(release_id, None, "2026-01-01T00:00:00Z", "2026-01-01", "0" * 64, 1, 0)
    revision = Revision(
        region="r",
        indicator="ev_stock",
        method="default",
        base_year=None,
        period_type="year",
        period_start="2024-01-01",
        period_end="2024-12-31",
        value=Decimal("2605.000000"),
        previous_value=None,
        unit="辆",
        is_complete=True,
        cause="new_data",
        cause_detail="",
        deliveries=(),
    )
    with open_ledger(home) as ledger:
        add_release(ledger, release, {}, [revision])
    asked = Asked("ev_stock", "r", "year", date(2024, 1, 1), release_id=release_id)
    with pytest.raises(Unexplained, match=f"2605.000000 辆.*peak reproduce {release_id}"):
        explain(home, asked)
