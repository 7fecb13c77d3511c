"""What corrections do to delivered rows, and what is said when they no longer match."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.results import CheckResult
from sources.contract import contracts
from sources.corrections import Correction, parse
from sources.ledger import WinningScope, add_hold, position
from tests.property.large_feeds import World
from tests.unit.corrections.test_table import SUPPLY, TICKET, table
from warehouse import build_state, raw
from warehouse.corrected_values import corrected_values
from warehouse.correction_checks import correction_checks
from warehouse.delivered import columns, corrected, value
from warehouse.history_tables import TABLES
from warehouse.paths import Home
from warehouse.scope_changes import difference

AS_OF = date(2024, 5, 1)
DAY = "2024-01-05"
SCOPE = f"{DAY}|一号厂"
WEIGHTS: dict[str, Any] = {
    "weighed_at": None, "plate": "x", "stream": "residual", "route": "landfill", "tare_kg": Decimal(9000),
}  # fmt: skip
GROSS = TICKET | {"wrong_value": "15200", "right_value": "16200"}
NET = GROSS | {"field": "net_kg", "wrong_value": "6200", "right_value": "7200"}
STREAM = GROSS | {"field": "stream", "wrong_value": "其他垃圾", "right_value": "厨余垃圾"}


def ticket(gross: int, id: str = "T1", **other: Any) -> dict[str, Any]:
    row = WEIGHTS | {"ticket_id": id, "gross_kg": Decimal(gross), "net_kg": Decimal(gross - 9000)}
    return row | {"weighed_at": f"{DAY} 08:00:00"} | other


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(Home(tmp_path / "home"))
    yield found
    found.ledger.close()


def deliver(world: World, *rows: dict[str, Any], region: str = "r", scope: str = SCOPE) -> str:
    typed = [row | {"weighed_at": datetime.fromisoformat(row["weighed_at"])} for row in rows]
    world.deliver("waste_weighings", region, {scope: typed})
    return world.sent[-1].delivery_id


def prepare(world: World, *rows: dict[str, str], **options: Any) -> raw.RawResult:
    seeds = world.home.root / "seeds"
    seeds.mkdir(exist_ok=True)
    (seeds / "corrections.csv").write_bytes(table(*rows))
    return raw.prepare(world.home, world.ledger, AS_OF, seeds=seeds, **options)


def ask(world: World, sql: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(world.home.build_db))) as connection:
        return connection.execute(sql).fetchall()


def checks(world: World) -> dict[str, CheckResult]:
    with closing(duckdb.connect(str(world.home.build_db))) as connection:
        return {check.check: check for check in correction_checks(connection)}


WEIGHED = "select ticket_id, gross_kg, net_kg, stream from raw.waste_weighings order by all"
STATUS = "select field, status, found_value, row_number from raw.corrections order by line"


def test_a_wrong_value_is_put_right_and_no_other(world: World) -> None:
    delivery = deliver(world, ticket(15200), ticket(15200, "T2"))
    deliver(world, ticket(15200), region="s")
    deliver(world, ticket(15200), scope=f"{DAY}|二号厂")
    prepare(world, GROSS, NET, STREAM)
    sql = WEIGHED.replace("from raw", ", _region, _scope, _delivery from raw")
    same = {("T1", 15200, 6200, "residual"), ("T2", 15200, 6200, "residual")}
    found = ask(world, sql)
    assert [row for row in found if row[:4] not in same] == [("T1", 16200, 7200, "kitchen", "r", SCOPE, delivery)]
    assert len(found) == 4
    assert ask(world, STATUS) == [
        ("gross_kg", "applied", "15200", 2), ("net_kg", "applied", "6200", 2), ("stream", "applied", "residual", 2),
    ]  # fmt: skip
    assert ask(world, "select distinct corrections from raw.winning_scopes order by all") == [(0,), (3,)]
    assert {check.status for check in checks(world).values()} == {"passed"}


@pytest.mark.parametrize(
    ("row", "status", "said"),
    [
        (ticket(16200), "already_right", "该值已是正确值，现为 16200"),
        (ticket(15300), "other_value", "该值已是另一个值，现为 15300"),
        (ticket(15200, "T9"), "no_row", "该行已不在"),
    ],
)
def test_what_no_longer_matches_changes_nothing_and_fails(
    world: World, row: dict[str, Any], status: str, said: str
) -> None:
    deliver(world, ticket(15200))
    prepare(world, GROSS)
    deliver(world, row)
    prepare(world, GROSS)
    assert ask(world, WEIGHED) == [(row["ticket_id"], row["gross_kg"], row["net_kg"], "residual")]
    assert ask(world, STATUS)[0][1] == status
    found = checks(world)["still_match"]
    assert (found.severity, found.status, found.unexpected_count) == ("critical", "failed", 1)
    assert (found.domains, found.regions, found.feeds) == (("waste",), ("r",), ("waste_weighings",))
    assert said in found.examples[0]
    assert f"corrections.csv:2 r waste_weighings {TICKET['key']} gross_kg 15200 → 16200" in found.examples[0]
    # the bureau mended it, the row is removed, all is well
    prepare(world)
    assert checks(world)["still_match"].status == "passed"


def test_a_scope_that_nobody_delivered_is_no_match(world: World) -> None:
    prepare(world, GROSS)
    assert ask(world, STATUS) == [("gross_kg", "no_row", None, None)]
    assert checks(world)["still_match"].status == "failed"


@pytest.mark.parametrize(("since", "status"), [(AS_OF.isoformat(), "passed"), ("2099-01-01", "failed"), ("", "passed")])
def test_a_day_that_has_not_come_is_said_and_the_correction_applies(world: World, since: str, status: str) -> None:
    deliver(world, ticket(15200))
    prepare(world, GROSS | {"since": since})
    found = checks(world)
    assert ask(world, STATUS)[0][1] == "applied"
    assert (found["since_passed"].status, found["since_passed"].severity) == (status, "warning")
    assert all(since in example for example in found["since_passed"].examples)


def test_a_delivery_on_hold_takes_its_corrections_with_it(world: World) -> None:
    deliver(world, ticket(14000))
    wrong = deliver(world, ticket(15200))
    add_hold(world.ledger, wrong, "hold", who="t", why="t")
    prepare(world, GROSS)
    assert ask(world, STATUS)[0][1] == "on_hold" and ask(world, WEIGHED)[0][1] == 14000
    found = checks(world)
    assert (found["still_match"].status, found["in_force"].status) == ("passed", "failed")
    assert found["in_force"].severity == "warning"
    add_hold(world.ledger, wrong, "release", who="t", why="t")
    prepare(world, GROSS)
    assert ask(world, STATUS)[0][1] == "applied"


def test_a_corrected_row_keeps_the_contracts_rules(world: World) -> None:
    deliver(world, ticket(15200))
    prepare(world, GROSS)
    found = checks(world)["rules_hold"]
    assert (found.severity, found.status, found.domains) == ("critical", "failed", ("waste",))
    assert "净重与毛重减皮重相差超过1千克" in found.examples[0]
    prepare(world, GROSS, NET)
    assert checks(world)["rules_hold"].status == "passed"


def test_a_missing_value_is_filled_and_a_value_taken_away(world: World) -> None:
    deliver(world, ticket(15200, net_kg=None), ticket(15300, "T2"))
    second = NET | {"key": NET["key"].replace("T1", "T2"), "wrong_value": "6300", "right_value": ""}
    prepare(world, NET | {"wrong_value": ""}, second)
    assert [row[:3] for row in ask(world, WEIGHED)] == [("T1", 15200, 7200), ("T2", 15300, None)]
    assert [row[1] for row in ask(world, STATUS)] == ["applied", "applied"]


@pytest.mark.parametrize("evil", ["'", "'; drop table raw.run; --", "' or '1'='1", "\\'", "{{ x }}", "$1 ?", "a\nb"])
def test_a_value_is_never_sql(world: World, evil: str) -> None:
    deliver(world, ticket(15200, evil), ticket(15200, "T2"), scope=f"{DAY}|{evil}")
    quoted = '"' + evil + '"'
    prepare(world, GROSS | {"key": f"day={DAY};facility={quoted};ticket_id={quoted}", "reason": evil, "who": evil})
    assert sorted(row[1] for row in ask(world, WEIGHED)) == [15200, 16200]
    assert ask(world, "select status, who from raw.corrections") == [("applied", evil)]
    assert len(ask(world, "from raw.run")) == 1


@pytest.mark.parametrize("evil", ["'", "x' then 0 else 1 end --"])
def test_a_right_value_is_never_sql(evil: str) -> None:
    contract = contracts()["power_generation"]
    (one,) = parse(table(SUPPLY | {
        "feed": "power_generation", "key": "month=2024-01;plant_id=P", "field": "plant_name",
        "wrong_value": evil + "1", "right_value": evil,
    }))  # fmt: skip
    names = columns(contract)
    with closing(duckdb.connect()) as connection:
        connection.execute(f"create table rows ({', '.join(map(' '.join, names.items()))})")
        connection.execute(
            "insert into rows by name select 'r' as _region, '2024-01|P' as _scope, false as _is_empty, "
            "'P' as plant_id, ? as plant_name", [evil + "1"],
        )  # fmt: skip
        made = corrected("select * from rows", names, contract, [one])
        assert connection.execute(f"select plant_name from ({made})").fetchall() == [(evil,)]


BUILDING = "as_of=2024-01-05;project_id=B"


# each written otherwise than the database writes it
@pytest.mark.parametrize(
    ("feed", "key", "field", "wrong", "right", "found"),
    [
        ("energy_supply", SUPPLY["key"], "quantity", "011.50", "12", Decimal(12)),
        ("meters", "as_of=2024-01-05;meter_id=M", "sector", "工业", "居民生活", "residential"),
        ("building_projects", BUILDING, "started_on", "2024年1月5日", "2024-01-06", date(2024, 1, 6)),
        ("building_projects", BUILDING, "urban", "是", "否", False),
        ("building_projects", BUILDING, "stars", "1", "3", 3),
        ("waste_weighings", TICKET["key"], "weighed_at", f"{DAY}T08:00", f"{DAY} 08:01", datetime(2024, 1, 5, 8, 1)),
    ],
)  # fmt: skip
def test_every_kind_of_value_is_compared_as_what_it_is(
    feed: str, key: str, field: str, wrong: str, right: str, found: object
) -> None:
    contract = contracts()[feed]
    row = SUPPLY | {"feed": feed, "key": key, "field": field, "wrong_value": wrong, "right_value": right}
    (one,) = parse(table(row))
    names, delivered = columns(contract), {**dict(one.key), field: one.wrong}
    with closing(duckdb.connect()) as connection:
        connection.execute(f"create table rows ({', '.join(map(' '.join, names.items()))})")
        given = ", ".join(f"{value(contract.field(name), text)} as {name}" for name, text in delivered.items())
        connection.execute(
            "insert into rows by name select 'r' as _region, ? as _scope, false as _is_empty, " + given, [one.scope]
        )
        made = corrected("select * from rows", names, contract, [one])
        assert connection.execute(f"select {field} from ({made})").fetchall() == [(found,)]


def test_only_the_scopes_a_correction_touches_are_taken_up_anew(world: World) -> None:
    deliver(world, ticket(15200))
    deliver(world, ticket(15200), scope=f"{DAY}|二号厂")
    taken = []
    for rows in (
        (),
        (),
        (GROSS, NET),
        (NET, GROSS),
        (GROSS | {"reason": "另"}, NET),
        (GROSS, NET | {"right_value": "7201"}),
        (),
    ):
        result = prepare(world, *rows)
        taken.append([scope.scope for scope in result.changed])
        with closing(duckdb.connect(str(world.home.build_db))) as connection:
            build_state.finish(connection, [], [], judge_all=False)
    # neither the order of rows nor another reason is another correction
    assert taken == [[SCOPE, f"{DAY}|二号厂"], [], [SCOPE], [], [], [SCOPE], [SCOPE]]


def test_a_scope_put_right_is_a_changed_scope_with_the_tables_reason(world: World) -> None:
    first = deliver(world, ticket(15200))
    at, (gross, net) = position(world.ledger), parse(table(GROSS, NET))

    def change(before: tuple[Correction, ...], now: tuple[Correction, ...]) -> Any:
        found = difference(world.ledger, at, position(world.ledger), (before, now)).changes
        return [(c.kind, c.reasons, c.is_correction, c.caused_by) for c in found]

    assert change((gross, net), (net, replace(gross, reason="另"))) == []
    assert change((), (gross,)) == [("corrected", ("抄错一行",), True, first)]
    assert change((gross,), ()) == [("corrected", ("抄错一行",), True, first)]
    mended = deliver(world, ticket(16200))
    # the bureau mended it, and the row went the same night: its data, not ours
    assert change((gross,), ()) == [("replaced", (), False, mended)]
    assert change((gross,), (gross,)) == [("replaced", (), False, mended)]
    assert change((), (gross,)) == [("replaced", ("抄错一行",), True, mended)]


def test_a_release_of_before_there_were_corrections_put_nothing_right() -> None:
    scope = WinningScope("r", "waste_weighings", SCOPE, 1, "d", 1, False, DAY, DAY, "一号厂")
    with closing(duckdb.connect()) as connection:
        assert corrected_values(connection, [(0, scope)]) == []
        kinds = {"row_number": "bigint", "since": "date"}
        listed = ", ".join(f"{name} {kinds.get(name, 'varchar')}" for name in TABLES["corrections"].columns)
        connection.execute(f"create table corrections ({listed})")
        connection.execute(
            "insert into corrections by name select 'r' as region, 'waste_weighings' as feed, ? as scope, ? as key, "
            "'gross_kg' as field, '1' as wrong_value, '2' as right_value, unnest(['applied', 'on_hold']) as status, "
            "'d' as delivery_id, 'f.csv' as file_name, 2 as row_number, 'x' as reason, 'y' as who",
            [SCOPE, TICKET["key"]],
        )
        (found,) = corrected_values(connection, [(0, scope), (1, scope)])
        assert found.correction.key_text == TICKET["key"] and found.correction.place == ("r", "waste_weighings", SCOPE)
        assert corrected_values(connection, [(0, replace(scope, delivery_id="other"))]) == []
