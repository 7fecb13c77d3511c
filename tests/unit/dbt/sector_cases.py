"""The deliveries of test_sectors: one region per case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.support.rawdb import RawDb

Row = dict[str, Any]


def vehicles(month: str, energy: str, stock: int, usage: str = "private") -> Row:
    return {"month": month, "vehicle_type": "passenger", "energy_type": energy, "usage": usage, "stock": stock}


def pile(as_of: str, number: str, access: str, commissioned: str, removed: str | None = None, **more: Any) -> Row:
    status = "removed" if removed else "in_service"
    names = {
        "as_of": as_of,
        "pile_id": number,
        "station_name": "S",
        "operator": "O",
        "access": access,
        "power_kw": "60",
    }
    return {**names, "status": status, "commissioned": commissioned, "removed_on": removed, **more}


def trips(area: str, mode: str, number: str, year: int = 2024) -> Row:
    return {"year": year, "area": area, "mode": mode, "trips": number}


def haul(quarter: str, carriage: str, product: str, used: str, turnover: str, unit: str = "吨") -> Row:
    names = {"quarter": quarter, "carriage": carriage, "product": product}
    return {**names, "unit": unit, "fuel_used": used, "turnover": turnover}


def community(as_of: str, number: str, size: str, covered: bool) -> Row:
    return {"as_of": as_of, "community_id": number, "name": number, "kind": "residential", "size": size} | {
        "covered": covered
    }


def building(number: str, as_of: str = "2024-12-31", **more: Any) -> Row:
    """An urban residential building of 1,000 m², started in 2023 and completed in 2024, without anything special."""
    flags = ("central_urban", "government_funded", "large_public", "public_institution", "green_standard")
    row: Row = {"as_of": as_of, "project_id": number, "name": number, "kind": "residential", "urban": True}
    row |= dict.fromkeys(flags, False) | {"area_m2": "1000", "started_on": "2023-05-01", "completed_on": "2024-05-01"}
    return row | {"stars": 0} | more


def weighing(day: str, ticket: str, stream: str, route: str, gross: str, net: str | None = None) -> Row:
    names = {"day": day, "facility": "F", "ticket_id": ticket, "weighed_at": f"{day} 08:00:00", "plate": "湘F00001"}
    return {**names, "stream": stream, "route": route, "gross_kg": gross, "tare_kg": "1000", "net_kg": net}


def sorting(month: str, number: str, households: int, sort: int, bag: int) -> Row:
    names = {"month": month, "community_id": number, "name": number, "households": households}
    return {**names, "sorted_households": sort, "bagged_households": bag}


def deliver_transport(raw: RawDb) -> None:
    stock = [vehicles("2024-03", "bev", 5), vehicles("2024-03", "phev", 2, "official")]
    stock += [vehicles("2024-11", "bev", 10), vehicles("2024-11", "fcev", 1), vehicles("2024-11", "hev", 100)]
    stock += [vehicles("2024-11", "bev", 3, "official"), vehicles("2024-11", "hev", 5, "official")]
    raw.deliver("vehicle_stock", stock, "fleet")
    raw.deliver("vehicle_stock", [vehicles("2024-12", "diesel", 9)], "no-officials")

    old, new = "2022-12-31", "2024-12-31"
    raw.deliver("charging_piles", [pile(old, "wrong", "public", "2020-01-01")], "piles")
    register = [pile(new, "a", "public", "2022-12-31"), pile(new, "b", "public", "2023-07-01", status="fault")]
    register += [pile(new, "c", "private", "2022-01-01", "2024-12-31"), pile(new, "d", "public", "2025-01-01")]
    raw.deliver("charging_piles", register, "piles")
    sessions = [("s1", "a", "12.5"), ("s2", "a", "7.25"), ("s3", "b", "1")]
    times: Row = {
        "day": "2024-03-01",
        "operator": "O",
        "started_at": "2024-03-01 23:50:00",
        "ended_at": "2024-03-02 00:20:00",
    }
    raw.deliver(
        "charging_sessions", [{**times, "session_id": s, "pile_id": p, "kwh": k} for s, p, k in sessions], "piles"
    )

    survey = [trips("central", "bus", "3"), trips("central", "taxi", "1"), trips("central", "car", "6")]
    survey += [trips("central", "motorcycle", "2"), trips("central", "ebike", "40"), trips("other", "bus", "90")]
    raw.deliver("travel_survey", survey, "travel")
    raw.deliver("travel_survey", [trips("central", "walk", "3")], "walkers")
    road: Row = {"year": 2024, "project_name": "P"}
    materials = [{"project_id": "1", "generated_t": "100", "recycled_t": "95"}]
    materials += [{"project_id": "2", "generated_t": "300", "recycled_t": "105.5"}]
    raw.deliver("road_materials", [road | row for row in materials], "travel")

    deliver_operating(raw)
    for as_of, covered in (("2024-01-20", True), ("2024-06-30", False), ("2025-01-31", True)):
        rows = [community(as_of, "a", "large", covered), community(as_of, "b", "medium", False)]
        raw.deliver("bus_coverage", [*rows, community(as_of, "c", "small", True)], "buses")


def deliver_operating(raw: RawDb) -> None:
    grid: Row = {"year": 2024, "parameter": "grid_co2_factor", "value": "0.5", "source": "s"}
    quarters = [f"2024Q{number}" for number in (1, 2, 3, 4)]
    for region, there in (("trucks", quarters), ("three-quarters", quarters[:3])):
        raw.deliver("region_parameters", [grid], region)
        for quarter in there:
            rows = [
                haul(quarter, "freight", "diesel", "10", "5"),
                haul(quarter, "passenger", "diesel", "2000", "30", "千克"),
            ]
            raw.deliver(
                "operating_transport",
                [*rows, haul(quarter, "passenger", "electricity", "50000", "7", "千瓦时")],
                region,
            )
    raw.deliver("operating_transport", [{"quarter": "2024Q4"}], "three-and-empty")
    for quarter in quarters[:3]:
        raw.deliver("operating_transport", [haul(quarter, "freight", "diesel", "10", "5")], "three-and-empty")


def deliver_buildings(raw: RawDb) -> None:
    raw.deliver("building_projects", [building("older", "2023-12-31", green_standard=True)], "buildings")
    home: Row = {
        "central_urban": True,
        "housing_m2": "600",
        "prefab_m2": "900",
        "decorated_m2": "150",
        "saving_rate": "65.5",
    }
    office: Row = {"kind": "public", "saving_rate": "72", "stars": 1, "roof_m2": "200", "roof_pv_m2": "80"}
    plant: Row = {"kind": "factory", "urban": False}
    rows = [building("home", green_standard=True, **home)]
    rows += [building("unrated", area_m2="3000", central_urban=True, housing_m2="1400", stars=2)]
    rows += [building("village", urban=False, housing_m2="500", saving_rate="10", prefab_m2="100")]
    rows += [building("office", public_institution=True, government_funded=True, prefab_m2="250", **office)]
    rows += [building("tower", **{**office, "area_m2": "2000", "saving_rate": "75", "stars": 0}, large_public=True)]
    rows += [building("shop", **{**office, "stars": 3, "saving_rate": None})]
    rows += [building("dark", kind="public", public_institution=True, government_funded=True)]
    rows += [building("plant", roof_m2="800", roof_pv_m2="200", **plant), building("bare", roof_m2="200", **plant)]
    rows += [building("roofless", **plant), building("unfinished", completed_on=None, housing_m2="100")]
    raw.deliver("building_projects", rows, "buildings")
    energy = [("residential", "700", "40"), ("public", "300", "40.5")]
    rows = [{"year": 2024, "kind": k, "energy_tce": e, "renewable_tce": r} for k, e, r in energy]
    raw.deliver("building_energy", rows, "buildings")


def deliver_waste(raw: RawDb) -> None:
    rows = [weighing("2024-01-02", "1", "kitchen", "digestion", "1300", "300.5")]
    rows += [weighing("2024-01-02", "2", "kitchen", "incineration_power", "1100")]
    rows += [
        weighing("2024-01-02", "3", "residual", "landfill", "1400"),
        weighing("2024-01-02", "4", "residual", "landfill", "1001"),
    ]
    raw.deliver("waste_weighings", rows, "waste")
    raw.deliver("waste_weighings", [weighing("2024-12-31", "1", "recyclable", "recycling", "1200")], "waste")
    # every day of a year is delivered, most of them as closed: only then are there twelve months to trail
    days = [date(2023, 1, 1) + timedelta(number) for number in range(395)]
    raw.deliver("waste_weighings", [{"day": day, "facility": "F"} for day in days], "trailing")
    for day, route in (("2023-01-15", "landfill"), ("2023-02-15", "composting"), ("2024-01-15", "incineration")):
        raw.deliver("waste_weighings", [weighing(day, "1", "kitchen", route, "1100")], "trailing")
    raw.deliver("waste_weighings", [{"day": "2024-01-02", "facility": "F"}], "closed")

    months = [sorting("2024-01", "a", 100, 50, 100), sorting("2024-01", "b", 300, 50, 200)]
    months += [sorting("2024-02", "a", 100, 100, 0), sorting("2024-10", "a", 3, 1, 3), sorting("2024-10", "b", 3, 0, 3)]
    raw.deliver("waste_sorting", [*months, {"month": "2024-11"}], "waste")

    solid = [("e1", "slag", "100", "90", "20"), ("e1", "ash", "40", "10", None), ("e2", "slag", "10", "0", "0")]
    rows = [
        {"year": 2024, "enterprise_id": e, "kind": k, "generated_t": g, "utilised_t": u, "utilised_from_stock_t": s}
        for e, k, g, u, s in solid
    ]
    raw.deliver("industrial_waste", rows, "waste")


def deliver_land(raw: RawDb) -> None:
    classes = [
        ("forest", "30", "1500"),
        ("bamboo", "5", None),
        ("special_shrub", "1", "0.5"),
        ("other_wooded", "9", "2"),
    ]
    rows = [
        {"year": year, "compartment_id": c, "land_ha": ha, "land_class": c, "stock_m3": m3}
        for year in (2022, 2024)
        for c, ha, m3 in [*classes, ("non_forest", "35", None)]
    ]
    for region in ("forest", "bare-forest"):
        raw.deliver("forest_inventory", rows, region)
    areas = [
        {"year": year, "parameter": "land_area", "value": area, "source": "s"}
        for year, area in ((2023, "120"), (2026, "9"))
    ]
    raw.deliver("region_parameters", areas, "forest")

    park: Row = {"as_of": "2025-01-31", "park": "a", "status": "completed", "verified_on": "2024-05-01"}
    parks = [park, park | {"park": "b", "status": "under_way", "verified_on": None}, park | {"park": "c"}]
    raw.deliver("park_circularity", [park | {"as_of": "2024-06-30"}], "parks")
    raw.deliver("park_circularity", parks, "parks")

    audits = [("e1", True, "2022-03-01"), ("e2", True, "2024-12-31"), ("e3", True, "2025-01-01"), ("e4", True, None)]
    rows = [{"year": 2024, "enterprise_id": e, "obliged": o, "audited_on": d} for e, o, d in audits]
    raw.deliver("cleaner_production", [*rows, rows[0] | {"enterprise_id": "e5", "obliged": False}], "parks")


def deliver_all(raw: RawDb) -> None:
    deliver_transport(raw)
    deliver_buildings(raw)
    deliver_waste(raw)
    deliver_land(raw)
