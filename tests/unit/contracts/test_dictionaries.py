"""Words are found by code, name and alias, however they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sources.contract import contracts
from sources.dictionaries import choices, conversion, dictionary, fold, names, products, resolve, unit, units


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("kWh", "千瓦时"),
        ("KWH", "千瓦时"),
        ("ｋＷｈ", "千瓦时"),
        ("度", "千瓦时"),
        ("m³", "立方米"),
        ("m3", "立方米"),
        ("万 m³", "万立方米"),
        ("㎡", "平方米"),
        ("m²", "平方米"),
        ("M2", "平方米"),
        ("MW", "兆瓦"),
        ("MWh", "兆瓦时"),
        ("ha", "公顷"),
        ("％", "%"),
        ("tce", "吨标准煤"),
        ("TWh", "太瓦时"),
        ("斤", None),
    ],
)
def test_units_by_their_spellings(spelling: str, canonical: str | None) -> None:
    assert unit(spelling) == canonical


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("kWh", "万千瓦时", "0.0001"),
        ("亿千瓦时", "千瓦时", "100000000"),
        ("千克", "吨", "0.001"),
        ("㎡", "平方米", "1"),
        ("MW", "兆瓦", "1"),
        ("MWh", "兆瓦", None),
        ("吨", "吉焦", None),
        ("公顷", "平方米", None),
        ("斤", "吨", None),
    ],
)
def test_units_convert_only_within_their_base(source: str, target: str, factor: str | None) -> None:
    assert conversion(source, target) == (None if factor is None else Decimal(factor))


def test_products_by_code_name_and_alias() -> None:
    field = contracts()["energy_enterprise"].field("product")
    assert {resolve(field, text) for text in ("raw_coal", "原煤", "煤炭", "一般烟煤", " 原 煤 ")} == {"raw_coal"}
    assert resolve(field, "木炭") is None


def test_supply_feed_knows_supply_products_only() -> None:
    field = contracts()["energy_supply"].field("product")
    assert resolve(field, "管道天然气") == "natural_gas"
    assert resolve(field, "原煤") is None
    assert set(names("energy_products[balance=supply]")) == {
        p.code for p in products().values() if p.balance == "supply"
    }


def test_coded_values_by_code_and_name() -> None:
    field = contracts()["vehicle_stock"].field("energy_type")
    assert (resolve(field, "bev"), resolve(field, "纯电动"), resolve(field, "电动")) == ("bev", "bev", None)
    stars = contracts()["building_projects"].field("stars")
    assert [resolve(stars, text) for text in ("0", "基本级", "无", "一星级", "３")] == ["0", "0", "0", "1", "3"]
    assert choices(stars) == ["0", "1", "2", "3"]


def test_reported_indicators_and_feeds() -> None:
    reported = contracts()["reported_indicators"].field("indicator")
    assert resolve(reported, "carbon_neutral_manufacturers") == "carbon_neutral_manufacturers"
    assert resolve(reported, "率先实现碳中和的制造业企业") == "carbon_neutral_manufacturers"
    assert resolve(reported, "non_fossil_share") is None
    feed = contracts()["member_ends"].field("feed")
    assert resolve(feed, "本地发电量") == resolve(feed, "power_generation") == "power_generation"


def test_free_fields_keep_their_text() -> None:
    field = contracts()["forest_inventory"].field("compartment_id")
    assert resolve(field, " ０1 ") == " ０1 "
    assert choices(field) == []


def test_unknown_dictionaries_are_errors() -> None:
    with pytest.raises(KeyError):
        dictionary("colours")
    with pytest.raises(ValueError, match="cannot read"):
        dictionary("units[")


def test_every_unit_is_its_own_spelling() -> None:
    assert all(unit(name) == name for name in units())
    assert fold("　Ａ b ") == "ab"
