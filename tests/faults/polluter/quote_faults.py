"""Quotes and line breaks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.faults.polluter.dress import FREE_TEXT, csv, file_row, free_text, joined, line, lines, plain, quoted
from tests.faults.polluter.goods import changed
from tests.faults.polluter.model import Either, Exact, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]


def _raw(row: tuple[str, ...] | list[str], column: int, raw: str) -> str:
    """A line of which one cell is written as it stands, quotes and all."""
    return ",".join(raw if n == column else line([cell]) for n, cell in enumerate(row))


def _cell(raw: str, means: str | None = None, maybe: bool = False) -> Make:
    """One free text cell written as `raw`: it loads as `means`, or its row is refused; both are right when `maybe`."""

    def make(random: Random, good: Good) -> Polluted:
        row, column = random.randrange(len(good.rows)), free_text(good)
        text = _raw(good.rows[row], column, raw)
        refused = Refused(file_row(row))
        expect: Exact | Refused | Either = refused
        if means is not None:
            exact = Exact(changed(good, row, column, means))
            expect = Either(exact, refused, "a quote inside a cell that is not quoted") if maybe else exact
        return csv(good, expect, lambda parts: parts.__setitem__(row + 1, text))

    return make


def _number(raw: str) -> Make:
    """One number written as `raw`: refused at its place."""

    def make(random: Random, good: Good) -> Polluted:
        row, column = random.randrange(len(good.rows)), good.columns("dec", "int", required=True)[0]
        text = _raw(good.rows[row], column, raw)
        expect = Refused(file_row(row), good.header[column])
        return csv(good, expect, lambda parts: parts.__setitem__(row + 1, text))

    return make


def _key(raw: str) -> Make:
    """A name or number that tells rows apart, with quotes that were to stand around it: refused at its place."""

    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(len(good.rows))
        column = next(n for n, field in enumerate(good.fields) if field.name == "ticket_id")
        text = _raw(good.rows[row], column, raw.replace("@", good.rows[row][column]))
        expect = Refused(file_row(row), good.header[column])
        return csv(good, expect, lambda parts: parts.__setitem__(row + 1, text))

    return make


def _all_quoted(random: Random, good: Good) -> Polluted:
    parts = [",".join(quoted(cell) for cell in cells) for cells in (good.header, *good.rows)]
    return Polluted("delivery.csv", joined(parts, random.choice(("\n", "\r\n"))), Exact())


def _all_in(sign: str) -> Make:
    """Every cell between other quotes than those of CSV."""

    def make(random: Random, good: Good) -> Polluted:
        opening, closing = sign[0], sign[-1]
        parts = [",".join(f"{opening}{cell}{closing}" for cell in cells) for cells in (good.header, *good.rows)]
        return Polluted("delivery.csv", joined(parts), Refused())

    return make


def _swallowed(random: Random, good: Good) -> Polluted:
    """A quote opened in one row and closed in a later one: all rows between look like one cell."""
    rows = sorted(random.sample(range(len(good.rows)), 2))
    column = free_text(good)
    first = [*good.rows[rows[0]][:column], '"' + good.rows[rows[0]][column].replace('"', "")]
    last = [good.rows[rows[1]][column].replace('"', "") + '"', *good.rows[rows[1]][column + 1 :]]
    before, after = good.rows[rows[0]][column + 1 :], good.rows[rows[1]][:column]
    texts = [
        ",".join([*first, *(cell.replace('"', "") for cell in before)]),
        *(line(good.rows[number]).replace('"', '""') for number in range(rows[0] + 1, rows[1])),
        ",".join([*(cell.replace('"', "") for cell in after), *last]),
    ]
    expect = Refused(file_row(rows[0]))
    return csv(good, expect, lambda parts: parts.__setitem__(slice(rows[0] + 1, rows[1] + 2), texts))


def _row_quoted(random: Random, good: Good) -> Polluted:
    row = random.randrange(len(good.rows))
    return csv(good, Refused(file_row(row)), lambda parts: parts.__setitem__(row + 1, quoted(line(good.rows[row]))))


def _every_row_quoted(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.csv", joined([quoted(one) for one in lines(good)]), Refused())


def _open_header(random: Random, good: Good) -> Polluted:
    return csv(good, Refused(), lambda parts: parts.__setitem__(0, '"' + parts[0]))


def _last_open(random: Random, good: Good) -> Polluted:
    row, column = len(good.rows) - 1, free_text(good)
    text = _raw(good.rows[row], column, '"没有写完')
    return Polluted("delivery.csv", joined([*lines(good)[:-1], text])[:-1], Refused(file_row(row)))


def _ended(end: str, every: int = 1) -> Make:
    """Other line ends; `every` lines in the file's numbering a row."""

    def make(random: Random, good: Good) -> Polluted:
        rows = tuple(every * (n + 1) + 1 for n in range(len(good.rows)))
        return Polluted("delivery.csv", joined(lines(good), end), Exact(rows=rows))

    return make


def _mixed_ends(*ends: str) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        content = "".join(one + random.choice(ends) for one in lines(good)).encode()
        return Polluted("delivery.csv", content, Exact())

    return make


def _in_cell(text: str, lines_more: int) -> Make:
    """A free text cell with line breaks in it, quoted: loaded as it is, later rows stand further down."""

    def make(random: Random, good: Good) -> Polluted:
        row, column = random.randrange(len(good.rows)), free_text(good)
        cells = [*good.rows[row][:column], text, *good.rows[row][column + 1 :]]
        written = ",".join(quoted(cell) if n == column else line([cell]) for n, cell in enumerate(cells))
        rows = tuple(file_row(n) + (lines_more if n > row else 0) for n in range(len(good.rows)))
        expect = Exact(changed(good, row, column, text.strip()), rows)
        return csv(good, expect, lambda parts: parts.__setitem__(row + 1, written))

    return make


def _joined_by(sign: str) -> Make:
    """Two rows with another sign than a line break between them."""

    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(len(good.rows) - 1)
        both = sign.join(line(one) for one in good.rows[row : row + 2])
        return csv(good, Refused(file_row(row)), lambda parts: parts.__setitem__(slice(row + 1, row + 3), [both]))

    return make


def _between(texts: list[str]) -> Make:
    """Lines without content between two rows."""

    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(len(good.rows))
        rows = tuple(file_row(n) + (len(texts) if n >= row else 0) for n in range(len(good.rows)))
        written = [text.replace("@", "," * (len(good.header) - 1)) for text in texts]
        return csv(good, Exact(rows=rows), lambda parts: parts.__setitem__(slice(row + 1, row + 1), written))

    return make


def _no_last(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.csv", plain(good)[:-1], Exact())


def _blank_end(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.csv", plain(good) + b"\r\n" * 3 + b" \n\t\n", Exact())


_TEXT = tuple(FREE_TEXT)
_NUMBERS = ("energy_supply", "energy_enterprise", "meter_readings", "waste_weighings", "charging_sessions")

FAULTS = (
    Fault("all_quoted", "quotes", _all_quoted),
    Fault("never_closed", "quotes", _cell('"岳阳一厂'), True, _TEXT),
    Fault("closed_by_doubling", "quotes", _cell('"岳阳一厂""'), True, _TEXT),
    Fault("text_after_closing", "quotes", _cell('"岳阳"一厂'), True, _TEXT),
    Fault("doubled_outside", "quotes", _cell('""岳阳一厂""'), True, _TEXT),
    Fault("escaped_by_backslash", "quotes", _cell('"岳阳\\"一\\"厂"'), True, _TEXT),
    Fault("inner_not_doubled", "quotes", _cell('"岳阳"一"厂"'), True, _TEXT),
    Fault("blank_before_opening", "quotes", _cell(' "岳阳一厂"'), True, _TEXT),
    Fault("blank_before_opening_comma", "quotes", _cell(' "岳阳,一厂"'), True, _TEXT),
    Fault("blank_after_closing", "quotes", _cell('"岳阳一厂" '), True, _TEXT),
    Fault("excel_text_formula", "quotes", _cell('="0012"'), True, _TEXT),
    Fault("inch_mark", "quotes", _cell('5"管', '5"管', maybe=True), False, _TEXT),
    Fault("closing_only", "quotes", _cell('岳阳一厂"', '岳阳一厂"', maybe=True), False, _TEXT),
    Fault("key_closing_only", "quotes", _key('@"'), True, ("waste_weighings",)),
    Fault("key_escaped_by_backslash", "quotes", _key('\\"@\\"'), True, ("waste_weighings",)),
    Fault("apostrophes", "quotes", _cell("'岳阳'一厂", "'岳阳'一厂"), False, _TEXT),
    Fault("smart_quotes", "quotes", _cell("“岳阳”一厂", "“岳阳”一厂"), False, _TEXT),
    Fault("triple_quotes", "quotes", _cell('"""岳阳"""', '"岳阳"'), False, _TEXT),
    Fault("swallowed_rows", "quotes", _swallowed, True, _TEXT),
    Fault("one_row_quoted", "quotes", _row_quoted, True),
    Fault("every_row_quoted", "quotes", _every_row_quoted),
    Fault("header_never_closed", "quotes", _open_header),
    Fault("last_cell_never_closed", "quotes", _last_open, True, _TEXT),
    Fault("all_in_apostrophes", "quotes", _all_in("'")),
    Fault("all_in_smart_quotes", "quotes", _all_in("“”")),
    Fault("number_in_smart_quotes", "quotes", _number("“12”"), True, _NUMBERS),
    Fault("number_after_apostrophe", "quotes", _number("'12"), True, _NUMBERS),
    Fault("crlf", "newlines", _ended("\r\n")),
    Fault("cr", "newlines", _ended("\r")),
    Fault("lf_and_crlf", "newlines", _mixed_ends("\n", "\r\n")),
    Fault("all_three", "newlines", _mixed_ends("\n", "\r\n", "\r")),
    Fault("cr_crlf", "newlines", _ended("\r\r\n", 2)),
    Fault("lf_cr", "newlines", _ended("\n\r", 2)),
    Fault("lf_in_cell", "newlines", _in_cell("一厂\n二厂", 1), False, _TEXT),
    Fault("crlf_in_cell", "newlines", _in_cell("一厂\r\n\r\n二厂", 2), False, _TEXT),
    Fault("cr_in_cell", "newlines", _in_cell("一厂\r二厂", 1), False, _TEXT),
    Fault("lf_at_end_of_cell", "newlines", _in_cell("一厂\n", 1), False, _TEXT),
    Fault("line_separator_in_cell", "newlines", _in_cell("一厂\u2028二厂\u2029三厂\x85四厂", 0), False, _TEXT),
    Fault("form_feed_in_cell", "newlines", _in_cell("一厂\f二厂\v三厂", 0), False, _TEXT),
    Fault("escaped_lf_in_cell", "newlines", _in_cell("一厂\\n二厂", 0), False, _TEXT),
    Fault("rows_joined_by_u2028", "newlines", _joined_by("\u2028"), True),
    Fault("rows_joined_by_nel", "newlines", _joined_by("\x85"), True),
    Fault("rows_joined_by_form_feed", "newlines", _joined_by("\f"), True),
    Fault("blank_lines", "newlines", _between(["", "  ", ""])),
    Fault("lines_of_commas", "newlines", _between(["@"])),
    Fault("page_break", "newlines", _between(["\f"])),
    Fault("no_last_line_end", "newlines", _no_last),
    Fault("blank_lines_at_end", "newlines", _blank_end),
)
