"""Numbers of the demo traced back: terms that add up exactly, scopes as in the lineage, and the delivered bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sources.contract import Field, contracts
from sources.dictionaries import conversion, unit
from sources.dictionaries import rows as seed_rows
from tests.support.command import loaded, peak
from tests.support.homes import Night, released
from warehouse.asked import Asked
from warehouse.explain import Explanation, explain
from warehouse.paths import Home
from warehouse.provenance import Source
from warehouse.questions import Asking, ask_records
from warehouse.shelf import current_release
from warehouse.terms import Row, Term, Window, evaluate, signed

pytestmark = pytest.mark.slow
REGION = "yueyang-etz"
Demo = tuple[Home, Night]


def asked(row: dict[str, Any]) -> Asked:
    names = ("indicator", "region", "period_type", "period_start", "method", "base_year")
    return Asked(*(row[name] for name in names))


def of_year(home: Home, indicator: str, year: int = 2024, **rest: Any) -> Explanation:
    return explain(home, Asked(indicator, REGION, "year", date(year, 1, 1), **rest))


def values(night: Night, condition: str) -> list[dict[str, Any]]:
    """Rows of indicator_values with their formulas."""
    assert night.release is not None
    with released(night.release) as connection:
        return ask_records(
            connection,
            "select v.*, f.kind, f.numerator_terms, f.denominator_terms, i.method as origin "
            "from indicator_values as v join indicator_formulas as f using (indicator, method) "
            f"join indicators as i on i.code = v.indicator where {condition} order by all",
        )


def rows_under(terms: list[Term]) -> Iterator[tuple[Row, set[str]]]:
    """Every row below the terms with the feeds it came from."""
    for term in terms:
        yield from rows_under(term.parts)
        for select in term.selects:
            yield from ((row, {origin.feed for origin in select.origins}) for row in select.rows)


# --- terms


@pytest.mark.parametrize("homes", ["demo_home", "random_home"])
def test_terms_add_up_to_numerator_and_denominator_to_the_last_digit(
    homes: str, request: pytest.FixtureRequest
) -> None:
    """Every value there is, whatever its period; reductions are tried year by year below."""
    night: Night = request.getfixturevalue(homes)[1]
    rows = values(night, "v.value is not null and f.kind in ('quotient', 'level')")
    wrong = []
    assert night.release is not None
    with released(night.release) as connection:
        asking = Asking(connection)
        for row in rows:
            place = (row["period_type"], row["period_start"], row["period_end"], row["basis"])
            window = Window(row["region"], row["indicator"], *place)
            numerator = signed(evaluate(asking, row["numerator_terms"], window))
            denominator = signed(evaluate(asking, row["denominator_terms"] or "", window))
            if numerator != row["numerator"] or (denominator or None) != row["denominator"]:
                wrong.append((window, numerator, row["numerator"], denominator, row["denominator"]))
    assert wrong == []
    computed = {row["indicator"] for row in rows if row["origin"] == "computed"}
    reductions = {row["indicator"] for row in seed_rows("plan_reductions")}
    registry = {row["code"] for row in seed_rows("plan_indicators") if row["method"] == "computed"}
    assert homes != "demo_home" or computed == registry - reductions


def test_reductions_are_the_fall_of_two_intensities(demo_home: Demo) -> None:
    home, night = demo_home
    rows = values(night, "v.value is not null and f.kind = 'fall'")
    assert {(row["indicator"], row["method"]) for row in rows} == {
        (row["indicator"], row["method"]) for row in seed_rows("plan_reductions")
    }
    for row in rows:
        found = explain(home, asked(row))
        assert found.is_exact, (row["indicator"], row["method"], row["period_start"], found.notes)
        assert [part.start.year for part in found.calculations] == sorted(
            {row["period_start"].year, row["base_year"]}, reverse=True
        )


# --- scopes and deliveries


def test_scopes_and_rows_are_those_of_the_lineage(demo_home: Demo) -> None:
    """One value of each indicator of each kind of period: the same deliveries, scopes and rows, all with places."""
    home, night = demo_home
    rows = values(night, "v.base_year is null and v.value is not null")
    last = {(row["region"], row["indicator"], row["period_type"]): row for row in rows}
    assert night.release is not None
    for row in last.values():
        found = explain(home, asked(row))
        assert found.is_exact, (row["indicator"], row["period_start"], found.notes)
        with released(night.release) as connection:
            told = ask_records(
                connection,
                "select delivery_id, file_name, sha256, scopes, row_count from lineage where region = $region "
                "and indicator = $indicator and period_type = $period_type and period_start = $period_start",
                **{name: row[name] for name in ("region", "indicator", "period_type", "period_start")},
            )
        mine = {s.delivery_id: (s.file_name, s.sha256, len(s.scopes), counted(s)) for s in found.sources}
        assert mine == {t["delivery_id"]: (t["file_name"], t["sha256"], t["scopes"], t["row_count"]) for t in told}, row
        assert all(source.is_intact and source.rows_from == "parquet" for source in found.sources)
        for scope in (scope for source in found.sources for scope in source.scopes):
            assert sum(place.last - place.first + 1 for place in scope.places) == max(scope.row_count, 1)


def counted(source: Source) -> int:
    return sum(scope.row_count for scope in source.scopes)


# --- the delivered bytes, cell by cell


@cache
def cells(archive: str) -> list[list[str]]:
    """The lines of a delivered CSV as its archived bytes have them, from line 1; a field never spans lines here."""
    content = Path(archive).read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig" if _is_utf8(content) else "gb18030")
    lines = text.splitlines()
    mark = max(",;\t", key=lambda sign: sum(line.count(sign) for line in lines))
    return [next(csv.reader(io.StringIO(line), delimiter=mark), []) for line in lines]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def column_of(grid: list[list[str]], field: Field) -> int:
    """Where a field stands, by its Chinese header (a unit in brackets may follow) or its English name."""
    for line in grid[:12]:
        for index, cell in enumerate(line):
            name = "".join(cell.replace("（", "(").split("(")[0].split())
            if name in (field.header, field.name):
                return index
    raise AssertionError(f"no column {field.header}")


def amount_in(cell: str) -> Decimal:
    """A delivered number: full-width digits and thousands marks as plain ones, a dash as nothing."""
    text = cell.strip().replace(",", "").translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    return Decimal(0) if text in ("", "—", "-", "/", "…") else Decimal(text)


def delivered(found: Explanation, feed: str, name: str, row: Row) -> Decimal | None:
    """A number of a row again, summed over the lines it names, from the files' bytes; None when one is no CSV."""
    by_id = {source.delivery_id: source for source in found.sources if source.feed == feed}
    places = [place for place in row.places if place.delivery_id in by_id]
    if not places or any(by_id[place.delivery_id].format != "csv" for place in places):
        return None
    result = Decimal(0)
    for place in places:
        grid = cells(by_id[place.delivery_id].archive)
        for line in range(place.first, place.last + 1):
            result += _number(grid, line, feed, name, row)
    return result


def _number(grid: list[list[str]], line: int, feed: str, name: str, row: Row) -> Decimal:
    """The number of one line, in the unit of the row; a net weight that is not stated is gross less tare."""

    def cell(of: str) -> str:
        return grid[line - 1][column_of(grid, contracts()[feed].field(of))].strip()

    if feed == "waste_weighings" and not amount_in(cell(name)):
        return amount_in(cell("gross_kg")) - amount_in(cell("tare_kg"))
    if feed != "energy_supply":
        return amount_in(cell(name))
    factor = conversion(unit(cell("unit")) or "", row.unit or "")
    assert factor is not None
    return amount_in(cell(name)) * factor


TRACED = {
    # indicator: feed, field, and which number of a row the field makes
    "oil_consumption": ("energy_supply", "quantity", "quantity"),
    "building_electrification": ("energy_supply", "quantity", "quantity"),
    "domestic_waste_recovery": ("waste_weighings", "net_kg", "amount"),
    "industrial_waste_utilisation": ("industrial_waste", "utilised_t", "amount"),
    "building_renewable_rate": ("building_energy", "renewable_tce", "amount"),
    "road_material_recycling": ("road_materials", "recycled_t", "amount"),
    "long_haul_road_freight": ("reported_indicators", "value", "amount"),
}


@pytest.mark.parametrize("indicator", TRACED)
def test_every_row_of_a_term_is_what_its_lines_say(demo_home: Demo, indicator: str) -> None:
    """The quantity of each row again, from the cells of the lines it names in the archived files."""
    feed, name, number = TRACED[indicator]
    tried = 0
    for year in range(2020, 2026):
        found = of_year(demo_home[0], indicator, year)
        for row, feeds in rows_under(found.calculations[0].numerator_terms):
            if feeds != {feed}:
                continue
            again = delivered(found, feed, name, row)
            if again is not None:
                assert again == getattr(row, number), (indicator, year, row.labels)
                tried += 1
    assert tried > 0


def test_the_lines_of_a_row_bear_its_labels(demo_home: Demo) -> None:
    """Product and sector of every row of the utilities' figures stand in the very lines that it names."""
    found = of_year(demo_home[0], "oil_consumption")
    grids = {source.delivery_id: cells(source.archive) for source in found.sources if source.format == "csv"}
    contract = contracts()["energy_supply"]
    products = {row["code"]: [row["code"], row["name_zh"], *row["aliases"].split(";")] for row in products_of()}
    tried = 0
    for row, feeds in rows_under(found.calculations[0].numerator_terms):
        for place in row.places if feeds == {"energy_supply"} else ():
            if (grid := grids.get(place.delivery_id)) is None:
                continue
            for line in grid[place.first - 1 : place.last]:
                assert line[column_of(grid, contract.field("product"))] in products[row.labels["product"]]
                sector = row.labels["sector"]
                codes = contract.field("sector").codes or {}
                assert line[column_of(grid, contract.field("sector"))] in (sector, *codes[sector].split("/"))
                tried += 1
    assert tried > 12


def products_of() -> list[dict[str, str]]:
    return seed_rows("ref_energy_products")


# --- what is missing


def test_a_gap_says_its_reason_and_who_is_missing(demo_home: Demo) -> None:
    found = of_year(demo_home[0], "electrification_rate", 2026)
    assert found.row["value"] is None and found.calculations == [] and found.is_exact is None
    assert "energy_enterprise" in (found.reason_zh or "") and "delivered nothing" in (found.reason_en or "")
    by_feed = {feed: [gap for gap in found.gaps if gap.feed == feed] for feed in {gap.feed for gap in found.gaps}}
    # January came from the utilities and the power stations, from no enterprise; nothing came later
    assert [gap.start.month for gap in by_feed["energy_enterprise"]] == list(range(1, 13))
    assert [gap.start.month for gap in by_feed["energy_supply"]] == list(range(2, 13))
    assert "electricity" in by_feed["energy_supply"][0].members


def test_a_complete_value_has_no_gaps(demo_home: Demo) -> None:
    assert of_year(demo_home[0], "non_fossil_share").gaps == []


# --- lost and damaged files


@contextmanager
def away(file: Path) -> Iterator[None]:
    """A file that is not there for a while."""
    hidden = file.with_name(f"hidden-{file.name}")
    file.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(file)


def test_rows_come_from_the_archive_when_the_parquet_file_is_lost_and_nothing_is_written(demo_home: Demo) -> None:
    home = demo_home[0]
    before = of_year(home, "building_renewable_rate")
    source = before.sources[0]
    file = home.delivery(source.feed, REGION, source.delivery_id)
    with away(file):
        again = of_year(home, "building_renewable_rate")
        assert not file.exists()
    assert again.sources[0].rows_from == "archive" and again.sources[0].is_intact
    assert again.sources[0].scopes == source.scopes
    assert again.calculations == before.calculations


def test_lost_bytes_are_told(demo_home: Demo) -> None:
    home = demo_home[0]
    source = of_year(home, "building_renewable_rate").sources[0]
    with away(Path(source.archive)):
        again = of_year(home, "building_renewable_rate")
        assert not again.sources[0].is_intact and again.sources[0].rows_from == "parquet"
        with away(home.delivery(source.feed, REGION, source.delivery_id)):
            lost = of_year(home, "building_renewable_rate")
            shown = explained(home, "building_renewable_rate")
    assert lost.sources[0].rows_from == "lost" and lost.is_exact
    assert [scope.places for scope in lost.sources[0].scopes] == [[]]
    assert "MISSING OR DAMAGED" in shown and "cannot be told" in shown


# --- the command


def explained(home: Home, *arguments: str) -> str:
    done = peak(home.root, "explain", *arguments, "--region", REGION, "--period", "2024")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_people_read_formula_numbers_files_and_rows(demo_home: Demo) -> None:
    shown = explained(demo_home[0], "non_fossil_share")
    found = of_year(demo_home[0], "non_fossil_share")
    assert found.formula is not None
    for text in (found.formula["formula_zh"], found.formula["formula_en"], "to the last digit", "bytes intact"):
        assert text in shown
    for source in found.sources:
        assert source.file_name in shown and source.sha256 in shown and source.archive in shown


def test_json_says_the_same_and_nothing_heavy_is_loaded(demo_home: Demo) -> None:
    home = demo_home[0]
    told = json.loads(explained(home, "energy_intensity_reduction", "--method", "plain", "--json"))
    found = of_year(home, "energy_intensity_reduction", method="plain")
    assert told["release_id"] == found.release_id and told["is_exact"] is True
    assert Decimal(str(told["row"]["value"])) == found.row["value"]
    assert [other["method"] for other in told["others"]] == [other["method"] for other in found.others]
    assert len(told["sources"]) == len(found.sources) and len(told["calculations"]) == 2
    arguments = ("explain", "non_fossil_share", "--region", REGION, "--period", "2024")
    assert loaded(home.root, *arguments) == (0, set())


def test_an_earlier_release_is_asked_by_its_id_or_a_beginning_of_it(demo_home: Demo) -> None:
    release = current_release(demo_home[0])
    assert release is not None
    for asked in (release.release_id, release.release_id[:-2]):
        assert f"release {release.release_id}" in explained(demo_home[0], "ev_stock", "--release", asked)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nonsense", "--region", REGION, "--period", "2024"), 1, "no such indicator"),
        (("ev_stock", "--region", "nowhere", "--period", "2024"), 1, REGION),
        (("ev_stock", "--region", REGION, "--period", "1999"), 1, "there is: month"),
        (("ev_stock", "--region", REGION, "--period", "2024", "--method", "plain"), 1, "(default)"),
        (("ev_stock", "--region", REGION, "--period", "2024", "--release", "x"), 2, "no such release"),
        (("ev_stock", "--region", REGION, "--period", "lately"), 2, "ttm:2024-03"),
        (("ev_stock", "--period", "2024"), 2, "--region"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_what_can(
    demo_home: Demo, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = peak(demo_home[0].root, "explain", *arguments)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_reading_leaves_the_home_as_it_was(demo_home: Demo) -> None:
    home = demo_home[0]
    explained(home, "ev_stock")  # the note that a release was verified is written once
    before = {path: path.stat().st_mtime_ns for path in home.root.rglob("*") if path.is_file()}
    explained(home, "ev_stock")
    after = {path: path.stat().st_mtime_ns for path in home.root.rglob("*") if path.is_file()}
    changed = {path.name for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    # SQLite's own helpers of a ledger that is open
    assert {name for name in changed if not name.startswith("ledger.sqlite-")} == set()
