"""Five hundred files with one fault each: an exact load or a refusal that says where, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.polluter.catalogue import FAULTS, polluted
from tests.faults.polluter.goods import MAKERS, good
from tests.faults.polluter.judge import EXACT, NAMED, REFUSED, SILENT, WRONGLY_REFUSED, is_named
from tests.faults.polluter.model import GROUPS, Exact, Fault, Refused
from tests.faults.polluter.plain_files import FAULTS as PLAIN
from tests.faults.polluter.run import Result, is_good, named_share, run, table

FILES = 500


def test_every_class_has_faults_and_every_fault_a_name_of_its_own():
    assert {fault.group for fault in FAULTS} == set(GROUPS)
    names = Counter(f"{fault.group}/{fault.name}" for fault in FAULTS)
    assert [name for name, count in names.items() if count > 1] == []


def test_a_seed_is_the_same_file_for_ever():
    for seed in (1, 77, 499):
        first, second = polluted(seed), polluted(seed)
        assert first[0].name == second[0].name
        assert first[1] == second[1]
        if not callable(first[2].content):
            assert first[2] == second[2]


def test_the_content_is_of_many_feeds():
    assert {good(seed).feed for seed in range(1, 200)} == set(MAKERS)


def test_the_judge_tells_right_from_wrong():
    """A plain file, judged by expectations that are wrong for it: the judge is able to fail."""

    def claiming(expect: Exact | Refused) -> Fault:
        def make(random, truth):
            file = PLAIN[0].make(random, truth)
            return type(file)(file.name, file.content, expect)

        return Fault("claim", "plain", make, single_row=isinstance(expect, Refused))

    other = good(99, "vehicle_stock").table
    further_down = tuple(range(7, 7 + len(good(1).rows)))
    assert [one.verdict for one in run([1], [PLAIN[0]])] == [EXACT]
    assert [one.verdict for one in run([1], [claiming(Refused(2))])] == [SILENT]
    assert [one.verdict for one in run([1], [claiming(Exact(table=other))])] == [SILENT]
    assert [one.verdict for one in run([1], [claiming(Exact(rows=further_down))])] == [SILENT]
    empty = Fault("nothing", "plain", lambda random, truth: type(PLAIN[0].make(random, truth))("a", b"", Exact()))
    assert [one.verdict for one in run([1], [empty])] == [WRONGLY_REFUSED]


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ([("bad", 3, "电量")], True),
        ([("bad", 3, "日期"), ("bad", 3, "电量")], True),
        ([("bad", 3, "日期")], False),
        ([("bad", 3, "电量"), ("bad", 4, "电量")], False),
        ([("bad", None, None)], False),
    ],
)
def test_a_place_is_named_by_its_row_and_column_and_no_other_row(told, named):
    assert is_named(told, Refused(3, "电量")) is named


def test_one_unnamed_row_in_a_hundred_is_too_many():
    named = [Result(n, "x", "ragged", "meters", NAMED, "", True) for n in range(98)]
    assert is_good(named)
    short = [*named, *(Result(n, "x", "ragged", "meters", REFUSED, "", True) for n in range(2))]
    assert named_share(short) == 0.98
    assert not is_good(short)


@pytest.mark.slow
def test_five_hundred_polluted_files():
    results = run(range(1, FILES + 1))
    wrong = [f"{one.seed} {one.fault}: {one.verdict}: {one.detail}" for one in results if one.failed]
    assert wrong == []
    assert is_good(results), table(results)
    assert {one.group for one in results} == set(GROUPS)
