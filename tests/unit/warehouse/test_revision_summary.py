"""A run's report of revisions: by file, by indicator, furthest first, and the page that shows it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from flows.report import revisions_page
from peak.endings import plain_revisions
from sources.ledger import Revision
from warehouse.revision_summary import furthest_first, moved_by, moved_indicators, revised_files
from warehouse.scope_changes import NEW, REBUILT, REPLACED, ScopeChange

CHANGE = ScopeChange(
    region="r",
    feed="energy_supply",
    scope="2024-01|diesel",
    member="diesel",
    period_start="2024-01-01",
    period_end="2024-01-31",
    kind=REPLACED,
    delivery_id="b" * 16,
    previous_delivery_id="a" * 16,
    file_name="更正|1.csv",
    previous_file_name="原.csv",
)
REVISION = Revision(
    region="r",
    indicator="oil_consumption",
    method="default",
    base_year=None,
    period_type="month",
    period_start="2024-01-01",
    period_end="2024-01-31",
    value=Decimal("12.000000"),
    previous_value=Decimal("10.000000"),
    unit="t",
    is_complete=True,
    cause="revised_data",
    cause_detail="数据修订：energy_supply / revised data: energy_supply",
    deliveries=("b" * 16,),
)


def test_scopes_of_one_file_are_one_line() -> None:
    february = replace(CHANGE, scope="2024-02|diesel", period_start="2024-02-01", period_end="2024-02-29")
    other = replace(february, scope="2024-02|coal", previous_delivery_id="c" * 16, previous_file_name="别.csv")
    new = replace(CHANGE, kind=NEW, scope="2024-03|diesel", previous_delivery_id=None, previous_file_name=None)
    told = revised_files([new, february, CHANGE, other])
    assert [(item.kind, item.scopes, item.first, item.last) for item in told] == [
        (NEW, 1, "2024-01-01", "2024-01-31"),
        (REPLACED, 3, "2024-01-01", "2024-02-29"),
    ]
    assert [item.previous_file_names for item in told] == [(), ("别.csv", "原.csv")]


def test_a_file_is_not_called_its_own_predecessor() -> None:
    rebuilt = replace(
        CHANGE, kind=REBUILT, previous_delivery_id=CHANGE.delivery_id, previous_file_name=CHANGE.file_name
    )
    assert [item.previous_file_names for item in revised_files([rebuilt])] == [()]


def test_an_indicator_is_told_once_per_cause_with_its_furthest_value() -> None:
    far = replace(REVISION, period_start="2024-02-01", value=Decimal(30), deliveries=("c" * 16,))
    new = replace(REVISION, period_start="2024-03-01", previous_value=None, cause="new_data")
    told = moved_indicators([REVISION, far, new])
    assert [(item.cause, item.values, item.largest) for item in told] == [
        ("new_data", 1, new),
        ("revised_data", 2, far),
    ]
    assert told[1].deliveries == ("b" * 16, "c" * 16)


def test_how_far_a_value_moved() -> None:
    assert moved_by(REVISION) == Decimal("0.2")
    assert (
        moved_by(replace(REVISION, value=None))
        == moved_by(replace(REVISION, previous_value=Decimal(0)))
        == Decimal("Infinity")
    )
    assert moved_by(replace(REVISION, value=Decimal(10))) == 0
    assert moved_by(replace(REVISION, value=None, previous_value=None)) == 0
    new = replace(REVISION, previous_value=None)
    gone = replace(REVISION, value=None)
    assert furthest_first([new, REVISION, gone]) == [gone, REVISION, new]


def test_the_page_names_file_indicator_values_and_cause_and_no_name_breaks_it() -> None:
    page = revisions_page([REVISION], [CHANGE], ("seed: ref_co2_factors",), is_first=False)
    for told in (
        "更正\\|1.csv",
        "原.csv",
        "oil_consumption 石油消费量",
        "月 month 2024-01-31",
        "10.000000 → 12.000000",
        "数据修订",
        "ref_co2_factors",
    ):
        assert told in page
    assert "from indicator_revisions where release_id = (select release_id from release)" in page
    assert "Revisions: 1 " in page and "First release" not in page


def test_many_values_are_counted_where_they_are_not_shown() -> None:
    many = [replace(REVISION, base_year=year) for year in range(1000, 1250)]
    page = revisions_page(many, [], (), is_first=False)
    assert "and 50 more" in page and "Revisions: 250 " in page
    assert [item["base_year"] for item in plain_revisions(many)] == list(range(1000, 1250))
    assert "release_id" not in plain_revisions(many)[0]
