"""Quarter-hour readings of the key users' meters: meters, meter_readings. The platform went live in 2023."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from demo.district import credit_code
from demo.industry import electricity
from demo.span import add_months
from demo.world import Delivery, Row, World, dec

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

LIVE = date(2023, 1, 1)
QUARTERS = 96
DRIFT = ("DB-004", 2024, 1.09)  # this meter ran 9 % high for a year: verification has to flag it


@dataclass(frozen=True)
class Meter:
    """A meter, its enterprise and the share of the enterprise's electricity that it measures."""

    id: str
    enterprise: int
    share: float
    rated_kw: int
    night: float  # load at night against the day's
    since: date = LIVE


METERS = (
    Meter("DB-001", 3, 0.62, 24_000, 0.85),
    Meter("DB-002", 3, 0.38, 16_000, 0.7),
    Meter("DB-003", 4, 1.0, 20_000, 0.92),
    Meter("DB-004", 5, 1.0, 18_000, 0.75),
    Meter("DB-005", 8, 1.0, 26_000, 0.35),
    Meter("DB-006", 14, 1.0, 22_000, 0.6, date(2024, 1, 1)),
)


def _generator(world: World, *key: object) -> np.random.Generator:
    import numpy as np

    return np.random.default_rng(world.chance("meter", *key).getrandbits(64))


@cache
def _month_kwh(world: World, meter: Meter, month: date) -> np.ndarray:
    """kWh of every quarter hour of the month, shape (days, 96), summing to about what the enterprise reports."""
    import numpy as np

    days = (add_months(month, 1) - month).days
    hours = np.arange(QUARTERS) / 4
    shape = meter.night + (1 - meter.night) * np.clip(np.sin((hours - 6.5) / 15 * np.pi), 0, None) ** 0.5
    week = np.array([0.82 if (month + timedelta(days=n)).weekday() == 6 else 1.0 for n in range(days)])
    noise = _generator(world, meter.id, month).uniform(0.93, 1.07, (days, QUARTERS))
    load = shape[None, :] * week[:, None] * noise
    total = electricity(world, meter.enterprise, month) * 10_000 * meter.share
    total = world.near(total, 0.012, "metered", meter.id, month)
    if (meter.id, month.year) == DRIFT[:2]:
        total *= DRIFT[2]
    return np.round(load * (total / load.sum()), 2)


def _readings(world: World, days: list[date]) -> pa.Table:
    """The readings of all meters on `days`, day by day and meter by meter."""
    import numpy as np
    import pyarrow as pa

    parts, keys = [], []
    for day in days:
        month = day.replace(day=1)
        for meter in METERS:
            if meter.since <= day:
                parts.append(_month_kwh(world, meter, month)[day.day - 1])
                keys.append((np.datetime64(day, "D"), meter.id))
    starts = np.repeat(np.array([day for day, _ in keys]), QUARTERS)
    minutes = np.tile(np.arange(QUARTERS) * 15, len(keys)).astype("timedelta64[m]")
    return pa.table(
        {
            "day": pa.array(starts),
            "meter_id": pa.array(np.repeat(np.array([name for _, name in keys]), QUARTERS).tolist()),
            "ts": pa.array((starts + minutes).astype("datetime64[s]")),
            "kwh": pa.array(np.concatenate(parts)),
        }
    )


def _register(world: World, as_of: date) -> list[Row]:
    return [
        {
            "as_of": as_of,
            "meter_id": m.id,
            "enterprise_id": credit_code(m.enterprise),
            "sector": "industry",
            "rated_kw": dec(m.rated_kw, 0),
        }
        for m in METERS
        if m.since <= as_of
    ]


def deliveries(world: World) -> Iterator[Delivery]:
    """meter_readings in quarterly, monthly and daily files since the platform went live, meters every year-end."""
    if world.span.last < LIVE:
        return
    for batch in world.span.day_batches(3, LIVE):
        yield Delivery("meter_readings", batch.label, batch.arrived, _readings(world, batch.days))
    for as_of in world.span.year_ends():
        if as_of >= LIVE:
            arrived = world.span.arrival(as_of + timedelta(days=5))
            yield Delivery("meters", f"{as_of:%Y%m%d}", arrived, _register(world, as_of))
