"""Reports hold what bureaus wrote, and nothing of it runs, links, reloads or breaks a table."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from flows.night import Night
from flows.report import gates_page
from sources.documents import SHOWN, Document, Section, as_html, as_markdown
from sources.intake import take_in
from sources.ledger import open_ledger
from tests.support.homes import put
from tests.support.small import ENERGY_HEADER
from warehouse.paths import Home

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]( javascript:alert(1))",
    "a|b|c`d`",
    "{{ 7*7 }}{% raw %}",
    "\u202egpj.exe",
    "\x1b[31mred",
    "</table></body><h1>",
    "名" * 5000,
)
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "dl", "dt", "dd", "p", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Page(HTMLParser):
    """The elements of a page, their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def check(page: str) -> Page:
    """Only our own elements, nothing that runs or loads; gives the page."""
    found = Page(page)
    assert set(found.tags) <= ALLOWED, set(found.tags) - ALLOWED
    assert found.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert "http://" not in page and "https://" not in page and "@import" not in page and "url(" not in page
    assert "default-src 'none'" in page and "size: A4" in page
    assert not set("\x1b\u202e\x00") & set(page)
    return found


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_document_stays_text(text: str) -> None:
    section = Section("题 / title", ("列", "column"), [(text, None), (1, text)])
    document = Document(text, [("事实 / fact", text)], [section], is_good=False)
    found = check(as_html(document))
    assert found.tags.count("td") == 4 and found.tags.count("h1") == 1
    lines = as_markdown(document).splitlines()
    assert len([line for line in lines if line.startswith("|")]) == 4
    assert not any("<" in line for line in lines)
    assert max(map(len, lines)) < 1000


def test_many_rows_are_said_to_be_cut() -> None:
    section = Section("题", ("列",), [(number,) for number in range(SHOWN + 5)], total=9000)
    document = Document("t", [], [section, Section("空", ("列",), [])])
    for page in (as_html(document), as_markdown(document)):
        assert f"只列前 {SHOWN} 条，共 9000 条" in page and "空" not in page


@pytest.mark.parametrize(
    "name", ["<script>x</script>.csv", "](javascript:1) | `a`.csv", "'; drop table t; --.csv", "=cmd.csv"]
)
def test_a_refused_file_of_any_name_gets_its_reports(tmp_path: Path, name: str) -> None:
    home = Home(tmp_path / "home")
    name = name.replace("/", "∕")
    rows = "".join(f'2024-03,"{text.replace(chr(34), chr(34) * 2)}",工业,3,吨\n' for text in HOSTILE)
    path = put(home, "r", "energy_supply", name, ENERGY_HEADER + rows)
    with closing(open_ledger(home)) as ledger:
        outcome = take_in(path, "energy_supply", "r", home, ledger, "run")
        page = gates_page(Night(home, ledger, "run", date(2024, 4, 1), None))
    assert outcome.status == "quarantined" and outcome.report is not None
    assert outcome.report.parent == home.quarantine
    found = check((outcome.report / "report.html").read_text("utf-8"))
    assert name in "".join(found.text)
    report = json.loads((outcome.report / "report.json").read_text("utf-8"))
    assert report["file_name"] == name and [fix["rows"] for fix in report["fixes"]] == [[n] for n in range(2, 11)]
    text = (outcome.report / "report.md").read_text("utf-8")
    for markdown in (text, page):
        assert "<" not in markdown and "\x1b" not in markdown and "\u202e" not in markdown
        assert "](" not in markdown.replace("\\](", "")


def test_the_line_breaks_of_a_name_are_spelt_out_in_pages_and_kept_in_data(tmp_path: Path) -> None:
    home, name = Home(tmp_path / "home"), "三月\n# 已接收\u2028\u202e.csv"
    path = put(home, "r", "energy_supply", name, "坏")
    with closing(open_ledger(home)) as ledger:
        outcome = take_in(path, "energy_supply", "r", home, ledger, "run")
        page = gates_page(Night(home, ledger, "run", date(2024, 4, 1), None))
    assert outcome.report is not None and outcome.file_name == name
    assert json.loads((outcome.report / "report.json").read_text("utf-8"))["file_name"] == name
    for kind in ("report.md", "report.html"):
        text = (outcome.report / kind).read_text("utf-8")
        assert "三月\\" in text and "x0a# 已接收" in text and not {"\u2028", "\u202e"} & set(text)
    assert "\n# 已接收" not in page
