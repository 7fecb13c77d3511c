"""Garbled texts are refused by cell, of whatever class; names that only look odd are kept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from urllib.parse import quote

import pytest

from sources.reading.garbled import check_garbled
from sources.reading.numbers import Bad
from tests.unit.reading.conftest import csv_of, faults, values
from tests.unit.reading.test_spoiled_texts import REGISTER, TASK, task
from warehouse.paths import PROJECT, SEEDS

NAMES = (
    *("岳阳市康王工业园第一分厂", "测试厂", "张三", "李娜、王伟"),
    *("“十四五”规划", "北京·上海", "1号机组", "康王（东）厂"),
)


def _windows(content: bytes) -> str:
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in content)


WAYS: dict[str, Callable[[str], str]] = {
    "utf8_as_latin1": lambda text: text.encode().decode("latin-1"),
    "utf8_as_windows": lambda text: _windows(text.encode()),
    "utf8_as_latin1_twice": lambda text: text.encode().decode("latin-1").encode().decode("latin-1"),
    "gb18030_as_latin1": lambda text: text.encode("gb18030").decode("latin-1"),
    "utf8_as_gb18030": lambda text: text.encode().decode("gb18030", "ignore"),
    "utf8_as_gbk": lambda text: text.encode().decode("gbk", "replace").replace("\ufffd", "?"),
    "gb18030_as_utf8": lambda text: text.encode("gb18030").decode("utf-8", "replace"),
    "lost": lambda text: text.encode("ascii", "replace").decode(),
    "entities": lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    "escapes": lambda text: text.encode("ascii", "backslashreplace").decode(),
    "of_an_address": quote,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_garbled_in_any_way_is_refused_in_its_cell(read, way, name):
    found = faults(read(task("名称", '"' + WAYS[way](name).replace('"', '""') + '"'), "task_register"))
    assert [(row, column) for _, row, column in found] == [(3, "名称")]
    assert found[0][0] in ("garbled_text", "escaped_text", "lost_text", "bad_text")


@pytest.mark.parametrize("way", ["utf8_as_latin1", "gb18030_as_latin1", "utf8_as_gb18030"])
@pytest.mark.parametrize("around", ["甲厂{}", "{}（东区）", "No. 5 {}"])
def test_a_part_of_a_text_is_enough(way, around):
    with pytest.raises(Bad, match="garbled"):
        check_garbled(around.format(WAYS[way]("康王工业园")))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CafÃ© 厂", "garbled_text"),
        ("温度25Â°C", "garbled_text"),
        ("屋顶Â 光伏", "garbled_text"),
        ("ÄãºÃ", "garbled_text"),
        ("1ºÅ", "garbled_text"),
        ("锟斤拷", "garbled_text"),
        ("厂烫烫烫", "garbled_text"),
        ("屯屯屯屯", "garbled_text"),
        ("ï¿½ï¿½", "garbled_text"),
        ("娴嬭瘯", "garbled_text"),
        ("A&amp;B公司", "escaped_text"),
        ("&#x4e2d;&#x56fd;", "escaped_text"),
        ("&#20013;国", "escaped_text"),
        ("一&nbsp;厂", "escaped_text"),
        ("\\u4e2d\\u56fd", "escaped_text"),
        ("1#??", "lost_text"),
        ("某某???厂", "lost_text"),
    ],
)
def test_what_is_left_of_a_text_is_refused(read, text, code):
    assert faults(read(task("名称", text), "task_register")) == [(code, 3, "名称")]


def test_one_garbled_cell_among_many_good_rows_is_found(read):
    rows = [[cell if cell != "X1" else f"X{number}" for cell in TASK] for number in range(3000)]
    rows[1234][REGISTER.index("名称")] = "娴嬭瘯"
    reading = read(csv_of(*rows, header=REGISTER), "task_register")
    assert faults(reading) == [("garbled_text", 1236, "名称")]
    assert reading.problems[0].value == "娴嬭瘯"


FOREIGN = (
    "Café Müller|Größe|GRÖßE|Straße|créée|Ångström|São Tomé|MAÇÃ|XÃ LỘC|İstanbul|Škoda|œuvre|TÜV Süd|blåøyd|Þór"
    "|äöüß|ÄÖÜ|pää|„Gruß”|“Café”|‘Café’—x|«été»|¿Qué?|¡Olé!|François·Müller|Juan·Ángel|Société Générale (中国)"
    "|巴斯夫·Müller厂"
    "|1º piso|Nº5|50 m²±2|25℃±2℃|30°～40°|Ø50×3|10±Ø5|kWh/m²·a|5µm|α·β|AT&T|R&D中心|A&B公司;|C:\\users|100%E"
    "|完成时间?|怎么??"
)
CHINESE = (
    "欧阳娜娜|司马相如|令狐冲|尉迟恭|皇甫嵩|钟离|濮阳|淳于|澹台灭明|逄锦聚|亓官|仉氏|佘太君|禤国维|缑|谌龙|笪志刚|褚遂良|阚清子|郗鉴|郄|妫|嬴政"
    "|迪丽热巴·迪力木拉提|买买提·艾力|古力娜扎·拜合提亚尔|阿卜杜拉•吐尔逊|扎西德勒|格桑卓玛|朱镕基|陶喆|孫燕姿|堃|喆|赟|䶮|𠮷野家"
    "|亳州|盱眙|邗江|睢宁|邳州|涿州|蠡县|栾城|藁城|洨河|潴龙河|浈江|濠江|涪陵|綦江|潼南|渑池|涞源|滏阳|溆浦|汨罗|耒阳|醴陵|攸县|泸溪|沅江|湄潭|湟中"
    "|屯溪|大屯|皇姑屯|烫金厂|锟铻|铪业|涓流充电|溧阳|淅川|浠水|浏阳|洮南|洣水|沩山|涟源|溇水|渌口|澧县|澴河|沣西|滇池|滹沱河|潍坊|濉溪|灞桥"
    "|有限责任公司（岳阳）|发电廠與變電所設備檢驗|二〇二四|①号机组|Ⅲ级|㎡|“十四五”——规划……"
)


@pytest.mark.parametrize("text", [*FOREIGN.split("|"), *CHINESE.split("|")])
def test_names_that_only_look_odd_are_kept(text):
    check_garbled(text)


def test_no_text_of_the_plan_or_of_the_tasks_is_garbled():
    for file in (*SEEDS.glob("*.csv"), PROJECT / "demo" / "tasks.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            for row in csv.reader(opened):
                for cell in row:
                    check_garbled(cell)


def test_a_remark_may_ask(read):
    assert values(read(task("备注", "何时验收???"), "task_register"), "note")[1] == ("何时验收???",)
