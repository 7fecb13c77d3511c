"""Delimiters, ragged rows, and rows pushed aside by an empty cell."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.faults.polluter.dress import FREE_TEXT, csv, file_row, free_text, joined, line, lines, packed
from tests.faults.polluter.goods import changed
from tests.faults.polluter.model import Either, Exact, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
Cells = list[str]


def _written(delimiter: str, name: str, is_read: bool) -> Make:
    """The whole file with another delimiter."""

    def make(random: Random, good: Good) -> Polluted:
        return Polluted(name, joined(lines(good, delimiter)), Exact() if is_read else Refused())

    return make


def _packed_tabs(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.tsv.gz", packed(joined(lines(good, "\t"), "\r\n")), Exact())


def _parts(header: str, body: str) -> Make:
    """Header and rows with different delimiters."""

    def make(random: Random, good: Good) -> Polluted:
        parts = [line(good.header, header), *(line(row, body) for row in good.rows)]
        return Polluted("delivery.csv", joined(parts), Refused())

    return make


def _announced(random: Random, good: Good) -> Polluted:
    parts = ["sep=;", *lines(good, ";")]
    return Polluted("delivery.csv", joined(parts), Exact(rows=tuple(range(3, len(good.rows) + 3))))


def _spaced(random: Random, good: Good) -> Polluted:
    """Blanks after the delimiters, quoted cells apart."""
    rows = [",".join(part if part.startswith('"') else f" {part} " for part in _cells(row)) for row in good.rows]
    return Polluted("delivery.csv", joined([", ".join(good.header), *rows]), Exact())


def _cells(row: tuple[str, ...]) -> list[str]:
    return [line([text]) for text in row]


def _ends(header: str, rows: str, expect: Exact | Refused | Either) -> Make:
    """Something at the end of the header and of every row."""

    def make(random: Random, good: Good) -> Polluted:
        first, *rest = lines(good)
        return Polluted("delivery.csv", joined([first + header, *(one + rows for one in rest)]), expect)

    return make


def _one(change: Callable[[Random, Good, Cells], Cells | str], loads: bool = False) -> Make:
    """One row with other cells: refused at that row, or (when `loads`) loaded as if nothing were."""

    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(len(good.rows))
        found = change(random, good, list(good.rows[row]))
        text = found if isinstance(found, str) else line(found)
        refused = Refused(file_row(row))
        expect = Either(Exact(), refused, "an empty cell too many at the end says nothing") if loads else refused
        return csv(good, expect, lambda parts: parts.__setitem__(row + 1, text))

    return make


def _all(change: Callable[[int, Cells], Cells], expect: Exact | Refused) -> Make:
    """Every line with other cells; the header is line 0."""

    def make(random: Random, good: Good) -> Polluted:
        cells = [list(good.header), *(list(row) for row in good.rows)]
        return Polluted("delivery.csv", joined([line(change(n, one)) for n, one in enumerate(cells)]), expect)

    return make


def _without(random: Random, good: Good, cells: Cells) -> Cells:
    del cells[random.randrange(len(cells))]
    return cells


def _inserted(random: Random, good: Good, cells: Cells) -> Cells:
    cells.insert(random.randrange(1, len(cells)), "")
    return cells


def _two_in_one(random: Random, good: Good) -> Polluted:
    row = random.randrange(len(good.rows) - 1)
    both = line([*good.rows[row], *good.rows[row + 1]])
    return csv(good, Refused(file_row(row)), lambda parts: parts.__setitem__(slice(row + 1, row + 3), [both]))


def _in_two(random: Random, good: Good) -> Polluted:
    row = random.randrange(len(good.rows))
    cells = good.rows[row]
    cut = random.randrange(1, len(cells) - 1)
    halves = [line(cells[:cut]), line(cells[cut:])]
    expect = Refused(file_row(row), also=(file_row(row) + 1,))
    return csv(good, expect, lambda parts: parts.__setitem__(slice(row + 1, row + 2), halves))


def _open_comma(random: Random, good: Good, cells: Cells) -> str:
    cells[free_text(good)] += ",一分厂"
    return ",".join(cell if "," in cell and n == free_text(good) else line([cell]) for n, cell in enumerate(cells))


def _open_thousands(random: Random, good: Good, cells: Cells) -> str:
    number = good.columns("dec", "int", required=True)[-1]
    return ",".join("1,234" if n == number else line([cell]) for n, cell in enumerate(cells))


def _decimal_comma(random: Random, good: Good) -> Polluted:
    """`12,5` in a file with semicolons: a decimal comma, as twelve and a half is written elsewhere."""
    row, column = random.randrange(len(good.rows)), good.columns("dec", "int", required=True)[0]
    cells = list(good.rows[row])
    cells[column] = "12,5"
    parts = lines(good, ";")
    parts[row + 1] = line(cells, ";")
    return Polluted("delivery.csv", joined(parts), Refused(file_row(row), good.header[column]))


def _slipped(random: Random, good: Good, cells: Cells) -> Cells:
    return ["", *cells[:-1]]


def _slipped_left(random: Random, good: Good, cells: Cells) -> Cells:
    return [*cells[1:], ""]


def _numbered(random: Random, good: Good) -> Polluted:
    parts = [line(["", *good.header]), *(line([str(n), *row]) for n, row in enumerate(good.rows))]
    return Polluted("delivery.csv", joined(parts), Exact())


def _many_short(random: Random, good: Good) -> Polluted:
    return csv(good, Refused(), lambda parts: parts.extend(f"x{n}" for n in range(50)))


def _blank_text(random: Random, good: Good) -> Polluted:
    """A dash in a required text cell: missing, not a name."""
    row, column = random.randrange(len(good.rows)), free_text(good)
    cells = list(good.rows[row])
    cells[column] = "—"
    return csv(
        good,
        Refused(file_row(row), good.header[column]),
        lambda parts: parts.__setitem__(row + 1, line(cells)),
    )


def _tab_in_cell(random: Random, good: Good) -> Polluted:
    row, column = random.randrange(len(good.rows)), free_text(good)
    cells = list(good.rows[row])
    cells[column] = "一厂\t二厂;三厂|四厂"
    return csv(
        good,
        Exact(changed(good, row, column, cells[column])),
        lambda parts: parts.__setitem__(row + 1, line(cells)),
    )


_MAYBE = Either(Exact(), Refused(), "nothing says whether the empty cell stands at the end")
_TEXT = tuple(FREE_TEXT)
_NUMBERS = ("energy_supply", "energy_enterprise", "meter_readings", "waste_weighings", "charging_sessions")

FAULTS = (
    Fault("semicolons", "delimiters", _written(";", "delivery.csv", True)),
    Fault("tabs", "delimiters", _written("\t", "delivery.tsv", True)),
    Fault("tabs_packed", "delimiters", _packed_tabs),
    Fault("pipes", "delimiters", _written("|", "delivery.csv", False)),
    Fault("full_width_commas", "delimiters", _written("，", "delivery.csv", False)),
    Fault("ideographic_commas", "delimiters", _written("、", "delivery.csv", False)),
    Fault("blanks", "delimiters", _written(" ", "delivery.txt", False)),
    Fault("two_signs", "delimiters", _written("||", "delivery.csv", False)),
    Fault("unit_separator", "delimiters", _written("\x1f", "delivery.csv", False)),
    Fault("header_commas_rows_semicolons", "delimiters", _parts(",", ";")),
    Fault("header_semicolons_rows_commas", "delimiters", _parts(";", ",")),
    Fault("header_tabs_rows_commas", "delimiters", _parts("\t", ",")),
    Fault("announced", "delimiters", _announced),
    Fault("blanks_after_commas", "delimiters", _spaced),
    Fault("one_row_semicolons", "delimiters", _one(lambda r, g, cells: line(cells, ";")), True),
    Fault("one_row_tabs", "delimiters", _one(lambda r, g, cells: line(cells, "\t")), True),
    Fault("one_row_full_width", "delimiters", _one(lambda r, g, cells: "，".join(cells)), True, _NUMBERS[:1]),
    Fault("decimal_comma_in_semicolons", "delimiters", _decimal_comma, True, _NUMBERS),
    Fault("other_delimiters_in_a_cell", "delimiters", _tab_in_cell, False, _TEXT),
    Fault("trailing_comma_everywhere", "ragged", _ends(",", ",", Exact())),
    Fault("trailing_comma_in_rows", "ragged", _ends("", ",", _MAYBE)),
    Fault("trailing_comma_in_header", "ragged", _ends(",", "", _MAYBE)),
    Fault("semicolon_at_every_end", "ragged", _ends(";", ";", Refused())),
    Fault("last_cell_gone", "ragged", _one(lambda r, g, cells: cells[:-1]), True),
    Fault("some_cell_gone", "ragged", _one(_without), True),
    Fault("one_cell_left", "ragged", _one(lambda r, g, cells: "此处数据有误，请核实"), True),
    Fault("a_cell_more", "ragged", _one(lambda r, g, cells: [*cells, "9"]), True),
    Fault("two_rows_in_one", "ragged", _two_in_one, True),
    Fault("one_row_in_two", "ragged", _in_two, True),
    Fault("comma_not_quoted", "ragged", _one(_open_comma), True, _TEXT),
    Fault("thousands_not_quoted", "ragged", _one(_open_thousands), True, _NUMBERS),
    Fault("many_short_rows", "ragged", _many_short),
    Fault("header_too_short", "ragged", _all(lambda n, cells: cells[:-1] if n == 0 else cells, Refused())),
    Fault("header_lacks_first", "ragged", _all(lambda n, cells: cells[1:] if n == 0 else cells, Refused())),
    Fault("dash_for_a_name", "ragged", _blank_text, True, _TEXT),
    Fault("empty_cell_more_at_start", "shifted", _one(lambda r, g, cells: ["", *cells]), True),
    Fault("empty_cell_more_inside", "shifted", _one(_inserted), True),
    Fault("empty_cell_more_at_end", "shifted", _one(lambda r, g, cells: [*cells, ""], loads=True)),
    Fault("slipped_right_same_width", "shifted", _one(_slipped), True),
    Fault("slipped_left_same_width", "shifted", _one(_slipped_left), True),
    Fault("empty_column_first", "shifted", _all(lambda n, cells: ["", *cells], Exact())),
    Fault("empty_column_inside", "shifted", _all(lambda n, cells: [*cells[:2], "", *cells[2:]], Exact())),
    Fault("numbered_rows", "shifted", _numbered),
    Fault("header_slipped", "shifted", _all(lambda n, cells: ["", *cells] if n == 0 else [*cells, ""], Refused())),
    Fault(
        "nameless_column_filled",
        "shifted",
        _all(lambda n, cells: [*cells[:2], "" if n == 0 else "7", *cells[2:]], Refused()),
    ),
)
