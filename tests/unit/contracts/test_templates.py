"""The template of every feed: right headers, no formulas, and accepted by the reader once it is filled in."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from sources.advice import limits
from sources.contract import Contract, Field, contracts
from sources.dictionaries import fold
from sources.reading import read_file
from sources.templates import CHOICES, NOTES, header, values, write_template

EVERY = pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.feed)

# what the first choice or a plain number would get wrong
FILLED: dict[str, dict[str, Any]] = {
    "energy_supply": {"product": "电力", "unit": "万千瓦时"},
    "energy_enterprise": {
        "enterprise_id": "91110000600037341L",
        "industry_code": "34",
        "product": "原煤",
        "unit": "吨",
    },
    "operating_transport": {"product": "柴油", "unit": "吨"},
    "energy_balance": {"item": "煤炭", "unit": "吨标准煤"},
    "industrial_waste": {"disposed_t": 0, "stored_t": 1},
    "waste_weighings": {"gross_kg": 3, "tare_kg": 1, "net_kg": 2},
    "assigned_targets": {"indicator": "森林蓄积量", "method": "默认口径"},
    "member_ends": {"feed": "本地发电量", "last_period": "2024-03"},
}
SAMPLES: dict[str, Any] = {
    "text": "0001",
    "int": 1,
    "dec": 1,
    "date": date(2024, 3, 1),
    "month": "2024-03",
    "quarter": "2024Q1",
    "year": 2024,
    "ts": datetime(2024, 3, 1, 8, 15),
}


def _sample(contract: Contract, field: Field) -> Any:
    given = FILLED.get(contract.feed, {})
    if field.name in given:
        return given[field.name]
    return values(field)[0] if values(field) else SAMPLES[field.type]


def _open(contract: Contract, folder: Path) -> tuple[Workbook, Path]:
    path = folder / f"{contract.feed}.xlsx"
    write_template(contract, path)
    return load_workbook(path), path


@EVERY
def test_headers_notes_and_formats(contract: Contract, tmp_path: Path) -> None:
    book, _ = _open(contract, tmp_path)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [header(field) for field in contract.fields]
    for cell, field in zip(sheet[1], contract.fields, strict=True):
        assert cell.comment is not None and field.description in cell.comment.text
        if field.type == "text":
            assert sheet.column_dimensions[cell.column_letter].number_format == "@"
    assert sheet.max_row == 1


@EVERY
def test_no_cell_is_a_formula(contract: Contract, tmp_path: Path) -> None:
    book, _ = _open(contract, tmp_path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or str(cell.value or "").startswith("=")]


@EVERY
def test_coded_columns_have_drop_downs(contract: Contract, tmp_path: Path) -> None:
    book, _ = _open(contract, tmp_path)
    sheet = book.worksheets[0]
    coded = [field for field in contract.fields if values(field)]
    lists = sheet.data_validations.dataValidation
    assert len(lists) == len(coded)
    for place, field in enumerate(coded, start=1):
        column = [row[0].value for row in book[CHOICES].iter_rows(min_row=2, min_col=place, max_col=place)]
        assert [value for value in column if value is not None] == values(field)


@EVERY
def test_other_sheets_are_never_taken_for_data(contract: Contract, tmp_path: Path) -> None:
    book, _ = _open(contract, tmp_path)
    known = {fold(name) for field in contract.fields for name in (field.name, field.header, *field.aliases)}
    for sheet in book.worksheets[1:]:
        assert sheet.title in (NOTES, CHOICES)
        for row in sheet.iter_rows(values_only=True):
            assert len([value for value in row if value is not None and fold(str(value)) in known]) < 2


@EVERY
def test_filled_in_it_is_accepted(contract: Contract, tmp_path: Path) -> None:
    book, path = _open(contract, tmp_path)
    sheet = book.worksheets[0]
    for column, field in enumerate(contract.fields, start=1):
        sheet.cell(row=2, column=column, value=_sample(contract, field))
    book.save(path)
    reading = read_file(path, contract)
    assert [(problem.column, problem.value, problem.en) for problem in reading.problems] == []
    assert reading.table is not None and reading.table.num_rows == 1
    assert reading.warnings == []


@EVERY
def test_empty_it_is_refused(contract: Contract, tmp_path: Path) -> None:
    _, path = _open(contract, tmp_path)
    assert read_file(path, contract).table is None


def test_limits_in_words() -> None:
    projects = contracts()["building_projects"]
    assert [limits(projects.field(name)) for name in ("saving_rate", "area_m2", "roof_m2", "name")] == [
        "0 … 100",
        "> 0",
        "≥ 0",
        "",
    ]
