"""What a report says to do: by problem, by field, by check; every code of reading has words."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from expectations.gate import judge_delivery
from sources import reading
from sources.advice import MAX_ROWS, advice, check_advice, fixes, nearest, rows_said, words
from sources.contract import contracts
from sources.reading import Problem
from tests.support.small import ENERGY_HEADER, IMPOSSIBLE

SUPPLY = contracts()["energy_supply"]
_RAISED = re.compile(r'(?<!\w)(Bad|Problem|refusal|BadWorkbook)\(\s*"([a-z_]+)"')
WARNED = {
    "unit_remark_not_read",
    "absent_column",
    "unknown_column",
    "misleading_name",
    "remarks",
    "totals",
    "two_units",
    "hidden_sheet",
}


def test_every_problem_of_reading_has_its_own_words():
    source = "".join(path.read_text("utf-8") for path in Path(reading.__file__).parent.glob("*.py"))
    found = {code for kind, code in _RAISED.findall(source) if kind != "Bad"}
    assert len(found) > 15
    silent = found - words().keys() - WARNED - {"missing_column"}
    assert not silent, f"say in sources/advice.csv what a clerk does about {sorted(silent)}"
    assert all(zh and en for zh, en in words().values())


@pytest.mark.parametrize(
    ("column", "value", "choice"),
    [("用能部门", "交通运输业", "交通运输"), ("能源品种", "柴油料", "柴油"), ("能源品种", "gasolin", "汽油")],
)
def test_the_nearest_choice_is_offered(column, value, choice):
    field = next(field for field in SUPPLY.fields if field.header == column)
    assert nearest(field, value)[0] == choice
    zh, en = advice(Problem("not_in_domain", "因", "why", row=2, column=column, value=value), SUPPLY)
    assert choice in zh and choice in en


def test_what_is_like_nothing_gets_the_choices():
    zh, _ = advice(Problem("not_in_domain", "因", "why", row=2, column="用能部门", value="@@"), SUPPLY)
    assert "从选项中选一个" in zh and "工业" in zh


@pytest.mark.parametrize(
    ("code", "column", "told"),
    [
        ("bad_number", "消费量", "小数 ≥ 0"),
        ("bad_month", "统计月份", "2024-03"),
        ("missing_value", "消费量", "补填"),
        ("missing_column", "消费量", "加上一列，表头写“消费量”"),
        ("a_code_of_tomorrow", "消费量", "小数"),
        ("a_code_of_tomorrow", None, "整份重报"),
    ],
)
def test_a_problem_says_what_is_expected(code, column, told):
    assert told in advice(Problem(code, "因", "why", row=3, column=column, value="x"), SUPPLY)[0]


def test_a_rule_of_the_contract_says_itself():
    rule = SUPPLY.rules[0]
    assert rule.description_zh in advice(Problem(rule.name, "", "", row=2, column="消费量"), SUPPLY)[0]


def test_problems_beyond_those_listed_are_counted_in_the_advice_as_in_its_title(read):
    months = [f"{1950 + number // 12}-{number % 12 + 1:02}" for number in range(1500)]
    bad = "".join(f"{month},柴油,工业,三,吨\n" for month in months)
    for rows, said in ((bad, "…（共 1500 行）"), ("1949-12,柴油,工业,-1,吨\n" + bad, "…（至少 999 行）")):
        reading = read(ENERGY_HEADER + rows)
        todo = fixes(reading.problems, [], SUPPLY, None, reading.total_problems)
        assert said in {text[text.index("…") :] for fix in todo if (text := fix.said) and "…" in text}


def test_equal_advice_is_given_once_with_all_rows(read):
    rows = "".join(f"2024-0{month},柴油,工业,三,吨\n" for month in range(1, 8))
    (fix,) = fixes(read(ENERGY_HEADER + rows).problems, [], SUPPLY)
    assert (fix.rows, fix.column, fix.value) == (tuple(range(2, 9)), "消费量", "三")
    assert rows_said(range(2, 9)) == "2、3、4、5、6、7、8"
    assert rows_said([2, 3], 5000) == "2、3…（共 5000 行）" and rows_said([], 5) is None
    assert rows_said(range(100)).endswith("…（共 100 行）") and rows_said(range(100)).count("、") == MAX_ROWS - 1


def test_a_check_of_the_delivery_gate_says_rows_headers_and_bounds(read):
    contract = contracts()["waste_weighings"]
    table = read(IMPOSSIBLE, "waste_weighings").table
    checks: list[Any] = judge_delivery(table, contract, "r")
    fix = fixes([], checks, contract)[0]
    assert fix.column == "毛重"
    assert fix.rows == (2,) and "≤ 200000" in fix.zh and "毛重" in fix.en and "500000" in str(fix.value)
    assert fix.zh.startswith("核对“毛重”（应为 ≤ 200000），更正后整份重报")


def test_a_warning_may_be_right_and_an_error_is_ours():
    check = SimpleNamespace(
        suite="energy_supply", check="jump", severity="warning", status="failed", column=None, why_zh="因", why_en="why"
    )
    assert "属实则不必改" in check_advice(check, SUPPLY)[0]
    check.status = "error"
    assert "不是文件的错" in check_advice(check, SUPPLY)[0]
