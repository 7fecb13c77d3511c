"""Workbooks that no program should write: nothing is guessed from them, and the report says where it stands."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.contract import contracts
from sources.reading.model import Reading
from sources.reading.read import read_here
from tests.faults.polluter.book import Book, Cell, Sheet, number, text, zipped
from tests.unit.reading.conftest import SUPPLY, csv_of, faults, supply, values

FEED = contracts()["energy_supply"]


def table(**cells: Cell) -> Book:
    """Two right rows of energy_supply in one sheet, some cells (by reference, such as D2) other ones."""
    sheet = Sheet("数据")
    sheet.fill(1, [text(name) for name in SUPPLY])
    for row, sector in ((2, "工业"), (3, "建筑业")):
        written = ["2024-03", "gasoline", sector]
        sheet.fill(row, [*map(text, written), number("12.5"), text("吨")])
    for reference, cell in cells.items():
        sheet.cells[int(reference[1:]), ord(reference[0]) - 65] = cell
    return Book([sheet])


def read(tmp_path: Path, content: bytes, name: str = "delivery.xlsx") -> Reading:
    path = tmp_path / name
    path.write_bytes(content)
    return read_here(path, FEED)


@pytest.mark.parametrize(
    "cell",
    [
        Cell("<v>1</v><v>2</v>"),
        Cell("<v>1</v><is><t>2</t></is>"),
        Cell("<is><t>2</t></is>"),
        Cell("<v>1_000</v>"),
        Cell("<v>１２</v>"),
        Cell("<v>NaN</v>"),
        Cell("<v>1e400</v>"),
        Cell("<v>12</v>", "x"),
        Cell("<v>12</v>", style=400),
        Cell("<v>12</v>", style=-1),
    ],
    ids=lambda cell: cell.xml(None),
)
def test_an_odd_number_is_refused_at_its_place(tmp_path, cell):
    assert faults(read(tmp_path, table(D3=cell).packed())) == [("odd_cell", 3, "消费量")]


@pytest.mark.parametrize("index", ["-1", "99", "x", "1_0", "1.0", ""])
def test_a_shared_string_that_is_not_there_is_refused_at_its_place(tmp_path, index):
    book = table(E2=Cell(f"<v>{index}</v>", "s"))
    book.shared("吨")
    wanted = ("missing_value" if not index else "odd_cell", 2, "计量单位")
    assert faults(read(tmp_path, book.packed())) == [wanted]


def test_a_boolean_is_one_of_two(tmp_path):
    contract = contracts()["cleaner_production"]
    sheet = Sheet()
    sheet.fill(1, [text(field.header) for field in contract.fields])
    sheet.fill(2, [text("2024"), text("91430600MA00000017"), Cell("<v>2</v>", "b")])
    path = tmp_path / "a.xlsx"
    path.write_bytes(Book([sheet]).packed())
    assert ("odd_cell", 2, "是否应审核") in faults(read_here(path, contract))


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        (b'<row r="3"', b'<row r="2"', 2),
        (b'<row r="3"', b'<row r="1048577"', 1048577),
        (b'<row r="3"', b'<row r="-1"', None),
        (b'<c r="A3"', b'<c r="B3"', 3),
        (b'<c r="A3"', b'<c r="A4"', 3),
        (b'<c r="A3"', b'<c r="a3"', 3),
        (b'<c r="A3"', b'<c r="XFE3"', 3),
        (b'<c r="A3"', b'<c r=""', 3),
    ],
)
def test_cells_that_stand_nowhere_are_refused_with_their_row(tmp_path, old, new, row):
    book = table()
    book.changes["xl/worksheets/sheet1.xml"] = lambda part: part.replace(old, new, 1)
    reading = read(tmp_path, book.packed())
    assert faults(reading) == [("bad_workbook", row, None)] and reading.problems[0].sheet == "数据"


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("A2:A3", [("merged_cells", 2, "统计月份"), ("merged_cells", 3, "统计月份")]),
        ("D2:E2", [("merged_cells", 2, "消费量")]),
        ("E1:E2", [("merged_cells", 2, "计量单位")]),
    ],
)
def test_merged_data_cells_are_refused(tmp_path, area, expected):
    book = table()
    book.sheets[0].merge(area)
    assert faults(read(tmp_path, book.packed())) == expected


def test_merges_outside_of_the_data_do_no_harm(tmp_path):
    book = table(A4=text("合计"), A6=text("填表人：张三"))
    book.sheets[0].merge("A4:C4", "A6:E7", "E3:F3", "H1:H9")
    assert values(read(tmp_path, book.packed()), "quantity") == [(Decimal("12.5"),)] * 2
    book.sheets[0].merge("A:1")
    assert faults(read(tmp_path, book.packed())) == [("bad_workbook", None, None)]


def test_hidden_rows_and_columns_are_data_and_said(tmp_path):
    book = table()
    book.sheets[0].rows = {3: ' hidden="1"', 9: ' hidden="1"'}
    book.sheets[0].before = '<cols><col min="4" max="9" hidden="1"/></cols>'
    reading = read(tmp_path, book.packed())
    assert values(reading, "quantity") == [(Decimal("12.5"),)] * 2
    found = [(one.code, one.row, one.column) for one in reading.warnings]
    assert found == [("hidden_rows", 3, None), ("hidden_column", 1, "消费量"), ("hidden_column", 1, "计量单位")]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "C:/x", "..\\x", "xl/WORKBOOK.xml", "link"])
def test_parts_that_lead_out_or_stand_twice_are_refused(tmp_path, name):
    info = zipfile.ZipInfo(name)
    if name == "link":
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = zipped([*table().parts().items(), (info, b"x")])
    assert faults(read(tmp_path, content)) == [("bad_workbook", None, None)]


def test_damage_of_every_kind_is_a_broken_file(tmp_path):
    content = table().packed()
    for change in (
        lambda part: part.replace(b"UTF-8", b"X-NONE", 1),
        lambda part: part.replace(b"<v>", b"<v>&nope;", 1),
        lambda part: part[:300],
    ):
        book = table()
        book.changes["xl/worksheets/sheet1.xml"] = change
        assert faults(read(tmp_path, book.packed())) == [("broken_file", None, None)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    at = part.header_offset + 30 + len(part.filename)
    assert faults(read(tmp_path, content[:at] + b"\xff" * 9 + content[at + 9 :])) == [("broken_file", None, None)]


def test_archives_are_named_as_what_they_are(tmp_path):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        entry = tarfile.TarInfo("a.csv")
        content = csv_of(supply()).encode()
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    for content in (
        target.getvalue(),
        zipped([]),
        b"BZh91AY",
        b"(\xb5/\xfd",
        b"PARE" + bytes(9),
        zipped([("a", b"x")]),
    ):
        assert faults(read(tmp_path, content, "a.csv")) == [("unsupported_format", None, None)]


def test_the_checksums_of_pages_are_checked(tmp_path):
    path = tmp_path / "a.parquet"
    columns = [["2024-03"], ["gasoline"], ["工业"], [12.5], ["吨"]]
    pq.write_table(pa.table(columns, names=SUPPLY), path, compression="none", write_page_checksum=True)
    assert read_here(path, FEED).problems == []
    content = path.read_bytes()
    assert content.count("工业".encode()) > 0
    path.write_bytes(content.replace("工业".encode(), "工三".encode(), 1))
    assert faults(read_here(path, FEED)) == [("broken_file", None, None)]


def test_no_number_is_no_text(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table([["2024-03"], ["gasoline"], ["工业"], [12.5], [float("nan")]], names=SUPPLY), path)
    assert faults(read_here(path, FEED)) == [("bad_number", 1, "计量单位")]


def test_a_text_that_is_no_text_is_refused_at_its_place(tmp_path):
    path = tmp_path / "a.parquet"
    units = pa.array(["吨".encode(), "吨".encode("gb18030")], pa.binary())
    broken = pa.StringArray.from_buffers(2, units.buffers()[1], units.buffers()[2])
    columns = [["2024-03"] * 2, ["gasoline"] * 2, ["工业", "建筑业"], [12.5, 1.0], broken]
    pq.write_table(pa.table(columns, names=SUPPLY), path)
    assert faults(read_here(path, FEED)) == [("odd_cell", 2, "计量单位")]
