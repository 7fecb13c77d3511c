"""Small regions, each a trap in the text of the method, as files a bureau could send."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from tests.oracle.dice import code18

Deliveries = list[tuple[str, str]]  # feed, text of the file, in order of arrival
X, Y = code18(Random(1)), code18(Random(2))

SUPPLY = "month,product,sector,quantity,unit"
ENTERPRISE = (
    "month,months,enterprise_id,enterprise_name,industry_code,product,unit,opening_stock,purchased,consumption,feedstock,"
    "transformation_output,power_input,closing_stock"
)
GENERATION = "month,plant_id,plant_name,source,generated,self_used"
ACCOUNTS = "year,quarter,item,price_base,value_current,value_constant"
BALANCE = "year,item,quantity,unit"
PARAMETERS = "year,parameter,value,source"
ENDS = "as_of,feed,member,last_period,reason"
PILES = "as_of,pile_id,station_name,operator,access,power_kw,status,commissioned,removed_on"
TASKS = "as_of,item_id,clause,name,kind,lead_agency,due,status,progress,note"
OPERATING = "quarter,carriage,product,unit,fuel_used,turnover"
BUILDINGS = (
    "as_of,project_id,name,kind,central_urban,urban,government_funded,large_public,public_institution,area_m2,housing_m2,"
    "started_on,completed_on,green_standard,stars,prefab_m2,decorated_m2,saving_rate,roof_m2,roof_pv_m2"
)
PROJECTS = "as_of,project_id,name,source,mounting,site,capacity_mw,storage_mw,storage_mwh,status,grid_date,retired_date"
SORTING = "month,community_id,name,households,sorted_households,bagged_households"
VEHICLES = "month,vehicle_type,energy_type,usage,stock"
FOREST = "year,compartment_id,land_ha,land_class,stock_m3"
TARGETS = "as_of,indicator,year,level,target,base_year,method,document,issued_on"


def text(header: str, lines: Iterable[str]) -> str:
    """A CSV file; a line may be shorter than its header."""
    width = header.count(",")
    return "\n".join([header, *(line + "," * (width - line.count(",")) for line in lines)]) + "\n"


def monthly(lines: Iterable[str], year: int = 2024, months: Iterable[int] = range(1, 13)) -> list[str]:
    """The lines once a month, the month before each."""
    return [f"{year}-{month:02},{line}" for month in months for line in lines]


def form(enterprise: str, product: str, unit: str, use: str, months: str = "") -> str:
    """A line of the enterprises' form after its month; use: consumption,feedstock,output,power_input."""
    return f"{months},{enterprise},某厂,26,{product},{unit},,,{use},"


def quiet(feed: str, year: int = 2024) -> tuple[str, str]:
    """A year of the feed with nothing to tell, month by month."""
    if feed == "energy_enterprise":
        return feed, text(ENTERPRISE, monthly([f",{X}"], year))
    if feed == "power_generation":
        return feed, text(GENERATION, monthly(["P1"], year))
    return feed, text(SUPPLY, monthly(["electricity"], year))


MONTHLY: Deliveries = [
    (
        "energy_supply",
        text(
            SUPPLY,
            monthly(
                [
                    "电力,industry,100,万千瓦时",
                    "电力,居民生活,200000,度",
                    "管道天然气,residential,1,万m³",
                    "柴油,transport,10000,公斤",
                ]
            ),
        ),
    ),
    (
        "energy_enterprise",
        text(
            ENTERPRISE,
            monthly(
                [
                    form(X, "烟煤", "吨", "100,5,,30"),
                    form(X, "coke", "吨", "0,,10,"),
                    form(X, "蒸汽", "GJ", "50,,,"),
                    form(X, "biomass", "吨", "20,,,8"),
                    form(X, "natural_gas", "立方米", "5000,2000,,1000"),
                    form(X, "electricity", "兆瓦时", "600,,,"),
                ]
            ),
        ),
    ),
    ("power_generation", text(GENERATION, monthly(["S,光伏,solar,10,9", "B,生物质,生物质,2,", "C,燃煤,coal,30,"]))),
    ("region_parameters", text(PARAMETERS, [
        "2024,power_coal_rate,0.3,文", "2024,grid_co2_factor,0.5,文", "2022,grid_nonfossil_share,40%,文",
    ])),
    ("national_accounts", text(ACCOUNTS, [
        "2024,4,gdp,,1,100000", "2024,4,industry_above_scale,2015,1,2000",
        "2019,4,industry_above_scale,2015,1,1000", "2019,4,industry_above_scale,2020,1,3000",
        "2021,4,industry_above_scale,2015,1,1600", "2021,4,industry_above_scale,2020,1,2000",
    ])),
]  # fmt: skip
BALANCED: Deliveries = [
    ("energy_balance", text(BALANCE, [
        "2020,coal,1,万吨标准煤", "2020,nonfossil,0.02,太瓦时", "2020,electricity_import,-0.05,亿千瓦时",
        "2020,heat_import,1000000,兆焦",
    ])),
    ("energy_balance", text(BALANCE, ["2021,coal,9000,tce", "2021,feedstock_coal,1000,tce"])),
    ("region_parameters", text(PARAMETERS, ["2019,grid_nonfossil_share,0.5,文"])),
    ("national_accounts", text(ACCOUNTS, [
        "2020,4,gdp,2015,1,500000", "2020,4,gdp,2020,1,600000", "2021,4,gdp,2015,1,550000", "2022,4,gdp,2025,1,1",
    ])),
]  # fmt: skip
EXPORTING: Deliveries = [  # no share of the grid's mix is known: without imports none is needed, with exports it is
    ("energy_balance", text(BALANCE, ["2020,nonfossil,100,tce", "2020,coal,300,tce"])),
    ("energy_balance", text(BALANCE, ["2021,nonfossil,100,tce", "2021,electricity_import,-1,万千瓦时"])),
]
TWO_MONTHS: Deliveries = [
    ("energy_enterprise", text(ENTERPRISE, [
        f"2024-01,{form(X, 'raw_coal', '吨', '10,,,')}", f"2024-02,{form(X, 'raw_coal', '吨', '25,,,', '2')}",
        *monthly([form(X, "raw_coal", "吨", "10,,,")], months=range(3, 13)),
        f"2024-02,{form(Y, 'raw_coal', '吨', '7,,,', '2')}",
        *monthly([form(Y, "raw_coal", "吨", "1,,,")], months=range(3, 13)),
    ])),
    quiet("energy_supply"),
    quiet("power_generation"),
]  # fmt: skip
GASOLINE_STOPS = text(SUPPLY, monthly(["汽油,transport,1,吨"], months=range(1, 7)))
STOPPED: Deliveries = [
    quiet("energy_supply"), quiet("energy_enterprise"), quiet("power_generation"), ("energy_supply", GASOLINE_STOPS),
    ("operating_transport", text(OPERATING, [
        *(f"2024Q{n},freight,diesel,吨,10,1" for n in (1, 2, 3, 4)), "2024Q1,passenger,电力,千瓦时,20000,2",
    ])),
    ("member_ends", text(ENDS, [
        "2024-12-31,energy_supply,汽油,2024年6月,停售", "2024-12-31,营运车辆能耗与周转量,客运,2024年一季度,停运",
        "2024-12-31,cleaner_production,某厂,2023,关闭",
    ])),
]  # fmt: skip
REOPENED: Deliveries = [*STOPPED, ("member_ends", text(ENDS, ["2025-12-31"]))]  # the newest register lets nobody go
REGISTERS: Deliveries = [
    ("charging_piles", text(PILES, ["2024-01-10,A,站,商,public,7,in_service,2023-05-01,"])),
    ("charging_piles", text(PILES, [
        "2024-12-31,A,站,商,public,7,fault,2023-05-01,", "2024-12-31,B,站,商,private,7,removed,2023-06-01,2024-12-31",
    ])),
    ("charging_piles", text(PILES, [
        "2024-12-31,A,站,商,public,7,fault,2023-05-01,", "2024-12-31,C,站,商,private,7,removed,2023-06-01,2024-12-31",
        "2024-12-31,D,站,商,private,7,in_service,2024-12-31,",
    ])),
    ("charging_piles", text(PILES, ["2024-06-30,E,站,商,public,7,in_service,2020-01-01,"])),
    ("task_register", text(TASKS, [
        "2025-01-05,D01-2,三(十)1,甲,task,区,,done,100,", "2025-01-05,D01.3,三(十)1,乙,task,区,,blocked,50,",
        "2025-01-05,G03,五(一),丙,task,区,,done,100,", "2025-01-05,XD01-1,三(十)1,丁,task,区,,done,100,",
        "2025-01-05,D011,三(十)1,戊,task,区,,done,100,",
    ])),
    ("task_register", text(TASKS, ["2024-12-20,D01-2,三(十)1,甲,task,区,,not_started,0,"])),
    ("task_register", text(TASKS, ["2025-11-30,D01-2,三(十)1,甲,task,区,,done,100,"])),
]  # fmt: skip
BUILT: Deliveries = [
    ("building_projects", text(BUILDINGS, [
        "2025-01-08,1,甲,residential,是,是,否,否,否,1000,600,2024-02-01,2024-12-31,是,0,800,60,75,,",
        "2025-01-08,2,乙,public,否,是,是,否,是,500,,2024-03-01,2024-06-01,否,1,,,,100,30",
        "2025-01-08,3,丙,public,否,否,否,是,是,300,,2023-12-31,2024-07-01,是,0,300,,60,,10",
        "2025-01-08,4,丁,factory,否,否,是,否,否,2000,,2024-05-01,,是,0,500,,,1000,400",
        "2025-01-08,5,戊,residential,是,否,否,否,否,400,400,2024-06-01,2025-01-01,是,3,,400,90,,",
        "2025-01-08,6,己,residential,否,是,否,否,否,3000,0,2024-08-01,2024-09-01,是,2,,,81,,",
    ])),
    ("generation_projects", text(PROJECTS, [
        "2024-12-01,1,甲,solar,rooftop,,3,1,2,retired,2024-02-01,2024-11-30",
        "2024-12-01,2,乙,光伏,屋顶分布式,,5,,,operating,2024-12-31,",
        "2024-12-01,3,丙,solar,agrivoltaic,,8,0,,building,,",
        "2024-12-01,4,丁,wind,,,2,1,2,operating,2023-01-01,",
        "2024-12-01,5,戊,gas,,,50,,,operating,2023-01-01,",
    ])),
]  # fmt: skip
SORTED: Deliveries = [
    ("waste_sorting", text(SORTING, [
        "2024-01,a,甲,3,1,3", "2024-02,a,甲,3,2,3", "2024-02,b,乙,6,0,0", "2024-03",
    ])),
    ("vehicle_stock", text(VEHICLES, [
        "2024-01,passenger,bev,official,3", "2024-01,passenger,gasoline,公务,1", "2024-02,passenger,phev,official,1",
        "2024-02,bus,fcev,commercial,4", "2024-02,passenger,hev,official,2", "2024-03",
    ])),
    ("forest_inventory", text(FOREST, ["2024,1,30,乔木林,100", "2024,2,10,other_wooded,", "2024,3,60,non_forest,"])),
    ("forest_inventory", text(FOREST, ["2023,1,30,bamboo,100"])),
    ("region_parameters", text(PARAMETERS, ["2025,land_area,120,文"])),
    ("national_accounts", text(ACCOUNTS, [
        "2024,2,manufacturing,2015,50,", "2024,2,industry,2015,100,",
        "2024,3,manufacturing,2015,60,", "2024,3,industry,2015,100,",
        "2024,3,manufacturing,2020,70,", "2024,3,industry,2020,100,",
    ])),
]  # fmt: skip
TIES: Deliveries = [  # half a millionth, one and a half, two and a half: to the even neighbour
    ("forest_inventory", text(FOREST, ["2023,1,30,forest,0.005"])),
    ("forest_inventory", text(FOREST, ["2024,1,30,forest,0.015"])),
    ("forest_inventory", text(FOREST, ["2025,1,30,forest,0.025"])),
]
MOVING: Deliveries = [
    ("operating_transport", text(OPERATING, [
        *(f"2021Q{n},货运,柴油,千克,1000,1" for n in (1, 2, 3, 4)), *(f"2022Q{n},货运,柴油,吨,1,1" for n in (1, 2, 3)),
        "2022Q4,passenger,electricity,千瓦时,10000,10",
    ])),
    ("assigned_targets", text(TARGETS, [
        "2023-01-01,operating_vehicle_co2_reduction,2025,basic,5,2021,,文,2022-06-01",
    ])),
]  # fmt: skip

REGIONS: dict[str, Deliveries] = {
    "monthly": MONTHLY, "balanced": BALANCED, "exporting": EXPORTING, "two-months": TWO_MONTHS, "stopped": STOPPED,
    "reopened": REOPENED, "registers": REGISTERS, "built": BUILT, "sorted": SORTED, "moving": MOVING, "ties": TIES,
}  # fmt: skip
