"""dbt's parse of the project, made once for all homes of a test run: it takes longer than building a small home.

dbt takes over the parse of the run before unless the connection has changed, and a home's path is part of that.
No model reads the path, so in tests one parse serves any home. What people start in a process of its own parses.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from warehouse.dbt_runs import invoke, target_folder
from warehouse.paths import Home

PARSED = "partial_parse.msgpack"


@cache
def parse_serves_any_home() -> None:
    """From here on dbt leaves the path out of what tells two connections apart, in this process and its forks."""
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    keys = DuckDBCredentials._connection_keys
    DuckDBCredentials._connection_keys = lambda self: tuple(key for key in keys(self) if key != "path")  # type: ignore[method-assign]


@cache
def _parsed() -> bytes:
    with tempfile.TemporaryDirectory(prefix="parsed-") as folder:
        home = Home(Path(folder))
        invoke(home, "parse")
        return (target_folder(home) / PARSED).read_bytes()


def lend_parse(home: Home) -> None:
    """Spare a home its first parse, and a copied one its second."""
    parse_serves_any_home()
    file = target_folder(home) / PARSED
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_parsed())
