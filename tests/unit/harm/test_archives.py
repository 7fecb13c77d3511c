"""Names inside archives and of folders never become paths: nothing is written where they point."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from sources.intake import scan, take_in
from sources.ledger import open_ledger
from tests.support.homes import put
from tests.support.small import CORRECTION
from warehouse.paths import Home

ROWS = [line.split(",") for line in CORRECTION.splitlines()]
CLIMBING = ("../../../evil", "/tmp/evil", "..\\..\\evil", "xl/../../evil", "a/\x00b", "C:/evil", "./././evil")


def workbook(*extra: tuple[str, bytes, int]) -> bytes:
    """A good workbook with further members: name, content, mode of the file (a link, say)."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in ROWS:
        book.active.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    book.save(content)
    with zipfile.ZipFile(content, "a") as archive:
        for name, data, mode in extra:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            archive.writestr(member, data)
    return content.getvalue()


def gzipped(name: str) -> bytes:
    content = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=content) as stream:
        stream.write(CORRECTION.encode())
    return content.getvalue()


FILES = {
    **{f"climbing {number}": ("a.xlsx", workbook((name, b"x", 0o644))) for number, name in enumerate(CLIMBING)},
    "link": ("a.xlsx", workbook(("xl/worksheets/sheet9.xml", b"/etc/passwd", 0o120777))),
    "gzip": ("a.csv.gz", gzipped("../../../evil.csv")),
    "zip of a table": ("a.zip", workbook()),
}


@pytest.mark.parametrize("case", FILES)
def test_an_archive_writes_nothing_where_its_names_point(tmp_path: Path, case: str) -> None:
    home = Home(tmp_path / "deep" / "er" / "home")
    name, content = FILES[case]
    path = put(home, "r", "energy_supply", name, content)
    with closing(open_ledger(home)) as ledger:
        outcome = take_in(path, "energy_supply", "r", home, ledger)
    assert outcome.status in ("accepted", "quarantined")
    assert outcome.row_count == 2 or outcome.status == "quarantined"
    found = {item.relative_to(tmp_path).parts[:3] for item in tmp_path.rglob("*") if item.is_file()}
    assert found == {("deep", "er", "home")}
    assert not list(tmp_path.rglob("*evil*")) and not Path("/tmp/evil").exists()


@pytest.mark.parametrize("region", ["...", "x'; drop table t", "r\n2", "<b>", "-- -" * 9, "a b", "r%2f..", "R", "ｒ"])
def test_a_folder_that_is_no_region_is_left(tmp_path: Path, region: str) -> None:
    home = Home(tmp_path / "home")
    put(home, region, "energy_supply", "a.csv", CORRECTION)
    put(home, "r", f"energy_supply{region}", "a.csv", CORRECTION)
    found = scan(home)
    assert found.waiting == [] and {item.code for item in found.left_alone} == {"bad_region", "unknown_feed"}


@pytest.mark.parametrize(
    "name",
    ["..csv", "-rf.csv", "*.csv", "a?[b].csv", "CON.csv", "a\\..\\b.csv", "%2e%2e.csv", "é\u0301.csv", "名" * 80],
)
def test_a_file_of_any_name_is_kept_under_its_hash(tmp_path: Path, name: str) -> None:
    home = Home(tmp_path / "home")
    path = put(home, "r", "energy_supply", name, CORRECTION)
    with closing(open_ledger(home)) as ledger:
        outcome = take_in(path, "energy_supply", "r", home, ledger)
    assert (outcome.status, outcome.file_name) == ("accepted", name)
    kept = [item.name for folder in (home.archive, home.deliveries) for item in folder.rglob("*") if item.is_file()]
    assert sorted(map(len, kept)) == [16 + len(".parquet"), 64]


def test_bytes_that_are_no_text_are_a_name_too(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = put(home, "r", "energy_supply", "能\udcff.csv", CORRECTION)
    with closing(open_ledger(home)) as ledger:
        outcome = take_in(path, "energy_supply", "r", home, ledger)
    assert (outcome.status, outcome.file_name) == ("accepted", "能\\udcff.csv")
