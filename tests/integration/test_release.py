"""A whole release: its tables and words, its hashes, its privacy, and what it survives."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from sources.ledger import read_ledger, runs
from tests.support import small
from tests.support.command import environment, peak
from tests.support.homes import Night, take_in_all
from tests.support.killed import killed_run
from tests.support.server import Standing
from warehouse.paths import Home
from warehouse.shelf import current_release, verify_release

pytestmark = pytest.mark.slow

COLUMNS = {
    "indicators": ("code plan_id name_zh name_en domain unit better method clauses lead_agency supporting_agencies"),
    "indicator_values": (
        "region indicator period_type period_start period_end value numerator denominator unit method base_year basis "
        "is_complete coverage is_held reason"
    ),
    "indicator_targets": "region indicator target_year level kind target base_year method source",
    "indicator_progress": (
        "region indicator target_year level kind target base_year method latest_value latest_period base_value "
        "position pace required_pace projection status status_eurostat completion_rate status_since status_cause"
    ),
    "clauses": "title",
    "indicator_agencies": "indicator agency role",
    "agency_scorecard": "region agency",
    "energy_balance_annual": "region year item tce share basis",
    "task_progress": "region clause lead_agency status progress",
    "lineage": "region indicator file_name sha256 scope",
    "deliveries": "region feed file_name sha256 received_at status reason",
    "quarantined": "region feed file_name sha256 received_at status reason",
    "gate_results": "suite check_name severity status",
    "release": "release_id as_of git_commit content_sha256",
    "indicator_revisions": "region indicator value previous_value release_id published_at cause deliveries",
    "releases": "number release_id action switched_at who why as_of content_sha256",
    "scope_changes": "region feed scope kind delivery_id file_name previous_delivery_id previous_file_name",
    "assessments": "region year indicator level value status signed_by signed_at release_id is_revised",
    "fct_energy_supply": "region",
    "fct_electricity_daily": "region",
    "fct_electricity_hourly": "region",
    "fct_charging_daily": "region",
    "fct_charging_piles": "region",
    "fct_buildings": "region",
    "fct_waste_daily": "region",
}
PLATE = re.compile("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]·?[A-Z0-9测演]{5,6}")


def opened(home: Home) -> duckdb.DuckDBPyConnection:
    """A reader of the current release, as an analyst's client opens it."""
    return duckdb.connect(str(home.current / "warehouse.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def reader(demo_home: tuple[Home, Night]) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(demo_home[0]) as connection:
        yield connection


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


# --- what a release holds


@pytest.mark.parametrize("table", COLUMNS)
def test_fixed_names_are_there(reader: duckdb.DuckDBPyConnection, table: str) -> None:
    found = {name for (name,) in reader.execute(
        "select column_name from duckdb_columns() where schema_name = 'main' and table_name = ?", [table]
    ).fetchall()}  # fmt: skip
    assert set(COLUMNS[table].split()) <= found


def test_dates_are_dates_and_values_are_exact(reader: duckdb.DuckDBPyConnection) -> None:
    kinds = dict(reader.execute(
        "select column_name, data_type from duckdb_columns() where table_name = 'indicator_values'"
    ).fetchall())  # fmt: skip
    assert (kinds["period_start"], kinds["period_end"], kinds["value"]) == ("DATE", "DATE", "DECIMAL(38,6)")
    inexact = reader.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'main' and data_type in ('DOUBLE', 'FLOAT')"
    ).fetchall()
    assert inexact == []


def test_every_table_and_column_has_words_in_both_languages(reader: duckdb.DuckDBPyConnection) -> None:
    silent = reader.execute(
        "select table_name, '' as name, comment from duckdb_tables() where not internal "
        "union all select table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    wordless = [
        (table, name) for table, name, text in silent
        if not text or not re.search("[\u4e00-\u9fff]", text) or not re.search("[A-Za-z]", text)
    ]  # fmt: skip
    assert wordless == []


def test_every_listed_table_has_rows(reader: duckdb.DuckDBPyConnection) -> None:
    filled = COLUMNS.keys() - {"assessments"}  # nobody has signed a year of the demo
    empty = [table for table in filled if reader.execute(f"select count(*) from {table}").fetchone() == (0,)]
    assert empty == []


def test_all_indicators_are_there_with_months_and_trailing_years(reader: duckdb.DuckDBPyConnection) -> None:
    assert reader.execute("select count(*) from indicators").fetchone() == (74,)
    kinds = {kind for (kind,) in reader.execute(
        "select distinct period_type from indicator_values where region = 'yueyang-etz' and value is not null"
    ).fetchall()}  # fmt: skip
    assert {"year", "ttm", "month"} <= kinds <= {"year", "ttm", "month", "quarter"}
    assert reader.execute(
        "select count(*) from (select region, indicator, method, base_year, period_type, period_end "
        "from indicator_values group by all having count(*) > 1)"
    ).fetchone() == (0,)


def test_vintages_up_to_now_are_the_values(reader: duckdb.DuckDBPyConnection) -> None:
    cells = "region, indicator, method, base_year, period_type, period_start, period_end, value, unit, is_complete"
    said = reader.execute(f"select {cells} from as_of('2999-01-01') order by all").fetchall()
    assert said == reader.execute(f"select {cells} from indicator_values order by all").fetchall()
    assert reader.execute("select cause, deliveries = '' from indicator_revisions group by all").fetchall() == [
        ("new_data", False)
    ]


def test_refused_demo_files_are_listed_with_their_reason(
    reader: duckdb.DuckDBPyConnection, demo_home: tuple[Home, Night]
) -> None:
    refused = {outcome.file_name for outcome in demo_home[1].outcomes if outcome.status == "quarantined"}
    listed = {name for name, reason in reader.execute("select file_name, reason from quarantined").fetchall() if reason}
    assert refused and listed == refused


# --- what must never be in one


def test_no_number_plate_leaves_the_deliveries(
    reader: duckdb.DuckDBPyConnection, demo_home: tuple[Home, Night]
) -> None:
    home, night = demo_home
    files = list((home.deliveries / "waste_weighings").rglob("*.parquet"))
    plates = {
        str(plate) for file in files for plate in pq.read_table(file, columns=["plate"])["plate"].to_pylist() if plate
    }
    assert plates
    assert night.release is not None
    texts = (night.release.folder / "release.json").read_text("utf-8").splitlines() + list(every_text(reader))
    assert [text for text in texts if PLATE.search(text) or any(plate in text for plate in plates)] == []


def every_text(reader: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Every distinct text of every column of the release, lists and structures as they print."""
    columns = reader.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' "
        "and data_type not in ('DATE', 'BIGINT', 'INTEGER', 'BOOLEAN', 'TIMESTAMP') and data_type not like 'DECIMAL%'"
    ).fetchall()
    for table, column in columns:
        for (text,) in reader.execute(f"select distinct {column}::varchar from {table}").fetchall():
            yield text or ""


# --- hashes


def test_release_json_tells_the_truth(demo_home: tuple[Home, Night], reader: duckdb.DuckDBPyConnection) -> None:
    release = demo_home[1].release
    assert release is not None
    manifest = json.loads((release.folder / "release.json").read_text("utf-8"))
    on_disk = {path.relative_to(release.folder).as_posix() for path in release.folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == on_disk - {"release.json"}
    for name, recorded in manifest["files"].items():
        file = release.folder / name
        assert (file.stat().st_size, sha256(file)) == (recorded["size_bytes"], recorded["sha256"])
        assert file.stat().st_mode & 0o222 == 0
    assert manifest["undescribed"] == []
    (said,) = reader.execute("select content_sha256 from release").fetchall()
    assert said == (manifest["content_sha256"],)
    for table, count in manifest["tables"].items():
        assert reader.execute(f"select count(*) from {table}").fetchone() == (count,)


# --- being killed, being two, being read meanwhile


@pytest.fixture(scope="module")
def survivor(
    small_home: tuple[Home, subprocess.CompletedProcess[str]],
    server: Standing,
    tmp_path_factory: pytest.TempPathFactory,
) -> Survivor:
    """A published home gets a correction; the run is killed while it builds, and another one finishes."""
    return Survivor(small_home[0], Home(tmp_path_factory.mktemp("killed") / "home"), server)


class Survivor:
    """What was seen before, while and after the first run was killed."""

    def __init__(self, first: Home, home: Home, server: Standing) -> None:
        shutil.copytree(first.root, home.root, symlinks=True)
        self.home, self.old = home, current_release(home)
        self.reader = opened(home)
        self.before = self.february()
        small.deliver(home, [small.correction()])
        env = environment(home.root, {"PREFECT_API_URL": server.url, "PREFECT_HOME": str(server.folder)})
        self.begun = written_at(home.build_db)
        with killed_run(home, env, self.is_building, pause_s=2) as died:
            self.second = peak(home.root, "run", "--wait", "0.5")
        self.killed = died.returncode
        self.after_kill = current_release(home)
        self.asked = peak(home.root, "sql", "--csv", "select count(*) from indicators")
        self.told = json.loads(peak(home.root, "status", "--json").stdout)
        self.finished = peak(home.root, "run", "--as-of", str(small.AS_OF), extra=env, timeout_s=300)
        self.meanwhile = self.february()
        self.new = current_release(home)

    def is_building(self) -> bool:
        """Whether dbt has begun to write tables."""
        wal = self.home.build_db.with_name(self.home.build_db.name + ".wal")
        return written_at(self.home.build_db) not in (None, self.begun) and wal.exists()

    def february(self) -> list[tuple[object, ...]]:
        """What the reader opened before everything says of the corrected month."""
        return self.reader.execute(
            "select * from fct_energy_supply where month = date '2024-02-01' order by all"
        ).fetchall()


def written_at(file: Path) -> int | None:
    """When the file was last written, in ns; None while it is being made anew."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def test_a_killed_run_leaves_the_old_release_in_place(survivor: Survivor) -> None:
    assert survivor.killed == -signal.SIGKILL
    assert survivor.after_kill == survivor.old
    assert survivor.asked.returncode == 0 and survivor.asked.stdout.splitlines()[1] == "74"
    assert survivor.told["runs"][0]["state"] == "died" and survivor.told["writer"] is None


def test_the_next_run_finishes_what_was_begun(survivor: Survivor) -> None:
    assert survivor.finished.returncode == 0, survivor.finished.stdout + survivor.finished.stderr
    assert survivor.old and survivor.new and survivor.new.release_id != survivor.old.release_id
    verify_release(survivor.new)
    assert sorted(path.name for path in survivor.home.releases.iterdir()) == sorted(
        [survivor.old.release_id, survivor.new.release_id]
    )
    with read_ledger(survivor.home) as ledger:  # type: ignore[union-attr]
        assert [item.state for item in runs(ledger)][:2] == ["ended", "died"]


def test_two_runs_at_once_and_the_second_names_the_first(survivor: Survivor) -> None:
    assert survivor.second.returncode == 1
    assert "in use" in survivor.second.stderr and "nightly" in survivor.second.stderr
    assert "Traceback" not in survivor.second.stderr


def test_an_open_reader_goes_on_reading_what_it_opened(survivor: Survivor) -> None:
    assert survivor.meanwhile == survivor.before
    with opened(survivor.home) as fresh:
        new = fresh.execute("select * from fct_energy_supply where month = date '2024-02-01' order by all").fetchall()
    assert new != survivor.before


def test_same_winners_give_the_same_content_in_any_order_and_after_a_kill(
    survivor: Survivor, corrected: Home, small_home: tuple[Home, subprocess.CompletedProcess[str]]
) -> None:
    other, first = current_release(corrected), current_release(small_home[0])
    assert survivor.new and other and first
    assert survivor.new.content_sha256 == other.content_sha256 != first.content_sha256
    assert survivor.new.manifest["partitions"] == other.manifest["partitions"]
    assert survivor.new.manifest["history_sha256"] != other.manifest["history_sha256"]


def test_the_same_files_again_change_nothing(corrected: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(corrected.root, home.root, symlinks=True)
    small.deliver(home, [*small.files()[:4]])
    assert {outcome.status for outcome in take_in_all(home)} == {"duplicate"}
    assert peak(home.root, "run").stdout.startswith("没有新数据")


# --- damage


def damaged(first: Home, root: Path) -> Home:
    home = Home(root)
    shutil.copytree(first.root, home.root, symlinks=True)
    release = current_release(home)
    assert release is not None
    content = bytearray(release.database.read_bytes())
    content[len(content) // 2] ^= 0xFF
    release.database.chmod(0o644)
    release.database.write_bytes(bytes(content))
    return home


def test_a_damaged_release_is_never_served_nor_passed_over(corrected: Home, tmp_path: Path) -> None:
    home = damaged(corrected, tmp_path / "home")
    asked = peak(home.root, "sql", "select 1")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "warehouse.duckdb" in asked.stderr and "damaged" in asked.stderr and "Traceback" not in asked.stderr
    ran = peak(home.root, "run")
    assert (ran.returncode, ran.stdout) == (1, "") and "damaged" in ran.stderr and "Traceback" not in ran.stderr
    assert json.loads(peak(home.root, "status", "--json").stdout)["release_id"] is not None


def test_a_release_whose_link_leads_nowhere_is_refused(corrected: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(corrected.root, home.root, symlinks=True)
    home.current.unlink()
    home.current.symlink_to("releases/20200101T000000Z-000000")
    for command in (("sql", "select 1"), ("run",), ("status",)):
        done = peak(home.root, *command)
        assert done.returncode == 1 and "20200101T000000Z-000000" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
