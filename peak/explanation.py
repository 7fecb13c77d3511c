"""An explanation as people read it: a formula with its numbers, a tree of terms, a list of files and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.tree import Tree

from peak import show
from warehouse.explain import Calculation, Explanation, intensity, sources_by_id
from warehouse.harmless import shown_name
from warehouse.provenance import Place, Source
from warehouse.terms import Row, Rows, Term
from warehouse.words import PERIODS

FEW = 8
YEAR = "年"
PERIOD_TYPES = {**PERIODS, "month": "月末 month end"}


def exact(value: Decimal | None, unit: str | None = None) -> str:
    """Every digit, with thousands marks (years apart) and no trailing zeros."""
    if value is None:
        return "—"
    text = f"{value:f}" if unit == YEAR else f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def lines(places: Iterable[Place], numbers: dict[str, int] | None, limit: int | None) -> str:
    """`[2] 一月!5–11, 14` for rows of delivery 2 in sheet 一月; without `numbers` the rows alone."""
    by_file: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for place in places:
        span = f"{place.first}" if place.first == place.last else f"{place.first}–{place.last}"
        by_file[place.delivery_id, place.sheet].append(span)
    found = []
    for delivery, sheet in list(by_file)[:limit]:
        spans = by_file[delivery, sheet]
        more = f" …+{len(spans) - limit}" if limit and len(spans) > limit else ""
        head = f"[{numbers[delivery]}] " if numbers else ""
        found.append(head + (f"{sheet}!" if sheet else "") + ", ".join(spans[:limit]) + more)
    return "；".join(found) + (f" …+{len(by_file) - limit}" if limit and len(by_file) > limit else "")


def say(found: Explanation, everything: bool) -> None:
    """Print the whole explanation; `everything` lists what is otherwise cut after a few."""
    out, limit = show.console(), None if everything else FEW
    for line in (*_head(found), *_formula(found)):
        out.print(line, markup=False, soft_wrap=True)
    numbers = {delivery: number for delivery, (number, _) in sources_by_id(found).items()}
    for tree in _terms(found, numbers, limit):
        out.print(tree, soft_wrap=True)
    for note in found.notes:
        out.print(f"注 note: {note}", markup=False, soft_wrap=True)
    if found.corrections:
        out.print(_corrections(found, numbers, limit), soft_wrap=True)
    if found.gaps:
        out.print(_gaps(found, limit), soft_wrap=True)
    out.print(_sources(found, limit), soft_wrap=True)


def _head(found: Explanation) -> list[str]:
    row, indicator = found.row, found.indicator
    period = f"{row['period_start']} … {row['period_end']} {PERIOD_TYPES[row['period_type']]}"
    parts = [row["region"], period, f"口径 method {row['method']}"]
    parts += [f"基期 base {row['base_year']}"] if row["base_year"] else []
    parts += [f"依据 basis {row['basis']}"] if row["basis"] else []
    state = "数据齐全 complete" if row["is_complete"] else f"数据不全 not complete, coverage {exact(row['coverage'])}"
    said = [
        f"{indicator['name_zh']} / {indicator['name_en']} ({indicator['code']}, {indicator['plan_id']})",
        " · ".join(parts),
        f"版本 release {found.release_id} (as_of {found.as_of})",
        f"数值 value: {exact(row['value'], row['unit'])} {row['unit']} · {state}",
    ]
    if found.reason_zh:
        said.append(f"原因 reason: {found.reason_zh} / {found.reason_en}")
    if found.others:
        rows = [f"{r['method']}{' ' + str(r['base_year']) if r['base_year'] else ''}" for r in found.others]
        said.append(f"另有口径 other rows (--method, --base-year): {', '.join(rows)}")
    return said


def _formula(found: Explanation) -> list[str]:
    formula, row = found.formula, found.row
    if formula is None:
        return [f"分子 numerator {exact(row['numerator'])}", f"分母 denominator {exact(row['denominator'])}"]
    said = [f"公式 formula: {formula['formula_zh']}", f"              {formula['formula_en']}"]
    if not found.calculations:
        return said
    scale = "100 × " if formula["scale"] == 100 else ""
    own, base = found.calculations[0], found.calculations[-1]
    if formula["kind"] == "fall":
        for name, calculation in (("当年强度 of the year", own), ("基期强度 of the base year", base)):
            said.append(f"{name}: {_quotient(calculation)} = {exact(intensity(calculation))}")
        said.append(
            f"代入 numbers: 100 × (1 − {exact(intensity(own))} ÷ {exact(intensity(base))}) = {exact(row['value'])}"
        )
    elif formula["kind"] == "quotient":
        said.append(f"代入 numbers: {scale}{_quotient(own)} = {exact(row['value'])} {row['unit']}")
    else:
        numerator, value = exact(own.numerator, row["unit"]), exact(row["value"], row["unit"])
        said.append(f"代入 numbers: {numerator} = {value} {row['unit']}")
    if found.is_exact:
        said.append("核对 check: 各项之和与数值逐位相符 / the terms add up to the value, to the last digit")
    return said


def _quotient(calculation: Calculation) -> str:
    return f"{exact(calculation.numerator)} ÷ {exact(calculation.denominator)}"


def _terms(found: Explanation, numbers: dict[str, int], limit: int | None) -> list[Tree]:
    trees = []
    for calculation in found.calculations:
        year = f" {calculation.start.year}" if len(found.calculations) > 1 else ""
        for name, terms, amount in (
            (f"分子{year} numerator", calculation.numerator_terms, calculation.numerator),
            (f"分母{year} denominator", calculation.denominator_terms, calculation.denominator),
        ):
            if terms:
                tree = Tree(show.Text(f"{name} = {exact(amount)}"))
                for term in terms:
                    _term(tree, term, numbers, limit)
                trees.append(tree)
    return trees


def _term(tree: Tree, term: Term, numbers: dict[str, int], limit: int | None) -> None:
    if not term.amount and not any(rows.rows for rows in term.selects) and term.sign > 0 and not term.parts:
        return  # a family of fuels that is not used here
    sign = "−" if term.sign < 0 else "+"
    factor = f" = … × {exact(term.factor['value'])} {term.factor['unit']}" if term.factor else ""
    branch = tree.add(show.Text(f"{sign} {term.zh} {term.en}: {exact(term.amount)} {term.unit}{factor}"))
    for part in term.parts:
        _term(branch, part, numbers, limit)
    for rows in term.selects:
        _rows(branch, rows, numbers, limit)


def _rows(tree: Tree, rows: Rows, numbers: dict[str, int], limit: int | None) -> None:
    for row in rows.rows[:limit]:
        tree.add(show.Text(_row(row, numbers, limit)))
    if limit and len(rows.rows) > limit:
        rest = rows.rows[limit:]
        amount = sum((row.amount for row in rest if row.amount is not None), Decimal(0))
        tree.add(show.Text(f"… 另 {len(rest)} 行 / {len(rest)} more (--all): {exact(amount)}", style="dim"))
    if rows.places:
        tree.add(show.Text(f"← {lines(rows.places, numbers, limit)}", style="dim"))


def _row(row: Row, numbers: dict[str, int], limit: int | None) -> str:
    said = " ".join(row.labels.values()) + f": {exact(row.amount)}"
    if row.quantity is not None:
        said += f" ({exact(row.quantity)} {row.unit or ''}" + (f" × {exact(row.factor)}" if row.factor else "") + ")"
    return said + (f"  ← {lines(row.places, numbers, limit)}" if row.places else "")


def _gaps(found: Explanation, limit: int | None) -> Tree:
    tree = Tree(show.Text("缺口 gaps"))
    by_feed = defaultdict(list)
    for gap in found.gaps:
        by_feed[gap.feed].append(gap)
    for feed, gaps in by_feed.items():
        branch = tree.add(show.Text(feed))
        for gap in gaps[:limit]:
            members = ", ".join(gap.members[:limit]) + (" …" if limit and len(gap.members) > limit else "")
            said = f"{show.period(gap.start, gap.end)}: {gap.zh} / {gap.en}"
            branch.add(show.Text(f"{said} — {members}" if members else said))
        if limit and len(gaps) > limit:
            branch.add(show.Text(f"… 另 {len(gaps) - limit} 处 / {len(gaps) - limit} more (--all)", style="dim"))
    return tree


def _corrections(found: Explanation, numbers: dict[str, int], limit: int | None) -> Tree:
    """What the table of corrections put right in the rows above: where, from what to what, why, who says so."""
    tree = Tree(show.Text(f"更正 corrected ({len(found.corrections)})"))
    for item in found.corrections[:limit]:
        place = lines([Place(item.delivery_id, item.sheet, item.row, item.row)], numbers, None)
        values = " → ".join("空" if value is None else value for value in (item.wrong_value, item.right_value))
        who = "，".join(str(part) for part in (item.who, item.since, item.source) if part)
        said = f"{item.feed} {shown_name(item.file_name)} {place} {item.field}: {values} — {item.reason}（{who}）"
        tree.add(show.Text(said))
    if limit and len(found.corrections) > limit:
        rest = len(found.corrections) - limit
        tree.add(show.Text(f"… 另 {rest} 处 / {rest} more (--all)", style="dim"))
    return tree


def _sources(found: Explanation, limit: int | None) -> Tree:
    tree = Tree(show.Text(f"报送 deliveries ({len(found.sources)})"))
    for number, source in enumerate(found.sources, 1):
        branch = tree.add(
            show.Text(f"[{number}] {source.feed} · {shown_name(source.file_name)} · {source.delivery_id}")
        )
        branch.add(show.Text(_bytes(source), style="" if source.is_intact else "red"))
        for line in _scopes(source, limit):
            branch.add(show.Text(line))
    return tree


def _bytes(source: Source) -> str:
    state = "字节完好 bytes intact" if source.is_intact else "归档缺失或损坏 MISSING OR DAMAGED in the archive"
    return f"{source.archive} · sha256 {source.sha256} · {source.size_bytes:,} B · {state}"


def _scopes(source: Source, limit: int | None) -> Sequence[str]:
    said = []
    for scope in source.scopes[:limit]:
        if source.rows_from == "lost":
            where = "行号已无法得知 its rows cannot be told any more"
        else:
            where = f"第 {lines(scope.places, None, limit)} 行 rows"
        state = " · 空报 empty" if scope.is_empty else " · 有行被剔除 rows left out" if scope.is_partial else ""
        said.append(f"{scope.scope}: {where} ({scope.row_count}){state}")
    if limit and len(source.scopes) > limit:
        rest = len(source.scopes) - limit
        said.append(f"… 另 {rest} 个范围 / {rest} more scopes (--all)")
    if source.excluded_rows:
        said.append(f"剔除的行 rows left out: {lines(source.excluded_rows, None, limit)}")
    if source.rows_from == "archive":
        said.append("行号由归档重读得出 rows read again from the archive")
    return said
