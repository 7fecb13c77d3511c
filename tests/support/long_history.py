"""A history of eleven releases with everything that can happen between two of them, made in a copy of the project.

`python -m tests.support.long_history HOME` writes it and prints the id of each release by name. It changes seeds and
contracts of the project it runs in: `project_copy` makes one for it.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb

from sources import rereading
from sources.acceptance import accept_without
from sources.contract import contracts
from sources.ledger import (
    Backfill,
    Ledger,
    SignOff,
    add_backfill,
    add_hold,
    add_sign_off,
    deliveries,
    open_ledger,
    winners,
)
from sources.reading import named
from tests.support.homes import run
from tests.support.small import CORRECTION, ENERGY_HEADER, FIRST, UNREADABLE, WASTE, File, deliver
from warehouse import inputs
from warehouse.assessable import assessable
from warehouse.paths import CONTRACTS, PROJECT, SEEDS, Home
from warehouse.shelf import current_release

AS_OF, LATER = date(2026, 2, 20), date(2026, 3, 20)
REGION = "history-district"
PACKAGES = ("dbt_project", "demo", "expectations", "flows", "peak", "sources", "tests", "warehouse")

_BALANCE = "年份,项目,数量,计量单位\n"
_COAL = {2014: 279329, 2015: 276964, 2016: 275200, 2017: 276240, 2018: 273761}
_ITEMS = {"石油": 74090, "天然气": 24271, "非化石能源": 48100}


def _balance(*years: int, coal: int = 0) -> bytes:
    """Energy balance of some years, in 10 000 tce; `coal` is added to the coal of each."""
    rows = [(year, "煤炭", _COAL[year] + coal) for year in years]
    rows += [(year, item, amount + year) for year in years for item, amount in _ITEMS.items()]
    return (_BALANCE + "".join(f"{year},{item},{amount},万吨标准煤\n" for year, item, amount in rows)).encode()


def _accounts() -> bytes:
    rows = [(year, 1_000_000 + 70_000 * (year - 2014)) for year in _COAL]
    return (
        "年份,季度,指标,价格基期,现价,可比价\n"
        + "".join(f"{year},4,地区生产总值,2020,{amount},{amount}\n" for year, amount in rows)
    ).encode()


def _file(feed: str, name: str, content: bytes | str) -> File:
    return (REGION, feed, name, content if isinstance(content, bytes) else content.encode())


def _first(home: Home) -> None:
    deliver(
        home,
        [
            _file("energy_balance", "平衡表.csv", _balance(*_COAL)),
            _file("national_accounts", "生产总值.csv", _accounts()),
            _file("energy_supply", "能源.csv", FIRST),
            _file("energy_supply", "能源_三月.csv", UNREADABLE),
            _file("waste_weighings", "磅单.csv", WASTE),
        ],
    )


def _revised(home: Home) -> None:
    deliver(home, [_file("energy_balance", "平衡表_2018_修订.csv", _balance(2018, coal=900))])


def _delivery(ledger: Ledger, name: str) -> str:
    return next(entry.delivery_id for entry in deliveries(ledger) if entry.file_name == name)


def _hold(action: str) -> Callable[[Home], None]:
    def work(home: Home) -> None:
        with closing(open_ledger(home)) as ledger:
            add_hold(ledger, _delivery(ledger, "平衡表_2018_修订.csv"), action, who="tester", why=action)

    return work


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, f"{file.name} no longer says {old}"
    file.write_text(text.replace(old, new), "utf-8")


def _factor(_: Home) -> None:
    _replace(SEEDS / "ref_co2_factors.csv", "assessment,1,coal,2.64,", "assessment,1,coal,2.65,")


def _month(home: Home) -> None:
    deliver(home, [_file("energy_supply", "能源_二月_更正.csv", CORRECTION)])


def _read_again(home: Home) -> None:
    """Another wording of the contract: the bytes are read again, the rows stay what they were."""
    _replace(CONTRACTS / "energy" / "energy_balance.odcs.yaml", "status: active", "status: active # reworded")
    contracts.cache_clear()  # both are read once per process
    inputs.contract_sha256.cache_clear()
    with closing(open_ledger(home)) as ledger:
        places = [(scope.region, scope.scope) for scope in winners(ledger) if scope.feed == "energy_balance"]
        add_backfill(ledger, Backfill("test", "energy_balance", REGION, None, None, "tester", "reworded", ()))
        for delivery in rereading.outdated(ledger, "energy_balance", places):
            read = rereading.read_again(home, ledger, delivery, who="tester", why="reworded", run_id="test", judge=None)
            assert read.refusal is None


def _back(home: Home) -> None:
    """2018 as it was said first, in other bytes."""
    deliver(home, [_file("energy_balance", "平衡表_2018_复原.csv", _balance(2018) + b"\n")])


def _accepted(home: Home) -> None:
    with closing(open_ledger(home)) as ledger:
        refused = _delivery(ledger, "能源_三月.csv")
        outcome = accept_without(home, ledger, refused, [named("3")], who="tester", why="unreadable", judge=None)
        assert outcome.status == "accepted"


def _removed(home: Home) -> None:
    """January less one of its rows, and a year taken back to nothing."""
    deliver(home, [_file("energy_supply", "能源_一月_撤.csv", ENERGY_HEADER + "2024-01,柴油,交通运输,12.5,吨\n")])


def _signed(home: Home) -> None:
    release = current_release(home)
    assert release is not None
    with closing(open_ledger(home)) as ledger, duckdb.connect(str(release.database), read_only=True) as connection:
        signed = SignOff(REGION, 2018, release.release_id, "tester", "annual assessment")
        values = assessable(connection, REGION, 2018)
        assert values
        add_sign_off(ledger, signed, values)


NIGHTS: dict[str, tuple[Callable[[Home], None], date]] = {
    "first": (_first, AS_OF),
    "revised": (_revised, AS_OF),
    "held": (_hold("hold"), AS_OF),
    "released": (_hold("release"), AS_OF),
    "factor": (_factor, AS_OF),
    "month": (_month, AS_OF),
    "read_again": (_read_again, AS_OF),
    "back": (_back, AS_OF),
    "accepted": (_accepted, AS_OF),
    "removed": (_removed, LATER),
    "signed": (_signed, LATER),
}


def project_copy(folder: Path) -> Path:
    """A copy of the project's files in `folder`, without what runs and tools left in them."""
    folder.mkdir(parents=True)
    left_out = shutil.ignore_patterns("__pycache__", "target", "logs", "data", ".*")
    for name in PACKAGES:
        shutil.copytree(PROJECT / name, folder / name, ignore=left_out)
    for file in PROJECT.glob("*.*"):
        if file.is_file() and not file.name.startswith("."):
            shutil.copy(file, folder / file.name)
    return folder


def write(home: Home) -> dict[str, str]:
    """Every night in turn; the id of each release by its name."""
    found = {}
    for name, (prepare, as_of) in NIGHTS.items():
        prepare(home)
        night = run(home, as_of, judged=False)
        refused = {outcome.file_name for outcome in night.outcomes if outcome.status != "accepted"}
        assert refused <= {"能源_三月.csv"}, night.outcomes
        assert night.release is not None, (name, night.built.problem, night.built.failed, night.failed)
        found[name] = night.release.release_id
    return found


if __name__ == "__main__":
    json.dump(write(Home(Path(sys.argv[1]))), sys.stdout)
