"""Files that would be read wrongly in silence: each case was found by the polluter (tests/faults/polluter)."""

from __future__ import annotations

import json

import pytest

from tests.unit.reading.conftest import GOOD, SUPPLY, csv_of, faults, supply, values

REGISTER = ["统计日期", "编号", "条款", "名称", "类型", "牵头单位", "完成时限", "状态", "进度", "备注"]
TASK = ["2024-03-01", "X1", "三(五)1", "屋顶光伏", "任务", "区发改局", "", "已完成", "100", ""]
ENGLISH = ["as_of", "item_id", "clause", "name", "kind", "lead_agency", "due", "status", "progress", "note"]
ENGLISH_TASK = ["2024-03-01", "X1", "3-5-1", "屋顶光伏发电", "task", "agency", "", "done", "100", ""]


def task(column: str, text: str) -> str:
    """A register of two tasks, the second with one cell written as `text`, quotes and all."""
    cells = ["X2" if name == "编号" else cell for name, cell in zip(REGISTER, TASK, strict=True)]
    cells[REGISTER.index(column)] = text
    return csv_of(TASK, cells, header=REGISTER)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('="0012"', "formula_text"),
        (' "屋顶光伏"', "late_quote"),
        ("1.23457E+12", "digits_lost"),
        ("屋顶\ufffd\ufffd", "bad_text"),
        ("屋顶光伏".encode().decode("latin-1"), "garbled_text"),
        ("屋顶光伏".encode().decode("gb18030"), "garbled_text"),
    ],
)
def test_a_text_that_another_program_spoiled_is_refused(read, text, code):
    assert faults(read(task("名称", text), "task_register")) == [(code, 3, "名称")]
    assert faults(read(task("编号", text), "task_register")) == [(code, 3, "编号")]


@pytest.mark.parametrize(
    "text", ["=1+1", "'屋顶'", "1E5", "Café Müller", "湘F·测0A12", "鍥", "一\u200b厂", "涓流充电", "50㎡×2", '5"管']
)
def test_an_odd_text_is_kept_as_it_is(read, text):
    assert values(read(task("名称", text), "task_register"), "name")[1] == (text,)


@pytest.mark.parametrize(
    "text",
    [
        *("小 计", "本页合计", "某某镇小计", "全区总和", "Total", "SUBTOTAL", "其中：工业"),
        *("合计数", "总计数", "累计", "全区", "全市", "全部", "合计：", "本月累计"),
    ],
)
def test_a_total_among_the_keys_is_no_row(read, text):
    assert faults(read(task("编号", text), "task_register")) == [("total_as_key", 3, "编号")]


@pytest.mark.parametrize("text", ["合计", "总 计", "小计：", "累计", "全区合计", "其中："])
def test_a_name_that_is_a_total_is_no_row(read, text):
    assert faults(read(task("名称", text), "task_register")) == [("total_as_key", 3, "名称")]


@pytest.mark.parametrize(
    ("column", "text"), [("编号", "设计院"), ("编号", "总部"), ("编号", "全椒"), ("名称", "能耗累计监测系统")]
)
def test_words_of_totals_in_other_words_are_kept(read, column, text):
    assert read(task(column, text), "task_register").table is not None


@pytest.mark.parametrize("column", ["编号", "名称", "备注"])
@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_of_a_spreadsheet_is_no_text(read, column, text):
    assert faults(read(task(column, text), "task_register")) == [("error_cell", 3, column)]


@pytest.mark.parametrize("text", ["NULL", "null", r"\N", "None", "NaN", "nan", "N/A", "n/a"])
def test_a_programs_word_for_no_value_is_no_key_and_an_odd_name(read, text):
    assert faults(read(task("编号", text), "task_register")) == [("null_word", 3, "编号")]
    reading = read(task("名称", text), "task_register")
    assert values(reading, "name")[1] == (text,)
    assert [(one.row, one.column) for one in reading.warnings if one.code == "null_word"] == [(3, "名称")]
    assert "null_word" not in [one.code for one in read(task("备注", text), "task_register").warnings]


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u00ad", "\u202e", "\u2066", "\x7f", "\u3164"])
def test_a_sign_nobody_sees_is_refused_in_a_key_and_kept_in_a_name(read, sign):
    for text in (f"X{sign}2", f"{sign}X2", f"X2{sign}"):
        assert faults(read(task("编号", text), "task_register")) == [("hidden_sign", 3, "编号")]
    assert values(read(task("名称", f"一{sign}厂"), "task_register"), "name")[1] == (f"一{sign}厂",)


def test_a_mark_of_excels_texts_is_no_part_of_a_key(read):
    assert faults(read(task("编号", "'X2"), "task_register")) == [("text_mark", 3, "编号")]


@pytest.mark.parametrize("text", ["x1", "Ｘ1", "X 1", "X１"])
def test_keys_that_are_nearly_the_same_are_shown(read, text):
    reading = read(task("编号", text), "task_register")
    assert [one[0] for one in values(reading, "item_id")] == ["X1", text]
    found = [one for one in reading.warnings if one.code == "alike_keys"]
    assert [(one.row, one.column, "第 2、3 行" in one.zh) for one in found] == [(3, "编号", True)]


def test_kinds_of_hyphens_are_alike_and_places_of_hyphens_are_not(read):
    def warned(one, other):
        rows = [
            [cell if name != "编号" else key for name, cell in zip(REGISTER, TASK, strict=True)] for key in (one, other)
        ]
        return "alike_keys" in [w.code for w in read(csv_of(*rows, header=REGISTER), "task_register").warnings]

    assert warned("A-11", "A－11")
    assert warned("A-11", "A–11")
    assert not warned("1-11", "11-1")


def test_a_quote_that_swallows_rows_is_refused_where_it_opens(read):
    content = csv_of(TASK, header=REGISTER)
    for broken in ('甲,"乙\n', '甲,"乙\n' + ",".join(TASK) + "\n"):
        start, end = ",".join(TASK[:2]) + "," + broken, ",".join(TASK[:3]) + ',丙",' + ",".join(TASK[4:]) + "\n"
        text = start.replace('甲,"乙\n', '三,"乙,任务,区发改局,,已完成,1,\n') + end
        assert faults(read(content + text, "task_register")) == [("broken_csv", 3, None)]


def test_a_cell_of_several_lines_with_commas_is_a_text(read):
    text = "一、甲,乙\n二、丙,丁\n三、戊"
    assert values(read(task("备注", f'"{text}"'), "task_register"), "note")[1] == (text,)


def test_a_header_at_the_end_is_a_second_one_though_it_begins_like_a_remark(read):
    header = ["日期", "表计编号", "时刻", "电量"]
    row = ["2024-03-01", "M1", "2024-03-01 00:15:00", "1"]
    assert faults(read(csv_of(row, header, header=header), "meter_readings")) == [("second_header", 3, None)]


@pytest.mark.parametrize(("file", "own"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
@pytest.mark.parametrize("header", [REGISTER, ENGLISH])
def test_a_row_in_another_encoding_is_named(read, file, own, header):
    rows = [
        ["X2" if cell == "X1" else cell for cell in ENGLISH_TASK],
        [*ENGLISH_TASK[:3], "公交电动化", *ENGLISH_TASK[4:]],
    ]
    third = ["X3" if cell == "X1" else cell for cell in ENGLISH_TASK]
    parts = [csv_of(row, header=header).split("\n")[1] + "\n" for row in (*rows, third)]
    content = (",".join(header) + "\n" + parts[0]).encode(file) + parts[1].encode(own) + parts[2].encode(file)
    assert faults(read(content, "task_register")) == [("undecodable", 3, None)]


@pytest.mark.parametrize(
    ("encoding", "name"), [("big5", "發電廠與變電所設備"), ("latin-1", "Müller"), ("shift_jis", "東京ガス")]
)
def test_an_english_header_does_not_make_any_bytes_gb18030(read, encoding, name):
    content = csv_of([*ENGLISH_TASK[:3], name, *ENGLISH_TASK[4:]], header=ENGLISH).encode(encoding)
    assert [code for code, *_ in faults(read(content, "task_register"))] == ["undecodable"]


def test_gb18030_under_an_english_header_is_read(read):
    content = csv_of(ENGLISH_TASK, header=ENGLISH).encode("gb18030")
    assert values(read(content, "task_register"), "name") == [("屋顶光伏发电",)]


def test_a_file_cut_in_the_middle_of_a_character_is_named_at_its_last_line(read):
    assert faults(read(csv_of(GOOD, supply(month="2024-04")).encode()[:-2])) == [("undecodable", 3, None)]


def test_the_lines_with_nul_bytes_are_named(read):
    content = csv_of(GOOD, supply(month="2024-04", quantity="1\x002"), supply(month="2024-05"))
    assert faults(read(content)) == [("nul_bytes", 3, None)]


@pytest.mark.parametrize("first", ["null", "以下为补报", "12"])
def test_json_lines_whose_first_line_is_none_are_json_lines(read, first):
    line = json.dumps(dict(zip(SUPPLY, GOOD, strict=True)), ensure_ascii=False)
    assert faults(read(f"{first}\n{line}\n{line}\n", name="a.jsonl")) == [("bad_json", 1, None)]
