"""What stands around the rows: titles, headers, further tables, totals, remarks; and rows that stand there twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.faults.polluter.dress import FREE_TEXT, NUMERIC, csv, file_row, free_text, joined, line, lines
from tests.faults.polluter.goods import MAKERS, truth
from tests.faults.polluter.goods import good as another
from tests.faults.polluter.model import Either, Exact, Expectation, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
MARK = "@"  # in a text below: as many commas as the table has


def _filled(text: str, good: Good) -> str:
    return text.replace(MARK, "," * (len(good.header) - 1))


def _above(texts: list[str], expect: Expectation | None = None) -> Make:
    """Lines above the header."""

    def make(random: Random, good: Good) -> Polluted:
        rows = tuple(range(len(texts) + 2, len(texts) + 2 + len(good.rows)))
        above = [_filled(text, good) for text in texts]
        return Polluted("delivery.csv", joined([*above, *lines(good)]), expect or Exact(rows=rows))

    return make


def _below(texts: list[str], expect: Expectation | None = None) -> Make:
    """Lines below the data."""

    def make(random: Random, good: Good) -> Polluted:
        return csv(good, expect or Exact(), lambda parts: parts.extend(_filled(text, good) for text in texts))

    return make


def _inside(text: str, loads: bool) -> Make:
    """A line between two rows: left out, or refused at its place."""

    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(1, len(good.rows))
        rows = tuple(file_row(n) + (n >= row) for n in range(len(good.rows)))
        expect = Exact(rows=rows) if loads else Refused(file_row(row))
        return csv(good, expect, lambda parts: parts.insert(row + 1, _filled(text, good)))

    return make


def _under_header(text: str) -> Make:
    """A line of units, or of column letters, right below the header."""

    def make(random: Random, good: Good) -> Polluted:
        return csv(good, Refused(2), lambda parts: parts.insert(1, line([text] * len(good.header))))

    return make


def _header(change: Callable[[list[str]], list[str]], expect: Expectation) -> Make:
    """Other header cells, written so that they are read as they stand."""

    def make(random: Random, good: Good) -> Polluted:
        return csv(good, expect, lambda parts: parts.__setitem__(0, line(change(list(good.header)))))

    return make


def _each(change: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    return lambda header: [change(text) for text in header]


def _english(random: Random, good: Good) -> Polluted:
    names = [random.choice((field.name, field.name.upper(), field.name.title())) for field in good.fields]
    return csv(good, Exact(), lambda parts: parts.__setitem__(0, line(names)))


def _misspelt(random: Random, good: Good) -> Polluted:
    index = random.choice([n for n, field in enumerate(good.fields) if field.required])
    header = [text + "额" if n == index else text for n, text in enumerate(good.header)]
    return csv(good, Refused(None, good.header[index]), lambda parts: parts.__setitem__(0, line(header)))


def _columns(change: Callable[[Random, Good], list[int]], expect: Callable[[Good], Expectation]) -> Make:
    """Other columns, or in another order; `change` gives positions."""

    def make(random: Random, good: Good) -> Polluted:
        order = change(random, good)
        parts = [line([cells[n] for n in order]) for cells in (good.header, *good.rows)]
        return Polluted("delivery.csv", joined(parts), expect(good))

    return make


def _shuffled(random: Random, good: Good) -> list[int]:
    return random.sample(range(len(good.header)), len(good.header))


def _less_required(random: Random, good: Good) -> Polluted:
    index = random.choice([n for n, field in enumerate(good.fields) if field.required])
    parts = [line([*cells[:index], *cells[index + 1 :]]) for cells in (good.header, *good.rows)]
    return Polluted("delivery.csv", joined(parts), Refused(None, good.header[index]))


def _further(heads: list[str], expect: Expectation) -> Make:
    """Columns of no field at the end."""

    def make(random: Random, good: Good) -> Polluted:
        rows = [line([*row, *(str(n) for n in range(len(heads)))]) for row in good.rows]
        return Polluted("delivery.csv", joined([line([*good.header, *heads]), *rows]), expect)

    return make


def _doubled(random: Random, good: Good) -> Polluted:
    index = random.randrange(len(good.header))
    name = random.choice((good.header[index], good.fields[index].name))
    rows = [line([*row, row[index]]) for row in good.rows]
    return Polluted("delivery.csv", joined([line([*good.header, name]), *rows]), Refused(1))


def _unit(unit: str, factor: int | None) -> Make:
    """The weights in another unit, said in the header's brackets; refused when it does not convert."""

    def make(random: Random, good: Good) -> Polluted:
        header = [f"{text}({unit})" if text in ("毛重", "皮重", "净重") else text for text in good.header]
        names = ("gross_kg", "tare_kg", "net_kg")
        expect: Expectation = Refused(1, header[7])
        if factor is not None:
            values = [{**row, **{name: row[name] * factor for name in names}} for row in good.values]
            expect = Exact(truth(good.contract, values))
        return csv(good, expect, lambda parts: parts.__setitem__(0, line(header)))

    return make


def _cumulative(random: Random, good: Good) -> Polluted:
    head = "消费量(1—本月累计)"
    rows = [line([*row, "5"]) for row in good.rows]
    return Polluted("delivery.csv", joined([line([*good.header, head]), *rows]), Refused(1, head))


def _transposed(random: Random, good: Good) -> Polluted:
    parts = [line(cells) for cells in zip(*[good.header, *good.rows], strict=True)]
    return Polluted("delivery.csv", joined(parts), Refused())


def _again(where: str) -> Make:
    """The header once more: between rows, or at the end."""

    def make(random: Random, good: Good) -> Polluted:
        row = len(good.rows) if where == "end" else random.randrange(1, len(good.rows))
        return csv(good, Refused(file_row(row)), lambda parts: parts.insert(row + 1, line(good.header)))

    return make


def _second(random: Random, good: Good) -> Polluted:
    names = line([field.name for field in good.fields])
    return csv(good, Refused(2), lambda parts: parts.insert(1, names))


def _same_below(gap: list[str]) -> Make:
    """The same table a second time, other rows, after a gap."""

    def make(random: Random, good: Good) -> Polluted:
        half = len(good.rows) // 2
        parts = lines(good)
        both = [*parts[: half + 1], *gap, parts[0], *parts[half + 1 :]]
        return Polluted("delivery.csv", joined(both), Refused(half + 2 + len(gap)))

    return make


def _other_below(random: Random, good: Good) -> Polluted:
    feed = random.choice([feed for feed in MAKERS if feed != good.feed])
    other = another(random.randrange(10**6), feed)
    return csv(good, Refused(), lambda parts: parts.extend(["", *lines(other)]))


def _side_by_side(random: Random, good: Good) -> Polluted:
    parts = [line([*cells, "", *cells]) for cells in (good.header, *good.rows)]
    return Polluted("delivery.csv", joined(parts), Refused(1))


def _total(*cells: str, at: int = -1, loads: bool = True) -> Make:
    """A row of a total; its further cells are blank but for a number at the end."""

    def make(random: Random, good: Good) -> Polluted:
        row = len(good.rows) if at < 0 else random.randrange(1, len(good.rows))
        total = [*cells, *[""] * (len(good.header) - len(cells) - 1), "999"]
        rows = tuple(file_row(n) + (n >= row) for n in range(len(good.rows)))
        expect = Exact(rows=rows) if loads else Refused(file_row(row))
        return csv(good, expect, lambda parts: parts.insert(row + 1, line(total)))

    return make


def _total_of_group(random: Random, good: Good) -> Polluted:
    """A total whose label stands where the key does: by its types a row like any other."""
    key = next(n for n, field in enumerate(good.fields) if field.key and not field.scope and field.type == "text")
    row, total = len(good.rows), list(random.choice(good.rows))
    total[key] = random.choice(("合计", "小计", "总 计", "本页合计", "全区总和", "Total"))
    return csv(good, Refused(file_row(row), good.header[key]), lambda parts: parts.append(line(total)))


def _dated_total(random: Random, good: Good) -> Polluted:
    """A total below a filled date, as in a column of merged cells."""
    cells = [good.rows[0][0], "合计", *[""] * (len(good.header) - 3), "999"]
    return csv(good, Refused(file_row(len(good.rows))), lambda parts: parts.append(line(cells)))


def _remark_like(random: Random, good: Good) -> Polluted:
    """Text first and in the last row a text that begins like a remark: still a row."""
    index = free_text(good)
    name = good.fields[index].name
    cells = list(good.rows[-1])
    cells[index] = "备注：二期"
    order = [index, *(n for n in range(len(good.header)) if n != index)]
    parts = [line([one[n] for n in order]) for one in (good.header, *good.rows[:-1], cells)]
    values = [*good.values[:-1], {**good.values[-1], name: "备注：二期"}]
    return Polluted("delivery.csv", joined(parts), Exact(truth(good.contract, values)))


def _twice(change: Callable[[Random, Good, list[str]], list[str]]) -> Make:
    """A row once more at the end, with some cells written in another way."""

    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(len(good.rows))
        again = line(change(random, good, list(good.rows[row])))
        expect = Refused(file_row(len(good.rows)), also=(file_row(row),))
        return csv(good, expect, lambda parts: parts.append(again))

    return make


def _other_value(random: Random, good: Good, cells: list[str]) -> list[str]:
    index = next(n for n in range(len(cells) - 1, -1, -1) if not good.fields[n].key and not good.fields[n].scope)
    choices = [row[index] for row in good.rows if row[index] != cells[index]]
    cells[index] = random.choice(choices) if choices else cells[index]
    return cells


def _respelt(random: Random, good: Good, cells: list[str]) -> list[str]:
    """The other spelling of a coded key."""
    index = next(n for n, field in enumerate(good.fields) if field.codes and field.key)
    codes = good.fields[index].codes or {}
    code = next(code for code, name in codes.items() if cells[index] in (code, name.split("/")[0]))
    cells[index] = code if cells[index] != code else codes[code].split("/")[0]
    return cells


def _near(change: Callable[[str], str]) -> Make:
    """A row once more under a key of other signs that look alike: another key, or refused."""

    def make(random: Random, good: Good) -> Polluted:
        key = next(n for n, field in enumerate(good.fields) if field.key and not field.scope and field.type == "text")
        row, name = random.randrange(len(good.rows)), good.fields[key].name
        cells = list(good.rows[row])
        cells[key] = change(cells[key])
        values = [*good.values, {**good.values[row], name: cells[key]}]
        both = Either(Exact(truth(good.contract, values)), Refused(file_row(len(good.rows))), "text is kept exactly")
        return csv(good, both, lambda parts: parts.append(line(cells)))

    return make


def _hidden_twin(sign: str) -> Make:
    """A row once more under a key that differs by a sign nobody sees."""

    def make(random: Random, good: Good) -> Polluted:
        key = next(n for n, field in enumerate(good.fields) if field.key and not field.scope and field.type == "text")
        row = random.randrange(len(good.rows))
        cells = list(good.rows[row])
        cells[key] = cells[key][:2] + sign + cells[key][2:]
        expect = Refused(file_row(len(good.rows)), also=(file_row(row),))
        return csv(good, expect, lambda parts: parts.append(line(cells)))

    return make


def _two_registers(random: Random, good: Good) -> Polluted:
    row = random.randrange(len(good.rows))
    cells = ["2019-05-06", *good.rows[row][1:]]
    expect = Refused(file_row(row), good.header[0])
    return csv(good, expect, lambda parts: parts.__setitem__(row + 1, line(cells)))


_TEXT = tuple(FREE_TEXT)
_KEYED = ("meter_readings", "charging_sessions", "waste_weighings", "forest_inventory", "task_register")
_TITLES = ["某某区2024年报表", "填报单位：区发改局,,单位：人"]

FAULTS = (
    Fault("title", "preambles", _above(_TITLES[:1])),
    Fault("title_and_unit", "preambles", _above(_TITLES)),
    Fault("other_unit_above", "preambles", _above([_TITLES[0], "单位：亩"], Refused(2)), False, ("forest_inventory",)),
    Fault("same_unit_above", "preambles", _above([_TITLES[0], "单位：公顷"]), False, ("forest_inventory",)),
    Fault("padded_title", "preambles", _above(["某某区报表@", "@", "填表日期：2024-03-01@"])),
    Fault("blank_lines_above", "preambles", _above(["", "", " "])),
    Fault("comments_above", "preambles", _above(["# exported 2024-03-01", "# version 2"])),
    Fault("facts_above", "preambles", _above(["统计月份,2024-03", "年份,2024"])),
    Fault("long_preamble", "preambles", _above([f"说明 {n}" for n in range(150)])),
    Fault("endless_preamble", "preambles", _above([f"说明 {n}" for n in range(300)], Refused())),
    Fault("open_quote_above", "preambles", _above(['注："本表'])),
    Fault("units_below_header", "preambles", _under_header("吨"), True),
    Fault("letters_below_header", "preambles", _under_header("甲"), True),
    Fault("shuffled_columns", "headers", _columns(_shuffled, lambda good: Exact())),
    Fault("required_column_gone", "headers", _less_required),
    Fault("misspelt_header", "headers", _misspelt),
    Fault("english_headers", "headers", _english),
    Fault("spaced_headers", "headers", _header(_each(lambda text: f" {text[0]}　{text[1:]} \u200b"), Exact())),
    Fault("bracketed_note", "headers", _header(_each(lambda text: text + "[注1]"), Refused(1))),
    Fault("doubled_column", "headers", _doubled),
    Fault("unknown_column", "headers", _further(["审核状态"], Exact())),
    Fault("unknown_column_twice", "headers", _further(["审核状态", "审核状态"], Refused(1))),
    Fault("no_header", "headers", lambda r, g: Polluted("delivery.csv", joined(lines(g)[1:]), Refused())),
    Fault("same_unit_in_header", "headers", _unit("公斤", 1), False, ("waste_weighings",)),
    Fault("unit_that_converts", "headers", _unit("吨", 1000), False, ("waste_weighings",)),
    Fault("unit_that_does_not", "headers", _unit("立方米", None), False, ("waste_weighings",)),
    Fault("unknown_unit_in_header", "headers", _unit("车", None), False, ("waste_weighings",)),
    Fault("cumulative_column", "headers", _cumulative, False, ("energy_enterprise",)),
    Fault("transposed", "headers", _transposed),
    Fault("header_again", "headers", _again("inside"), True),
    Fault("header_at_end", "headers", _again("end"), True),
    Fault("english_header_below", "headers", _second, True),
    Fault("same_table_again", "tables", _same_below([""]), True),
    Fault("same_table_after_title", "tables", _same_below(["", "续表", ""])),
    Fault("same_table_after_remark", "tables", _same_below(["备注：以上为一季度", ""])),
    Fault("other_table_below", "tables", _other_below),
    Fault("tables_side_by_side", "tables", _side_by_side),
    Fault("total_below", "totals", _total("合计")),
    Fault("total_spaced", "totals", _total("合 　计")),
    Fault("total_colon", "totals", _total("总计：")),
    Fault("total_after_blank", "totals", _total("", "小计"), False, NUMERIC),
    Fault("subtotal_inside", "totals", _total("小计", at=0)),
    Fault("total_short", "totals", _below(["合计,999"])),
    Fault("total_unknown_word", "totals", _total("累计", loads=False), True),
    Fault("total_english", "totals", _total("Total", at=0, loads=False), True),
    Fault("total_below_date", "totals", _dated_total, True, NUMERIC[:1] + NUMERIC[2:7]),
    Fault("total_in_key", "totals", _total_of_group, True, _KEYED),
    Fault("remarks_below", "totals", _below(["", "填表人：张三,负责人：李四", "备注：初步数据"])),
    Fault("numbered_remarks", "totals", _below(["注：1. 含税", "2. 不含自用", "（三）其他"])),
    Fault("remark_padded", "totals", _below(["备注：初步数据@", "@"])),
    Fault("remark_inside", "totals", _inside("备注：以下为补报@", loads=False), True),
    Fault("remark_unknown", "totals", _inside("以上数据仅供参考", loads=False), True),
    Fault("row_like_a_remark", "totals", _remark_like, False, _TEXT),
    Fault("row_twice", "keys", _twice(lambda r, g, cells: cells), True),
    Fault("key_twice", "keys", _twice(_other_value), True),
    Fault("key_twice_blanks", "keys", _twice(lambda r, g, cells: [f" {cell}\u3000" for cell in cells]), True),
    Fault("key_twice_respelt", "keys", _twice(_respelt), True, ("energy_supply", "vehicle_stock")),
    Fault("key_of_other_case", "keys", _near(str.swapcase), False, ("waste_weighings", "task_register")),
    Fault("key_full_width", "keys", _near(lambda text: text.replace("0", "０")), False, ("waste_weighings",)),
    Fault("key_with_zero_width", "keys", _hidden_twin("\u200b"), True, _KEYED),
    Fault("key_with_mark", "keys", _hidden_twin("\ufeff"), True, _KEYED),
    Fault("key_with_control", "keys", _hidden_twin("\x1f"), True, _KEYED),
    Fault("key_with_soft_hyphen", "keys", _hidden_twin("\u00ad"), True, _KEYED),
    Fault("two_registers", "keys", _two_registers, True, ("task_register",)),
)
