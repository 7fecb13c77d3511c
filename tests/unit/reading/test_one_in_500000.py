"""One bad row in half a million refuses the file and is named; a person takes in the rest, and that is on record."""

from __future__ import annotations

import json
from contextlib import closing

import numpy as np
import pyarrow.parquet as pq
import pytest

from peak.cli import main
from sources import ledger as book
from sources.intake import take_in
from tests.support.homes import put
from warehouse.paths import Home

METERS, SLOTS = 5_209, 96
ROWS = 500_000
BAD = 398_765  # position among the rows


def readings() -> str:
    """A day of meter readings: `ROWS` rows, one of which holds two numbers in one cell."""
    times = [f"2024-03-01 {slot // 4:02}:{slot % 4 * 15:02}:00" for slot in range(SLOTS)]
    rows = [
        f"2024-03-01,M{number // SLOTS:05},{times[number % SLOTS]},{number % 97}.{number % 10}"
        for number in range(METERS * SLOTS)
    ][:ROWS]
    rows[BAD] = rows[BAD].rpartition(",")[0] + ",12.5/13"
    return "\n".join(["日期,表计编号,时刻,电量", *rows, ""])


@pytest.mark.slow
def test_one_bad_row_in_half_a_million(tmp_path, monkeypatch, capsys):
    home = Home(tmp_path / "home")
    monkeypatch.setenv("PEAK_HOME", str(home.root))
    path = put(home, "r", "meter_readings", "day.csv", readings())
    with closing(book.open_ledger(home)) as ledger:
        refused = take_in(path, "meter_readings", "r", home, ledger)
        assert (refused.status, refused.row_count) == ("quarantined", ROWS)
        (problem,) = refused.problems
        assert (problem.code, problem.row, problem.column, problem.value) == ("bad_number", BAD + 2, "电量", "12.5/13")
        assert book.winners(ledger) == []
    main(
        ["accept", refused.delivery_id, "--without-rows", str(BAD + 2), "--reason", "电话核实", "--json"],
        standalone_mode=False,
    )
    facts = json.loads(capsys.readouterr().out)
    assert (facts["status"], facts["partial_scopes"]) == ("accepted", ["2024-03-01"])
    with closing(book.open_ledger(home)) as ledger:
        (scope,) = book.winners(ledger)
        assert scope.is_partial
        (left_out,) = book.excluded_rows(ledger, scope.seq)
        assert (left_out.row, left_out.why) == (BAD + 2, "电话核实")
    loaded = pq.read_table(home.delivery("meter_readings", "r", refused.delivery_id), columns=["_row", "kwh"])
    kept = np.delete(np.arange(2, ROWS + 2), BAD)
    assert np.array_equal(np.sort(loaded["_row"].to_numpy()), kept)
