"""A small world for completeness, targets, tasks and lineage. One region tells one story."""

from __future__ import annotations

from tests.support.rawdb import RawDb

MONTHS = [f"{number:02}" for number in range(1, 13)]


def survey(raw: RawDb, region: str, shares: dict[int, int]) -> None:
    """Years in which so many of a hundred motorised trips went by bus."""
    for year, bus in shares.items():
        rows = [
            {"year": year, "area": "central", "mode": mode, "trips": trips}
            for mode, trips in (("bus", bus), ("car", 100 - bus))
        ]
        raw.deliver("travel_survey", rows, region=region)


def sorting(raw: RawDb, region: str, community: str, months: list[str]) -> list[dict[str, object]]:
    return [
        {"month": month, "community_id": community, "name": community, "households": 10, "sorted_households": 4,
         "bagged_households": 4}
        for month in months
    ]  # fmt: skip


def communities(raw: RawDb) -> None:
    """One community from January, one from July; the second is silent in October."""
    for month in MONTHS:
        rows = sorting(raw, "late", "old", [f"2024-{month}"])
        if month >= "07" and month != "10":
            rows += sorting(raw, "late", "new", [f"2024-{month}"])
        raw.deliver("waste_sorting", rows, region="late")
    for month in MONTHS:
        raw.deliver("waste_sorting", sorting(raw, "ended", "old", [f"2024-{month}"]), region="ended")
    raw.deliver("waste_sorting", sorting(raw, "ended", "old", ["2024-03"]) + sorting(raw, "ended", "gone", ["2024-03"]),
                region="ended")  # fmt: skip
    end = {
        "as_of": "2024-12-31",
        "feed": "waste_sorting",
        "member": "gone",
        "last_period": "2024年3月",
        "reason": "并入",
    }
    raw.deliver("member_ends", [end], region="ended")


def assigned(raw: RawDb, region: str, indicator: str, year: int, target: str, **more: object) -> None:
    row = {"as_of": "2021-12-31", "indicator": indicator, "year": year, "level": "basic", "target": target,
           "document": "岳发改〔2021〕1号", "issued_on": "2021-12-01"}  # fmt: skip
    raw.deliver("assigned_targets", [row | more], region=region)


def balances(raw: RawDb) -> None:
    """2005 and 2020 by the balance, 2021 by nothing; prices are constant."""
    for year, coal in ((2005, 400), (2020, 300), (2021, 240)):
        raw.deliver(
            "energy_balance", [{"year": year, "item": "coal", "quantity": coal, "unit": "吨标准煤"}], region="base"
        )
        gdp = {"year": year, "quarter": 4, "item": "gdp", "value_current": 100, "value_constant": 100}
        raw.deliver("national_accounts", [gdp], region="base")
    assigned(raw, "base", "co2_intensity_reduction", 2030, "60", base_year=2005)


def reported(raw: RawDb) -> None:
    for value in ("30", "45.5"):
        raw.deliver(
            "reported_indicators", [{"year": 2023, "indicator": "green_goods_share", "value": value}], region="gov"
        )
    raw.deliver(
        "reported_indicators", [{"year": 2024, "indicator": "banned_equipment_in_use", "value": 0}], region="gov"
    )


def task(item: str, clause: str, agency: str, progress: int, **more: object) -> dict[str, object]:
    return {"as_of": "2024-12-31", "item_id": item, "clause": clause, "name": f"事项{item}", "kind": "task",
            "lead_agency": agency, "status": "in_progress", "progress": progress} | more  # fmt: skip


def tasks(raw: RawDb) -> None:
    rows = [
        task("D01-1", "三（十）1", "区产业发展局", 40, due="2025-12-31"),
        task("D01-2", "三(十)1", "区产业发展局、区城管局", 81, due="2025-12-31", status="done"),
        task("D011", "三(十)2", "某公司", 100, status="blocked", due="2030-01-01"),
        task("E09", "三(三)1", "区产业发展局", 0, status="not_started"),
    ]
    raw.deliver("task_register", rows, region="gov")


def deliver_all(raw: RawDb) -> None:
    communities(raw)
    survey(raw, "on-track", {2020: 20, 2021: 25, 2022: 30})
    survey(raw, "reached", {2020: 20, 2025: 40})
    survey(raw, "short", {2020: 20, 2025: 39})
    survey(raw, "overdue", {2020: 20, 2022: 45, 2023: 46, 2024: 47})
    survey(raw, "five", {2016: 90, 2020: 10, 2021: 12, 2022: 14, 2023: 16, 2024: 20})
    assigned(raw, "five", "bus_mode_share", 2030, "40")
    survey(raw, "late-base", {2018: 5, 2022: 10, 2024: 30})
    balances(raw)
    reported(raw)
    tasks(raw)
