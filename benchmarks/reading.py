"""How fast a large CSV is read, typed and checked, beside DuckDB's own read of the same file.

Run: `python -m benchmarks.reading [--meters 10417] [--rounds 5]`. Prints the best time of each and their ratio; exits 1
when reading takes more than twice as long as DuckDB. Figures of other formats are printed for information.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sources.contract import contracts
from sources.reading import read_file

LIMIT = 2.0


def write_readings(path: Path, meters: int) -> int:
    """A day of meter_readings, 96 rows per meter, quantities of three places; returns the rows."""
    draw = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("日期,表计编号,时刻,电量\n")
        for meter in range(meters):
            for quarter in range(96):
                clock = f"{quarter // 4:02d}:{quarter % 4 * 15:02d}:00"
                file.write(f"2024-03-01,M{meter:06d},2024-03-01 {clock},{draw.random() * 50:.3f}\n")
    return meters * 96


def by_duckdb(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select * from read_csv(?)", [str(path)])


def by_peak(path: Path, rows: int) -> None:
    reading = read_file(path, contracts()["meter_readings"])
    assert reading.table is not None and reading.table.num_rows == rows, reading.problems[:3]


def timed(rounds: int, **works: Callable[[], None]) -> dict[str, list[float]]:
    """Seconds of every run of some works, taken in turn so that a busy machine is busy for all of them."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return times


def show(name: str, times: list[float]) -> None:
    print(f"{name:16} first {times[0]:.3f} s  best {min(times):.3f} s  median {statistics.median(times):.3f} s")


def variants(path: Path) -> dict[str, Path]:
    """The same rows in other clothes."""
    text = path.read_text("utf-8")
    table = pa_csv.read_csv(path)
    made = {
        name: path.with_name(name)
        for name in ("gb18030.csv", "quoted.csv", "footer.csv", "typed.parquet", "lines.jsonl")
    }
    made["gb18030.csv"].write_text(text, "gb18030")
    made["quoted.csv"].write_text(
        "".join('"' + line.replace(",", '","') + '"\n' for line in text.splitlines()), "utf-8"
    )
    made["footer.csv"].write_text(text + "填表人：张三\n", "utf-8")
    pq.write_table(table, made["typed.parquet"])
    with made["lines.jsonl"].open("w", encoding="utf-8") as file:
        for batch in table.set_column(0, "日期", table[0].cast(pa.string())).to_batches(50_000):
            rows = batch.set_column(2, "时刻", batch.column(2).cast(pa.string())).to_pylist()
            file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meters", type=int, default=10_417)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--variants", action="store_true", help="also time other encodings and formats")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.csv"
        rows = write_readings(path, options.meters)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.1f} MB")
        times = timed(options.rounds, duckdb=lambda: by_duckdb(path), peak=lambda: by_peak(path, rows))
        for name, taken in times.items():
            show(name, taken)
        ratio = min(times["peak"]) / min(times["duckdb"])
        print(f"ratio of the best {ratio:.2f} (at most {LIMIT})")
        for name, other in variants(path).items() if options.variants else ():
            show(name, timed(2, work=lambda other=other: by_peak(other, rows))["work"])  # type: ignore[misc]
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
