"""The committed deliveries of published national series, copied into an inbox."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from demo.generate import SHANGHAI
from warehouse.paths import REAL_DELIVERIES

ARRIVED = datetime(2022, 7, 1, 9, tzinfo=SHANGHAI)


def real_files() -> list[Path]:
    """The committed deliveries, as `<region>/<feed>/<file>` below demo/real, in a fixed order."""
    return sorted(path for path in REAL_DELIVERIES.glob("*/*/*") if path.is_file())


def copy_real(inbox: Path) -> list[Path]:
    """Copies (never moves) the real series into `inbox`; returns the files written, with fixed arrival times."""
    written = []
    for number, source in enumerate(real_files()):
        target = inbox / source.relative_to(REAL_DELIVERIES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        moment = ARRIVED.timestamp() + number
        os.utime(target, (moment, moment))
        written.append(target)
    return written
