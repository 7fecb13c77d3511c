"""One small sound delivery of every feed, written from the description of the feeds and not from the contracts.

`ROWS[feed]` holds rows as a bureau would type them, under Chinese headers; `TYPED[feed]` what the same rows mean.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
CODE, OTHER_CODE = "91350100M000100Y43", "91430600MA4L16JQ97"
D, T = date, datetime


def _n(text: str) -> Decimal:
    return Decimal(text)


# feed: header, field, then per row what is typed and what it means; a missing second value means the first
_TABLES: dict[str, list[tuple[str, str, list[tuple[Any, Any]]]]] = {
    "energy_supply": [
        ("统计月份", "month", [("2024-03", D(2024, 3, 1)), ("2024年3月", D(2024, 3, 1)), ("202403", D(2024, 3, 1))]),
        (
            "能源品种",
            "product",
            [("天然气", "natural_gas"), ("管道天然气", "natural_gas"), ("electricity", "electricity")],
        ),
        ("用能部门", "sector", [("工业", "industry"), ("residential", "residential"), ("第一产业", "primary")]),
        ("消费量", "quantity", [(_n("1234.567"), None), (_n("0"), None), (_n("0.1"), None)]),
        ("计量单位", "unit", [("万m³", "万立方米"), ("方", "立方米"), ("亿kWh", "亿千瓦时")]),
    ],
    "energy_enterprise": [
        ("统计月份", "month", [("2024-02", D(2024, 2, 1)), ("2024/2", D(2024, 2, 1))]),
        ("覆盖月数", "months", [(2, None), (None, 1)]),
        ("统一社会信用代码", "enterprise_id", [(CODE, None), (OTHER_CODE, None)]),
        ("单位名称", "enterprise_name", [("甲,“厂”", None), ("乙公司", None)]),
        ("行业代码", "industry_code", [("06", None), ("44", None)]),
        ("能源品种", "product", [("一般烟煤", "raw_coal"), ("蒸汽", "heat")]),
        ("计量单位", "unit", [("公吨", "吨"), ("百万千焦", "吉焦")]),
        ("期初库存", "opening_stock", [(_n("5"), None), (None, None)]),
        ("购进量", "purchased", [(_n("10.5"), None), (None, None)]),
        ("消费量合计", "consumption", [(_n("12"), None), (_n("7"), None)]),
        ("用作原料", "feedstock", [(_n("12"), None), (None, _n("0"))]),
        ("加工转换产出", "transformation_output", [(_n("99"), None), (None, _n("0"))]),
        ("发电投入", "power_input", [(_n("12"), None), (None, _n("0"))]),
        ("期末库存", "closing_stock", [(_n("3.5"), None), (None, None)]),
    ],
    "power_generation": [
        ("统计月份", "month", [("2024-12", D(2024, 12, 1)), ("2024年12月", D(2024, 12, 1))]),
        ("电站编号", "plant_id", [("P-1", None), ("0002", None)]),
        ("电站名称", "plant_name", [("屋顶一号", None), ("垃圾电厂", None)]),
        ("发电类型", "source", [("光伏", "solar"), ("waste", "waste")]),
        ("发电量", "generated", [(_n("10"), None), (_n("20.000000001"), None)]),
        ("自发自用电量", "self_used", [(_n("10"), None), (None, None)]),
    ],
    "generation_projects": [
        (
            "统计日期",
            "as_of",
            [("2024-06-30", D(2024, 6, 30)), ("2024年6月30日", D(2024, 6, 30)), ("20240630", D(2024, 6, 30))],
        ),
        ("项目编号", "project_id", [("A1", None), ("A2", None), ("A3", None)]),
        ("项目名称", "name", [("一期", None), ("二期", None), ("三期", None)]),
        ("类型", "source", [("风电", "wind"), ("biomass", "biomass"), ("燃气", "gas")]),
        ("建设形式", "mounting", [("农光互补", "agrivoltaic"), (None, None), ("other", "other")]),
        ("建设地点", "site", [("NA", None), (None, None), ("岳阳", None)]),
        ("装机容量", "capacity_mw", [(_n("0.000000001"), None), (_n("5"), None), (_n("6.25"), None)]),
        ("配储功率", "storage_mw", [(_n("1"), None), (None, None), (_n("0"), None)]),
        ("配储容量", "storage_mwh", [(_n("2"), None), (None, None), (_n("0"), None)]),
        ("状态", "status", [("在建", "building"), ("并网运行", "operating"), ("retired", "retired")]),
        ("并网日期", "grid_date", [(None, None), ("2023/1/5", D(2023, 1, 5)), ("2010-02-28", D(2010, 2, 28))]),
        ("退役日期", "retired_date", [(None, None), (None, None), ("2024-02-29", D(2024, 2, 29))]),
    ],
    "meters": [
        ("统计日期", "as_of", [("2024-01-31", D(2024, 1, 31)), ("2024/1/31", D(2024, 1, 31))]),
        ("表计编号", "meter_id", [("123456789012345", None), ("B", None)]),
        ("统一社会信用代码", "enterprise_id", [(CODE, None), (OTHER_CODE, None)]),
        ("用能部门", "sector", [("商业及服务业", "commerce"), ("transport", "transport")]),
        ("额定容量", "rated_kw", [(_n("630"), None), (None, None)]),
    ],
    "meter_readings": [
        ("日期", "day", [("2024-03-01", D(2024, 3, 1))] * 3),
        ("表计编号", "meter_id", [("M1", None), ("M1", None), ("M2", None)]),
        (
            "时刻",
            "ts",
            [
                ("2024-03-01 00:00:00", T(2024, 3, 1)),
                ("2024-03-01T23:45", T(2024, 3, 1, 23, 45)),
                ("2024-02-29T16:15:00Z", T(2024, 3, 1, 0, 15)),
            ],
        ),
        ("电量", "kwh", [(_n("0.1"), None), (_n("0"), None), (_n("12.3456789"), None)]),
    ],
    "vehicle_stock": [
        ("统计月份", "month", [("2024-05", D(2024, 5, 1)), ("2024/05", D(2024, 5, 1))]),
        ("车辆类型", "vehicle_type", [("公交车", "bus"), ("客车", "passenger")]),
        ("能源类型", "energy_type", [("插电式混合动力", "phev"), ("hev", "hev")]),
        ("使用性质", "usage", [("非营运", "private"), ("公务", "official")]),
        ("保有量", "stock", [(0, None), (12345, None)]),
    ],
    "charging_piles": [
        ("统计日期", "as_of", [("2024-03-31", D(2024, 3, 31))] * 2),
        ("充电桩编号", "pile_id", [("001", None), ("002", None)]),
        ("充电站名称", "station_name", [("东站", None), ("西站", None)]),
        ("运营商", "operator", [("甲", None), ("乙", None)]),
        ("桩类型", "access", [("专用", "dedicated"), ("public", "public")]),
        ("额定功率", "power_kw", [(_n("7"), None), (_n("120.5"), None)]),
        ("状态", "status", [("故障停用", "fault"), ("拆除", "removed")]),
        ("投运日期", "commissioned", [("2020年1月2日", D(2020, 1, 2)), ("20200102", D(2020, 1, 2))]),
        ("拆除日期", "removed_on", [(None, None), ("2023-12-31", D(2023, 12, 31))]),
    ],
    "charging_sessions": [
        ("日期", "day", [("2024-03-01", D(2024, 3, 1))] * 2),
        ("运营商", "operator", [("甲", None), ("乙", None)]),
        ("订单号", "session_id", [("S1", None), ("S1", None)]),
        ("充电桩编号", "pile_id", [("001", None), ("002", None)]),
        (
            "开始时间",
            "started_at",
            [("2024-03-01 23:59:59", T(2024, 3, 1, 23, 59, 59)), ("2024/3/1 0:05", T(2024, 3, 1, 0, 5))],
        ),
        (
            "结束时间",
            "ended_at",
            [("2024-03-02 00:10:00", T(2024, 3, 2, 0, 10)), ("2024/3/1 0:05", T(2024, 3, 1, 0, 5))],
        ),
        ("充电量", "kwh", [(_n("30.25"), None), (_n("0"), None)]),
    ],
    "travel_survey": [
        ("年份", "year", [("2024", 2024), ("2024年", 2024)]),
        ("区域", "area", [("中心城区", "central"), ("other", "other")]),
        ("出行方式", "mode", [("电动自行车", "ebike"), ("出租网约", "taxi")]),
        ("日均出行量", "trips", [(_n("3.5"), None), (_n("0"), None)]),
    ],
    "operating_transport": [
        (
            "季度",
            "quarter",
            [("2024Q1", D(2024, 1, 1)), ("2024年第1季度", D(2024, 1, 1)), ("2024年一季度", D(2024, 1, 1))],
        ),
        ("运输类别", "carriage", [("货运", "freight"), ("货运", "freight"), ("passenger", "passenger")]),
        ("能源品种", "product", [("柴油", "diesel"), ("电力", "electricity"), ("lng", "lng")]),
        ("计量单位", "unit", [("t", "吨"), ("度", "千瓦时"), ("公斤", "千克")]),
        ("能源消耗量", "fuel_used", [(_n("3"), None), (_n("0"), None), (_n("9.5"), None)]),
        ("周转量", "turnover", [(_n("100"), None), (_n("5"), None), (_n("0"), None)]),
    ],
    "road_materials": [
        ("年份", "year", [("2023", 2023), ("2023", 2023)]),
        ("项目编号", "project_id", [("R1", None), ("R2", None)]),
        ("项目名称", "project_name", [("大道", None), ("小路", None)]),
        ("旧料产生量", "generated_t", [(_n("100"), None), (_n("0"), None)]),
        ("再生利用量", "recycled_t", [(_n("100"), None), (_n("0"), None)]),
    ],
    "bus_coverage": [
        ("统计日期", "as_of", [("2024-12-31", D(2024, 12, 31))] * 2),
        ("社区编号", "community_id", [("C1", None), ("C2", None)]),
        ("社区名称", "name", [("东", None), ("西", None)]),
        ("类别", "kind", [("商务社区", "business"), ("residential", "residential")]),
        ("规模", "size", [("大型", "large"), ("中型", "medium")]),
        ("是否覆盖", "covered", [("是", True), ("false", False)]),
    ],
    "building_projects": [
        ("统计日期", "as_of", [("2024-12-31", D(2024, 12, 31))] * 2),
        ("项目编号", "project_id", [("B1", None), ("B2", None)]),
        ("项目名称", "name", [("学校", None), ("小区", None)]),
        ("建筑类别", "kind", [("公共", "public"), ("居住", "residential")]),
        ("是否中心城区", "central_urban", [("√", True), (None, False)]),
        ("是否城镇", "urban", [("1", True), ("0", False)]),
        ("是否政府投资", "government_funded", [("true", True), ("false", False)]),
        ("是否大型公共建筑", "large_public", [("是", True), ("否", False)]),
        ("是否公共机构", "public_institution", [("√", True), (None, False)]),
        ("建筑面积", "area_m2", [(_n("1000"), None), (_n("2000.5"), None)]),
        ("住房面积", "housing_m2", [(None, None), (_n("2000.5"), None)]),
        ("开工日期", "started_on", [("2023-01-01", D(2023, 1, 1)), ("2023-05-05", D(2023, 5, 5))]),
        ("竣工日期", "completed_on", [("2024-01-01", D(2024, 1, 1)), (None, None)]),
        ("是否执行绿色建筑标准", "green_standard", [("是", True), ("是", True)]),
        ("绿色建筑星级", "stars", [("基本级", 0), (3, None)]),
        ("装配式建筑面积", "prefab_m2", [(_n("1000"), None), (None, None)]),
        ("全装修面积", "decorated_m2", [(None, None), (_n("2000.5"), None)]),
        ("设计节能率", "saving_rate", [("75%", _n("75")), (_n("65"), None)]),
        ("屋顶面积", "roof_m2", [(_n("300"), None), (None, None)]),
        ("屋顶光伏面积", "roof_pv_m2", [(_n("300"), None), (None, None)]),
    ],
    "building_energy": [
        ("年份", "year", [("2024", 2024), ("2024", 2024)]),
        ("建筑类别", "kind", [("居住", "residential"), ("public", "public")]),
        ("建筑能耗总量", "energy_tce", [(_n("50"), None), (_n("60"), None)]),
        ("可再生能源替代量", "renewable_tce", [(_n("50"), None), (_n("0"), None)]),
    ],
    "waste_weighings": [
        ("日期", "day", [("2024-03-01", D(2024, 3, 1))] * 2),
        ("设施名称", "facility", [("焚烧厂", None), ("填埋场", None)]),
        ("磅单号", "ticket_id", [("1", None), ("1", None)]),
        (
            "过磅时间",
            "weighed_at",
            [("2024-03-01 08:00:01", T(2024, 3, 1, 8, 0, 1)), ("20240301 23:59:59", T(2024, 3, 1, 23, 59, 59))],
        ),
        ("车牌号", "plate", [("湘F12345", None), ("湘F·D0001", None)]),
        ("垃圾类别", "stream", [("其他垃圾", "residual"), ("kitchen", "kitchen")]),
        ("处置方式", "route", [("焚烧发电", "incineration_power"), ("厌氧发酵", "digestion")]),
        ("毛重", "gross_kg", [(_n("15000"), None), (_n("12000.5"), None)]),
        ("皮重", "tare_kg", [(_n("5000"), None), (_n("12000"), None)]),
        ("净重", "net_kg", [(_n("9999"), None), (None, _n("0.5"))]),
    ],
    "waste_sorting": [
        ("统计月份", "month", [("2024-03", D(2024, 3, 1))] * 2),
        ("社区编号", "community_id", [("C1", None), ("C2", None)]),
        ("社区名称", "name", [("东", None), ("西", None)]),
        ("户数", "households", [(100, None), (1, None)]),
        ("分类收集户数", "sorted_households", [(100, None), (0, None)]),
        ("袋装收集户数", "bagged_households", [(0, None), (1, None)]),
    ],
    "industrial_waste": [
        ("年份", "year", [("2024", 2024), ("2024", 2024)]),
        ("统一社会信用代码", "enterprise_id", [(CODE, None), (OTHER_CODE, None)]),
        ("废物种类", "kind", [("粉煤灰", None), ("炉渣", None)]),
        ("产生量", "generated_t", [(_n("100"), None), (_n("90"), None)]),
        ("综合利用量", "utilised_t", [(_n("50"), None), (_n("10"), None)]),
        ("其中利用往年贮存量", "utilised_from_stock_t", [(None, _n("0")), (_n("10"), None)]),
        ("处置量", "disposed_t", [(_n("49"), None), (_n("91"), None)]),
        ("贮存量", "stored_t", [(None, None), (_n("0"), None)]),
    ],
    "forest_inventory": [
        ("年份", "year", [("2024", 2024), ("2024", 2024)]),
        ("小班号", "compartment_id", [("00012", None), ("13", None)]),
        ("小班面积", "land_ha", [(_n("1.5"), None), (_n("0.01"), None)]),
        ("地类", "land_class", [("乔木林", "forest"), ("special_shrub", "special_shrub")]),
        ("蓄积量", "stock_m3", [(_n("120"), None), (None, None)]),
    ],
    "national_accounts": [
        ("年份", "year", [("2024", 2024), ("2024年", 2024)]),
        ("季度", "quarter", [(1, None), (1, None)]),
        ("指标", "item", [("地区生产总值", "gdp"), ("manufacturing", "manufacturing")]),
        ("价格基期", "price_base", [(2015, None), (None, 2020)]),
        ("现价", "value_current", [(_n("100"), None), (_n("50"), None)]),
        ("可比价", "value_constant", [(_n("90"), None), (None, None)]),
    ],
    "park_circularity": [
        ("统计日期", "as_of", [("2024-12-31", D(2024, 12, 31))] * 2),
        ("园区", "park", [("东园", None), ("西园", None)]),
        ("改造状态", "status", [("改造中", "under_way"), ("已完成", "completed")]),
        ("验收日期", "verified_on", [(None, None), ("2024-11-11", D(2024, 11, 11))]),
    ],
    "cleaner_production": [
        ("年份", "year", [("2024", 2024), ("2024", 2024)]),
        ("统一社会信用代码", "enterprise_id", [(CODE, None), (OTHER_CODE, None)]),
        ("是否应审核", "obliged", [("1", True), ("否", False)]),
        ("审核完成日期", "audited_on", [("2024-07-01", D(2024, 7, 1)), (None, None)]),
    ],
    "assigned_targets": [
        ("统计日期", "as_of", [("2024-01-01", D(2024, 1, 1))] * 3),
        (
            "指标代码",
            "indicator",
            [("energy_intensity_reduction", None), ("ev_stock", None), ("energy_intensity_reduction", None)],
        ),
        ("目标年", "year", [("2025", 2025), ("2030年", 2030), ("2030", 2030)]),
        ("目标类型", "level", [("基本目标", "basic"), ("incentive", "incentive"), ("激励目标", "incentive")]),
        ("目标值", "target", [(_n("13.5"), None), (_n("100"), None), (_n("-1"), None)]),
        ("基期年", "base_year", [(None, 2020), ("2015", 2015), (None, 2020)]),
        ("核算口径", "method", [(None, "excluding_feedstock"), (None, "default"), ("plain", "plain")]),
        ("文号", "document", [("湘发〔2021〕1号", None), ("无", None), ("x", None)]),
        ("下达日期", "issued_on", [("2021-05-01", D(2021, 5, 1))] * 3),
    ],
    "task_register": [
        ("统计日期", "as_of", [("2024-06-30", D(2024, 6, 30))] * 2),
        ("编号", "item_id", [("T1", None), ("T2", None)]),
        ("条款", "clause", [("三(五)1", None), ("三（五）1", None)]),
        ("名称", "name", [("推广", None), ("建设", None)]),
        ("类型", "kind", [("任务", "task"), ("project", "project")]),
        ("牵头单位", "lead_agency", [("发改局", None), ("住建局", None)]),
        ("完成时限", "due", [("2025-12-31", D(2025, 12, 31)), (None, None)]),
        ("状态", "status", [("推进中", "in_progress"), ("受阻", "blocked")]),
        ("进度", "progress", [("12.5%", _n("12.5")), (_n("100"), None)]),
        ("备注", "note", [(None, None), ("第一行\n第二行", None)]),
    ],
    "energy_balance": [
        ("年份", "year", [("2024", 2024)] * 4),
        (
            "项目",
            "item",
            [
                ("煤炭", "coal"),
                ("nonfossil", "nonfossil"),
                ("净调入电力", "electricity_import"),
                ("净调入热力", "heat_import"),
            ],
        ),
        ("数量", "quantity", [(_n("10"), None), (_n("3"), None), (_n("-1.5"), None), (_n("-2"), None)]),
        ("计量单位", "unit", [("万tce", "万吨标准煤"), ("TWh", "太瓦时"), ("亿kWh", "亿千瓦时"), ("MJ", "兆焦")]),
    ],
    "region_parameters": [
        ("年份", "year", [("2024", 2024)] * 4),
        (
            "参数",
            "parameter",
            [
                ("发电标准煤耗", "power_coal_rate"),
                ("grid_co2_factor", "grid_co2_factor"),
                ("外来电非化石比重", "grid_nonfossil_share"),
                ("国土面积", "land_area"),
            ],
        ),
        ("数值", "value", [(_n("0.3"), None), (_n("0.5703"), None), ("35.5%", _n("0.355")), (_n("25300"), None)]),
        ("来源", "source", [("a", None), ("b", None), ("c", None), ("d", None)]),
    ],
    "reported_indicators": [
        ("年份", "year", [("2024", 2024)] * 2),
        (
            "指标代码",
            "indicator",
            [("carbon_neutral_manufacturers", None), ("政府采购绿色产品比例", "green_procurement_share")],
        ),
        ("数值", "value", [(_n("3"), None), (_n("-0.5"), None)]),
        ("依据文件", "document", [(None, None), ("函", None)]),
    ],
    "member_ends": [
        ("统计日期", "as_of", [("2024-06-30", D(2024, 6, 30))] * 3),
        (
            "数据集",
            "feed",
            [("power_generation", None), ("waste_weighings", None), ("营运车辆能耗与周转量", "operating_transport")],
        ),
        ("成员编号", "member", [("P1", None), ("填埋场", None), ("freight", None)]),
        ("最后报送期", "last_period", [("2024-03", None), ("2024-03-01", None), ("2024Q1", None)]),
        ("原因", "reason", [("关停", None), ("封场", None), ("退出", None)]),
    ],
}

HEADERS = {feed: [header for header, _, _ in table] for feed, table in _TABLES.items()}
FIELDS = {feed: [field for _, field, _ in table] for feed, table in _TABLES.items()}


def _rows(feed: str, names: list[str], typed: bool) -> list[Row]:
    columns = [
        [(meant if meant is not None else cell) if typed else cell for cell, meant in cells]
        for _, _, cells in _TABLES[feed]
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


ROWS = {feed: _rows(feed, HEADERS[feed], typed=False) for feed in _TABLES}
TYPED = {feed: _rows(feed, FIELDS[feed], typed=True) for feed in _TABLES}
