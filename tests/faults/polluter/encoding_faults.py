"""Bytes that are not what the rest of the file is."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.faults.polluter.dress import FREE_TEXT, file_row, free_text, joined, line, lines, packed, plain
from tests.faults.polluter.goods import changed, truth
from tests.faults.polluter.model import Exact, Expectation, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
TEXT = "岳阳市康王工业园第一分厂"
TRADITIONAL = "岳陽縣發電廠與變電所設備檢驗"


def _whole(encoding: str, expect: Expectation, mark: bytes = b"") -> Make:
    def make(random: Random, good: Good) -> Polluted:
        return Polluted("delivery.csv", mark + plain(good).decode().encode(encoding), expect)

    return make


def _packed(random: Random, good: Good) -> Polluted:
    return Polluted("delivery.csv.gz", packed(plain(good).decode().encode("gb18030")), Exact())


def _marked(marks: int) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        return Polluted("delivery.csv", b"\xef\xbb\xbf" * marks + plain(good), Exact())

    return make


def _written(good: Good, file: str, row: int, text: str, own: str, english: bool) -> bytes:
    """A file in one encoding in which one row, with `text` for a name, is in another one."""
    header = [field.name for field in good.fields] if english else good.header
    index, parts = free_text(good), []
    for number, cells in enumerate(good.rows):
        changed_cells = [text if n == index and number == row else cell for n, cell in enumerate(cells)]
        parts.append((line(changed_cells) + "\n").encode(own if number == row else file))
    return (line(header) + "\n").encode(file) + b"".join(parts)


def _one_row(file: str, own: str, english: bool = False) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        row = random.randrange(len(good.rows))
        return Polluted("delivery.csv", _written(good, file, row, TEXT, own, english), Refused(file_row(row)))

    return make


def _english(encoding: str, text: str, is_read: bool) -> Make:
    """English headers and codes, so that only the texts of a row or two tell the encoding."""

    def make(random: Random, good: Good) -> Polluted:
        index, name = free_text(good), good.fields[free_text(good)].name
        cells = [list(one) for one in good.rows]
        values = []
        for number, one in enumerate(good.values):
            values.append({**one, name: text})
            cells[number][index] = text
            for place, field in enumerate(good.fields):
                if field.codes:
                    cells[number][place] = one[field.name]
                elif (
                    field.type == "text"
                    and not field.dictionary
                    and place != index
                    and one[field.name]
                    and not one[field.name].isascii()
                ):
                    cells[number][place] = text
                    values[-1][field.name] = text
        header = [field.name for field in good.fields]
        content = joined([line(header), *(line(one) for one in cells)]).decode()
        if not is_read:
            return Polluted("delivery.csv", content.encode(encoding, "replace"), Refused())
        return Polluted("delivery.csv", content.encode(encoding), Exact(truth(good.contract, values)))

    return make


def _bytes(raw: bytes, encoding: str = "utf-8") -> Make:
    """One text cell with bytes that no text of this encoding has."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = random.randrange(len(good.rows)), free_text(good)
        cells = [*good.rows[row][:index], "@@", *good.rows[row][index + 1 :]]
        parts = lines(good)
        parts[row + 1] = line(cells)
        content = joined(parts).decode().encode(encoding).replace(b"@@", raw)
        return Polluted("delivery.csv", content, Refused(file_row(row)))

    return make


def _cut(encoding: str) -> Make:
    """The last character of the file is cut in two."""

    def make(random: Random, good: Good) -> Polluted:
        content = joined([*lines(good)[:-1], line([*good.rows[-1][:-1], "吨"])]).decode().encode(encoding)
        return Polluted("delivery.csv", content[:-2], Refused(file_row(len(good.rows) - 1)))

    return make


def _garbled(through: str) -> Make:
    """The whole file read in a wrong encoding and saved again."""

    def make(random: Random, good: Good) -> Polluted:
        text = plain(good).decode("utf-8").encode("utf-8").decode(through, "replace")
        return Polluted("delivery.csv", text.encode(), Refused())

    return make


def _garbled_cell(spoilt: str) -> Make:
    """One text spoilt by the program before us: read in a wrong encoding, escaped, or lost."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = random.randrange(len(good.rows)), free_text(good)
        cells = [*good.rows[row][:index], spoilt, *good.rows[row][index + 1 :]]
        parts = lines(good)
        parts[row + 1] = line(cells)
        return Polluted("delivery.csv", joined(parts), Refused(file_row(row), good.header[index]))

    return make


def _exact_text(encoding: str, text: str) -> Make:
    """A text with signs that only this encoding's later editions have."""

    def make(random: Random, good: Good) -> Polluted:
        row, index = random.randrange(len(good.rows)), free_text(good)
        cells = [*good.rows[row][:index], text, *good.rows[row][index + 1 :]]
        parts = lines(good)
        parts[row + 1] = line(cells)
        expect = Exact(changed(good, row, index, text))
        return Polluted("delivery.csv", joined(parts).decode().encode(encoding), expect)

    return make


_TEXT = tuple(FREE_TEXT)
_LAST = ("energy_supply",)
_SPOILT = {
    "latin1": TEXT.encode().decode("latin-1"),
    "gb18030": TEXT.encode().decode("gb18030"),
    "accent": "CafÃ© 厂",
    "gb18030_as_latin1": TEXT.encode("gb18030").decode("latin-1"),
    "utf8_as_gbk": TEXT.encode().decode("gbk", "replace").replace("\ufffd", "?"),
    "replaced_as_gbk": "锟斤拷锟斤拷",
    "uninitialised": "烫烫烫烫",
    "replaced": TEXT.encode("gb18030").decode("utf-8", "replace"),
    "lost": "?" * len(TEXT),
    "entities": TEXT.encode("ascii", "xmlcharrefreplace").decode(),
    "named_entity": "康王&amp;岳阳厂",
    "escapes": TEXT.encode("ascii", "backslashreplace").decode(),
}

FAULTS = (
    Fault("gb18030", "encodings", _whole("gb18030", Exact())),
    Fault("gbk", "encodings", _whole("gbk", Exact())),
    Fault("gb18030_packed", "encodings", _packed),
    Fault("gb18030_marked", "encodings", _whole("gb18030", Exact(), "\ufeff".encode("gb18030"))),
    Fault("gb18030_four_bytes", "encodings", _exact_text("gb18030", "㐂𠮷野厂€"), False, _TEXT),
    Fault("utf8_marked", "encodings", _marked(1)),
    Fault("utf8_marked_twice", "encodings", _marked(2)),
    Fault("utf16_le", "encodings", _whole("utf-16-le", Refused())),
    Fault("utf16_be", "encodings", _whole("utf-16-be", Refused())),
    Fault("utf16_le_marked", "encodings", _whole("utf-16-le", Refused(), b"\xff\xfe")),
    Fault("utf16_be_marked", "encodings", _whole("utf-16-be", Refused(), b"\xfe\xff")),
    Fault("utf32", "encodings", _whole("utf-32", Refused())),
    Fault("utf7", "encodings", _whole("utf-7", Refused())),
    Fault("hz", "encodings", lambda r, g: Polluted("a.csv", plain(g).decode().encode("hz", "replace"), Refused())),
    Fault("garbled_latin1", "encodings", _garbled("latin-1")),
    Fault("garbled_cp1252", "encodings", _garbled("cp1252")),
    Fault("garbled_gb18030", "encodings", _garbled("gb18030")),
    Fault("one_row_gbk", "encodings", _one_row("utf-8", "gb18030"), True, _TEXT),
    Fault("one_row_gbk_english_header", "encodings", _one_row("utf-8", "gb18030", True), True, _TEXT),
    Fault("one_row_utf8", "encodings", _one_row("gb18030", "utf-8"), True, _TEXT),
    Fault("one_row_utf8_english_header", "encodings", _one_row("gb18030", "utf-8", True), True, _TEXT),
    Fault("one_row_utf16", "encodings", _one_row("utf-8", "utf-16-le"), False, _TEXT),
    Fault("english_gb18030", "encodings", _english("gb18030", TEXT, True), False, _TEXT),
    Fault("english_utf8", "encodings", _english("utf-8", TRADITIONAL, True), False, _TEXT),
    Fault("english_big5", "encodings", _english("big5", TRADITIONAL, False), False, _TEXT),
    Fault("english_latin1", "encodings", _english("latin-1", "Müller Wärme", False), False, _TEXT),
    Fault("english_shift_jis", "encodings", _english("shift_jis", "東京ガスエネルギー", False), False, _TEXT),
    Fault("byte_ff", "encodings", _bytes(b"\xff"), True, _TEXT),
    Fault("byte_80_in_gb18030", "encodings", _bytes(b"\xff\x20", "gb18030"), True, _TEXT),
    Fault("surrogates_in_utf8", "encodings", _bytes(b"\xed\xa0\xbd\xed\xb8\x80"), True, _TEXT),
    Fault("overlong", "encodings", _bytes(b"\xc0\xaf"), True, _TEXT),
    Fault("latin1_byte", "encodings", _bytes("é".encode("latin-1")), True, _TEXT),
    Fault("cut_in_utf8", "encodings", _cut("utf-8"), True, _LAST),
    Fault("cut_in_gb18030", "encodings", lambda r, g: _cut_gb(g), True, _LAST),
    *(Fault(f"garbled_cell_{way}", "encodings", _garbled_cell(text), True, _TEXT) for way, text in _SPOILT.items()),
)


def _cut_gb(good: Good) -> Polluted:
    content = joined([*lines(good)[:-1], line([*good.rows[-1][:-1], "吨"])]).decode().encode("gb18030")
    return Polluted("delivery.csv", content[:-2], Refused(file_row(len(good.rows) - 1)))
