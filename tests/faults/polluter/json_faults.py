"""JSON lines that are broken, or odd and right."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests.faults.polluter.dress import FREE_TEXT, NUMERIC, free_text, joined, json_lines, objects, packed
from tests.faults.polluter.goods import changed, truth
from tests.faults.polluter.model import Exact, Expectation, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
DECIMAL = ("energy_supply", "meter_readings", "charging_sessions")


def _rows(good: Good) -> tuple[int, ...]:
    return tuple(range(1, len(good.rows) + 1))


def _file(good: Good, parts: list[str], expect: Expectation, end: str = "\n") -> Polluted:
    return Polluted("delivery.jsonl", joined(parts, end), expect)


def _line(change: Callable[[str], str]) -> Make:
    """One line that is no JSON object any more."""

    def make(random: Random, good: Good) -> Polluted:
        parts, row = json_lines(good), random.randrange(len(good.rows))
        parts[row] = change(parts[row])
        return _file(good, parts, Refused(row + 1))

    return make


def _cell(column: Callable[[Good], int], raw: str, means: Any = None, loads: bool = False) -> Make:
    """One value written as raw JSON: refused at its place, or loaded as `means`."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = random.randrange(len(good.rows)), column(good)
        one = {**objects(good)[row], good.header[index]: "@@"}
        parts = json_lines(good)
        parts[row] = json.dumps(one, ensure_ascii=False).replace('"@@"', raw)
        if loads:
            return _file(good, parts, Exact(changed(good, row, index, means), _rows(good)))
        return _file(good, parts, Refused(row + 1, good.header[index]))

    return make


def _number(good: Good) -> int:
    return good.columns("dec", required=True)[-1]


def _whole(good: Good) -> int:
    return good.columns("int", required=True)[-1]


def _first(good: Good) -> int:
    return 0


def _without(random: Random, good: Good) -> Polluted:
    row = random.randrange(len(good.rows))
    index = random.choice([n for n, field in enumerate(good.fields) if field.required and not field.scope])
    found = objects(good)
    del found[row][good.header[index]]
    return _file(good, _dumped(found), Refused(row + 1, good.header[index]))


def _dumped(found: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(one, ensure_ascii=False) for one in found]


def _further(random: Random, good: Good) -> Polluted:
    found = objects(good)
    found[random.randrange(len(found))]["审核状态"] = {"已": [1, 2]}
    return _file(good, _dumped(found), Exact(rows=_rows(good)))


def _less_blanks(random: Random, good: Good) -> Polluted:
    """Blank members left out, the others in any order: each line has keys of its own."""
    found = [{key: value for key, value in one.items() if value is not None} for one in objects(good)]
    mixed = [dict(random.sample(sorted(one.items()), len(one))) for one in found]
    return _file(good, _dumped(mixed), Exact(rows=_rows(good)))


def _two_names(random: Random, good: Good) -> Polluted:
    """One line that calls a field by its other name: two columns mean the same field."""
    found = objects(good)
    row, index = random.randrange(len(found)), random.randrange(len(good.header))
    found[row] = {
        good.fields[index].name if key == good.header[index] else key: value for key, value in found[row].items()
    }
    return _file(good, _dumped(found), Refused())


def _ended(end: str) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        return _file(good, json_lines(good), Exact(rows=_rows(good)), end)

    return make


def _spaced(random: Random, good: Good) -> Polluted:
    parts = ["", *(part + "\n" for part in json_lines(good))]
    return _file(good, parts, Exact(rows=tuple(2 * row for row in _rows(good))))


def _whole_file(write: Callable[[Good], str], expect: Callable[[Good], Expectation]) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        return Polluted("delivery.json", write(good).encode(), expect(good))

    return make


def _texts(good: Good) -> str:
    """All values as strings, as some programs write them."""
    rows = [dict(zip(good.header, row, strict=True)) for row in good.rows]
    return "\n".join(_dumped(rows))


def _floats(random: Random, good: Good) -> Polluted:
    """A double with the noise of binary arithmetic: 0.30000000000000004 is held as 0.3."""
    return _cell(_number, repr(0.1 + 0.2), Decimal("0.3"), loads=True)(random, good)


def _digits(random: Random, good: Good) -> Polluted:
    """A key of 20 digits as a JSON number: whole numbers are exact here."""
    key = next(n for n, field in enumerate(good.fields) if field.name in ("meter_id", "session_id"))
    row = random.randrange(len(good.rows))
    text = "12345678901234567890"
    values = [{**one, good.fields[key].name: text} if n == row else one for n, one in enumerate(good.values)]
    found = objects(good)
    found[row][good.header[key]] = int(text)
    return _file(good, _dumped(found), Exact(truth(good.contract, values), _rows(good)))


def _exact(good: Good) -> Expectation:
    return Exact(rows=_rows(good))


def _refused(good: Good) -> Expectation:
    return Refused()


def _array(good: Good) -> str:
    return json.dumps(objects(good), ensure_ascii=False)


def _pretty(good: Good) -> str:
    return "\n".join(json.dumps(one, ensure_ascii=False, indent=2) for one in objects(good))


_TEXT = tuple(FREE_TEXT)
_DEEP = "[" * 100_000
_SUPPLY = ("vehicle_stock",)

FAULTS = (
    Fault("json_cut", "json", _line(lambda text: text[:-5]), True),
    Fault("json_trailing_comma", "json", _line(lambda text: text[:-1] + ",}"), True),
    Fault("json_apostrophes", "json", _line(lambda text: text.replace('"', "'")), True),
    Fault("json_comment", "json", _line(lambda text: text + " // 更正"), True),
    Fault("json_two_on_a_line", "json", _line(lambda text: text + text), True),
    Fault("json_comma_between", "json", _line(lambda text: text + ","), True),
    Fault("json_array_line", "json", _line(lambda text: "[1, 2]"), True),
    Fault("json_number_line", "json", _line(lambda text: "12"), True),
    Fault("json_null_line", "json", _line(lambda text: "null"), True),
    Fault("json_text_line", "json", _line(lambda text: "以下为补报"), True),
    Fault("json_member_twice", "json", _line(lambda text: text[:-1] + ", " + text[1:]), True),
    Fault("json_unquoted_key", "json", _line(lambda text: text.replace('"', "", 2)), True),
    Fault("json_deep", "json", _line(lambda text: '{"a": ' + _DEEP), True),
    Fault("json_surrogate", "json", _line(lambda text: text[:-1] + ', "x": "\\ud800"}'), True),
    Fault("json_tab_in_text", "json", _line(lambda text: text[:-1] + ', "x": "a\tb"}'), True),
    Fault("json_huge_exponent", "json", _cell(_number, "1e400"), True, DECIMAL),
    Fault("json_nan", "json", _cell(_number, "NaN"), True, DECIMAL),
    Fault("json_infinity", "json", _cell(_number, "-Infinity"), True, DECIMAL),
    Fault("json_huge_int", "json", _cell(_number, "9" * 200), True, DECIMAL),
    Fault("json_endless_int", "json", _line(lambda text: text[:-1] + ', "x": ' + "9" * 5000 + "}"), True),
    Fault("json_nested_object", "json", _cell(_number, '{"value": 5}'), True, DECIMAL),
    Fault("json_nested_array", "json", _cell(_number, "[5]"), True, DECIMAL),
    Fault("json_true_for_number", "json", _cell(_number, "true"), True, DECIMAL),
    Fault("json_text_for_number", "json", _cell(_number, '"很多"'), True, DECIMAL),
    Fault("json_null_for_number", "json", _cell(_number, "null"), True, DECIMAL),
    Fault("json_sixteen_digits", "json", _cell(_number, "1234567890123456"), True, DECIMAL),
    Fault("json_more_digits", "json", _cell(_number, "0.1234567890123456789"), True, DECIMAL),
    Fault("json_half_vehicle", "json", _cell(_whole, "1.5"), True, _SUPPLY),
    Fault("json_epoch", "json", _cell(_first, "1704067200"), True, ("meter_readings", "task_register")),
    Fault("json_nul_in_text", "json", _cell(free_text, '"a\\u0000b"'), True, _TEXT),
    Fault("json_bool_in_text", "json", _cell(free_text, "true"), True, _TEXT),
    Fault("json_text_like_a_mark", "json", _cell(free_text, '"\\u0001n5"', "\x01n5", True), False, ("task_register",)),
    Fault("json_escapes", "json", _cell(free_text, '"\\u5cb3\\u9633\\/\\ud83c\\udfed"', "岳阳/🏭", True), False, _TEXT),
    Fault("json_line_separator", "json", _cell(free_text, '"一\u2028厂"', "一\u2028厂", True), False, _TEXT),
    Fault("json_break_in_text", "json", _cell(free_text, '"一\\n厂"', "一\n厂", True), False, _TEXT),
    Fault("json_number_for_text", "json", _cell(free_text, "12.50", "12.5", True), False, _TEXT),
    Fault("json_minus_zero", "json", _cell(_number, "-0.0", Decimal(0), True), False, DECIMAL),
    Fault("json_exponent", "json", _cell(_number, "1.5e3", Decimal(1500), True), False, DECIMAL),
    Fault("json_text_number", "json", _cell(_number, '"1,234.5"', Decimal("1234.5"), True), False, DECIMAL),
    Fault("json_whole_float", "json", _cell(_whole, "12.0", 12, True), False, _SUPPLY),
    Fault("json_noise", "json", _floats, False, DECIMAL),
    Fault("json_twenty_digits", "json", _digits, False, ("meter_readings", "charging_sessions")),
    Fault("json_member_gone", "json", _without, True, (*NUMERIC, "cleaner_production")),
    Fault("json_further_member", "json", _further),
    Fault("json_keys_of_their_own", "json", _less_blanks),
    Fault("json_two_names", "json", _two_names),
    Fault("json_crlf", "json", _ended("\r\n")),
    Fault("json_blank_lines", "json", _spaced),
    Fault("json_no_last_end", "json", _whole_file(lambda good: "\n".join(json_lines(good)), _exact)),
    Fault("json_mark", "json", _whole_file(lambda good: "\ufeff" + "\n".join(json_lines(good)), _exact)),
    Fault("json_all_texts", "json", _whole_file(_texts, _exact)),
    Fault("json_escaped", "json", _whole_file(lambda good: "\n".join(map(json.dumps, objects(good))), _exact)),
    Fault("json_array", "json", _whole_file(_array, _refused)),
    Fault("json_array_cut", "json", _whole_file(lambda good: _array(good)[:-1], _refused)),
    Fault("json_pretty", "json", _whole_file(_pretty, _refused)),
    Fault("json_one_line", "json", _whole_file(lambda good: "".join(json_lines(good)), _refused)),
    Fault("json_cr_between", "json", _whole_file(lambda good: "\r".join(json_lines(good)), _refused)),
    Fault("json_wrapped", "json", _whole_file(lambda good: json.dumps({"data": objects(good)}), _refused)),
    Fault(
        "json_packed_gb18030",
        "json",
        lambda random, good: Polluted(
            "a.jsonl.gz", packed(joined(json_lines(good)).decode().encode("gb18030")), Exact(rows=_rows(good))
        ),
    ),
)
