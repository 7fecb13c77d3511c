"""When files have arrived completely: looks at an inbox, second by second, without waiting for any."""

from __future__ import annotations

from serving.arrivals import AGAIN_S, LONGEST_S, SETTLE_S, Arrivals

A, B = "a.csv", "b.csv"


def test_a_file_that_no_longer_changes_is_told_of_once() -> None:
    arrivals = Arrivals()
    assert arrivals.look({A: (5, 1)}, 0) == []
    assert arrivals.look({A: (5, 1)}, SETTLE_S - 1) == []
    assert arrivals.look({A: (5, 1)}, SETTLE_S) == [A]
    assert arrivals.look({A: (5, 1)}, SETTLE_S + 1) == [A]  # until somebody has been told
    arrivals.told([A], SETTLE_S + 1)
    assert arrivals.look({A: (5, 1)}, SETTLE_S + 60) == []


def test_a_file_that_grows_or_is_touched_has_not_arrived() -> None:
    arrivals = Arrivals()
    for second in range(0, 60, 5):
        assert arrivals.look({A: (second, 1)}, second) == []
    for second in range(60, 120, 5):
        assert arrivals.look({A: (60, second)}, second) == []
    assert arrivals.look({A: (60, 115)}, 115 + SETTLE_S) == [A]


def test_a_thousand_files_are_one_batch() -> None:
    arrivals = Arrivals()
    files = {f"{number}.csv": (number, 1) for number in range(1000)}
    arrivals.look(files, 0)
    assert len(arrivals.look(files, SETTLE_S)) == 1000


def test_those_that_have_settled_wait_for_those_that_have_not_but_not_for_ever() -> None:
    arrivals = Arrivals()
    arrivals.look({A: (1, 1)}, 0)
    second = 0.0
    while not (ripe := arrivals.look({A: (1, 1), B: (int(second), 1)}, second)):
        second += 5
        assert second < 60, "not within the minute"
    assert ripe == [A] and second == SETTLE_S + LONGEST_S
    arrivals.told(ripe, second)
    assert arrivals.look({A: (1, 1), B: (int(second), 1)}, second + SETTLE_S) == [B]


def test_a_change_a_return_and_a_long_stay_are_told_again() -> None:
    arrivals = Arrivals()
    arrivals.look({A: (1, 1)}, 0)
    arrivals.told(arrivals.look({A: (1, 1)}, 10), 10)
    assert arrivals.look({A: (2, 2)}, 20) == [] and arrivals.look({A: (2, 2)}, 30) == [A]
    arrivals.told([A], 30)
    assert arrivals.look({}, 35) == [] and arrivals.look({A: (2, 2)}, 40) == []
    assert arrivals.look({A: (2, 2)}, 50) == [A]
    arrivals.told([A], 50)
    assert arrivals.look({A: (2, 2)}, 50 + AGAIN_S - 1) == [] and arrivals.look({A: (2, 2)}, 50 + AGAIN_S) == [A]
    arrivals.told([A], 50 + AGAIN_S)
    assert arrivals.look({A: (2, 2)}, 50 + 2 * AGAIN_S) == []  # the pause doubles: nobody is bothered all day


def test_what_nobody_could_be_told_of_is_found_at_every_look() -> None:
    arrivals = Arrivals()
    arrivals.look({A: (1, 1)}, 0)
    assert [arrivals.look({A: (1, 1)}, second) for second in (10, 500, 900)] == [[A]] * 3
