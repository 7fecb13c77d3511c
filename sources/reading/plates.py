"""Number plates typed where none belongs: they do not leave the deliveries, and whoever typed them is told."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from sources.privacy import SURE_PLATE, may_hold_plates
from sources.reading.checks import Rows
from sources.reading.grid import column_bytes


def warn_of_plates(rows: Rows) -> None:
    """A warning for every cell of free text with a plate in it; the values are taken in as they are."""
    zh = "文本中有车牌号：车牌不出交付文件，发布时以 *** 代替，请改报不含车牌的文本"
    en = "a number plate in a text: plates do not leave the deliveries, it is published as ***; send the text without"
    for name in may_hold_plates(rows.contract):
        column, values = rows.columns.get(name), rows.values[name]
        if column is None or column_bytes(values).isascii():
            continue
        words = values.dictionary_encode()
        is_plate = pc.match_substring_regex(words.dictionary, SURE_PLATE)
        if pc.any(is_plate).as_py():
            found = is_plate.take(words.indices).fill_null(False).to_numpy(zero_copy_only=False)
            rows.warn(np.flatnonzero(found), name, "plate_in_text", zh, en)
