"""Headers: where they stand and which field each of them means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sources import dictionaries
from sources.contract import Contract, Field
from sources.reading.grid import Header
from sources.reading.model import Problem
from sources.reading.near_headers import unclear
from sources.reading.text import header_key, shown

MAX_HEADER_ROW = 200
_BRACKETED = re.compile(r"(?P<name>.+?)[(\[{【〔〖〈《「『<](?P<unit>[^()\[\]{}【】〔〕]*)[)\]}】〕〗〉》」』>]")
_UNIT_LABEL = re.compile(r"(计量)?单位:?")


@dataclass(frozen=True)
class Match:
    """What one header cell means. `unit` is what stands in its brackets; `factor` converts to the field's unit.

    `row_unit` is set instead when the field's unit differs by row: the values are in that unit.
    """

    index: int
    text: str
    field: Field
    factor: Decimal = Decimal(1)
    row_unit: str | None = None


@dataclass(frozen=True)
class Matched:
    """A header row read by a contract. `unknown` are positions of columns that no field knows."""

    matches: list[Match]
    unknown: list[int]
    problems: list[Problem]
    missing: list[Field]

    @property
    def fields(self) -> int:
        return len({match.field.name for match in self.matches})

    @property
    def is_complete(self) -> bool:
        return not any(field.required for field in self.missing)


class Names:
    """The spellings of a contract's headers, folded."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._fields: dict[str, list[Field]] = {}
        for field in contract.fields:
            for name in {header_key(name) for name in (field.name, field.header, *field.aliases)}:
                self._fields.setdefault(name, []).append(field)
        self._refused = [(re.compile(p), field) for field in contract.fields for p in field.refused_headers]

    def fields(self, key: str) -> list[Field]:
        return self._fields.get(key, [])

    def refused(self, key: str) -> Field | None:
        """The field that refuses a header by name."""
        return next((field for pattern, field in self._refused if pattern.fullmatch(key)), None)

    def candidates(self, text: str) -> tuple[list[Field], str | None]:
        """The fields a header may mean, and the unit in its brackets."""
        key = header_key(text)
        if found := self.fields(key):
            return found, None
        parts = _BRACKETED.fullmatch(key)
        return (self.fields(parts["name"]), _UNIT_LABEL.sub("", parts["unit"], 1)) if parts else ([], None)

    def score(self, cells: Sequence[str | None]) -> int:
        """How many fields a row of cells names, refused headers included."""
        named: set[str] = set()
        for cell in cells:
            if cell is None or not cell.strip():
                continue
            named.update(field.name for field in self.candidates(cell)[0][:1])
            refused = self.refused(header_key(cell))
            if refused is not None:
                named.add(refused.name)
        return len(named)

    def looks_like_header(self, cells: Sequence[str | None]) -> bool:
        """Whether a row is a header of this contract: it names two fields, or all of a smaller one."""
        return self.score(cells) >= min(2, len(self.contract.fields))


def has_unit(text: str) -> bool:
    """Whether a header has something in brackets, its unit where its field has one."""
    return _BRACKETED.fullmatch(header_key(text)) is not None


def find_header(rows: Sequence[tuple[int, Sequence[str | None]]], names: Names) -> int | None:
    """Position of the row that names most fields, the first of equals; None when none looks like a header."""
    best, best_score = None, 0
    for position, (_, cells) in enumerate(rows[:MAX_HEADER_ROW]):
        score = names.score(cells)
        if score > best_score:
            best, best_score = position, score
    if best is None or best_score < min(2, len(names.contract.fields)):
        return None
    return best


def match_header(header: Header, names: Names, sheet: str | None) -> Matched:
    """Every header cell by its field, with all that is wrong about the row."""
    matches: list[Match] = []
    unknown: list[int] = []
    problems: list[Problem] = []
    refused: list[str] = []
    for index, text in enumerate(header.cells):
        if not header_key(text):
            unknown.append(index)
            continue
        found = _match(index, text, names)
        if isinstance(found, Match):
            matches.append(found)
        elif isinstance(found, tuple):
            problems.append(Problem(*found, sheet=sheet, row=header.row_of(text), column=shown(text)))
            refused += [text] if found[0] != "refused_header" else []
        else:
            unknown.append(index)
    others = [header_key(header.cells[index]) for index in unknown]
    problems.extend(_doubled(matches, [text for text in others if text], header, sheet))
    present = {match.field.name for match in matches} | {
        field.name for text in refused for field in names.candidates(text)[0]
    }
    missing = [field for field in names.contract.fields if field.name not in present]
    problems.extend(_missing(field, header, sheet) for field in missing if field.required)
    problems.extend(unclear([header.cells[index] for index in unknown], missing, names.contract, header, sheet))
    return Matched(matches, unknown, problems, missing)


def _match(index: int, text: str, names: Names) -> Match | tuple[str, str, str] | None:
    refused = names.refused(header_key(text))
    if refused is not None:
        zh, _, en = (refused.refused_advice or "请按字段含义报送 / deliver the field itself").partition(" / ")
        return (
            "refused_header",
            f"此列不能作为“{refused.header}”：{zh}",
            f"this column cannot serve as `{refused.name}`: {en or zh}",
        )
    fields, unit = names.candidates(text)
    if not fields:
        return None
    if len(fields) > 1:
        both = "、".join(field.header for field in fields), ", ".join(field.name for field in fields)
        return "ambiguous_header", f"表头对应多个字段：{both[0]}", f"the header means several fields: {both[1]}"
    if not unit:
        return Match(index, text, fields[0])
    return _with_unit(index, text, fields[0], unit)


def _with_unit(index: int, text: str, field: Field, unit: str) -> Match | tuple[str, str, str]:
    """The match of a header with a unit in brackets: the field's own, one that converts, or refused."""
    if field.unit_from is not None:
        canonical = dictionaries.unit(unit)
        allowed = field.unit_from.units
        if canonical is not None or (allowed and any(dictionaries.conversion(unit, u) for u in allowed.values())):
            return Match(index, text, field, row_unit=canonical or unit)
    elif field.unit is not None:
        factor = dictionaries.conversion(unit, field.unit)
        if factor is not None:
            return Match(index, text, field, factor)
    elif field.type == "bool" and set(unit.split("/")) <= {"是", "否"}:
        return Match(index, text, field)
    own = field.unit or ("按行确定" if field.unit_from else "无")
    own_en = field.unit or ("told by each row" if field.unit_from else "none")
    return (
        "wrong_unit",
        f"表头单位“{unit}”不能折算为本字段的单位（{own}）",
        f"the unit in the header, {unit}, does not convert to the field's ({own_en})",
    )


def _doubled(matches: list[Match], unknown: list[str], header: Header, sheet: str | None) -> list[Problem]:
    """Fields that several headers mean, and headers of no field that stand twice."""
    problems = []
    groups: dict[str, list[str]] = {}
    for match in matches:
        groups.setdefault(f"字段“{match.field.header}” / the field `{match.field.name}`", []).append(match.text)
    for text in unknown:
        groups.setdefault(f"“{shown(text)}” / {shown(text)}", []).append(text)
    for name, texts in groups.items():
        if len(texts) > 1:
            listed = "、".join(shown(text) for text in texts)
            zh, _, en = name.partition(" / ")
            zh, en = f"多列对应同一{zh}：{listed}", f"several columns mean {en}: {listed}"
            row = max(header.row_of(text) or 0 for text in texts) or None
            problems.append(Problem("doubled_header", zh, en, sheet, row, shown(texts[1])))
    return problems


def _missing(field: Field, header: Header, sheet: str | None) -> Problem:
    zh, en = f"缺少必需的列“{field.header}”", f"the required column `{field.name}` is missing"
    return Problem("missing_column", zh, en, sheet, header.row or None, field.header)
