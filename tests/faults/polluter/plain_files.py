"""Files without a fault: the truth is loaded, and read in the same way from every text format."""

from __future__ import annotations

from random import Random

from tests.faults.polluter.dress import joined, json_lines, packed, plain
from tests.faults.polluter.model import Exact, Fault, Good, Polluted


def _csv(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.csv", plain(good), Exact())


def _packed(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.csv.gz", packed(plain(good)), Exact())


def _json(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.jsonl", joined(json_lines(good)), Exact(rows=tuple(range(1, len(good.rows) + 1))))


FAULTS = (
    Fault("csv", "plain", _csv),
    Fault("csv_gz", "plain", _packed),
    Fault("jsonl", "plain", _json),
)
