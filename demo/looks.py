"""How deliveries look: the formats, encodings and habits of the bureaus, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """One habit of writing a table. `dates` is iso, slash, plain or zh; `dressed` adds the title and 填报单位 lines,
    a 合计 row and the lines below; English looks use field names and codes, Chinese ones headers and names."""

    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    english: bool = False
    dates: str = "iso"
    thousands: bool = False
    full_width: bool = False
    missing: str = ""
    dressed: bool = False
    gzip: bool = False

    @property
    def suffix(self) -> str:
        return f".{self.format}.gz" if self.gzip else f".{self.format}"


PLAIN = Look()
BOM = Look(encoding="utf-8-sig", dates="slash", missing="-")
BOM_DRESSED = Look(encoding="utf-8-sig", dates="zh", thousands=True, missing="—", dressed=True)
GB = Look(encoding="gb18030", dates="zh", missing="/")
GB_DRESSED = Look(encoding="gb18030", dates="slash", thousands=True, full_width=True, missing="—", dressed=True)
SEMICOLON = Look(delimiter=";", dates="plain", missing="…")
TAB = Look(encoding="gb18030", delimiter="\t", dates="iso")
ENGLISH = Look(english=True)
PACKED = Look(english=True, gzip=True)
LINES = Look(format="jsonl", english=True)
LINES_PACKED = Look(format="jsonl", english=True, gzip=True)
BOOK = Look(format="xlsx", dates="zh", missing="—", dressed=True)
BOOK_PLAIN = Look(format="xlsx", dates="slash")
PARQUET = Look(format="parquet", english=True)

# The files of a feed take these in turn. Registers and small tables come as workbooks, platforms send machine formats.
BY_FEED: dict[str, tuple[Look, ...]] = {
    "energy_supply": (GB_DRESSED, BOM_DRESSED, BOOK, PLAIN, SEMICOLON, TAB),
    "energy_enterprise": (GB, BOM, BOOK, PLAIN, TAB),
    "power_generation": (BOM, GB_DRESSED, BOOK, SEMICOLON, ENGLISH),
    "generation_projects": (BOOK, GB, BOM, LINES),
    "meters": (LINES, BOOK_PLAIN, PLAIN),
    "meter_readings": (PARQUET, PARQUET, PACKED),
    "vehicle_stock": (GB, BOOK, TAB, BOM_DRESSED),
    "charging_piles": (BOM, GB, PARQUET),
    "charging_sessions": (LINES_PACKED, ENGLISH, LINES, PACKED, PARQUET),
    "travel_survey": (BOOK, GB_DRESSED),
    "operating_transport": (BOM_DRESSED, SEMICOLON, BOOK),
    "road_materials": (BOOK, GB_DRESSED),
    "bus_coverage": (BOOK, GB),
    "building_projects": (GB, BOOK, BOM),
    "building_energy": (BOM_DRESSED, BOOK_PLAIN),
    "waste_weighings": (GB, PLAIN, PACKED, TAB, SEMICOLON),
    "waste_sorting": (BOM, BOOK, GB_DRESSED),
    "industrial_waste": (GB_DRESSED, BOOK),
    "forest_inventory": (BOM, PARQUET, GB),
    "national_accounts": (BOOK, GB_DRESSED, BOM),
    "park_circularity": (BOOK, GB),
    "cleaner_production": (BOOK, BOM, GB),
    "assigned_targets": (BOOK, GB),
    "task_register": (BOOK, BOM),
    "energy_balance": (BOOK,),
    "region_parameters": (BOM, BOOK_PLAIN, GB),
    "reported_indicators": (BOOK, SEMICOLON, GB),
    "member_ends": (BOOK, PLAIN),
}
