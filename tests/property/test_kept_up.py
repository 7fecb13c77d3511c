"""Whatever arrives, is held, corrected or cut short, in any steps: the kept-up tables hold what the winners say."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.property.large_feeds import CORRECTED, DAYS, Row, World
from tests.support.parse import lend_parse
from warehouse import build as built
from warehouse import build_state, dbt_runs, raw
from warehouse.dbt_runs import KEPT_UP_MODELS, Ran
from warehouse.paths import Home

pytestmark = pytest.mark.slow
AS_OF = date(2024, 5, 1)
TABLES = {"int_meter_days", "int_electricity_hourly", "int_charging_days", "int_waste_daily", "int_meters"}

day = st.sampled_from(DAYS)
region = st.sampled_from(["r", "s"])
amount = st.integers(0, 9999).map(lambda cents: Decimal(cents) / 100)


def readings(of: date) -> st.SearchStrategy[list[Row]]:
    cells = st.dictionaries(
        st.tuples(st.sampled_from(["M1", "M2", "M3"]), st.sampled_from([(0, 0), (0, 45), (23, 15)])), amount, max_size=5
    )
    return cells.map(lambda found: [
        {"meter_id": meter, "ts": datetime.combine(of, time(*at)), "kwh": kwh} for (meter, at), kwh in found.items()
    ])  # fmt: skip


def sessions(of: date) -> st.SearchStrategy[list[Row]]:
    one = st.tuples(st.sampled_from(["P1", "P2"]), amount)
    at = datetime.combine(of, time(8))
    return st.lists(one, max_size=3).map(lambda found: [
        {"session_id": str(number), "pile_id": pile, "started_at": at, "ended_at": at, "kwh": kwh}
        for number, (pile, kwh) in enumerate(found)
    ])  # fmt: skip


def tickets(of: date) -> st.SearchStrategy[list[Row]]:
    one = st.tuples(st.sampled_from(["kitchen", "residual"]), amount)
    at = datetime.combine(of, time(8))
    return st.lists(one, max_size=3).map(lambda found: [
        {"ticket_id": str(number), "weighed_at": at, "plate": "x", "stream": stream, "route": "landfill",
         "gross_kg": kg + 1, "tare_kg": Decimal(1), "net_kg": kg} for number, (stream, kg) in enumerate(found)
    ])  # fmt: skip


def register() -> st.SearchStrategy[list[Row]]:
    sectors = st.dictionaries(st.sampled_from(["M1", "M2"]), st.sampled_from(["industry", "commerce"]), min_size=1)
    return sectors.map(lambda found: [
        {"meter_id": meter, "enterprise_id": "E", "sector": sector, "rated_kw": Decimal(1)}
        for meter, sector in found.items()
    ])  # fmt: skip


@st.composite
def delivery(draw: st.DrawFn) -> tuple[Any, ...]:
    feed = draw(st.sampled_from(["meter_readings", "meter_readings", "charging_sessions", "waste_weighings", "meters"]))
    if feed == "meters":
        return ("deliver", feed, draw(region), {str(draw(day)): draw(register())})
    rows = {"meter_readings": readings, "charging_sessions": sessions, "waste_weighings": tickets}[feed]
    scopes = {}
    for of in draw(st.lists(day, min_size=1, max_size=3, unique=True)):
        member = "" if feed == "meter_readings" else "|" + draw(st.sampled_from(["A", "B"]))
        scopes[f"{of}{member}"] = draw(rows(of))
    return ("deliver", feed, draw(region), scopes)


# a build may be cut short: before dbt, after one of its commands, or before what it did is kept
build = st.tuples(
    st.just("build"), st.sampled_from(["", "", "raw", "dbt", "half", "finish"]), st.sampled_from([None, 4])
)
hold = st.tuples(st.just("toggle"), st.integers(0, 20))
correct = st.tuples(st.just("correct"), st.integers(0, 50), amount, st.sampled_from(sorted(CORRECTED)))
histories = st.lists(st.one_of(delivery(), delivery(), hold, correct, build), min_size=6, max_size=12)


class Cut(BaseException):
    """Stands for a kill: nothing catches it."""


class Builder:
    """Real builds, of the kept-up models only, cut short where a history says so."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.cut = world, ""
        finish = build_state.finish

        def cut_finish(*args: Any, **options: Any) -> Any:
            if self.cut == "finish":
                raise Cut
            return finish(*args, **options)

        monkeypatch.setattr(build_state, "finish", cut_finish)
        monkeypatch.setattr(built, "run_dbt", self.run_dbt)

    def run_dbt(self, home: Home, command: str, progress: Any, names: Any, project: Any) -> Ran:
        if self.cut == "raw":
            raise Cut
        chosen = KEPT_UP_MODELS if names is None or names == KEPT_UP_MODELS else sorted(TABLES & set(names))
        if self.cut == "half":
            chosen = ("+int_meter_days",) if chosen == KEPT_UP_MODELS else chosen[:1]
        ran = dbt_runs.run_dbt(home, "run", None, chosen) if chosen else Ran([])
        assert self.cut == "half" or ran.problem is None, ran.problem
        if self.cut in ("dbt", "half"):
            raise Cut
        return ran

    def __call__(self, cut: str = "", most_rows: int | None = None, full: bool = False) -> None:
        self.cut = cut
        built.BATCH_ROWS = most_rows or 20_000_000
        try:
            result = built.build(self.world.home, AS_OF, ledger=self.world.ledger, full=full)
        except Cut:
            return
        assert result.is_good, (result.problem, result.errored)
        assert self.world.found() == self.world.expected()


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(history=histories)
def test_any_history_gives_what_a_build_from_nothing_gives(history: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        world = World(Home(Path(folder)))
        lend_parse(world.home)
        patch.setattr(built, "BATCH_ROWS", built.BATCH_ROWS)
        patch.setattr(raw, "load", lambda table: tuple(world.corrections))
        builder = Builder(world, patch)
        for action, *what in history:
            note(f"{action} {what}")
            if action == "build":
                builder(*what)
            else:
                getattr(world, action)(*what)
        builder()
        kept_up = world.found()
        builder(full=True)
        assert world.found() == kept_up
        world.ledger.close()
