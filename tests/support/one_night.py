"""One night of this copy of the project: `python -m tests.support.one_night HOME DATE`; prints how it ended."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from tests.support.flows import plain_flows
from warehouse.paths import Home


def main(home: Path, as_of: date) -> None:
    """The last line is JSON: result, files held, the checks that stopped it, what no delivery explains."""
    with plain_flows(Home(home)) as flows:
        from flows.refresh import Stopped

        try:
            summary = flows.nightly(as_of=as_of)
        except Stopped as stop:
            summary = stop.summary
    said = {
        "result": summary.result,
        "held": [item.file_name for item in summary.held],
        "stopped_by": [f"{check.suite}.{check.check}" for check in summary.stopped_by],
        "unexplained": summary.unexplained,
    }
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
