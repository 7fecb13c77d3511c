"""What is generated from the contracts is current, and the staging models hold exactly their fields."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sources import dbt_sources, feed_docs
from sources.contract import Contract, contracts
from sources.generated import stale, update
from warehouse.paths import DBT_PROJECT, SEEDS

STAGING = DBT_PROJECT / "models" / "staging"


def test_dbt_descriptions_are_current() -> None:
    assert stale(dbt_sources.documents()) == []


def test_page_of_feeds_is_current() -> None:
    assert stale(feed_docs.documents()) == []


def test_check_tells_and_write_mends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.generated.PROJECT", tmp_path)
    document = {tmp_path / "folder" / "page.md": "text\n"}
    assert update(document, check=True) == 1
    assert update(document, check=False) == 0
    assert update(document, check=True) == 0


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.feed)
def test_staging_model_selects_every_field(contract: Contract) -> None:
    text = (STAGING / contract.domain / f"stg_{contract.feed}.sql").read_text("utf-8")
    selected = re.findall(r"delivered\.([a-z]\w*)", text)
    assert selected == [field.name for field in contract.fields if not field.private]
    assert f"source('raw', '{contract.feed}')" in text
    assert f"feed = '{contract.feed}'" in text
    assert '"' not in text


def test_no_staging_model_is_left_over() -> None:
    models = {path.stem for path in STAGING.glob("*/*.sql")}
    assert models == {f"stg_{name}" for name in (*contracts(), *dbt_sources.LEDGER)}


def test_reference_feeds_agree_with_the_contracts() -> None:
    with (SEEDS / "ref_feeds.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["feed"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(contracts())
    for feed, contract in contracts().items():
        assert (rows[feed]["member"] or None) == contract.member, feed
        if contract.frequency != "irregular":
            assert rows[feed]["frequency"] == contract.frequency, feed
