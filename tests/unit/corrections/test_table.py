"""What a table of corrections may say, and how a line that cannot be used is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pytest

from sources.corrections import TABLE, BadCorrections, Correction, load, parse, parse_key
from sources.corrections.table import OPTIONAL, REQUIRED
from warehouse.paths import SEEDS

SUPPLY = {
    "region": "r", "feed": "energy_supply", "key": "month=2024-02;product=diesel;sector=transport", "field": "quantity",
    "wrong_value": "11.5", "right_value": "12.25", "reason": "抄错一行", "who": "王某", "since": "2024-02-01",
    "source": "电话",
}  # fmt: skip
TICKET = SUPPLY | {
    "feed": "waste_weighings", "key": "day=2024-01-05;facility=一号厂;ticket_id=T1", "field": "gross_kg",
}  # fmt: skip


def table(*rows: Mapping[str, str], header: tuple[str, ...] = (*REQUIRED, *OPTIONAL)) -> bytes:
    """The bytes of a table with these rows."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([header, *([row[name] for name in header] for row in rows)])
    return file.getvalue().encode()


def one(**changes: str) -> Correction:
    (found,) = parse(table(SUPPLY | changes))
    return found


def refused(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadCorrections) as error:
        parse(content)
    for fault in error.value.faults:
        assert f"corrections.csv 第 {fault.line} 行：{fault.zh}" in str(error.value)
        assert f"corrections.csv line {fault.line}: {fault.en}" in str(error.value)
    return [(fault.line, fault.en) for fault in error.value.faults]


def test_a_line_is_read_by_the_contract() -> None:
    assert one() == Correction(
        *("r", "energy_supply", "2024-02|diesel"),
        (("month", "2024-02"), ("product", "diesel"), ("sector", "transport")),
        *("quantity", "11.5", "12.25", "抄错一行", "王某", "2024-02-01", "电话"),
    )
    # as a bureau may write it: another order, Chinese names, thousands marks, full width
    same = one(key=" sector=交通运输 ; product=柴油; month=2024年2月", wrong_value="11.50", right_value="１2.25")
    assert same == one() and same.key_text == SUPPLY["key"]
    assert one(wrong_value="1,234.5").wrong == "1234.5" and one(right_value="0.000").right == "0"


def test_the_repository_has_a_sound_table() -> None:
    assert TABLE.parent == SEEDS and TABLE.exists()
    load()


def test_without_a_table_or_rows_there_is_nothing_to_do(tmp_path: object) -> None:
    assert load(SEEDS / "no_such_table.csv") == () == parse(table())


def test_the_projects_own_table_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = SEEDS / "no_such_table.csv"
    monkeypatch.setattr("sources.corrections.table.TABLE", gone)
    with pytest.raises(BadCorrections, match="the table is gone"):
        load(gone)
    assert parse(table(SUPPLY, header=REQUIRED))[0].since is None


@pytest.mark.parametrize("value", ["一号厂", "a;b", "a=b", 'say "a"', "'; drop table x --", '"', " a", ""])
def test_a_key_is_read_as_it_is_written(value: str) -> None:
    key = (("day", "2024-01-05"), ("facility", value or None), ("ticket_id", "T1"))
    written = Correction("r", "waste_weighings", "", key, "gross_kg", "1", "2", "x", "y").key_text
    assert parse_key(written) == {"day": "2024-01-05", "facility": value, "ticket_id": "T1"}


@pytest.mark.parametrize("text", ["", "day", "day=1;;x=2", "day=1;day=1", "day=a=b", 'day="a', 'day="a"b'])
def test_what_is_no_key_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        parse_key(text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"region": "Yueyang/.."}, "not the name of a region"),
        ({"feed": "energy"}, "there is no feed energy"),
        ({"key": "month=2024-02;product=diesel"}, "the key must name month, product, sector"),
        ({"key": SUPPLY["key"] + ";unit=吨"}, "the key must name month, product, sector"),
        ({"key": "2024-02|diesel"}, "the key must be written field=value"),
        ({"key": "month=2024-13;product=diesel;sector=transport"}, "month “2024-13”"),
        ({"key": "month=2024-02;product=uranium;sector=transport"}, "product “uranium”"),
        ({"key": "month=;product=diesel;sector=transport"}, "month is required"),
        ({"field": "price"}, "energy_supply has no field price"),
        ({"field": "sector"}, "sector is part of the key"),
        ({"field": "product"}, "product is part of the key"),
        ({"wrong_value": "viel"}, "quantity “viel”: not a number"),
        ({"right_value": "1e400"}, "quantity “1e400”"),
        ({"right_value": "-1"}, "below the minimum 0"),
        ({"right_value": "1.0000000001"}, "more than 9 decimal places"),
        ({"right_value": "11.50"}, "the wrong and the right value are the same"),
        ({"reason": ""}, "reason missing"),
        ({"who": " "}, "who missing"),
        ({"since": "last May"}, "since must be a day"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(changes: dict[str, str], said: str) -> None:
    ((line, en),) = refused(table(TICKET, SUPPLY | changes))
    assert line == 3 and said in en


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_table_in_another_encoding_is_named_at_its_first_such_line(end: bytes) -> None:
    english = TICKET | {"key": "day=2024-01-05;facility=A;ticket_id=T1", "reason": "x", "who": "y", "source": "z"}
    content = table(english, SUPPLY, SUPPLY).decode().encode("gb18030").replace(b"\n", end)
    assert refused(content) == [(3, "not UTF-8: save the whole table as CSV UTF-8")]
    assert len(parse(b"\xef\xbb\xbf" + table(english, SUPPLY))) == 2


def test_a_plate_stays_where_it_is() -> None:
    assert refused(table(TICKET | {"field": "plate", "wrong_value": "湘F1", "right_value": "湘F2"})) == [
        (2, "plate never leaves the deliveries: nothing to correct")
    ]


def test_a_required_value_cannot_go_missing_and_an_optional_one_can() -> None:
    assert refused(table(TICKET | {"right_value": "—"})) == [(2, "gross_kg is required and cannot be missing")]
    (net,) = parse(table(TICKET | {"field": "net_kg", "wrong_value": "", "right_value": "1"}))
    assert (net.wrong, net.right) == (None, "1")


def test_every_fault_is_named_and_a_value_is_corrected_once() -> None:
    again = SUPPLY | {"key": "sector=transport;month=2024/2;product=柴油", "right_value": "13"}
    assert refused(table(SUPPLY, TICKET, again, SUPPLY | {"feed": "x"})) == [
        (4, "corrects the same value as line 2"),
        (5, "there is no feed x"),
    ]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    spread = SUPPLY | {"reason": "两行\n理由"}
    content = table(spread, TICKET).replace(b"\nr,waste", b"\n\nr,waste")
    assert [item.line for item in parse(content)] == [2, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("地区,数据集\n".encode("gb18030"), "not UTF-8: save"),
        (b"", "columns are missing: region"),
        (table(SUPPLY, header=(*REQUIRED[:-1],)), "columns are missing: who"),
        (table(SUPPLY | {"note": "x"}, header=(*REQUIRED, "note")), "columns that do not belong here: note"),
        (table(SUPPLY, header=(*REQUIRED, "who")), "columns that do not belong here: who, who"),
        (table(SUPPLY) + b"r,energy_supply\n", "2 cells, not 10"),
        (table(SUPPLY) + b'r,"energy_supply\n', "not sound CSV"),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, said: str) -> None:
    ((_, en),) = refused(content)
    assert said in en
