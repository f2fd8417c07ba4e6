"""Files that mean harm, or that harm unintentionally: small to make, large to open. All firms are invented."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import pairwise

from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELS = b"http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


# Workbooks from their parts ------------------------------------------------------------


def workbook_xml(names: Iterable[str]) -> bytes:
    sheets = b"".join(
        b'<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (name.encode(), n, n) for n, name in enumerate(names, 1)
    )
    return _HEAD + b'<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (_MAIN, _RELS, sheets)


def rels_xml(targets: Iterable[str], kind: bytes = b"worksheet") -> bytes:
    links = b"".join(
        b'<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (n, _RELS, kind, target.encode())
        for n, target in enumerate(targets, 1)
    )
    return _HEAD + b'<Relationships xmlns="%s">%s</Relationships>' % (_PACKAGE_RELS, links)


def sheet_xml(rows: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    return _HEAD + b'<worksheet xmlns="%s">%s<sheetData>%s</sheetData>%s</worksheet>' % (_MAIN, before, rows, after)


def text_cell(reference: str, text: str) -> bytes:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def row_xml(number: int, cells: Iterable[object]) -> bytes:
    inside = b"".join(text_cell(f"{chr(65 + place)}{number}", str(cell)) for place, cell in enumerate(cells))
    return b'<row r="%d">%s</row>' % (number, inside)


TABLE = b"".join(row_xml(number, row) for number, row in enumerate([HEADINGS, *firms(3)], 1))


def parts_of(sheet: bytes = sheet_xml(TABLE), **more: bytes) -> dict[str, bytes]:
    """The least a workbook needs. `more`: shared="…" and so on are further parts of xl/, by their stem."""
    parts = {
        "[Content_Types].xml": _HEAD
        + b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>',
        "_rels/.rels": rels_xml(["xl/workbook.xml"], kind=b"officeDocument"),
        "xl/workbook.xml": workbook_xml(["名册"]),
        "xl/_rels/workbook.xml.rels": rels_xml(["worksheets/sheet1.xml"]),
        SHEET: sheet,
    }
    return parts | {f"xl/{stem}.xml": content for stem, content in more.items()}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(sheet: bytes = sheet_xml(TABLE), **more: bytes) -> bytes:
    return zipped(parts_of(sheet, **more))


# Zip bombs ------------------------------------------------------------


def bomb(megabytes: int, *, declared: int | None = None) -> bytes:
    """A workbook whose sheet ends in so many megabytes of blanks. `declared`: what it says instead of its size."""
    parts = [_packed(name, content) for name, content in parts_of().items() if name != SHEET]
    start, end = sheet_xml(TABLE).split(b"</sheetData>")
    return _archive([*parts, _packed(SHEET, start, megabytes, b"</sheetData>" + end, declared)])


def _packed(
    name: str, start: bytes, megabytes: int = 0, end: bytes = b"", declared: int | None = None
) -> tuple[str, bytes, int, int]:
    """Name, deflated bytes, checksum and size; the blanks between are packed once and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    blanks = b" " * 1024**2
    middle = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(end) + packer.flush()
    checksum = zlib.crc32(start)
    for _ in range(megabytes):
        checksum = zlib.crc32(blanks, checksum)
    size = len(start) + megabytes * 1024**2 + len(end) if declared is None else declared
    return name, first + middle * megabytes + last, zlib.crc32(end, checksum), size


def _archive(parts: Iterable[tuple[str, bytes, int, int]], names: Iterable[str] = ()) -> bytes:
    """The parts as a zip. `names`: further names under which the directory lists the last part."""
    body, directory, count = b"", b"", 0
    for name, packed, checksum, size in parts:
        fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, checksum, len(packed), size)
        place = len(body)
        body += b"PK\x03\x04" + fields + struct.pack("<HH", len(name), 0) + name.encode() + packed
        for listed in [name, *(names if name == SHEET else ())]:
            tail = struct.pack("<HHHHHII", len(listed), 0, 0, 0, 0, 0, place)
            directory += b"PK\x01\x02\x14\x00" + fields + tail + listed.encode()
            count += 1
    return body + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)


def bomb_inside_a_zip() -> bytes:
    return zipped({"xl/workbook.xml": workbook_xml(["名册"]), "xl/inner.xlsx": bomb(300), "inner.zip": bomb(300)})


def many_entries(count: int) -> bytes:
    return zipped(parts_of() | {f"xl/media/{n}": b"" for n in range(count)}, zipfile.ZIP_STORED)


def same_name_twice() -> bytes:
    target = BytesIO(xlsx())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(SHEET)
        archive.NameToInfo.pop(SHEET)  # or the module warns of the second of that name
        archive.writestr(info, sheet_xml(TABLE + row_xml(9, ["", "示例另一家", uscc(99)])))
    return target.getvalue()


def overlapping_entries(count: int, megabytes: int) -> bytes:
    """One packed part that the directory lists under many names."""
    start, end = sheet_xml(TABLE).split(b"</sheetData>")
    parts = [_packed(name, content) for name, content in parts_of().items() if name != SHEET]
    sheet = _packed(SHEET, start, megabytes, b"</sheetData>" + end)
    return _archive([*parts, sheet], [f"xl/worksheets/sheet{n}.xml" for n in range(2, count + 2)])


# Sheets that are more than they look ------------------------------------------------------------


def formatted_rows(count: int, cells: int = 0) -> bytes:
    """Three firms and below them `count` rows that hold formats only."""
    rows = [TABLE]
    for number in range(5, 5 + count):
        styled = b"".join(b'<c r="%c%d" s="1"/>' % (65 + place, number) for place in range(cells))
        rows.append(b'<row r="%d" s="1" customFormat="1">%s</row>' % (number, styled))
    return xlsx(sheet_xml(b"".join(rows)))


def a_cell_at(reference: str) -> bytes:
    number = int("".join(filter(str.isdigit, reference)))
    return xlsx(sheet_xml(TABLE + b'<row r="%d">%s</row>' % (number, text_cell(reference, "远"))))


def dimension_lies() -> bytes:
    return xlsx(sheet_xml(TABLE, before=b'<dimension ref="A1:XFD1048576"/>'))


def repeated_string(length: int, cells: int) -> bytes:
    """One long shared string, and many cells that show it."""
    shared = _HEAD + b'<sst xmlns="%s"><si><t>%s</t></si></sst>' % (_MAIN, b"x" * length)
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(5, 5 + cells))
    return xlsx(sheet_xml(TABLE + rows), sharedStrings=shared)


def one_sheet_many_times(sheets: int, rows: int) -> bytes:
    """Many sheets of the book are the same part."""
    body = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(5, 5 + rows))
    parts = parts_of(sheet_xml(TABLE + body))
    parts["xl/workbook.xml"] = workbook_xml(f"名册{n}" for n in range(sheets))
    parts["xl/_rels/workbook.xml.rels"] = rels_xml(["worksheets/sheet1.xml"] * sheets)
    return zipped(parts)


def laughs() -> bytes:
    """Entities that name one another: a kilobyte that means gigabytes."""
    names = [b"a%d" % n for n in range(10)]
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY %s "%s">' % (name, b"&%s;" % before * 10) for before, name in pairwise(names)
    )
    sheet = sheet_xml(TABLE + row_xml(5, ["5", "&a9;", uscc(5), "1"]))
    return xlsx(sheet.replace(b"<worksheet", b"<!DOCTYPE x [%s]><worksheet" % entities))


def nested_xml(depth: int) -> bytes:
    return xlsx(sheet_xml(TABLE, after=b"<a>" * depth + b"</a>" * depth))


def merged_everything(count: int = 1) -> bytes:
    merges = b'<mergeCells count="%d">%s</mergeCells>' % (count, b'<mergeCell ref="A1:XFD1048576"/>' * count)
    return xlsx(sheet_xml(TABLE, after=merges))


def formulas_and_links() -> bytes:
    """Values kept from the last calculation are there; the last row's formula was never calculated."""
    rows = TABLE + (
        b'<row r="5"><c r="A5"><v>4</v></c>'
        b'<c r="B5" t="str"><f>WEBSERVICE("http://192.0.2.1/x")</f><v>\xe7\xa4\xba\xe4\xbe\x8b\xe7\xbd\x91</v></c>'
        b'<c r="C5" t="str"><f>[1]Sheet1!$A$1</f><v>%s</v></c></row>'
        % uscc(4).encode()
        + b'<row r="6"><c r="A6"><v>5</v></c><c r="B6"><f>"\xe7\xa4\xba"&amp;CMD()</f></c></row>'
    )
    parts = parts_of(sheet_xml(rows))
    parts["xl/externalLinks/externalLink1.xml"] = (
        _HEAD + b'<externalLink xmlns="%s"><externalBook r:id="rId1"/></externalLink>' % _MAIN
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = _HEAD + (
        b'<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/externalLinkPath" '
        b'Target="http://192.0.2.1/other.xlsx" TargetMode="External"/></Relationships>' % (_PACKAGE_RELS, _RELS)
    )
    return zipped(parts)


# Old workbooks (.xls): one BIFF stream in a compound file ------------------------------------------


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff_sheet(cells: Iterable[tuple[int, int, str]]) -> bytes:
    labels = b"".join(
        _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, column, text in cells
    )
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6)) + labels + _record(0x000A)


def biff(sheets: Iterable[list[tuple[int, int, str]]]) -> bytes:
    """A BIFF8 stream: globals with one entry for each sheet, then the sheets."""
    bodies = [_biff_sheet(cells) for cells in sheets]
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)) + _record(0x0042, b"\xb0\x04")
    names = [f"S{n}".encode() for n in range(len(bodies))]
    place = len(begin) + sum(12 + len(name) for name in names) + 4
    entries = b""
    for name, body in zip(names, bodies, strict=True):
        entries += _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name)
        place += len(body)
    return begin + entries + _record(0x000A) + b"".join(bodies)


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file (OLE, 512-byte sectors) with this one stream."""
    stream += bytes(-len(stream) % 512 if len(stream) >= 4096 else 4096 - len(stream))
    count = len(stream) // 512
    fat_count = next(n for n in range(1, 110) if n * 128 >= count + n + 1)
    chain = [0xFFFFFFFD] * fat_count + [0xFFFFFFFE]
    chain += [*range(fat_count + 2, fat_count + 1 + count), 0xFFFFFFFE]
    fat = struct.pack(f"<{fat_count * 128}I", *chain, *[0xFFFFFFFF] * (fat_count * 128 - len(chain)))
    entries = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, fat_count + 1, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_count, fat_count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )  # fmt: skip
    places = [*range(fat_count), *[0xFFFFFFFF] * (109 - fat_count)]
    return header + struct.pack("<109I", *places) + fat + entries + bytes(256) + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    tail = struct.pack("<16x4x8x8xIQ", start, size)
    return encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1) + links + tail


def xls(rows: Iterable[Iterable[object]], far: tuple[int, int] | None = None, sheets: int = 1) -> bytes:
    """An old workbook. `far`: row and column of one more cell; `sheets`: how often the sheet is repeated."""
    cells = [(r, c, str(cell)) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    if far is not None:
        cells.append((*far, "远"))
    return compound(biff([cells] * sheets))


def encrypted() -> bytes:
    """What a spreadsheet program writes when a password is set: a compound file around the ciphertext."""
    return compound(bytes(range(256)) * 40, name="EncryptedPackage")


# Text ------------------------------------------------------------


def noise(length: int, *, text: bool) -> bytes:
    """Bytes without order, the same each time; `text`: without NUL, and no UTF-8 or GB 18030."""
    found, state = bytearray(), b"\x01"
    while len(found) < length:
        state = zlib.crc32(state).to_bytes(4, "little") + state[:60]
        found += bytes(byte | 0x80 if text else byte for byte in state)
    return bytes(found[:length]).replace(b"\x00", b"\xff") if text else bytes(found[:length])


def table_then(tail: bytes) -> bytes:
    return csv_bytes([HEADINGS, *firms(3)]) + tail
