"""Number plates stay in the deliveries, also those typed where none belongs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from sources.contract import contracts
from sources.privacy import SURE_PLATE, may_hold_plates, recorded_name, without_plates
from sources.reading import read_file
from warehouse import delivered

TASKS = "统计日期,编号,条款,名称,类型,牵头单位,完成时限,状态,进度,备注\n"
ROW = "2024-03-01,X1,三,{name},任务,区发改局,,已完成,100,{note}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("湘F12345", "***"),
        ("湘F·D12345", "***"),
        ("车辆湘FD12345已到场", "车辆***已到场"),
        ("京A1234学、湘f-12345。", "***、***。"),
        *(
            (text, text)
            for text in ("川A区3号楼", "湘A汽车站北路", "新ENERGY公司", "新T2024001", "云A栋2单元101", "京东")
        ),
    ],
)
def test_what_surely_is_a_plate_is_told_alike_by_python_and_duckdb(text: str, said: str) -> None:
    assert without_plates(text) == said
    query = "select regexp_replace(?, ?, '***', 'g')"
    assert duckdb.execute(query, [text, SURE_PLATE]).fetchone() == (said,)


def test_a_plate_in_a_text_is_warned_of_and_kept_in_the_delivery_alone(tmp_path: Path) -> None:
    path, contract = tmp_path / "a.csv", contracts()["task_register"]
    path.write_text(TASKS + ROW.format(name="光伏", note="司机湘F12345"), "utf-8")
    reading = read_file(path, contract)
    assert reading.table is not None and reading.table.column("note").to_pylist() == ["司机湘F12345"]
    assert [(one.code, one.row, one.column) for one in reading.warnings] == [("plate_in_text", 2, "备注")]

    connection, names = duckdb.connect(), delivered.columns(contract)
    connection.register("rows", reading.table)
    told = {name: name for name in names if name in reading.table.column_names}
    sql = delivered.without_plates("select * from rows", told, contract)
    assert connection.execute(f"select name, note, item_id from ({sql})").fetchall() == [("光伏", "司机***", "X1")]


def test_keys_and_columns_of_plates_themselves_stay() -> None:
    weighings = contracts()["waste_weighings"]
    assert "plate" not in may_hold_plates(weighings)
    assert delivered.without_plates("select 1", ["facility", "ticket_id", "plate"], weighings) == "select 1"


def test_no_name_of_a_file_tells_a_plate() -> None:
    for feed in ("waste_weighings", "energy_supply"):
        assert recorded_name("三月_湘F12345.csv", contracts()[feed]) == "三月_***.csv"
