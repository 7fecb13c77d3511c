"""What may become of a correction."""

from __future__ import annotations

APPLIED, NO_ROW, ALREADY_RIGHT, OTHER_VALUE = "applied", "no_row", "already_right", "other_value"
# it was written for a delivery that is on hold: nothing to put right, and nothing wrong is published
ON_HOLD = "on_hold"
NO_LONGER = frozenset({NO_ROW, ALREADY_RIGHT, OTHER_VALUE})
