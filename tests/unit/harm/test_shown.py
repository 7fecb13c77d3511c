"""Names and cells are data wherever they are shown: terminals, logs, Markdown, files for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from flows.markdown import table
from flows.night import listening
from flows.report import line_of
from peak import show
from peak.commands.sql import _print_csv
from peak.ending_tables import print_refused
from sources.contract import contracts
from sources.judging import Outcome
from sources.templates import write_template
from warehouse.harmless import LONGEST, formula_safe, markdown, on_one_line, shown_name, visible

STEERING = (
    "\x1b[2J\x1b[1;31m",
    "\x9b2J",
    "\x07",
    "\r",
    "\x08",
    "\x00",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\ud800",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    "-a\r=1\n=1",
    "＝1+1",
    "-",
)


@pytest.mark.parametrize("sign", STEERING)
def test_nothing_steers_a_terminal(sign: str) -> None:
    for made in (visible, on_one_line, markdown, shown_name):
        said = made(f"三月{sign}.csv")
        assert sign not in said and said.startswith("三月") and said.endswith(".csv")
    out = io.StringIO()
    console = show.SafeConsole(file=out, width=200)
    console.print(f"文件 {sign}名", markup=False)
    console.print(show.table(f"题{sign}", [f"列{sign}"], [[f"格{sign}"], [f"[red]{sign}[/red]"]]))
    show.result(console, [f"列{sign}"], [[f"值{sign}" * 90]])
    printed = out.getvalue()
    assert sign not in printed and "[red]" in printed


BREAKS = "\n\r\t\v\f\x1c\x85\u2028\u2029"


def test_a_name_is_one_line_and_told_from_others() -> None:
    names = [f"三月{sign}已放行.csv" for sign in BREAKS]
    said = [shown_name(name) for name in names]
    assert len(set(said)) == len(names) and all(len(text.splitlines()) == 1 for text in said)
    assert said[0] == "三月\\x0a已放行.csv" and shown_name("三月 (1).csv") == "三月 (1).csv"


def test_no_name_makes_a_line_of_its_own_where_files_are_listed() -> None:
    outcome = Outcome("quarantined", "r", "energy_supply", f"a{BREAKS}b.csv", reason="x", zh="坏", en="bad")
    out = io.StringIO()
    print_refused(show.SafeConsole(file=out, width=200), [outcome])
    assert "a\\x0a\\x0d\\x09\\x0b\\x0c\\x1c\\x85\\u2028\\u2029b.csv" in out.getvalue()
    assert len(line_of(outcome).splitlines()) == 1


def test_the_console_of_every_command_is_safe() -> None:
    assert isinstance(show.console(), show.SafeConsole) and isinstance(show.console(stderr=True), show.SafeConsole)
    source = "".join(path.read_text("utf-8") for path in Path(show.__file__).parent.rglob("*.py"))
    assert len(re.findall(r"(?<!Safe)\bConsole\(\w*=", source)) == 0


def test_a_log_line_is_clean() -> None:
    heard: list[str] = []
    listening(heard.append)("  左 \x1b[31m名\u202e.csv")
    assert heard == ["  左 \\x1b[31m名\\u202e.csv"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[点我](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        "a | b\n|---|\n| c",
        "`code` ```\nfence",
        "</td><img src=x onerror=alert(1)>",
        "&lt;script&gt;",
        "\\| \\[x](y)",
        "<!-- -->",
    ],
)
def test_markdown_stays_text(text: str) -> None:
    cell = markdown(text)
    assert "<" not in cell and ">" not in cell and "\n" not in cell
    unescaped = cell.replace("\\\\", "").replace("\\|", "").replace("\\[", "").replace("\\]", "").replace("\\`", "")
    assert not set("|[]`") & set(unescaped.replace("\\*", ""))
    lines = table(("列", "行"), [(text, text)])
    assert len(lines) == 3 and all("\n" not in line for line in lines)


def test_long_text_ends() -> None:
    assert len(markdown("名" * 10_000)) == LONGEST


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_text_in_csv(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert formula_safe(text) == f"'{text}"
    _print_csv([text], [(text,)])
    cells = [cell for row in csv.reader(io.StringIO(capsys.readouterr().out, newline="")) for cell in row]
    assert cells == [f"'{text}", f"'{text}"]


@pytest.mark.parametrize("value", [Decimal("-1.5"), -3, -0.5, None, True, date(2024, 1, 1), "岳阳", "a=b", "1-2", ""])
def test_numbers_dates_and_other_text_stay(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert formula_safe(value) is value
    _print_csv(["a"], [(value,)])
    assert capsys.readouterr().out.splitlines()[1].strip('"') == ("" if value is None else str(value))


@pytest.mark.parametrize("feed", ["waste_weighings", "energy_supply", "task_register"])
def test_templates_hold_no_formula(feed: str, tmp_path: Path) -> None:
    write_template(contracts()[feed], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and book.defined_names == {}


def test_json_escapes_controls(capsys: pytest.CaptureFixture[str]) -> None:
    show.as_json({"file": "\x1b[31m\u202e.csv"})
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and json.loads(printed) == {"file": "\x1b[31m\u202e.csv"}
