"""Workbooks as archives: cut, bombed, encrypted, with odd names, parts and XML; and what is only called a workbook."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from random import Random

from tests.faults.polluter.book import HEAD, MAIN, Book, Sheet, delivered, exact, text, typed, zipped
from tests.faults.polluter.dress import plain
from tests.faults.polluter.model import Either, Exact, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
SHEET_PART, STRINGS_PART = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _bytes(change: Callable[[Random, bytes], bytes], name: str = "delivery.xlsx", may_load: bool = False) -> Make:
    """The right workbook's bytes after a change: refused, or if it `may_load` exactly loaded."""

    def make(random: Random, good: Good) -> Polluted:
        book, _ = typed(random, good)
        content = change(random, book.packed())
        expect = Either(exact(good), Refused(), "what was added is outside of the archive") if may_load else Refused()
        return Polluted(name, content, expect)

    return make


def _flipped(random: Random, content: bytes) -> bytes:
    """One byte inside the packed sheet is another one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(SHEET_PART)
    at = part.header_offset + 30 + len(SHEET_PART) + random.randrange(part.compress_size)
    return content[:at] + bytes([content[at] ^ (1 << random.randrange(8))]) + content[at + 1 :]


def _parts(change: Callable[[Random, dict[str, bytes]], list[tuple[str | zipfile.ZipInfo, bytes]]]) -> Make:
    """The right workbook with other entries: refused."""

    def make(random: Random, good: Good) -> Polluted:
        book, _ = typed(random, good)
        return Polluted("delivery.xlsx", zipped(change(random, book.parts())), Refused())

    return make


def _further(*names: str) -> Make:
    """A further entry of an odd name."""
    return _parts(lambda random, parts: [*parts.items(), (random.choice(names), b"root:x:0:0:")])


def _link(random: Random, parts: dict[str, bytes]) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    link = zipfile.ZipInfo("xl/media/image1.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return [*parts.items(), (link, b"/etc/passwd")]


def _twice(random: Random, parts: dict[str, bytes]) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    name = random.choice((SHEET_PART, STRINGS_PART, "XL/worksheets/SHEET1.xml"))
    other = parts.get(name, parts[SHEET_PART]).replace(b"0", b"1")
    return [*parts.items(), (name, other)]


def _swollen(random: Random, parts: dict[str, bytes]) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    return [*parts.items(), ("xl/media/image1.bin", bytes(80 << 20))]


def _nested(random: Random, parts: dict[str, bytes]) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    inner = zipped([(f"{n}.zip", zipped([("bomb.bin", bytes(1 << 20))])) for n in range(9)])
    return [("bomb.zip", inner)]


def _encrypted_entry(random: Random, content: bytes) -> bytes:
    """Every entry says that it is encrypted."""
    found = bytearray(content)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(sign)
        while at >= 0:
            found[at + place] |= 1
            at = found.find(sign, at + 4)
    return bytes(found)


def _lying_size(random: Random, content: bytes) -> bytes:
    """The directory says that the sheet unpacks to 3 GiB."""
    at = content.find(SHEET_PART.encode(), content.find(b"PK\x01\x02"))
    return content[: at - 46 + 24] + struct.pack("<I", 3 << 30) + content[at - 46 + 28 :]


def _xml(change: Callable[[bytes], bytes], may_load: bool = False, part: str = SHEET_PART) -> Make:
    """The right workbook with one part's XML changed: refused, or exactly loaded."""

    def make(random: Random, good: Good) -> Polluted:
        book, _ = typed(random, good)
        book.changes[part] = change
        return delivered(book, exact(good) if may_load else Refused())

    return make


def _typed(declaration: str) -> Callable[[bytes], bytes]:
    """A part with a document type before its root, and an entity of it in its first text."""
    return lambda part: part.replace(HEAD.encode(), (HEAD + declaration).encode(), 1).replace(b"<v>", b"<v>&e;", 1)


def _laughs() -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}<!ENTITY e "&e9;">]>'


def _utf16(part: bytes) -> bytes:
    return part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def _prefixed(part: bytes) -> bytes:
    """Every element of the main namespace under a prefix."""
    found = part.decode().replace("xmlns=", "xmlns:x=").replace("</", "</x:").replace("<", "<x:")
    return found.replace("<x:/x:", "</x:").replace("<x:?xml", "<?xml").encode()


def _strict(random: Random, good: Good) -> Polluted:
    """The namespaces of strict Office Open XML."""
    book, _ = typed(random, good)
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pairs = ((MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),)
    pairs += ((office, b"http://purl.oclc.org/ooxml/officeDocument/relationships"),)
    entries = []
    for name, part in book.parts().items():
        for old, new in pairs:
            part = part.replace(old, new)
        entries.append((name, part))
    return Polluted("delivery.xlsx", zipped(entries), exact(good))


def _with_more(random: Random, good: Good) -> Polluted:
    """Macros, comments, a drawing, themes: parts that no value comes from."""
    book, sheet = typed(random, good)
    book.more = {
        "xl/vbaProject.bin": OLE + bytes(500),
        "xl/comments1.xml": f'{HEAD}<comments xmlns="{MAIN}"><commentList/></comments>'.encode(),
        "xl/drawings/drawing1.xml": b"<broken",
        "customXml/item1.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    }
    sheet.after += '<legacyDrawing xmlns:r="x" r:id="rId9"/><drawing r:id="rId8"/>'
    return delivered(book, exact(good), random.choice(("delivery.xlsm", "delivery.xlsx")))


def _stored(random: Random, good: Good) -> Polluted:
    book, _ = typed(random, good)
    return Polluted("delivery.xlsx", zipped(list(book.parts().items()), zipfile.ZIP_STORED), exact(good))


def _method(method: int) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        book, _ = typed(random, good)
        expect = Either(exact(good), Refused(), "Excel does not know this method, the archive format does")
        return Polluted("delivery.xlsx", zipped(list(book.parts().items()), method), expect)

    return make


def _without(part: str, may_load: bool = False) -> Make:
    def make(random: Random, good: Good) -> Polluted:
        book, _ = typed(random, good)
        book.changes[part] = lambda found: None
        either = Either(exact(good), Refused(), "without its styles a book of plain numbers still says the same")
        return delivered(book, either if may_load else Refused())

    return make


def _external(part: bytes) -> bytes:
    return part.replace(b'Target="worksheets/sheet1.xml"', b'Target="file:///etc/passwd" TargetMode="External"')


def _outside(part: bytes) -> bytes:
    return part.replace(b'Target="worksheets/sheet1.xml"', b'Target="../../../../etc/passwd"')


def _named_only(name: str, content: Callable[[Random, Good], bytes], loads: bool = False) -> Make:
    """Something else under the name of a workbook, or a packed text."""
    return lambda random, good: Polluted(name, content(random, good), Exact() if loads else Refused())


def _tar(good: Good) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        entry = tarfile.TarInfo("delivery.csv")
        entry.size = len(plain(good))
        archive.addfile(entry, io.BytesIO(plain(good)))
    return target.getvalue()


def _document(random: Random, good: Good) -> bytes:
    relation = b'<Relationship Id="rId1" Type="http://x/officeDocument" Target="word/document.xml"/>'
    return zipped(
        [("_rels/.rels", b"<Relationships>" + relation + b"</Relationships>"), ("word/document.xml", b"<w/>")]
    )


def _binary(random: Random, good: Good) -> bytes:
    relation = b'<Relationship Id="rId1" Type="http://x/officeDocument" Target="xl/workbook.bin"/>'
    return zipped([("_rels/.rels", b"<Relationships>" + relation + b"</Relationships>"), ("xl/workbook.bin", b"\x83")])


def _open_document(random: Random, good: Good) -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped([("mimetype", kind), ("content.xml", b"<office:document-content/>")])


def _many(random: Random, good: Good) -> bytes:
    book = Book([Sheet(cells={(1, 0): text("x")})])
    return zipped([*book.parts().items(), *((f"xl/media/{n}", b"") for n in range(5_001))])


def _book(random: Random, good: Good) -> bytes:
    return typed(random, good)[0].packed()


def _deep(part: bytes) -> bytes:
    return part.replace(b"<sheetData>", b"<a>" * 300_000 + b"<sheetData>", 1)


def _book_fault(name: str, make: Make) -> Fault:
    return Fault(name, "workbooks", make)


def _archive(name: str, make: Make) -> Fault:
    return Fault(name, "archives", make)


FAULTS = (
    _archive("book_cut", _bytes(lambda random, content: content[: random.randrange(40, len(content) - 1)])),
    _archive("book_byte_flipped", _bytes(_flipped)),
    _archive("book_prefixed", _bytes(lambda random, content: b"MZ\x90\x00" + content)),
    _archive("book_with_tail", _bytes(lambda random, content: content + b"tail", may_load=True)),
    _archive("book_encrypted_entries", _bytes(_encrypted_entry)),
    _archive("book_lying_size", _bytes(_lying_size)),
    _archive("book_bombed", _parts(_swollen)),
    _archive("zip_in_zip", _parts(_nested)),
    _archive("book_many_parts", _named_only("delivery.xlsx", _many)),
    _archive("book_path_up", _further("../../etc/cron.d/peak", "xl/../../x.xml", "..\\..\\x.xml")),
    _archive("book_path_absolute", _further("/etc/passwd", "C:/Windows/x", "\\x")),
    _archive("book_link", _parts(_link)),
    _archive("book_part_twice", _parts(_twice)),
    _archive("book_stored", _stored),
    _archive("book_bzip2", _method(zipfile.ZIP_BZIP2)),
    _archive("book_lzma", _method(zipfile.ZIP_LZMA)),
    _archive("zip_of_csv", _named_only("delivery.zip", lambda random, good: zipped([("delivery.csv", plain(good))]))),
    _archive("zip_of_csv_as_book", _named_only("a.xlsx", lambda random, good: zipped([("delivery.csv", plain(good))]))),
    _archive("zip_empty", _named_only("delivery.zip", lambda random, good: zipped([]))),
    _archive("tar", _named_only("delivery.tar", lambda random, good: _tar(good))),
    _archive("tar_gz", _named_only("delivery.tar.gz", lambda random, good: gzip.compress(_tar(good), mtime=0))),
    _archive("book_in_gz", _named_only("delivery.xlsx.gz", lambda r, good: gzip.compress(_book(r, good), mtime=0))),
    _book_fault("encrypted_book", _named_only("delivery.xlsx", lambda r, g: OLE + r.randbytes(4_000))),
    _book_fault("old_xls", _named_only("delivery.xlsx", lambda r, g: OLE + bytes(24) + b"\x3e\x00" + bytes(3_000))),
    _book_fault("biff2", _named_only("delivery.xls", lambda r, g: b"\x09\x00\x04\x00" + r.randbytes(99))),
    _book_fault("csv_named_xlsx", _named_only("delivery.xlsx", lambda random, good: plain(good), loads=True)),
    _book_fault("book_named_csv", lambda random, good: Polluted("delivery.csv", _book(random, good), exact(good))),
    _book_fault("word_document", _named_only("delivery.xlsx", _document)),
    _book_fault("xlsb", _named_only("delivery.xlsb", _binary)),
    _book_fault("ods", _named_only("delivery.ods", _open_document)),
    _book_fault("parts_more", _with_more),
    _book_fault("strict_names", _strict),
    _book_fault("sheet_part_missing", _without(SHEET_PART)),
    _book_fault("book_part_missing", _without("xl/workbook.xml")),
    _book_fault("relations_missing", _without("xl/_rels/workbook.xml.rels")),
    _book_fault("styles_missing", _without("xl/styles.xml", may_load=True)),
    _book_fault("sheet_external", _xml(_external, part="xl/_rels/workbook.xml.rels")),
    _book_fault("sheet_outside", _xml(_outside, part="xl/_rels/workbook.xml.rels")),
    _book_fault("xml_laughs", _xml(_typed(_laughs()))),
    _book_fault("xml_laughs_strings", _xml(_typed(_laughs()), part=STRINGS_PART)),
    _book_fault("xml_external", _xml(_typed('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'))),
    _book_fault("xml_external_dtd", _xml(_typed('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'))),
    _book_fault("xml_doctype", _xml(_typed("<!DOCTYPE x>"), part="xl/workbook.xml")),
    _book_fault("xml_undefined", _xml(lambda part: part.replace(b"<v>", b"<v>&nope;", 1))),
    _book_fault("xml_utf16", _xml(_utf16, may_load=True)),
    _book_fault("xml_prefixed", _xml(_prefixed, may_load=True)),
    _book_fault("xml_false_encoding", _xml(lambda part: part.decode().encode("gb18030"), part=STRINGS_PART)),
    _book_fault("xml_unknown_encoding", _xml(lambda part: part.replace(b"UTF-8", b"X-NONE", 1))),
    _book_fault("xml_multibyte_encoding", _xml(lambda part: part.replace(b"UTF-8", b"GB18030", 1), part=STRINGS_PART)),
    _book_fault("xml_cut", _xml(lambda part: part[: len(part) * 2 // 3])),
    _book_fault("xml_twice", _xml(lambda part: part + part)),
    _book_fault("xml_deep", _xml(_deep)),
    _book_fault("xml_nul", _xml(lambda part: part.replace(b"<row", b"\0<row", 1))),
)  # fmt: skip
