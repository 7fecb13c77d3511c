"""Every contract is valid and says what the page of feeds says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from sources.contract import TYPES, Contract, Field, contracts
from sources.dictionaries import fold, spellings, unit
from warehouse.paths import CONTRACTS

PAGE = Path(__file__).with_name("page.txt")  # the feeds as the bureaus agreed them, written down by hand
FEEDS = [paragraph.split("\n") for paragraph in PAGE.read_text("utf-8").strip().split("\n\n")[1:]]
ALL = [(contract, field) for contract in contracts().values() for field in contract.fields]


def _ids(pair: tuple[Contract, Field]) -> str:
    return f"{pair[0].feed}.{pair[1].name}"


def _page_field(text: str) -> dict[str, Any]:
    name, header, kind, marks, *codes = text.split(" ")
    pairs = dict(pair.split("=") for pair in codes)
    return {
        "name": name,
        "header": header,
        "type": kind,
        "scope": "S" in marks,
        "key": "K" in marks,
        "required": "?" not in marks,
        "codes": pairs or None,
    }


def _contract_field(field: Field) -> dict[str, Any]:
    return {name: getattr(field, name) for name in ("name", "header", "type", "scope", "key", "required", "codes")}


def test_there_are_exactly_the_28_feeds() -> None:
    assert sorted(contracts()) == sorted(head.split(" ")[0] for head, _ in FEEDS)
    assert len(contracts()) == 28


@pytest.mark.parametrize(("head", "fields"), FEEDS, ids=[head.split(" ")[0] for head, _ in FEEDS])
def test_contract_says_what_the_page_says(head: str, fields: str) -> None:
    feed, domain, frequency, due, member, kind, title = head.split(" ")
    contract = contracts()[feed]
    assert (contract.domain, contract.frequency, contract.title) == (domain, frequency, title)
    assert contract.due_day == (None if due == "-" else int(due))
    assert contract.member == (None if member == "-" else member)
    assert contract.snapshot == (kind == "snapshot")
    assert [_contract_field(field) for field in contract.fields] == [_page_field(text) for text in fields.split(" · ")]


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*/*.odcs.yaml")), ids=lambda path: path.name)
def test_file_is_valid_odcs(path: Any) -> None:
    document = OpenDataContractStandard.from_file(str(path))
    assert document.apiVersion == "v3.1.0"
    assert path.name == f"{document.name}.odcs.yaml"
    assert path.parent.name == document.domain
    assert document.id == f"urn:peak:contract:{document.name}"


def test_periods_and_members_are_fields() -> None:
    for contract in contracts().values():
        assert set(contract.period) <= {field.name for field in contract.scope}, contract.feed
        assert contract.period == ("as_of",) or not contract.snapshot
        assert contract.member is None or contract.field(contract.member)
        assert contract.key, contract.feed


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.feed)
def test_no_spelling_of_a_header_means_two_fields(contract: Contract) -> None:
    owners: dict[str, str] = {}
    for field in contract.fields:
        for name in {fold(name) for name in (field.name, field.header, *field.aliases)}:
            assert owners.setdefault(name, field.name) == field.name


@pytest.mark.parametrize("pair", ALL, ids=_ids)
def test_field_is_whole(pair: tuple[Contract, Field]) -> None:
    contract, field = pair
    assert field.type in TYPES
    chinese, slash, english = field.description.partition(" / ")
    assert slash and re.search("[\u4e00-\u9fff]", chinese) and re.search("[a-z]", english)
    if field.key or field.scope:
        assert field.required or field.default is not None
    if field.unit is not None:
        assert unit(field.unit) == field.unit, "not a canonical unit"
    if field.unit_from is not None:
        assert contract.field(field.unit_from.column)
        for name in (field.unit_from.units or {}).values():
            assert unit(name) == name
    assert spellings(field) is None or spellings(field)
    assert bool(field.refused_headers) == bool(field.refused_advice)


def test_rules_are_whole() -> None:
    for contract in contracts().values():
        assert len({rule.name for rule in contract.rules}) == len(contract.rules)
        for rule in contract.rules:
            assert contract.field(rule.column)
            assert rule.severity in ("error", "warning")
            assert rule.description_zh and rule.description_en
        assert ("one_as_of" in {rule.name for rule in contract.rules}) == contract.snapshot


@pytest.mark.parametrize(
    ("header", "refusing"),
    [
        ("消费量(1—本月累计)", "consumption"),
        ("消费量合计(1-本月累计)", "consumption"),
        ("1—本月消费量", "consumption"),
        ("累计消费量", "consumption"),
        ("本年累计消费量合计", "consumption"),
        ("消费量(1-3月)", "consumption"),
        ("1—本月累计", "consumption"),
        ("累计", "consumption"),
        ("consumption_ytd", "consumption"),
        ("购进量(1-本月)", "purchased"),
        ("用作原料累计", "feedstock"),
        ("加工转换产出(1—本月累计)", "transformation_output"),
        ("发电投入(累计)", "power_input"),
        ("消费量合计", None),
        ("消费量合计(吨)", None),
        ("购进量", None),
        ("累计产值", None),
        ("年初库存", None),
        ("备注", None),
    ],
)
def test_cumulative_columns_are_refused_by_name(header: str, refusing: str | None) -> None:
    fields = contracts()["energy_enterprise"].fields
    found = [f.name for f in fields if any(re.fullmatch(pattern, header) for pattern in f.refused_headers)]
    assert found[:1] == ([refusing] if refusing else [])


def test_only_the_plate_is_private() -> None:
    assert [(c.feed, f.name) for c, f in ALL if f.private] == [("waste_weighings", "plate")]
