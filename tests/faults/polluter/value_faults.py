"""One cell that is not what its column wants: numbers, days, codes, missing values, control characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from tests.faults.polluter.dress import FREE_TEXT, NUMERIC, file_row, free_text, with_cell
from tests.faults.polluter.goods import changed
from tests.faults.polluter.model import Either, Exact, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
Column = Callable[[Good], int]
DECIMAL = ("energy_supply", "energy_enterprise", "meter_readings", "charging_sessions", "forest_inventory")
DATED = ("meter_readings", "charging_sessions", "waste_weighings", "task_register")
TIMED = {"meter_readings": "ts", "charging_sessions": "started_at", "waste_weighings": "weighed_at"}
MONTHLY = ("energy_supply", "energy_enterprise", "vehicle_stock")
YEARLY = ("forest_inventory", "cleaner_production")

# What a number may be written as, and what it then means; all others are refused at their place.
NUMBERS = {
    "thousands": ("1,234.5", "1234.5"),
    "two_thousands": ("1,234,567", "1234567"),
    "full_width": ("１２３．５", "123.5"),
    "full_width_thousands": ("１，２３４", "1234"),
    "plus": ("+5", "5"),
    "no_leading_zero": (".5", "0.5"),
    "point_at_end": ("5.", "5"),
    "leading_zeros": ("0012.50", "12.5"),
    "minus_zero": ("-0", "0"),
    "minus_zero_point": ("-0.0", "0"),
    "nine_places": ("0.000000001", "0.000000001"),
    "trailing_zeros": ("1.50000000000000", "1.5"),
    "fifteen_digits": ("123456789012345", "123456789012345"),
    "blanks_around": (" \u00a0\u300012.5 ", "12.5"),
}
BAD_NUMBERS = {
    "decimal_comma": "12,5",
    "european": "1.234,56",
    "european_whole": "1.234.567",
    "uneven_thousands": "1234,567.8",
    "indian_thousands": "1,23,456",
    "short_group": "12,34",
    "blank_thousands": "1 234",
    "nbsp_thousands": "1\u00a0234",
    "thin_thousands": "1\u202f234",
    "swiss_thousands": "1'234",
    "ten_thousands": "1万",
    "with_unit": "12吨",
    "percent": "12.5%",
    "exponent_huge": "1e400",
    "exponent": "1E+05",
    "nan": "NaN",
    "inf": "inf",
    "minus_infinity": "-Infinity",
    "true_minus": "−5",
    "minus_behind": "5-",
    "parentheses": "(5)",
    "two_dashes": "--",
    "hexadecimal": "0x1F",
    "underscore": "1_000",
    "two_points": "1.2.3",
    "range": "10-12",
    "about": "约12",
    "currency": "¥12",
    "arabic_digits": "٣٤",
    "superscript": "12²",
    "circled": "①",
    "chinese": "十二",
    "roman": "Ⅳ",
    "error_value": "#DIV/0!",
    "not_available": "N/A",
    "null_word": "NULL",
    "formula": "=SUM(A1:A9)",
    "boolean": "TRUE",
    "sixteen_digits": "1234567890123456",
    "ten_places": "0.0000000001",
    "endless": "1" * 5_000,
    "ideographic_point": "1。5",
    "zero_width": "1\u200b2",
    "left_to_right_mark": "\u200e12",
    "control": "1\x012",
    "a_date": "2024-03-01",
    "a_time": "12:30",
    "question": "?",
    "star": "12*",
}
BAD_DAYS = {
    "no_such_day": "2024/2/30",
    "no_such_month": "2024-13-01",
    "no_leap_day": "2023-02-29",
    "two_digit_year": "24-01-02",
    "serial": "45292",
    "republic": "民国113年1月2日",
    "republic_number": "113-01-02",
    "day_first": "01/02/2024",
    "day_first_dots": "31.12.2024",
    "year_day_month": "2024-31-01",
    "zeros": "0000-00-00",
    "too_early": "1899-12-31",
    "too_late": "2101-01-01",
    "packed_impossible": "20240230",
    "month_name": "Jan 2, 2024",
    "week": "2024-W01-2",
    "not_midnight": "2024-01-02 08:00:00",
    "zoned_not_midnight": "2024-01-02T00:00:00Z",
    "only_month": "2024-01",
    "hidden_mark": "\u200e2024-01-02",
    "dots_only": "2024.1.2.3",
}
BAD_MONTHS = {
    "thirteenth": "2024-13",
    "zeroth": "2024-00",
    "two_digits": "24-03",
    "excel_english": "Mar-24",
    "excel_chinese": "3月24日",
    "packed_thirteenth": "202413",
    "range": "2024-01至03",
    "quarter": "2024Q1",
    "serial": "45352",
}
BAD_YEARS = {"two_digits": "24", "republic": "113", "point": "2024.5", "range": "2023-2024", "far": "2999"}
BAD_TIMES = {
    "no_time": "2024-01-02",
    "hour_25": "2024-01-02 25:00:00",
    "minute_60": "2024-01-02 12:60:00",
    "afternoon": "2024-01-02 下午3:00",
    "am_pm": "2024-01-02 03:00 PM",
    "nanoseconds": "2024-01-02 12:00:00.123456789",
    "zone_name": "2024-01-02 12:00:00 CST",
    "serial": "45293.5",
    "epoch": "1704196800",
    "interval": "2024-01-02 12:00-12:15",
    "interval_spaced": "2024-01-02 12:00 -12:15",
}


def _some(random: Random, good: Good) -> int:
    return random.randrange(len(good.rows))


def _bad(text: str, column: Column, extra: Iterable[str] = ()) -> Make:
    """One cell that must be refused at its place."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = _some(random, good), column(good)
        return with_cell(good, row, index, text, Refused(file_row(row), good.header[index]))

    return make


def _row_of(text: str, column: Column) -> Make:
    """One cell that must be refused at its row."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = _some(random, good), column(good)
        return with_cell(good, row, index, text, Refused(file_row(row)))

    return make


def _number(good: Good) -> int:
    return good.columns("dec", "int", required=True)[-1]


def _of_type(type: str) -> Column:
    return lambda good: good.columns(type, required=True)[0]


def _time(good: Good) -> int:
    return good.fields.index(good.contract.field(TIMED[good.feed]))


def _coded(good: Good) -> int:
    return next(index for index, field in enumerate(good.fields) if field.codes)


def _means(text: str, value: str) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        row, index = _some(random, good), _number(good)
        return with_cell(good, row, index, text, Exact(changed(good, row, index, Decimal(value))))

    return make


def _missing_token(text: str) -> Make:
    """A sign for missing in a required number."""
    return _bad(text, _number)


def _optional_missing(random: Random, good: Good) -> Polluted:
    index = good.columns("dec", required=False)[-1]
    row = _some(random, good)
    text = random.choice(("—", "-", "/", "…", " ", "——", "－", "／"))
    return with_cell(good, row, index, text, Exact(changed(good, row, index, None)))


def _day_in(pattern: str) -> Make:
    """The first date of a row in another spelling that is read."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = _some(random, good), good.columns("date", required=True)[0]
        value: date = good.values[row][good.fields[index].name]
        text = pattern.format(y=value.year, m=value.month, d=value.day)
        return with_cell(good, row, index, text, Exact())

    return make


def _day_zoned(random: Random, good: Good) -> Polluted:
    """Midnight in Shanghai said in UTC: the day before, 16 o'clock."""
    row, index = _some(random, good), good.columns("date", required=True)[0]
    value: date = good.values[row][good.fields[index].name]
    return with_cell(good, row, index, f"{value - timedelta(1)}T16:00:00Z", Exact())


def _zoned(random: Random, good: Good) -> Polluted:
    row, index = _some(random, good), _time(good)
    local: datetime = good.values[row][good.fields[index].name]
    moment = local.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    texts = (moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), moment.isoformat())
    return with_cell(good, row, index, random.choice(texts), Exact())


def _swapped(random: Random, good: Good) -> Polluted:
    """Another day than the row's times say, as when day and month change places."""
    row = _some(random, good)
    value: date = good.values[row]["day"]
    name = TIMED[good.feed]
    column = good.fields.index(good.contract.field(name))
    return with_cell(good, row, 0, str(value + timedelta(29)), Refused(file_row(row), good.header[column]))


def _emptied(random: Random, good: Good) -> Polluted:
    row = _some(random, good)
    index = random.choice([n for n, field in enumerate(good.fields) if field.required and not field.scope])
    return with_cell(good, row, index, random.choice(("", " ", "—", "/")), Refused(file_row(row), good.header[index]))


def _without_scope(random: Random, good: Good) -> Polluted:
    row = _some(random, good)
    return with_cell(good, row, 0, "", Refused(file_row(row), good.header[0]))


def _scope_alone(random: Random, good: Good) -> Polluted:
    """A row that lost all but its scope, beside filled rows of the same scope."""
    from tests.faults.polluter.dress import csv, line

    cells = [text if field.scope else "" for text, field in zip(good.rows[0], good.fields, strict=True)]
    return csv(good, Refused(file_row(len(good.rows))), lambda parts: parts.append(line(cells)))


def _literal(text: str) -> Make:
    """Free text that means itself, however odd."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = _some(random, good), free_text(good)
        return with_cell(good, row, index, text, Exact(changed(good, row, index, text.strip())))

    return make


def _invisible(text: str, why: str) -> Make:
    """Free text with signs that nobody sees: kept exactly, or refused at its place."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = _some(random, good), free_text(good)
        refused = Refused(file_row(row), good.header[index])
        return with_cell(good, row, index, text, Either(Exact(changed(good, row, index, text.strip())), refused, why))

    return make


def _field(name: str) -> Column:
    return lambda good: good.fields.index(good.contract.field(name))


def _one(name: str, group: str, make: Make, feeds: Iterable[str] = NUMERIC) -> Fault:
    return Fault(name, group, make, True, tuple(feeds))


_TEXT = tuple(FREE_TEXT)
_UNSEEN = "text is kept exactly, yet nobody sees the difference"
FAULTS = (
    *(Fault(f"number_{name}", "numbers", _means(*pair), False, DECIMAL[2:4]) for name, pair in NUMBERS.items()),
    *(_one(f"number_{name}", "numbers", _bad(text, _number), DECIMAL) for name, text in BAD_NUMBERS.items()),
    *(_one(f"number_missing_{n}", "numbers", _missing_token(text)) for n, text in enumerate(("", "—", "-", "/", "…"))),
    Fault("number_optional_missing", "numbers", _optional_missing, False, ("forest_inventory",)),
    _one("half_a_vehicle", "numbers", _bad("12.5", _number), ("vehicle_stock",)),
    _one("progress_over_100", "numbers", _bad("101%", _number), ("task_register",)),
    *(_one(f"day_{name}", "dates", _bad(text, _of_type("date")), DATED) for name, text in BAD_DAYS.items()),
    *(_one(f"month_{name}", "dates", _bad(text, _of_type("month")), MONTHLY) for name, text in BAD_MONTHS.items()),
    *(_one(f"year_{name}", "dates", _bad(text, _of_type("year")), YEARLY) for name, text in BAD_YEARS.items()),
    *(_one(f"time_{name}", "dates", _bad(text, _time), TIMED) for name, text in BAD_TIMES.items()),
    Fault("day_short", "dates", _day_in("{y}-{m}-{d}"), False, DATED),
    Fault("day_chinese", "dates", _day_in("{y} 年 {m} 月 {d} 日"), False, DATED),
    Fault("day_full_width", "dates", _day_in("{y}／{m}／{d}"), False, DATED),
    Fault("day_at_midnight", "dates", _day_in("{y}-{m:02}-{d:02} 00:00:00.000"), False, DATED),
    Fault("day_zoned", "dates", _day_zoned, False, DATED),
    Fault("time_zoned", "dates", _zoned, False, tuple(TIMED)),
    _one("day_and_month_swapped", "dates", _swapped, TIMED),
    _one("required_missing", "values", _emptied, (*NUMERIC, "cleaner_production")),
    _one("scope_missing", "values", _without_scope, (*NUMERIC, "cleaner_production")),
    _one("only_scope_left", "values", _scope_alone, ("energy_supply", "vehicle_stock", "waste_weighings")),
    _one("unknown_code", "values", _bad("不明", _coded), ("energy_supply", "vehicle_stock", "forest_inventory")),
    _one("two_codes", "values", _bad("工业、农业", _coded), ("energy_supply", "vehicle_stock", "forest_inventory")),
    _one("code_misspelt", "values", _bad("industri", _coded), ("energy_supply", "vehicle_stock")),
    _one("unknown_product", "values", _bad("水", _field("product")), ("energy_supply", "energy_enterprise")),
    _one("unit_does_not_convert", "values", _bad("千瓦时", _field("unit")), ("energy_supply", "energy_enterprise")),
    _one("unknown_unit", "values", _bad("车", _field("unit")), ("energy_supply", "energy_enterprise")),
    _one("negative", "values", _bad("-3", _number), DECIMAL),
    _one("tare_above_gross", "values", _bad("99999999", _field("tare_kg")), ("waste_weighings",)),
    _one("net_does_not_match", "values", _bad("99999", _field("net_kg")), ("waste_weighings",)),
    _one("feedstock_above_use", "values", _bad("9999999", _field("feedstock")), ("energy_enterprise",)),
    _one("check_digit", "values", _bad("91430699MA00000000", _field("enterprise_id")), ("energy_enterprise",)),
    _one("code_with_letter_o", "values", _bad("9143O699MA00000000", _field("enterprise_id")), ("energy_enterprise",)),
    _one("industry_of_three_digits", "values", _bad("261", _field("industry_code")), ("energy_enterprise",)),
    _one("boolean_yes", "values", _bad("Y", _of_type("bool")), ("cleaner_production",)),
    _one("boolean_cross", "values", _bad("×", _of_type("bool")), ("cleaner_production",)),
    _one("boolean_two", "values", _bad("2", _of_type("bool")), ("cleaner_production",)),
    _one("off_the_quarter_hour", "values", _bad("2024-01-02 00:07:00", _time), ("meter_readings",)),
    _one("id_in_scientific", "values", _bad("4.30601E+11", _field("meter_id")), ("meter_readings",)),
    _one("session_in_scientific", "values", _bad("1.23457E+15", _field("session_id")), ("charging_sessions",)),
    Fault("script_in_text", "values", _literal("<script>alert(1)</script>"), False, _TEXT),
    Fault("sql_in_text", "values", _literal("'; drop table x; --"), False, _TEXT),
    Fault("formula_in_text", "values", _literal("=1+1"), False, _TEXT),
    Fault("na_in_text", "values", _literal("NA"), False, _TEXT),
    Fault("nan_in_text", "values", _literal("NaN"), False, _TEXT),
    Fault("number_in_text", "values", _literal("000123.40"), False, _TEXT),
    Fault("date_in_text", "values", _literal("2024-03-01"), False, _TEXT),
    Fault("true_in_text", "values", _literal("TRUE"), False, _TEXT),
    Fault("emoji", "control", _literal("一厂🏭👍🏽"), False, _TEXT),
    Fault("rare_signs", "control", _literal("𠮷野家 㐂 ﷽"), False, _TEXT),
    Fault("full_width_text", "control", _literal("ＡＢＣ１２３，厂"), False, _TEXT),
    Fault("decomposed", "control", _literal("Cafe\u0301"), False, _TEXT),
    Fault("bell", "control", _invisible("一\x07厂", _UNSEEN), False, _TEXT),
    Fault("mark_of_typed_cells", "control", _invisible("\x01n5", _UNSEEN), False, _TEXT),
    Fault("escape_sequence", "control", _invisible("\x1b[31m一厂", _UNSEEN), False, _TEXT),
    Fault("zero_width_in_text", "control", _invisible("一\u200b厂", _UNSEEN), False, _TEXT),
    Fault("right_to_left", "control", _invisible("\u202e一厂", _UNSEEN), False, _TEXT),
    Fault("soft_hyphen", "control", _invisible("Yue\u00adyang", _UNSEEN), False, _TEXT),
    _one("nul_in_text", "control", _row_of("一\0厂", free_text), _TEXT),
    _one("nul_in_number", "control", _row_of("1\x002", _number)),
    _one("replacement_sign", "control", _bad("一\ufffd\ufffd厂", free_text), _TEXT),
)
