"""Small deliveries of three domains in two districts: good ones, and such as pass gates 1 and 2 and fail gate 3."""

from __future__ import annotations

from datetime import date

from tests.support.small import File

AS_OF, NEXT = date(2026, 2, 20), date(2026, 2, 21)
HERE, THERE, BAD = "here-district", "there-district", "bad-district"


def forest(region: str, year: int, hectares: str, name: str = "") -> File:
    """A year of the forest map: so many hectares of forest in one compartment, and five of none."""
    text = f"年份,小班号,小班面积,地类,蓄积量\n{year},A,{hectares},forest,900\n{year},B,5,non_forest,\n"
    return (region, "forest_inventory", f"森林_{year}{name}.csv", text.encode())


def land(region: str, hectares: str) -> File:
    """The whole territory, which the forest cannot exceed."""
    text = f"年份,参数,数值,来源\n2022,land_area,{hectares},自然资源局\n"
    return (region, "region_parameters", f"国土面积_{hectares}.csv", text.encode())


def trips(region: str, year: int, bus: int, name: str = "") -> File:
    """A travel survey: so many trips by bus of 100; none at all is a scope delivered empty."""
    rows = [f"{year},central,bus,{bus}", f"{year},central,car,{100 - bus}"] if bus else [f"{year},,,"]
    text = "年份,区域,出行方式,日均出行量\n" + "\n".join(rows) + "\n"
    return (region, "travel_survey", f"出行_{year}{name}.csv", text.encode())


def waste(region: str, year: int, used: int) -> File:
    """Industrial waste of one works: so many tonnes used of 10 000."""
    text = (
        "年份,统一社会信用代码,废物种类,产生量,综合利用量,其中利用往年贮存量,处置量,贮存量\n"
        f"{year},91430600MA4L00010A,粉煤灰,10000,{used},0,{10000 - used},0\n"
    )
    return (region, "industrial_waste", f"固废_{year}.csv", text.encode())


def good_year(region: str) -> list[File]:
    """A whole good year of a district."""
    return [land(region, "1000"), forest(region, 2022, "600"), trips(region, 2022, 30), waste(region, 2022, 9000)]
