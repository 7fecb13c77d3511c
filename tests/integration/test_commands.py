"""Every command as people start it: its words, its JSON, its exit codes, and what it must never load or touch."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from peak.cli import COMMANDS
from sources.contract import contracts
from tests.support import small
from tests.support.command import loaded, peak
from tests.support.homes import contents
from warehouse.lock import writing
from warehouse.paths import Home

pytestmark = pytest.mark.slow
Ran = subprocess.CompletedProcess[str]
Released = tuple[Home, Ran]


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A data home that does not exist."""
    return tmp_path / "nowhere"


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


# --- help and usage


def test_help_lists_every_command_and_loads_none(nowhere: Path) -> None:
    done = peak(nowhere, "--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert loaded(nowhere, "--help") == (0, set())
    assert not nowhere.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(nowhere: Path, command: str) -> None:
    done = peak(nowhere, command, "--help")
    assert done.returncode == 0 and "Usage: peak" in done.stdout
    assert any("\u4e00" <= sign <= "\u9fff" for sign in done.stdout)
    assert not nowhere.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("run", "--nonsense"),
        ("run", "--as-of", "yesterday"),
        ("run", "--region", "No Such"),
        ("run", "--wait", "-1"),
        ("demo", "--years", "abc"),
        ("demo", "--years", "2025-2020"),
        ("demo", "--years", "1800"),
        ("demo", "--years", "2999"),
        ("template",),
        ("template", "no_such_feed"),
        ("check",),
        ("check", "missing.csv", "--feed", "energy_supply", "--region", "r"),
        ("sql", "--timeout", "0", "select 1"),
        ("sql", "--max-rows", "0", "select 1"),
        ("sql", "--csv", "--json", "select 1"),
        ("sql", "   "),
        ("status", "--as-of", "2026-13-01"),
    ],
)
def test_wrong_usage_is_2_and_changes_nothing(nowhere: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = peak(nowhere, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    assert "Traceback" not in done.stderr and done.stderr.strip()
    assert list(tmp_path.iterdir()) == []


# --- check


def check(home: Path, file: Path, *more: str, feed: str = "energy_supply", region: str = "r") -> Ran:
    return peak(home, "check", str(file), "--feed", feed, "--region", region, *more)


def test_check_accepts_what_the_intake_would_accept_and_records_nothing(nowhere: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "能源.csv", small.FIRST)
    done = check(nowhere, file)
    assert done.returncode == 0 and "可以报送" in done.stdout and "would be accepted" in done.stdout
    assert not nowhere.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["能源.csv"]


def test_check_names_every_problem_with_its_place_value_and_reason(nowhere: Path, tmp_path: Path) -> None:
    rows = "2024-03,柴油,工业,约三吨,吨\n2024-13,柴油,交通运输,1,吨\n2024-03,柴油,商业及服务业,-2,吨\n"
    file = write(tmp_path / "a.csv", small.ENERGY_HEADER + rows)
    done = check(nowhere, file)
    assert done.returncode == 1 and "would be refused" in done.stdout
    for told in ("约三吨", "不是数字", "not a number", "2024-13", "no such month", "-2", "below the minimum", "消费量"):
        assert told in done.stdout
    report = json.loads(check(nowhere, file, "--json").stdout)
    places = {(p["row"], p["column"], p["value"]) for p in report["problems"]}
    assert places == {(2, "消费量", "约三吨"), (3, "统计月份", "2024-13"), (4, "消费量", "-2")}
    assert report["verdict"] == "quarantined" and report["total_problems"] == 3
    assert not nowhere.exists()


def test_check_runs_the_delivery_gate_too(nowhere: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "磅单.csv", small.IMPOSSIBLE)
    done = check(nowhere, file, feed="waste_weighings")
    assert done.returncode == 1 and "gross_possible" in done.stdout and "critical" in done.stdout
    report = json.loads(check(nowhere, file, "--json", feed="waste_weighings").stdout)
    failed = [c["check"] for c in report["checks"] if c["status"] != "passed" and c["severity"] == "critical"]
    assert (report["problems"], failed) == ([], ["gross_possible"])


def test_check_shows_warnings_of_what_it_accepts(nowhere: Path, tmp_path: Path) -> None:
    done = check(nowhere, write(tmp_path / "磅单.csv", small.WASTE), feed="waste_weighings")
    assert done.returncode == 0 and "warning" in done.stdout


def test_check_leaves_an_existing_home_untouched(small_home: Released, tmp_path: Path) -> None:
    home, _ = small_home
    before = contents(home.root)
    aside = {"ledger.sqlite-shm", "ledger.sqlite-wal"}  # what SQLite keeps beside a ledger that is being read
    assert check(home.root, write(tmp_path / "b.csv", small.UNREADABLE), region=small.REGION).returncode == 1
    assert check(home.root, write(tmp_path / "c.csv", small.CORRECTION), region=small.REGION).returncode == 0
    after = {name: digest for name, digest in contents(home.root).items() if name not in aside}
    assert after == {name: digest for name, digest in before.items() if name not in aside}


@pytest.mark.parametrize(("feed", "region"), [("no_such_feed", "r"), ("energy_supply", "岳阳"), ("energy_supply", "")])
def test_check_of_an_unknown_feed_or_region_is_wrong_usage(
    nowhere: Path, tmp_path: Path, feed: str, region: str
) -> None:
    done = check(nowhere, write(tmp_path / "a.csv", small.FIRST), feed=feed, region=region)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04", b"\xff\xfe", "只有一行\n".encode()])
def test_check_refuses_what_is_no_table(nowhere: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    done = check(nowhere, file)
    assert done.returncode == 1 and "Traceback" not in done.stderr


# --- template


def fill(path: Path, row: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [str(cell.value).split("(")[0] for cell in sheet[1]]
    for column, header in enumerate(headers, start=1):
        sheet.cell(row=2, column=column, value=row.get(header))
    book.save(path)


def test_a_filled_template_is_accepted_and_an_empty_one_is_not(nowhere: Path, tmp_path: Path) -> None:
    done = peak(nowhere, "template", "energy_supply", cwd=tmp_path)
    file = tmp_path / "energy_supply.xlsx"
    assert done.returncode == 0 and file.name in done.stdout
    assert check(nowhere, file).returncode == 1
    row = {"统计月份": "2024-01", "能源品种": "柴油", "用能部门": "工业", "消费量": 12.5, "计量单位": "吨"}
    fill(file, row)
    assert check(nowhere, file).returncode == 0
    again = peak(nowhere, "template", "energy_supply", cwd=tmp_path)
    assert again.returncode == 2 and str(openpyxl.load_workbook(file).worksheets[0]["D2"].value) == "12.5"
    assert not nowhere.exists()


def test_every_feed_has_a_template(nowhere: Path, tmp_path: Path) -> None:
    for feed in ("meter_readings", "waste_weighings", "national_accounts"):
        assert peak(nowhere, "template", feed, "-o", str(tmp_path / f"{feed}.xlsx")).returncode == 0
        sheet = openpyxl.load_workbook(tmp_path / f"{feed}.xlsx").worksheets[0]
        headers = [str(cell.value).split("(")[0] for cell in sheet[1]]
        assert headers == [field.header for field in contracts()[feed].fields]


# --- demo


def test_demo_writes_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    for name, seed in (("one", "7"), ("two", "7"), ("other", "8")):
        done = peak(tmp_path / name, "demo", "--years", "2025", "--seed", seed, "--as-of", "2026-02-20")
        assert done.returncode == 0, done.stderr
    one, two, other = (contents(tmp_path / name / "inbox") for name in ("one", "two", "other"))
    assert one == two != other
    assert {name.split("/")[0] for name in one} == {"yueyang-etz", "china", "china-nbs"}
    assert {name.split("/")[1] for name in one} == set(contracts())
    made_up = [name for name in one if name.startswith("yueyang")]
    assert all("演示" in name or "synthetic" in name for name in made_up)


def test_demo_once_puts_nothing_into_a_home_that_had_it(small_home: Released, tmp_path: Path) -> None:
    home, _ = small_home
    before = contents(home.inbox)
    done = peak(home.root, "demo", "--once", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["files"] == []
    assert contents(home.inbox) == before


# --- before the first release


def test_before_the_first_release_commands_say_so(nowhere: Path) -> None:
    asked = peak(nowhere, "sql", "select 1")
    assert asked.returncode == 1 and "peak run" in asked.stderr and asked.stdout == ""
    told = peak(nowhere, "status")
    assert told.returncode == 0 and "nothing is published yet" in told.stdout
    assert json.loads(peak(nowhere, "status", "--json").stdout)["release_id"] is None
    assert not nowhere.exists()


def test_a_second_run_names_the_holder_before_loading_anything(tmp_path: Path) -> None:
    home = Home(tmp_path)
    small.deliver(home, small.files())
    with writing(home, command="peak run 由夜班"):
        begun = time.monotonic()
        code, heavy = loaded(tmp_path, "run", "--wait", "0.5")
        assert (code, heavy) == (1, set()) and time.monotonic() - begun < 15
        done = peak(tmp_path, "run", "--wait", "0.5")
        writer = json.loads(peak(tmp_path, "status", "--json").stdout)["writer"]
    assert done.returncode == 1 and "peak run 由夜班" in done.stderr and "in use" in done.stderr
    assert writer["command"] == "peak run 由夜班" and f"process {writer['pid']}" in done.stderr


# --- with a release


def test_run_publishes_and_ends_with_scorecard_changes_and_refusals(small_home: Released) -> None:
    home, done = small_home
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ("记分牌 / Scorecard", "非化石能源消费比重", "首次发布", "退回 2 个文件", "能源_三月.csv", "已发布"):
        assert told in done.stdout
    assert "not a number" in done.stdout and "gross_possible" in done.stdout
    assert "accepted 4, quarantined 2" in done.stdout
    assert "492" not in done.stdout and "dbt" in done.stderr  # progress goes to stderr
    assert "INFO" not in done.stderr and "Traceback" not in done.stderr
    assert [path for path in home.inbox.rglob("*") if path.is_file()] == []
    reports = {path.name for path in home.quarantine.glob("*/report.*")}
    assert reports == {"report.json", "report.md", "report.html"}


def test_a_second_run_says_nothing_new_at_once(small_home: Released) -> None:
    home, _ = small_home
    before = {path.name for path in home.releases.iterdir()}
    begun = time.monotonic()
    done = peak(home.root, "run")
    assert time.monotonic() - begun < 10
    assert done.returncode == 0 and "nothing new" in done.stdout
    assert json.loads(peak(home.root, "run", "--json").stdout)["result"] == "nothing_new"
    assert {path.name for path in home.releases.iterdir()} == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("status",),
        ("status", "--json"),
        ("sql", "select 1"),
        ("sql", "--json", "from release"),
        ("history", "non_fossil_share", "--region", "china-nbs"),
        ("as-of", "2999-01-01", "non_fossil_share"),
        ("prune", "--dry-run"),
        ("gates", "--all"),
        ("gates", "--rules"),
        ("--version",),
    ],
)
def test_commands_that_only_read_load_nothing_heavy(small_home: Released, arguments: tuple[str, ...]) -> None:
    assert loaded(small_home[0].root, *arguments) == (0, set())


def sql(small_home: Released, *arguments: str, given: str | None = None) -> Ran:
    return peak(small_home[0].root, "sql", *arguments, given=given)


def test_sql_prints_tables_csv_and_json_with_chinese_and_exact_numbers(small_home: Released) -> None:
    query = (
        "select i.name_zh, v.value, v.period_end from indicator_values v join indicators i on i.code = v.indicator "
        "where region = 'china-nbs' and indicator = 'non_fossil_share' and period_type = 'year' "
        "and period_end = date '2018-12-31'"
    )
    assert "非化石能源消费比重" in sql(small_home, query).stdout
    rows = list(csv.DictReader(io.StringIO(sql(small_home, "--csv", query).stdout)))
    assert [row["name_zh"] for row in rows] == ["非化石能源消费比重"]
    (row,) = json.loads(sql(small_home, "--json", given=query).stdout, parse_float=Decimal)
    assert (row["name_zh"], row["period_end"]) == ("非化石能源消费比重", "2018-12-31")
    assert Decimal(row["value"]) == Decimal(rows[0]["value"])
    assert rows[0]["value"].startswith("14.") and len(rows[0]["value"].split(".")[1]) == 6


def test_sql_gives_every_type_as_json(small_home: Released) -> None:
    query = (
        "select 1.50::decimal(9,2) as d, 12345678901234567890.123456::decimal(38,6) as w, "
        "time '10:00' as t, 'nan'::double as n, {'a': 0.1::decimal(3,1)} as s, "
        "[date '2024-01-01'] as l, null as z, true as b, uuid() is not null as u, interval 1 day as i, '引号\"' as q"
    )
    (row,) = json.loads(sql(small_home, "--json", query).stdout, parse_float=Decimal)
    assert row | {"i": ""} == {
        "d": Decimal("1.5"), "w": "12345678901234567890.123456", "t": "10:00:00",
        "n": None, "s": {"a": Decimal("0.1")}, "l": ["2024-01-01"],
        "z": None, "b": True, "u": True, "i": "", "q": '引号"',
    }  # fmt: skip
    twice = sql(small_home, "--json", "select 1 as a, 2 as a")
    assert (twice.returncode, twice.stdout) == (1, "")


def test_sql_says_when_it_cuts(small_home: Released) -> None:
    done = sql(small_home, "--csv", "--max-rows", "5", "select * from range(100)")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 6 and "only the first 5" in done.stderr
    whole = sql(small_home, "--csv", "--max-rows", "100", "select * from range(100)")
    assert len(whole.stdout.splitlines()) == 101 and whole.stderr == ""


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{secret}')",
        "select * from read_text('{secret}')",
        "select * from '{secret}'",
        "select * from glob('{folder}/*')",
        "copy indicators to '{folder}/out.csv'",
        "copy (select 1) to '{folder}/out.parquet' (format parquet)",
        "export database '{folder}/out'",
        "attach '{folder}/new.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '64GB'",
        "reset lock_configuration",
        "pragma enable_profiling",
        "use memory",
        "delete from indicator_values",
        "update indicators set name_zh = ''",
        "insert into release select * from release",
        "create table t as select 1",
        "create temp table t as select 1",
        "create macro m() as 1",
        "drop table indicators",
        "alter table indicators rename to x",
        "call pragma_version(); select 1",
        "select 1; drop table indicators",
        "select getenv('PATH')",
        "explain analyze delete from indicators",
        "begin",
        "checkpoint",
        "select nothing from nowhere",
        "selec 1",
    ],
)
def test_sql_reads_the_release_and_nothing_else(small_home: Released, tmp_path: Path, statement: str) -> None:
    secret = write(tmp_path / "secret.csv", "a\ngeheim\n")
    before = contents(small_home[0].current)
    done = sql(small_home, statement.format(secret=secret, folder=tmp_path))
    assert (done.returncode, done.stdout) == (1, ""), done.stdout
    assert done.stderr.startswith("Error: ") and "Traceback" not in done.stderr and "geheim" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert contents(small_home[0].current) == before


@pytest.mark.parametrize(
    "statement",
    [
        "select repeat('x', 2000000000)",
        "select length(repeat('x', 2000000000))",
        "select count(*) from range(1000000000) a, range(1000000000) b",
        "select string_agg(repeat('x', 1000), '') from range(100000000)",
        "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t",
    ],
)
def test_sql_ends_within_its_limits(small_home: Released, statement: str) -> None:
    begun = time.monotonic()
    done = sql(small_home, "--timeout", "2", statement)
    assert done.returncode == 1 and time.monotonic() - begun < 15
    assert "limit" in done.stderr or "took more than" in done.stderr or "larger than" in done.stderr


def test_status_tells_feeds_quarantine_runs_and_release(small_home: Released) -> None:
    home, _ = small_home
    told = peak(home.root, "status", "--as-of", "2026-02-20")
    assert told.returncode == 0
    for word in (small.REGION, "energy_supply", "区产业发展局", "能源_三月.csv", "published", "content_sha256"):
        assert word in told.stdout
    found = json.loads(peak(home.root, "status", "--as-of", "2026-02-20", "--json").stdout)
    assert found["release_id"] == home.current.readlink().name
    assert {item["file_name"] for item in found["quarantined"]} == {"能源_三月.csv", "磅单_超重.csv"}
    states = {(feed["region"], feed["feed"]): feed["state"] for feed in found["feeds"]}
    assert states[small.REGION, "energy_supply"] == "late"
    assert found["runs"][0]["details"]["result"] == "published" and found["writer"] is None
    only = json.loads(peak(home.root, "status", "--region", "china-nbs", "--json").stdout)
    assert {feed["region"] for feed in only["feeds"]} == {"china-nbs"} and only["quarantined"] == []


def test_status_shows_what_is_left_alone_in_the_inbox(tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "r" / "energy_supply"
    folder.mkdir(parents=True)
    write(folder / "~$编辑中.xlsx", "")
    write(folder / "a.csv", small.FIRST)
    found = json.loads(peak(tmp_path, "status", "--json").stdout)
    assert found["waiting"] == 1 and [left["code"] for left in found["left_alone"]] == ["temporary"]
    assert "~$编辑中.xlsx" in peak(tmp_path, "status").stdout
