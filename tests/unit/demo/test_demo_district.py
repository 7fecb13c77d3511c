"""The make-believe numbers hold together and stay near the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from demo import charging, economy, governance, industry, metering, power, supply, transport, waste
from demo.district import CODE_ALPHABET, ENTERPRISES
from demo.generate import planned
from demo.span import Span, month_end
from demo.world import Delivery, World
from sources.dictionaries import products

MONTHS = [date(2025, month, 1) for month in range(1, 13)]


def _deliveries(world: World) -> Iterator[Delivery]:
    return (delivery for delivery, _ in planned(world))


def test_credit_codes_hold_their_check_digit() -> None:
    for works in ENTERPRISES:
        weights = [pow(3, i, 31) for i in range(18)]
        weights[17] = 1
        assert sum(CODE_ALPHABET.index(c) * w for c, w in zip(works.id, weights, strict=True)) % 31 == 0


def test_heat_made_does_not_exceed_heat_used(world: World) -> None:
    for month in MONTHS:
        heat = [use for (_, product), use in industry.uses(world, month).items() if product == "heat"]
        assert sum(use.output for use in heat) < sum(use.consumption for use in heat)


def test_works_use_less_electricity_than_the_grid_sells_to_industry(world: World) -> None:
    for month in MONTHS:
        used = sum(industry.electricity(world, works.number, month) for works in ENTERPRISES)
        assert used < supply.sold(world, "electricity", "industry", month)


def test_meters_agree_with_the_forms_but_for_the_one_that_drifts(world: World) -> None:
    for meter in metering.METERS:
        metered = sum(float(metering._month_kwh(world, meter, month).sum()) for month in MONTHS) / 10_000
        reported = sum(industry.electricity(world, meter.enterprise, month) for month in MONTHS) * meter.share
        assert metered == pytest.approx(reported, rel=0.02)


def test_stocks_balance_but_for_the_one_that_does_not(world: World) -> None:
    for month in MONTHS[1:]:
        for row in industry.month_rows(world, month):
            if row["opening_stock"] is not None:
                moved = row["opening_stock"] + row["purchased"] - row["consumption"] - row["closing_stock"]
                assert abs(moved + (row["transformation_output"] or 0)) <= Decimal("0.02") * row["consumption"]


def test_february_speaks_for_january_and_no_form_comes_in_january(world: World) -> None:
    assert industry.month_rows(world, date(2024, 1, 1)) == []
    assert {row["months"] for row in industry.month_rows(world, date(2024, 2, 1))} == {2}


def test_the_incinerator_opens_in_july(world: World) -> None:
    plants = [{row["plant_id"] for row in power.month_rows(world, date(2022, month, 1))} for month in (6, 7)]
    assert "DZ-05" not in plants[0]
    assert "DZ-05" in plants[1]


def test_a_facility_closed_for_a_day_sends_an_empty_scope(world: World) -> None:
    rows = waste.day_rows(world, date(2024, 6, 18))
    assert {"day": date(2024, 6, 18), "facility": waste.LANDFILL.name} in rows


def test_sessions_use_piles_of_the_register(world: World) -> None:
    known = {pile.id for pile in charging.piles(world)}
    assert len(known) == len(charging.piles(world))
    rows = charging._day_sessions(world, charging.OPERATORS[0], date(2025, 5, 5))
    assert {row["pile_id"] for row in rows} <= known


def test_keys_are_unique_in_every_delivery_that_is_right(world: World) -> None:
    from sources.contract import contracts

    for delivery in _deliveries(world):
        keys = [field.name for field in contracts()[delivery.feed].fields if field.key or field.scope]
        if isinstance(delivery.rows, list) and not delivery.wrong:
            found = [tuple(row.get(name) for name in keys) for row in delivery.rows]
            assert len(set(found)) == len(found), delivery.label


def test_industrial_waste_balances(world: World) -> None:
    for row in waste.industrial_rows(world, 2025):
        left = row["generated_t"] + (row["utilised_from_stock_t"] or 0)
        assert left == row["utilised_t"] + row["disposed_t"] + row["stored_t"]


def test_levels_stay_near_the_targets(world: World) -> None:
    stock = {(r["vehicle_type"], r["energy_type"], r["usage"]): r["stock"] for r in transport.stock_rows(MONTHS[-1])}
    electric = sum(number for (_, energy, _), number in stock.items() if energy in ("bev", "phev", "fcev"))
    assert 2242 <= electric < 3000
    in_service = [p for p in charging.piles(world) if not (p.removed and p.removed <= date(2025, 12, 31))]
    assert 1150 < len(in_service) < 1336
    assert sum(p.access == "public" for p in in_service) >= 296
    roofs = sum(p.mw for p in power.projects(world) if p.mounting == "rooftop" and p.operates(date(2025, 12, 31)))
    assert 80 < roofs < 103


def test_the_non_fossil_share_nears_a_fifth(world: World) -> None:
    """About 20 % in 2025, roughly reckoned: electricity at 2.827 tce for 10 000 kWh, 1.6 million tce in all."""
    bought = sum(supply.sold(world, "electricity", sector, m) for sector in supply.SALES["electricity"] for m in MONTHS)
    rows = [row for month in MONTHS for row in power.month_rows(world, month)]
    local = float(sum(row["generated"] for row in rows if row["source"] != "gas"))
    imported = bought - float(sum(row["generated"] for row in rows))
    clean = (local + imported * economy.along(economy.NONFOSSIL_IMPORTED, 2025)) * 2.827
    assert 0.17 < clean / (1_600_000) < 0.22
    assert set(supply.SALES) == {code for code, product in products().items() if product.balance == "supply"}


def test_the_accounts_of_2020_stand_in_both_price_bases(world: World) -> None:
    bases = {
        row["price_base"]
        for delivery in economy.deliveries(world)
        if delivery.feed == "national_accounts"
        for row in delivery.rows
        if row["year"] == 2020 and row["quarter"] == 4
    }
    assert bases == {2015, 2020}


def test_tasks_name_clauses_of_the_plan_and_every_register_indicator() -> None:
    from sources.dictionaries import rows

    clauses = {row["clause"] for row in rows("plan_clauses")}
    assert {task["clause"] for task in governance.task_list()} <= clauses
    wanted = {row["plan_id"] for row in rows("plan_indicators") if row["method"] == "register"}
    assert wanted <= {task["item_id"].split("-")[0] for task in governance.task_list()}
    reported = {row["code"] for row in rows("plan_indicators") if row["method"] == "reported"}
    assert reported == set(governance.REPORTED)


def test_days_months_and_quarters_are_covered_without_gap_or_overlap() -> None:
    span = Span.of((2023, 2026), date(2026, 11, 22))
    days = [day for batch in span.day_batches(6) for day in batch.days]
    months = [month for batch in span.month_batches(10) for month in batch.months]
    assert days[0] == span.first and days[-1] == span.last and len(set(days)) == len(days)
    assert len(days) == (span.last - span.first).days + 1
    assert len(months) == len(set(months)) == 46
    assert span.last == month_end(date(2026, 10, 1))
