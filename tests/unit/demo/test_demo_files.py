"""The files of the demonstration: repeatable, marked, complete, in order of arrival."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

import demo
from demo.generate import SHANGHAI
from demo.world import World
from sources.contract import contracts


def _prints(inbox: Path) -> dict[str, tuple[str, float]]:
    files = (path for path in sorted(inbox.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(inbox)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
        for path in files
    }


def test_the_same_seed_writes_the_same_bytes_and_times(inbox: Path, world: World, tmp_path: Path) -> None:
    demo.generate(tmp_path, years=range(2020, 2026), seed=world.seed, as_of=world.span.as_of)
    assert _prints(tmp_path) == _prints(inbox)


def test_another_seed_writes_other_numbers(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    demo.generate(first, years=(2020, 2020), seed=1, as_of=date(2020, 3, 5))
    demo.generate(second, years=(2020, 2020), seed=2, as_of=date(2020, 3, 5))
    mine, other = _prints(first), _prints(second)
    assert mine.keys() == other.keys()
    assert sum(mine[name] != other[name] for name in mine) > len(mine) / 3


def test_every_name_says_that_it_is_not_fact(inbox: Path) -> None:
    names = [path.name for path in inbox.rglob("*") if path.is_file()]
    assert [name for name in names if "演示" not in name and "synthetic" not in name] == []


def test_every_feed_occurs_in_the_district_or_the_national_series(inbox: Path) -> None:
    feeds = {path.parent.name for path in inbox.rglob("*") if path.is_file()}
    feeds |= {path.parent.name for path in demo.real_files()}
    assert feeds == set(contracts())


def test_there_are_files_enough_and_not_too_many(inbox: Path) -> None:
    files = [path for path in inbox.rglob("*") if path.is_file()]
    assert 250 <= len(files) <= 350
    assert sum(path.stat().st_size for path in files) < 40_000_000


def test_all_formats_and_encodings_occur(inbox: Path) -> None:
    files = [path for path in inbox.rglob("*") if path.is_file()]
    kinds = Counter("".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix for path in files)
    assert set(kinds) >= {".csv", ".csv.gz", ".xlsx", ".jsonl", ".jsonl.gz", ".parquet"}
    plain = [path.read_bytes() for path in files if path.suffix == ".csv"]
    assert any(body.startswith(b"\xef\xbb\xbf") for body in plain)
    assert any(_is_gb18030(body) for body in plain)
    assert all(any(mark in body.split(b"\n")[0] for body in plain) for mark in (b";", b"\t", b","))


def _is_gb18030(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return bool(body.decode("gb18030"))
    return False


def test_files_arrive_one_after_the_other_and_none_after_the_day_of_the_run(tmp_path: Path) -> None:
    written = demo.generate(tmp_path, years=(2024, 2025), seed=7, as_of=date(2025, 4, 3))
    times = [path.stat().st_mtime for path in written]
    assert times == sorted(set(times))
    assert datetime.fromtimestamp(times[-1], SHANGHAI).date() <= date(2025, 4, 3)


def test_nothing_is_reported_beyond_the_last_complete_month(tmp_path: Path) -> None:
    written = demo.generate(tmp_path, years=(2024, 2026), seed=7, as_of=date(2025, 4, 3))
    daily = {path.name for path in written if path.parent.name == "waste_weighings"}
    assert any("20250331" in name for name in daily)
    assert not any("202504" in name for name in daily)


@pytest.mark.parametrize("years", [(2024, 2023), range(0), (2027, 2028)])
def test_a_span_without_a_complete_month_is_refused(years: range | tuple[int, int], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no complete month"):
        demo.generate(tmp_path, years=years, as_of=date(2026, 5, 1))


def test_one_file_comes_twice_under_two_names(inbox: Path) -> None:
    prints = Counter((name.rsplit("/", 1)[0], sha) for name, (sha, _) in _prints(inbox).items())
    assert [count for count in prints.values() if count > 1] == [2]


def test_no_header_is_written_down_twice() -> None:
    """The contract is the only home of a header; the generator takes it from there."""
    code = "\n".join(path.read_text("utf-8") for path in Path(demo.__file__).parent.glob("*.py"))
    headers = {field.header for contract in contracts().values() for field in contract.fields}
    assert sorted(header for header in headers if f'"{header}"' in code) == []


def test_real_files_are_copied_not_moved(tmp_path: Path) -> None:
    before = [(path, path.read_bytes()) for path in demo.real_files()]
    written = demo.copy_real(tmp_path)
    assert [path.read_bytes() for path in written] == [body for _, body in before]
    assert all(path.exists() for path, _ in before)
    assert {path.parts[-3] for path in written} == {"china", "china-nbs"}
