"""Empty workbooks for the clerks: the right headers, notes, drop-downs; filled in, the reader accepts them."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sources.advice import KINDS, limits
from sources.contract import Contract, Field
from sources.dictionaries import choices

LAST_ROW = 5000  # drop-downs reach this far; rows below are read all the same
NOTES, CHOICES = "填写说明", "选项"
FORMATS = {
    "text": "@",
    "quarter": "@",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
    "ts": "yyyy-mm-dd hh:mm:ss",
    "year": "0",
}
REQUIRED = PatternFill("solid", fgColor="FFD9E8F6")
OPTIONAL = PatternFill("solid", fgColor="FFF2F2F2")


def header(field: Field) -> str:
    """The header with its unit, as the template writes it and the reader takes it: 装机容量(兆瓦)."""
    return f"{field.header}({field.unit})" if field.unit else field.header


def values(field: Field) -> list[str]:
    """What a clerk may choose from: Chinese names of the codes, 是 and 否; empty for free values."""
    return ["是", "否"] if field.type == "bool" else choices(field)


def _note(field: Field) -> str:
    need = "必填 / required" if field.required else "可空 / may be empty"
    lines = [field.description, f"{field.name} · {KINDS[field.type]} · {need}"]
    if limits(field):
        lines.append(f"范围 / range: {limits(field)}")
    if field.unit:
        lines.append(f"单位 / unit: {field.unit}")
    return "\n".join(lines)


def _write_headers(sheet: Worksheet, contract: Contract) -> None:
    for column, field in enumerate(contract.fields, start=1):
        cell = sheet.cell(row=1, column=column, value=header(field))
        cell.font = Font(bold=True)
        cell.fill = REQUIRED if field.required else OPTIONAL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.comment = Comment(_note(field), "Peak", height=140, width=320)
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = max(12, 2 * len(header(field)) + 4)
        dimension.number_format = FORMATS.get(field.type, "General")
    sheet.freeze_panes = "A2"


def _write_choices(book: Workbook, sheet: Worksheet, contract: Contract) -> None:
    """One column of choices a coded field, each under its English name, and the drop-downs that point there."""
    listed = [(column, field) for column, field in enumerate(contract.fields, start=1) if values(field)]
    if not listed:
        return
    lists = book.create_sheet(CHOICES)
    for place, (column, field) in enumerate(listed, start=1):
        letter = get_column_letter(place)
        lists.cell(row=1, column=place, value=f"可选值{place} / choices of {field.name}")
        for row, value in enumerate(values(field), start=2):
            lists.cell(row=row, column=place, value=value)
        validation = DataValidation(
            type="list",
            formula1=f"'{CHOICES}'!${letter}$2:${letter}${len(values(field)) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle=field.header,
            error="不在可选值中 / not one of the choices",
        )
        validation.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{LAST_ROW}")
        sheet.add_data_validation(validation)
        lists.column_dimensions[letter].width = 28


def _write_notes(book: Workbook, contract: Contract) -> None:
    """The notes, one line a field; no line holds two headers, so the sheet is never taken for data."""
    notes = book.create_sheet(NOTES)
    notes.append([f"{contract.title} / {contract.feed}"])
    notes.append([contract.description])
    notes.append(
        ["深色表头必填，浅色可空；不填合计行 / dark headers are required, light ones may be empty; no totals needed"]
    )
    for field in contract.fields:
        notes.append([f"【{field.header}】 {_note(field)}".replace("\n", "；")])
    for rule in contract.rules:
        notes.append([f"检查 / check: {rule.description_zh} / {rule.description_en}"])
    notes.column_dimensions["A"].width = 120
    for row in notes.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def write_template(contract: Contract, path: Path) -> None:
    """Write an empty XLSX workbook for one feed to `path`; it holds no formulas. OSError if it cannot be written."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = contract.title[:31]
    _write_headers(sheet, contract)
    _write_notes(book, contract)
    _write_choices(book, sheet, contract)
    book.save(path)
