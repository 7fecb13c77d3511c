"""The verdict of `check` and the reports a bureau reads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import pytest

from sources.checking import check
from tests.unit.reading.conftest import GOOD, csv_of, supply


@dataclass
class Result:
    """A gate's result as the report wants it."""

    severity: str = "critical"
    status: str = "failed"
    check: str = "sum"
    suite: str = "energy_supply"
    column: str = "quantity"
    observed: str = "1 | <b>"
    rows: list[int] = field(default_factory=lambda: [2])
    why_zh: str = "合计不符"
    why_en: str = "sum differs"


@pytest.fixture
def file(tmp_path):
    def write(*rows):
        path = tmp_path / "三月.csv"
        path.write_text(csv_of(*rows), "utf-8")
        return path

    return write


def test_an_accepted_file(file):
    verdict = check(
        file(GOOD), "energy_supply", "yueyang-etz", lambda reading, contract, region: [Result(status="passed")]
    )
    assert verdict.is_accepted
    report = verdict.report()
    assert (report["verdict"], report["rows_read"], report["region"]) == ("accepted", 1, "yueyang-etz")
    assert report["sha256"] == hashlib.sha256(verdict.path.read_bytes()).hexdigest()
    assert report["scopes"][0]["period_start"] == "2024-03-01"
    assert "接收 / accepted" in verdict.markdown()


def test_a_refused_file_names_row_column_value_and_reason(file):
    verdict = check(
        file(supply(quantity="|<a>", sector="学校")), "energy_supply", "yueyang-etz", lambda *_: pytest.fail("judged")
    )
    assert not verdict.is_accepted
    report = json.loads(json.dumps(verdict.report(), ensure_ascii=False))
    assert [(one["row"], one["column"], one["value"]) for one in report["problems"]] == [
        (2, "用能部门", "学校"),
        (2, "消费量", "|<a>"),
    ]
    text = verdict.markdown()
    assert "拒收（整份隔离） / refused (quarantined whole)" in text
    assert "|  | 2 | 消费量 | \\|&lt;a&gt; | 不是数字 | not a number |" in text


def test_a_critical_check_refuses_and_a_warning_does_not(file):
    path = file(GOOD)
    refused = check(path, "energy_supply", "yueyang-etz", lambda *_: [Result()])
    assert not refused.is_accepted
    assert "合计不符 | sum differs" in refused.markdown()
    assert check(path, "energy_supply", "yueyang-etz", lambda *_: [Result(severity="warning")]).is_accepted


def test_unknown_feeds_are_a_usage_error(file):
    with pytest.raises(KeyError):
        check(file(GOOD), "no_such_feed", "yueyang-etz")
