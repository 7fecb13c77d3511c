"""All faults, and the one file that a seed stands for."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from tests.faults.polluter import plain_files, workbook_cells
from tests.faults.polluter.goods import good
from tests.faults.polluter.model import Fault, Good, Polluted

MODULES = (plain_files, workbook_cells)
FAULTS: tuple[Fault, ...] = tuple(fault for module in MODULES for fault in module.FAULTS)


def polluted(seed: int, faults: Iterable[Fault] = FAULTS) -> tuple[Fault, Good, Polluted]:
    """The fault of a seed (they take turns), the content it spoils, and the file."""
    chosen = list(faults)
    fault = chosen[(seed - 1) % len(chosen)]
    random = Random(f"fault {seed}")
    truth = good(seed, random.choice(fault.feeds) if fault.feeds else None)
    return fault, truth, fault.make(random, truth)
