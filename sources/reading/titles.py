"""What a title says of the figures below it: sums since January, or another year than the rows are of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from sources.contract import Contract
from sources.reading import cells
from sources.reading.grid import Grid
from sources.reading.model import Findings, Problem, ScopeInfo
from sources.reading.text import shown

_CUMULATIVE = re.compile(
    r"累计|累积|[1一]月?[-—–~至到]本月|至本月止|年初至今|cumulative|year[ -]to[ -]date", re.IGNORECASE
)
# What says that the figures are not such sums: 不填累计数, 扣除累计.
_DENIED = re.compile(r"[不勿非除扣].{0,8}$")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}) ?年(?! ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日)")


def check_title(grid: Grid, contract: Contract, findings: Findings) -> None:
    """Refuse a file whose title says sums since January where the feed takes each period's own figures."""
    periods = [contract.field(name).type for name in contract.period]
    has_flows = not contract.snapshot and any(field.type == "dec" for field in contract.fields)
    if not has_flows or periods[0] == "year" or any(_CUMULATIVE.search(text) for text in grid.header.cells):
        return
    for row, text in _titles(grid):
        found = _CUMULATIVE.search(text)
        if found is not None and not _DENIED.search(text[: found.start()]):
            zh = f"标题写明是累计数（{found[0]}），本数据集要各期自己的数"
            en = f"the title says sums since January ({found[0]}): the feed takes each period's own figures"
            findings.add(Problem("cumulative_title", zh, en, grid.sheet, row or None, None, shown(text)))


def warn_of_other_year(grid: Grid, infos: Iterable[ScopeInfo], findings: Findings) -> None:
    """A warning when the years that the titles name are none of the rows'."""
    named = [(row, text, set(map(int, _YEAR.findall(text)))) for row, text in _titles(grid)]
    said = set().union(*(years for _, _, years in named))
    known = {year for info in infos for year in (info.period_start.year, info.period_end.year)}
    if said and known and not said & known:
        row, text = next((row, text) for row, text, years in named if years)
        listed, others = "、".join(map(str, sorted(said))), "、".join(map(str, sorted(known)))
        zh = f"标题写的是 {listed} 年，数据行是 {others} 年，请核对"
        en = f"the title says {listed}, the rows are of {others}: please check"
        findings.warn(Problem("title_of_other_year", zh, en, grid.sheet, row or None, None, shown(text)))


def _titles(grid: Grid) -> Iterator[tuple[int, str]]:
    """The name of the sheet, in row 0, and the lines above the header."""
    for row, texts in ((0, [grid.sheet]), *grid.above):
        line = " ".join(cells.split(text, grid.tagged)[1] for text in texts if text)
        if line.strip():
            yield row, unicodedata.normalize("NFKC", line).strip()
