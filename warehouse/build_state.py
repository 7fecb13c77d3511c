"""What build.duckdb was built from, kept inside it, so that a build takes up only what is new.

Two rules make a crash at any moment harmless. What a build is about to change is put in doubt before dbt begins, in the
transaction that fills schema raw: the scopes lose their winner in `raw.built_scopes`, the tables of raw whose rows
differ enter `unfinished`. And only a build that went well to its end takes the doubt away, in one transaction. So
whatever a crash leaves behind is taken up again, at worst without need.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from warehouse.inputs import file_hashes, groups_of, input_hashes, loaded_seeds
from warehouse.paths import PROJECT, Home

EVERYTHING = "*"
# tables of raw that models read beside the feeds; the scopes that changed are told by the diff of winners instead
LEDGER_TABLES = ("winning_scopes", "held_scopes", "ledger_deliveries", "run")
# what dbt reads while it runs: a file that is edited meanwhile must not pass for what was built
INPUTS = ("models", "plan", "contracts")
# what decides how raw is filled and which models run
_CODE = (
    *("raw.py", "raw_tables.py", "raw_views.py", "delivered.py"),
    *("build_state.py", "selection.py", "build.py", "dbt_runs.py"),
)
_SCHEMA = """
create schema if not exists raw;
create table if not exists raw.build_state (name varchar primary key, value varchar);
create table if not exists raw.built_scopes (
    region varchar, feed varchar, scope varchar, seq bigint, delivery_id varchar, reparse_id bigint,
    corrected_by varchar, period_start date, period_end date, member varchar
);
create table if not exists raw.unjudged_scopes (feed varchar, period_start date);
"""

Connection = duckdb.DuckDBPyConnection


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _foundations() -> str:
    """Everything that a kept-up table depends on besides deliveries; when it differs, nothing that was built counts."""
    inputs = input_hashes()
    code = _digest(PROJECT / "warehouse" / name for name in _CODE)
    return json.dumps([inputs["models"], inputs["contracts"], inputs["lock"], code, duckdb.__version__])


def judges() -> str:
    """What gate 3 judges by."""
    return input_hashes()["suites"] + _digest((PROJECT / "expectations").glob("*.py"))


def get(connection: Connection, name: str, default: Any = None) -> Any:
    """A value of the state, or `default`."""
    row = connection.execute("select value from raw.build_state where name = ?", [name]).fetchone()
    return default if row is None else json.loads(row[0])


def put(connection: Connection, name: str, value: Any) -> None:
    """Keep a value that JSON can hold."""
    connection.execute("insert or replace into raw.build_state values (?, ?)", [name, json.dumps(value)])


def inputs_of(connection: Connection, catalog: str) -> dict[str, str]:
    """The hashes of INPUTS when the build in the attached database `catalog` began; empty when it does not say."""
    with suppress(duckdb.CatalogException):
        row = connection.execute(
            f"select value from {catalog}.raw.build_state where name = 'inputs'"  # noqa: S608 - our own name
        ).fetchone()
        if row is not None:
            found: dict[str, str] = json.loads(row[0])
            return found
    return {}


def remove_build(home: Home) -> None:
    """Forget the build database: it is remade from the ledger, so nothing of a broken or older build can linger."""
    home.root.mkdir(parents=True, exist_ok=True)
    for file in (home.build_db, home.build_db.with_name(home.build_db.name + ".wal")):
        file.unlink(missing_ok=True)


def _known(home: Home, foundations: str) -> Connection | None:
    """The build database, when it can be read and stands on the same foundations."""
    if not home.build_db.exists():
        return None
    with suppress(duckdb.Error):
        connection = duckdb.connect(str(home.build_db))
        with suppress(duckdb.Error):
            if foundations and get(connection, "foundations") == foundations:
                return connection
        connection.close()
    return None


def open_build(home: Home, full: bool = False, is_lasting: bool = True) -> tuple[Connection, bool]:
    """The build database for writing, and whether it is new: made anew when `full`, damaged or of other foundations.

    One that is not `is_lasting` is known to no later build.
    """
    foundations = _foundations() if is_lasting else ""
    connection = None if full else _known(home, foundations)
    if connection is not None:
        return connection, False
    remove_build(home)
    connection = duckdb.connect(str(home.build_db))
    connection.begin()
    connection.execute(_SCHEMA)
    put(connection, "foundations", foundations)
    put(connection, "unfinished", [EVERYTHING])
    connection.commit()
    return connection, True


def fingerprint(connection: Connection, table: str) -> str:
    """Short text that differs when the rows of a table differ; their order does not count."""
    row = connection.execute(
        f"select count(*), coalesce(sum(hash(t)), 0), coalesce(bit_xor(hash(t)), 0) from {table} as t"  # noqa: S608
    ).fetchone()
    assert row is not None
    return "-".join(map(str, row))


def fingerprints(connection: Connection, tables: Iterable[str]) -> dict[str, str]:
    """The fingerprint of each of these tables that exists; `schema.table` names it."""
    found = {}
    for table in tables:
        with suppress(duckdb.CatalogException):
            found[table] = fingerprint(connection, table)
    return found


def doubt(connection: Connection, feeds: Collection[str]) -> tuple[list[str], bool]:
    """Put in doubt what the filled schema raw says is new: the scopes of `raw.changed_scopes`, of these `feeds`.

    Gives the tables of raw from which models have to be rebuilt (EVERYTHING: all), and whether the last build had
    ended well, so that what it left can be compared with. To be called inside the transaction that fills raw.
    """
    before = get(connection, "unfinished", [EVERYTHING])
    now = fingerprints(connection, [f"raw.{table}" for table in LEDGER_TABLES])
    known = get(connection, "ledger_tables", {})
    differing = {table for table in LEDGER_TABLES if now[f"raw.{table}"] != known.get(f"raw.{table}")}
    unfinished = {*before, *differing, *feeds}
    files = file_hashes()
    inputs, seeds = groups_of(files), loaded_seeds(files)
    put(connection, "inputs", {name: inputs[name] for name in INPUTS})
    put(connection, "loading", seeds)
    if get(connection, "seeds") != seeds:
        unfinished.add(EVERYTHING)
        # a seed that is only filled again keeps its old column types, and would round what no longer fits
        connection.execute("drop schema if exists reference cascade")
    put(connection, "unfinished", sorted(unfinished))
    connection.execute(
        "delete from raw.built_scopes using raw.changed_scopes as c "
        "where built_scopes.region = c.region and built_scopes.feed = c.feed and built_scopes.scope = c.scope"
    )
    connection.execute(
        "insert into raw.built_scopes by name "
        "select region, feed, scope, period_start, period_end, member from raw.changed_scopes"
    )
    connection.execute("insert into raw.unjudged_scopes select distinct feed, period_start from raw.changed_scopes")
    return sorted(unfinished), not before


def advance(connection: Connection) -> None:
    """The scopes of `raw.changed_scopes` are in the kept-up tables, whatever becomes of the rest of this build."""
    connection.begin()
    connection.execute(
        "delete from raw.built_scopes using raw.changed_scopes as c "
        "where built_scopes.region = c.region and built_scopes.feed = c.feed and built_scopes.scope = c.scope"
    )
    connection.execute(
        "insert into raw.built_scopes by name select w.* exclude (row_count, is_empty, is_partial, corrections) "
        "from raw.winning_scopes as w semi join raw.changed_scopes as c using (region, feed, scope)"
    )
    connection.commit()


def finish(connection: Connection, settled: Iterable[str], models: Iterable[str], judge_all: bool) -> list[str]:
    """Everything is built from what raw holds; gives the models that gate 3 has yet to judge, of builds before too.

    `settled` are the tables by which the next build sees what stayed, `models` what this build rebuilt; with
    `judge_all` every day of the large feeds counts as not judged.
    """
    connection.begin()
    connection.execute("delete from raw.built_scopes")
    connection.execute(
        "insert into raw.built_scopes by name "
        "select * exclude (row_count, is_empty, is_partial, corrections) from raw.winning_scopes"
    )
    put(connection, "ledger_tables", fingerprints(connection, [f"raw.{table}" for table in LEDGER_TABLES]))
    put(connection, "settled", fingerprints(connection, settled))
    put(connection, "seeds", get(connection, "loading"))
    unjudged = sorted({*get(connection, "unjudged", []), *models})
    put(connection, "unjudged", unjudged)
    if judge_all:
        connection.execute("delete from raw.unjudged_scopes")
        connection.execute("insert into raw.unjudged_scopes select distinct feed, period_start from raw.winning_scopes")
    put(connection, "unfinished", [])
    connection.commit()
    return unjudged


def has_judged(connection: Connection) -> bool:
    """Whether gate 3, as it stands, ever judged this database: if not, all of it has to be."""
    return bool(get(connection, "judges") == judges())


def settle(home: Home) -> None:
    """Gate 3 found nothing critical in what was built: the next build need not have it judged again."""
    with duckdb.connect(str(home.build_db)) as connection:
        connection.begin()
        put(connection, "unjudged", [])
        put(connection, "judges", judges())
        connection.execute("delete from raw.unjudged_scopes")
        connection.commit()
