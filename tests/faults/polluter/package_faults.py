"""Archives, names, and files that are too long, too wide or empty."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.faults.polluter.dress import FREE_TEXT, csv, file_row, free_text, joined, line, lines, packed, plain
from tests.faults.polluter.goods import changed
from tests.faults.polluter.model import Either, Exact, Expectation, Fault, Good, Left, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
MILLION = 1_000_000


def _named(name: str, expect: Expectation | None = None) -> Make:
    """The plain file under an odd name."""

    def make(random: Random, good: Good) -> Polluted:
        return Polluted(name, plain(good), expect or Exact())

    return make


def _raw_name(random: Random, good: Good) -> Polluted:
    name = os.fsdecode(b"\xb1\xa8\xb1\xed-\xff.csv")

    def write(path: Path) -> None:
        path.write_bytes(plain(good))

    return Polluted(name, write, Exact())


def _changed(change: Callable[[Random, bytes], bytes], expect: Expectation, name: str = "delivery.csv.gz") -> Make:
    """The packed file after `change`."""

    def make(random: Random, good: Good) -> Polluted:
        return Polluted(name, change(random, packed(plain(good))), expect)

    return make


def _cut(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(20, len(content) - 1)]


def _members(random: Random, good: Good) -> Polluted:
    content = plain(good)
    cut = random.randrange(1, len(content))
    return Polluted("delivery.csv.gz", packed(content[:cut]) + packed(content[cut:]), Exact())


def _bomb(random: Random, good: Good) -> Polluted:
    maker = zlib.compressobj(9, wbits=31)
    parts = [maker.compress(plain(good))]
    parts += [maker.compress(b"\n" * (8 << 20)) for _ in range(20)]
    return Polluted("delivery.csv.gz", b"".join([*parts, maker.flush()]), Refused())


def _zip(name: str) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr(name, plain(good))
        return Polluted("delivery.csv", memory.getvalue(), Refused())

    return make


def _tar(random: Random, good: Good) -> Polluted:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as archive:
        info = tarfile.TarInfo("delivery.csv")
        info.size = len(plain(good))
        archive.addfile(info, io.BytesIO(plain(good)))
    return Polluted("delivery.tar.gz", memory.getvalue(), Refused())


def _other(pack: Callable[[bytes], bytes], name: str) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        return Polluted(name, pack(plain(good)), Refused())

    return make


def _content(write: Callable[[Good], bytes], expect: Expectation, name: str = "delivery.csv") -> Make:
    def make(random: Random, good: Good) -> Polluted:
        return Polluted(name, write(good), expect)

    return make


def _cut_row(random: Random, good: Good) -> Polluted:
    """The file ends in its last row, before the last comma: a transfer that was broken off."""
    content = plain(good)
    start = content.rstrip(b"\n").rfind(b"\n") + 1
    row = content[start:]
    cut = row[: random.randrange(1, row.rindex(b","))].decode("utf-8", "ignore").encode()
    if cut.count(b'"') % 2:
        cut = cut[: cut.index(b'"')]
    return Polluted("delivery.csv", content[:start] + cut, Refused(file_row(len(good.rows) - 1)))


def _long_cell(random: Random, good: Good) -> Polluted:
    """A text of a million characters."""
    row, column = random.randrange(len(good.rows)), free_text(good)
    text = "岳" * MILLION
    cells = [*good.rows[row][:column], text, *good.rows[row][column + 1 :]]
    expect = Either(Exact(changed(good, row, column, text)), Refused(file_row(row)), "no text is so long")
    return csv(good, expect, lambda parts: parts.__setitem__(row + 1, line(cells)))


def _long_number(random: Random, good: Good) -> Polluted:
    row, column = random.randrange(len(good.rows)), good.columns("dec", "int", required=True)[0]
    cells = [*good.rows[row][:column], "1" * MILLION, *good.rows[row][column + 1 :]]
    expect = Refused(file_row(row))
    return csv(good, expect, lambda parts: parts.__setitem__(row + 1, line(cells)))


def _long_title(random: Random, good: Good) -> Polluted:
    rows = tuple(range(3, len(good.rows) + 3))
    expect = Either(Exact(rows=rows), Refused(), "the header is looked for within bounds")
    return Polluted("delivery.csv", joined(["表" * MILLION, *lines(good)]), expect)


def _wide(columns: int, expect: Expectation) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        heads = [f"列{n}" for n in range(columns)]
        parts = [line([*good.header, *heads]), *(line([*row, *["1"] * columns]) for row in good.rows)]
        return Polluted("delivery.csv", joined(parts), expect)

    return make


def _wide_row(random: Random, good: Good) -> Polluted:
    row = random.randrange(len(good.rows))
    text = line(good.rows[row]) + "," * 200_000
    both = Either(Exact(), Refused(file_row(row)), "empty cells too many at the end")
    return csv(good, both, lambda parts: parts.__setitem__(row + 1, text))


def _all_bad(random: Random, good: Good) -> Polluted:
    return csv(good, Refused(), lambda parts: parts.extend([",".join("坏" * len(good.header))] * 3_000))


_TEXT = tuple(FREE_TEXT)
_NUMBERS = ("energy_supply", "energy_enterprise", "meter_readings", "waste_weighings", "charging_sessions")
_GZ = "delivery.csv.gz"

FAULTS = (
    Fault("gz_cut", "archives", _changed(_cut, Refused())),
    Fault("gz_without_end", "archives", _changed(lambda r, content: content[:-8], Refused())),
    Fault("gz_checksum", "archives", _changed(lambda r, c: c[:-8] + bytes([c[-8] ^ 1]) + c[-7:], Refused())),
    Fault("gz_length", "archives", _changed(lambda r, c: c[:-4] + b"\1\1\1\1", Refused())),
    Fault("gz_rubbish_behind", "archives", _changed(lambda r, content: content + b"rubbish", Refused())),
    Fault("gz_zeros_behind", "archives", _changed(lambda r, content: content + b"\0" * 512, Exact())),
    Fault("gz_in_gz", "archives", _changed(lambda r, content: packed(content), Refused())),
    Fault("gz_named_csv", "archives", _changed(lambda r, content: content, Exact(), "delivery.csv")),
    Fault("gz_of_nothing", "archives", _content(lambda good: gzip.compress(b""), Refused(), _GZ)),
    Fault("gz_members", "archives", _members),
    Fault("gz_bomb", "archives", _bomb),
    Fault("gz_false", "archives", _named(_GZ)),
    Fault("zip_named_csv", "archives", _zip("delivery.csv")),
    Fault("zip_that_climbs", "archives", _zip("../../../../tmp/peak-climbed.csv")),
    Fault("tar_of_csv", "archives", _tar),
    Fault("bz2", "archives", _other(bz2.compress, "delivery.csv.bz2")),
    Fault("xz", "archives", _other(lzma.compress, "delivery.csv.xz")),
    Fault("name_255_bytes", "names", _named("表" * 83 + "ab.csv")),
    Fault("name_with_newline", "names", _named("a\nb\r.csv")),
    Fault("name_with_emoji", "names", _named("报表🏭.csv")),
    Fault("name_with_dash", "names", _named("--help.csv")),
    Fault("name_right_to_left", "names", _named("a\u202evsc.exe")),
    Fault("name_not_utf8", "names", _raw_name),
    Fault("name_with_sql", "names", _named("'; drop table deliveries; --.csv")),
    Fault("name_with_glob", "names", _named("*[a-z]?.csv")),
    Fault("name_with_script", "names", _named("<img src=x onerror=alert(1)>.csv")),
    Fault("name_with_climbing", "names", _named("x\\..\\..\\%2e%2e%2fx.csv")),
    Fault("name_of_a_report", "names", _named("report.json")),
    Fault("name_with_blanks", "names", _named("  a  .csv ")),
    Fault("name_without_suffix", "names", _named("数据")),
    Fault("name_upper_case", "names", _named("A.CSV")),
    Fault("csv_called_xlsx", "names", _named("delivery.xlsx")),
    Fault("csv_named_parquet", "names", _named("delivery.parquet")),
    Fault("csv_named_jsonl", "names", _named("delivery.jsonl")),
    Fault("hidden_name", "names", _named(".delivery.csv", Left("temporary"))),
    Fault("editor_name", "names", _named("~$delivery.csv", Left("temporary"))),
    Fault("transfer_name", "names", _named("delivery.csv.part", Left("temporary"))),
    Fault("backup_name", "names", _named("delivery.csv~", Left("temporary"))),
    Fault("nothing", "size", _content(lambda good: b"", Refused())),
    Fault("only_a_mark", "size", _content(lambda good: b"\xef\xbb\xbf", Refused())),
    Fault("only_line_ends", "size", _content(lambda good: b"\r\n\n\n", Refused())),
    Fault("only_header", "size", _content(lambda good: joined(lines(good)[:1]), Refused())),
    Fault("only_header_no_end", "size", _content(lambda good: joined(lines(good)[:1])[:-1], Refused())),
    Fault(
        "only_total",
        "size",
        _content(lambda g: joined([line(g.header), "合计" + "," * (len(g.header) - 1)]), Refused()),
    ),
    Fault("only_nuls", "size", _content(lambda good: b"\0" * 4096, Refused())),
    Fault("a_web_page", "size", _content(lambda good: b"<html><table><tr><td>404</td></tr></table></html>", Refused())),
    Fault("a_sentence", "size", _content(lambda good: "本月无数据".encode(), Refused())),
    Fault("random_bytes", "size", lambda r, g: Polluted("delivery.csv", r.randbytes(5_000), Refused())),
    Fault("cut_in_last_row", "size", _cut_row, True),
    Fault("million_in_a_cell", "size", _long_cell, False, ("task_register",)),
    Fault("million_digits", "size", _long_number, True, _NUMBERS),
    Fault("million_in_a_title", "size", _long_title),
    Fault("four_hundred_columns", "size", _wide(400, Exact())),
    Fault("two_thousand_columns", "size", _wide(2_000, Refused())),
    Fault("row_of_200000_cells", "size", _wide_row),
    Fault("all_rows_bad", "size", _all_bad),
)
