"""`peak sql` reaches one file and changes nothing; names that hold SQL stay names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import duckdb
import pytest
from click.testing import CliRunner

from peak.cli import main
from warehouse import reader

SECRET = "not for analysts"

REACHING = [
    "select * from read_csv('{outside}')",
    "select * from read_text('{outside}')",
    "select * from read_blob('{outside}')",
    "select * from '{outside}'",
    "select * from glob('{folder}/*')",
    "select * from read_parquet('{folder}/*.parquet')",
    "select * from read_json_auto('{outside}')",
    "from read_text('/etc/passwd')",
    "select getenv('HOME')",
    "copy (select 1) to '{folder}/out.csv'",
    "copy t to '{folder}/out.csv'",
    "export database '{folder}/export'",
    "attach '{folder}/other.duckdb' as other",
    "attach ':memory:' as other",
    "install httpfs",
    "load httpfs",
    "load '{folder}/evil.duckdb_extension'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "reset enable_external_access",
    "pragma enable_profiling",
    "pragma database_list; select 1",
    "create table x as select 1",
    "create temp table x as select 1",
    "create or replace view t as select 2",
    "create macro f(x) as x",
    "insert into t values (2)",
    "update t set a = 2",
    "delete from t",
    "drop table t",
    "alter table t add column b int",
    "truncate t",
    "vacuum",
    "checkpoint",
    "call pragma_version(); drop table t",
    "begin",
    "use memory",
    "detach memory",
    "select 1; drop table t",
    "select 1; select 2",
    "prepare p as select 1",
    "execute p",
    "explain analyze insert into t values (3)",
    "explain analyze copy t to '{folder}/out.csv'",
    "import database '{folder}'",
    "select * from duckdb_secrets(); create secret s (type s3)",
    "select pg_read_file('/etc/passwd')",
    "select * from sniff_csv('{outside}')",
    "select * from sqlite_scan('{folder}/ledger.sqlite', 'deliveries')",
    "select * from postgres_scan('', '', '')",
    "select * from pandas_frame",
]


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Asks the child's own code, in this process, about a database with one table."""
    database = tmp_path / "release" / "warehouse.duckdb"
    database.parent.mkdir()
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table t as select 1 as a")
    (tmp_path / "outside.csv").write_text(f"a\n{SECRET}\n")
    (tmp_path / "ledger.sqlite").write_bytes(b"SQLite format 3\0")

    def run(sql: str) -> dict[str, Any]:
        order = {
            "database": str(database),
            "sql": sql.format(outside=tmp_path / "outside.csv", folder=tmp_path),
            "max_rows": 10,
            "max_bytes": 1 << 20,
            "memory_mb": 200,
            "timeout_s": 20,
        }
        return reader.answer(order)

    return run


def test_a_question_is_answered(ask):
    assert ask("select a + 1 as b from t")["rows"] == [(2,)]


@pytest.mark.parametrize("sql", REACHING)
def test_nothing_else_is_reached_or_changed(ask, tmp_path, sql):
    pandas_frame = [SECRET]
    assert pandas_frame
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    answer = ask(sql)
    assert SECRET not in str(answer) and "root:" not in str(answer)
    assert "error" in answer or answer["rows"] in ([], [("",)], [(None,)]), answer
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert ask("select a from t")["rows"] == [(1,)]


def _commands() -> list[list[str]]:
    """Every command that takes a region, with what else it needs."""
    found = []
    for name in main.list_commands(click.Context(main)):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        if any("--region" in option.opts for option in command.params):
            found.append([name, *_given(command)])
    return found


def _given(command: click.Command) -> list[str]:
    """Something for every argument and option that has to be given."""
    given: list[str] = []
    for item in command.params:
        if item.name == "region" or not item.required:
            continue
        value = {"file": __file__, "feed": "energy_supply", "year": "2024", "period": "2024"}.get(str(item.name), "x")
        given += [value] if isinstance(item, click.Argument) else [item.opts[0], value]
    return given


@pytest.mark.parametrize(
    "region", ["x'; drop table deliveries; --", "../../etc", "a/b", "", ".", "A", "x" * 33, "岳阳", "a\nb"]
)
@pytest.mark.parametrize("command", _commands(), ids=lambda command: command[0])
def test_a_region_is_a_name_or_wrong_usage(tmp_path, command, region):
    home = tmp_path / "home"
    done = CliRunner().invoke(main, [*command, "--region", region], env={"PEAK_HOME": str(home)})
    assert done.exit_code == 2, (done.output, done.exception)
    assert not home.exists()
