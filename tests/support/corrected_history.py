"""Five nights of one small district, made in a copy of the project: two known errors are put right, one is mended.

`python -m tests.support.corrected_history HOME` writes it and prints what each night gave, as JSON.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from contextlib import closing, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from peak.explanation import say
from sources.corrections import TABLE
from sources.ledger import open_ledger, releases
from tests.support.homes import Night, run
from tests.support.small import WASTE, deliver
from warehouse.explain import Asked, explain
from warehouse.paths import Home
from warehouse.reproduce import reproduce
from warehouse.status import status

AS_OF = date(2026, 2, 20)
REGION = "corrected-district"
HEADER = ("region", "feed", "key", "field", "wrong_value", "right_value", "reason", "who", "since", "source")
COAL = (
    *(REGION, "energy_balance", "year=2018;item=coal", "quantity", "273761", "276400.5"),
    *("抄错一行", "王某", "2026-02-01", "电话核实"),
)
TICKET = (REGION, "waste_weighings", "day=2024-01-05;facility=一号焚烧厂;ticket_id=T1")
WEIGHTS = [
    (*TICKET, "gross_kg", "15200", "16200", "地磅漏记一吨", "李某", "", ""),
    (*TICKET, "net_kg", "6100", "7100", "地磅漏记一吨", "李某", "", ""),
]
BALANCE = "年份,项目,数量,计量单位\n2017,煤炭,276240,万吨标准煤\n2018,煤炭,{coal},万吨标准煤\n"
ASKED = Asked("coal_consumption", REGION, "year", date(2018, 1, 1))
SAID = {
    "values": "select indicator, period_type, cast(period_start as varchar), cast(value as varchar) "
    "from indicator_values where value is not null order by all",
    "lineage": "select feed, cast(period_start as varchar), max(corrections) from lineage "
    "where period_type = 'year' group by all order by all",
    "corrections": "select field, wrong_value, right_value, status, file_name, row_number, reason, who "
    "from corrections order by all",
    "waste": "select cast(sum(net_kg) as varchar) from fct_waste_daily",
    "revisions": "select distinct indicator, period_type, cast(period_start as varchar), cause, cause_detail "
    "from indicator_revisions where release_id = (select release_id from release) order by all",
}


def write_table(*rows: tuple[str, ...]) -> None:
    """The table of corrections, of this copy of the project, with these rows."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])


def told(night: Night) -> dict[str, Any]:
    """What a night changed, what it failed by, and what its release says."""
    found: dict[str, Any] = {
        "failed": [(check.suite, check.check, check.examples, check.domains, check.feeds) for check in night.failed],
        "problem": night.built.problem,
        "changed": [(scope.feed, scope.scope) for scope in night.built.changed],
        "scope_changes": [(c.feed, c.scope, c.kind) for c in night.revised.scope_changes] if night.revised else [],
        "is_full": night.built.is_full,
    }
    if night.release is not None:
        found["release"] = night.release.release_id
        with duckdb.connect(str(night.release.database), read_only=True) as connection:
            found |= {name: connection.execute(sql).fetchall() for name, sql in SAID.items()}
    return found


def explained(home: Home) -> dict[str, Any]:
    """How the released value of a year is explained, and how that is printed."""
    found, printed = explain(home, ASKED), io.StringIO()
    with redirect_stdout(printed):
        say(found, everything=False)
    corrections = [vars(item) for item in found.corrections]
    return {"is_exact": found.is_exact, "corrections": corrections, "printed": printed.getvalue()}


def write(home: Home) -> dict[str, Any]:
    """Every night in turn, and what each gave."""
    found: dict[str, Any] = {}
    files = [("energy_balance", "平衡表.csv", BALANCE.format(coal=273761)), ("waste_weighings", "磅单.csv", WASTE)]
    deliver(home, [(REGION, feed, name, text.encode()) for feed, name, text in files])
    found["wrong"] = told(run(home, AS_OF, judged=False))
    write_table(COAL, (*COAL[:3], "price", *COAL[4:]))
    found["unsound"] = told(run(home, AS_OF, judged=False))
    write_table(COAL, *WEIGHTS)
    found["corrected"] = told(run(home, AS_OF, judged=False)) | {"explained": explained(home)}
    found["in_force"] = status(home, AS_OF).corrections
    mended = BALANCE.format(coal="276400.5").encode()
    deliver(home, [(REGION, "energy_balance", "平衡表_改正.csv", mended)])
    found["mended"] = told(run(home, AS_OF, judged=False))
    write_table(*WEIGHTS)
    found["removed"] = told(run(home, AS_OF, judged=False))
    with closing(open_ledger(home)) as ledger:
        found["reproduced"] = {
            release.release_id: reproduce(home, ledger, release, lambda line: None).is_equal
            for release in releases(ledger)[1:]
        }
    return found


if __name__ == "__main__":
    json.dump(write(Home(Path(sys.argv[1]))), sys.stdout, ensure_ascii=False, default=str)
