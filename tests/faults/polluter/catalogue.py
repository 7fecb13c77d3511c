"""All faults, and the one file that a seed stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from tests.faults.polluter import (
    delimiter_faults,
    encoding_faults,
    json_faults,
    layout_faults,
    package_faults,
    packages,
    parquet_faults,
    place_faults,
    plain_files,
    quote_faults,
    value_faults,
    workbook_cells,
    workbook_sheets,
)
from tests.faults.polluter.goods import good
from tests.faults.polluter.model import Fault, Good, Polluted

MODULES = (
    plain_files,
    delimiter_faults,
    encoding_faults,
    json_faults,
    layout_faults,
    package_faults,
    packages,
    parquet_faults,
    place_faults,
    quote_faults,
    value_faults,
    workbook_cells,
    workbook_sheets,
)
FAULTS: tuple[Fault, ...] = tuple(fault for module in MODULES for fault in module.FAULTS)


def chosen(names: Iterable[str] = ()) -> tuple[Fault, ...]:
    """The faults of some names or classes; all of them when none is named."""
    wanted = set(names)
    return tuple(one for one in FAULTS if not wanted or {one.name, one.group} & wanted)


def polluted(seed: int, faults: Sequence[Fault] = FAULTS) -> tuple[Fault, Good, Polluted]:
    """The fault of a seed, the content it spoils, and the file. Faults take turns, in an order that mixes classes."""
    turn = Random("turns").sample(range(len(faults)), len(faults))
    fault = faults[turn[(seed - 1) % len(faults)]]
    random = Random(f"fault {seed}")
    truth = good(seed, random.choice(fault.feeds) if fault.feeds else None)
    return fault, truth, fault.make(random, truth)
