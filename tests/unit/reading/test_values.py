"""Spellings of values: what each type takes, and that the fast way and the exact one are the same."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sources.contract import Field, contracts
from sources.reading import cells, columns, dates
from sources.reading.delimited import read_csv
from sources.reading.header import Match, Names
from sources.reading.model import Unreadable
from sources.reading.numbers import Bad
from sources.reading.values import converter


def field(type: str, **more: object) -> Field:
    return Field("x", "列", type, "列 / column", **more)  # type: ignore[arg-type]


def read(type: str, text: str, **more: object) -> object:
    return converter(field(type, **more))(cells.TEXT, text)


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        ("dec", "1,234,567.89", Decimal("1234567.89")),
        ("dec", "１，２３４．５", Decimal("1234.5")),
        ("dec", " -0.0 ", Decimal(0)),
        ("dec", "+5", Decimal(5)),
        ("dec", "999999999999999.123456789", Decimal("999999999999999.123456789")),
        ("dec", "1.1234567890000", Decimal("1.123456789")),
        ("int", "12", 12),
        ("int", "12.0", 12),
        ("int", "1,200", 1200),
        ("date", "2024-03-01", date(2024, 3, 1)),
        ("date", "2024/3/1", date(2024, 3, 1)),
        ("date", "20240301", date(2024, 3, 1)),
        ("date", "2024年3月1日", date(2024, 3, 1)),
        ("date", "２０２４－０３－０１", date(2024, 3, 1)),
        ("date", "2024-03-01T00:00:00", date(2024, 3, 1)),
        ("date", "2024-03-01 00:00:00.000", date(2024, 3, 1)),
        ("date", "2024-02-29T16:00:00Z", date(2024, 3, 1)),
        ("month", "2024-03", date(2024, 3, 1)),
        ("month", "2024/3", date(2024, 3, 1)),
        ("month", "202403", date(2024, 3, 1)),
        ("month", "2024年03月", date(2024, 3, 1)),
        ("quarter", "2024Q1", date(2024, 1, 1)),
        ("quarter", "2024年第4季度", date(2024, 10, 1)),
        ("quarter", "2024年二季度", date(2024, 4, 1)),
        ("year", "2024", 2024),
        ("year", "2024年", 2024),
        ("ts", "2024-03-01 00:15", datetime(2024, 3, 1, 0, 15)),
        ("ts", "2024-03-01T00:15:30", datetime(2024, 3, 1, 0, 15, 30)),
        ("ts", "2024/3/1 8:05:00", datetime(2024, 3, 1, 8, 5)),
        ("ts", "2024-03-01T00:15:00Z", datetime(2024, 3, 1, 8, 15)),
        ("ts", "2024-03-01T00:15:00+0900", datetime(2024, 2, 29, 23, 15)),
        ("bool", "是", True),
        ("bool", "FALSE", False),
        ("bool", "１", True),
        ("bool", "√", True),
        ("text", "\u3000甲 乙\t", "甲 乙"),
        ("text", "ＡＢＣ", "ＡＢＣ"),
    ],
)
def test_good_spellings(type, text, expected):
    value = read(type, text)
    assert value == expected
    assert not (isinstance(value, Decimal) and value.is_signed() and value == 0)


@pytest.mark.parametrize(
    ("type", "text", "code"),
    [
        ("dec", "1,23", "bad_number"),
        ("dec", "1234,567", "bad_number"),
        ("dec", "12,34,567", "bad_number"),
        ("dec", "1e5", "bad_number"),
        ("dec", "1 000", "bad_number"),
        ("dec", "5²", "bad_number"),
        ("dec", "1.1234567891", "too_many_places"),
        ("dec", "1234567890123456", "overflow"),
        ("dec", "75%", "percent_not_expected"),
        ("int", "12.5", "not_whole"),
        ("date", "01/03/2024", "bad_date"),
        ("date", "24-03-01", "bad_date"),
        ("date", "2024-3/1", "bad_date"),
        ("date", "2023-02-29", "bad_date"),
        ("date", "2024-03-01 08:00", "bad_date"),
        ("date", "2024-03-01T00:00:00Z", "bad_date"),
        ("date", "0024-03-01", "bad_date"),
        ("month", "2024-13", "bad_month"),
        ("month", "24-03", "bad_month"),
        ("month", "3/2024", "bad_month"),
        ("month", "2024-03-01", "bad_month"),
        ("quarter", "2024Q5", "bad_quarter"),
        ("quarter", "24Q1", "bad_quarter"),
        ("year", "24", "bad_year"),
        ("ts", "2024-03-01", "bad_time"),
        ("ts", "2024-03-01 24:00", "bad_time"),
        ("ts", "00:15", "bad_time"),
        ("ts", "2024-03-01 00:00-00:15", "bad_time"),
        ("ts", "2024-03-01 01:00 -02:00", "bad_time"),
        ("bool", "×", "bad_boolean"),
        ("bool", "Y", "bad_boolean"),
        ("bool", "N", "bad_boolean"),
    ],
)
def test_bad_spellings(type, text, code):
    with pytest.raises(Bad) as caught:
        read(type, text)
    assert caught.value.code == code


def test_a_zone_west_of_greenwich_needs_its_t_or_seconds():
    for text in ("2024-03-01T00:00-01:00", "2024-03-01 00:00:00-01:00"):
        assert read("ts", text).isoformat() == "2024-03-01T09:00:00"


@pytest.mark.parametrize("text", ['甲站"', '"甲"站"', '\\"甲站\\"'])
def test_identifiers_with_half_a_quote(text):
    with pytest.raises(Bad) as caught:
        read("text", text, key=True)
    assert caught.value.code == "stray_quote"
    assert read("text", text) == text
    assert read("text", '"甲"站', key=True) == '"甲"站'


def test_bounds():
    assert read("dec", "0", minimum="0") == 0
    for more in ({"minimum": "0.1"}, {"exclusive_minimum": "0"}, {"maximum": "-1"}):
        with pytest.raises(Bad):
            read("dec", "0", **more)


def test_percentages():
    assert read("dec", "75.5%", percent="percent") == Decimal("75.5")
    assert read("dec", "75.5％", percent="fraction") == Decimal("0.755")


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=9))
def test_decimals_round_trip(value):
    assert read("dec", f"{value:f}") == value
    assert read("dec", f"{value:,f}") == value


@given(st.floats(min_value=-1e14, max_value=1e14))
def test_doubles_are_their_shortest_form(value):
    found = converter(field("dec"))(cells.NUMBER, cells.shortest(value))
    assert abs(found - Decimal(repr(value))) <= Decimal("5e-10")
    assert float(found) == value or abs(Decimal(repr(value)).as_tuple().exponent) > 9


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_dates_round_trip(day):
    forms = (
        f"{day}",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day}T00:00:00",
    )
    assert {read("date", form) for form in forms} == {day}
    assert read("month", f"{day:%Y-%m}") == day.replace(day=1) == dates.month(cells.DATE, day.isoformat())


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))
def test_times_round_trip(moment, hours):
    assert read("ts", moment.isoformat(" ")) == moment
    if moment.year > 1992:  # Shanghai keeps one offset since
        abroad = moment - timedelta(hours=8 - hours)
        assert read("ts", f"{abroad.isoformat()}{hours:+03d}:00") == moment


SPELLINGS = {
    "dec": st.one_of(
        st.decimals(-(10**16), 10**16, places=4).map(lambda value: f"{value:f}"),
        st.text("0123456789.-+,eE %０，", max_size=20),
        st.sampled_from(["", "—", "-", "1e5", "007", "5.", ".5", "-0", "1.0000000000", "0.1234567891", "9" * 16]),
    ),
    "int": st.one_of(st.integers(-(10**17), 10**17).map(str), st.text("0123456789.-+", max_size=18)),
    "date": st.one_of(
        st.dates(date(1890, 1, 1), date(2110, 1, 1)).map(str),
        st.from_regex(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", fullmatch=True),
        st.text("0123456789-/年月日", max_size=12),
    ),
    "ts": st.one_of(
        st.datetimes(datetime(1890, 1, 1), datetime(2110, 1, 1)).map(lambda moment: moment.isoformat(" ", "seconds")),
        st.from_regex(r"(19|20)[0-9]{2}-[0-1][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?", fullmatch=True),
    ),
    "text": st.text("ab \t\u3000\xa0—…-/－甲０", max_size=6),
}


def by_hand(kind: Field, texts: list[str]) -> list[object]:
    read_one, found = converter(kind), []
    for text in texts:
        if columns.is_missing(text):
            found.append("missing")
            continue
        try:
            found.append(read_one(cells.TEXT, text))
        except Bad as bad:
            found.append(bad.code)
    return found


def by_column(kind: Field, texts: list[str]) -> list[object]:
    column = columns.convert(Match(0, "列", kind), pa.array(texts, pa.string()), tagged=False)
    return [
        column.bad[row].code if row in column.bad else "missing" if column.missing[row] else value
        for row, value in enumerate(column.typed.to_pylist())
    ]


@pytest.mark.parametrize("type", SPELLINGS)
@pytest.mark.parametrize("few", [0, 1, 10])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whole_columns_and_single_cells_are_read_alike(type, few, data):
    texts = data.draw(st.lists(SPELLINGS[type], min_size=1, max_size=30))
    kind = field(type, minimum="-5") if type in ("dec", "int") else field(type)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "FEW", few)
        patch.setattr(columns, "SAMPLE", 10)
        assert by_column(kind, texts) == by_hand(kind, texts)


CELL = st.text('a"\r\n,;\t 1甲\u2028', max_size=4)


@settings(max_examples=400, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=0, max_size=6), max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, None]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(rows=[[" "]], quoting=csv.QUOTE_MINIMAL, ending="\n")
@example(rows=[["a", "1"], ["  "], [" ", "", "", ""]], quoting=None, ending="\r\n")
def test_the_fast_way_and_the_exact_one_give_the_same_grid(rows, quoting, ending):
    names = Names(contracts()["meter_readings"])
    out = io.StringIO()
    if quoting is None:
        out.write("".join(",".join(row) + ending for row in rows))
    else:
        csv.writer(out, quoting=quoting, lineterminator=ending).writerows(rows)
    content = ("day,meter_id,ts,kwh\n" + out.getvalue()).encode()

    def grid(exact: bool) -> object:
        try:
            found = read_csv(content, names, exact=exact)
        except Unreadable as error:
            return [problem.row for problem in error.problems]
        table = [found.cells(row) for row in range(found.height)]
        return found.rows.tolist(), table, [(one.row, one.cells) for one in found.ragged]

    assert grid(exact=False) == grid(exact=True)
