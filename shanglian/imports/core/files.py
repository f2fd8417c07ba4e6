"""Bytes of an uploaded file → sheets of numbered raw rows. What a file is, its content says, not its name.

A file that cannot be used raises `UnreadableFile` with a code; nothing here guesses what columns mean.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from typing import Final

import charset_normalizer

from shanglian.common.core.sheets import plain_cell
from shanglian.imports.core.cells import Cell
from shanglian.imports.core.confined import confined_sheets
from shanglian.imports.core.limits import MAX_ROWS, UnreadableFile, check_archive, counted_lines
from shanglian.imports.core.pages import USUAL, Pages, Paging, Store
from shanglian.imports.core.workbooks import SheetStart

__all__ = ["Book", "Sheet", "UnreadableFile", "encoding_of", "open_book"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLS_BOOK = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # the first record of a book in an .xls
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ",
)
_DELIMITERS: Final = ",\t;|，"
_CHUNK: Final = 1 << 16  # bytes decoded at once
_SOMETHING = re.compile(rb"[^\x00\t\r\n \xef\xbb\xbf]")
_MARKUP = re.compile(rb"\s*(<!DOCTYPE|<html|<\?xml|<table)", re.IGNORECASE)
_DATE_1904 = re.compile(rb'date1904="(1|true)"')
_EXTENSIONS: Final = {
    "xlsx": frozenset({"xlsx", "xlsm"}),
    "xls": frozenset({"xls", "et"}),
    "csv": frozenset({"csv", "txt", "tsv"}),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Raw rows as (number from 1, cells); rows without any cell may be left out.

    `merges`: areas of merged cells as (top, left, bottom, right), rows from 1, columns from 0. `mended`: row →
    position → the cell of the file where a person mended it (said.py).
    """

    name: str
    rows: Sequence[tuple[int, Sequence[Cell]]]
    hidden: bool = False
    epoch_1904: bool = False
    merges: Sequence[tuple[int, int, int, int]] = ()
    mended: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    format: str  # xlsx, xls, csv
    encoding: str  # of a text file, "" for workbooks
    sheets: list[Sheet]


def open_book(data: bytes, name: str, *, paging: Paging = USUAL, pause: Callable[[], None] = lambda: None) -> Book:
    """The sheets of a file. `name` is used only to say that its extension lies. Raises UnreadableFile.

    `pause` is called now and then while a workbook is taken apart; what it raises ends the reading.
    """
    format_ = _format_of(data)
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension and extension not in _EXTENSIONS[format_]:
        raise UnreadableFile("wrong_extension", format_)
    if format_ == "csv":
        encoding = encoding_of(data)
        return Book("csv", encoding, [Sheet("csv", Pages(Store(paging), _csv_rows(data, encoding)))])
    epoch_1904 = _DATE_1904.search(check_archive(data)) is not None if format_ == "xlsx" else _counts_from_1904(data)
    return Book(format_, "", list(_workbook_sheets(data, epoch_1904, Store(paging), pause)))


def _format_of(data: bytes) -> str:
    if _SOMETHING.search(data) is None:
        raise UnreadableFile("empty")
    if data.startswith(_ZIP):
        return "xlsx"
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableFile("encrypted")
        return "xls"
    if data.startswith(_OTHER_BINARY):
        raise UnreadableFile("binary")
    if _MARKUP.match(data):
        raise UnreadableFile("not_a_table")
    if b"\x00" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile("binary")
    return "csv"


# Text ------------------------------------------------------------


def encoding_of(data: bytes) -> str:
    """UTF-8 with or without mark, else GB 18030 (which contains GBK), else guessed. All of the text is in it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _surely(data, "utf-16")
    error, left = _decoding_error(data, "utf-8")
    if not error:
        return "utf-8"
    if error == "unexpected end of data" and len(data) - left >= 3:
        raise UnreadableFile("truncated")
    error, left = _decoding_error(data, "gb18030")
    if not error:
        return "gb18030"
    if error == "incomplete multibyte sequence" and left < 4:
        raise UnreadableFile("truncated")
    best = charset_normalizer.from_bytes(data[:1_000_000]).best()
    if best is None:
        raise UnreadableFile("encoding")
    return _surely(data, best.encoding)


def _surely(data: bytes, encoding: str) -> str:
    if _decoding_error(data, encoding)[0]:
        raise UnreadableFile("encoding")
    return encoding


def _decoding_error(data: bytes, encoding: str) -> tuple[str, int]:
    """Why the text is not in this encoding, "" if it is, and how many bytes are left from there. The text itself is not
    kept. Raises UnreadableFile for a text with signs that no text has.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    nothing = False
    for end in range(_CHUNK, len(data) + _CHUNK, _CHUNK):
        try:
            nothing |= "\x00" in decoder.decode(data[end - _CHUNK : end], end >= len(data))
        except UnicodeDecodeError as error:
            return error.reason, len(error.object) - error.start + max(0, len(data) - end)
    if nothing:
        raise UnreadableFile("binary")
    return "", 0


def _text(data: bytes, encoding: str) -> TextIOWrapper:
    """The text to be read in pieces; its lines keep their ends."""
    return TextIOWrapper(BytesIO(data), "utf-8-sig" if encoding == "utf-8" else encoding, newline="")


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that divides most lines: a title above the table may have none, or others."""
    return max(
        ",\t;|，", key=lambda sign: (sum(sign in line for line in lines), sum(line.count(sign) for line in lines))
    )


def _csv_rows(data: bytes, encoding: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Records numbered from 1 (a cell with a line break does not make two), empty records left out."""
    escaped = b"'" in data
    delimiter = _delimiter(_text(data, encoding).read(8000).splitlines()[:20])
    lines = counted_lines(_text(data, encoding), delimiter)
    found = 0
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
            if not any(cells):
                continue
            found += 1
            if found > MAX_ROWS:
                raise UnreadableFile("too_many_rows", f"{MAX_ROWS:,}")
            # Tuples of text cost the garbage collector nothing. Exports escape what looks like a formula.
            yield number, tuple(map(plain_cell, cells)) if escaped else tuple(cells)
    except csv.Error as error:
        raise UnreadableFile(_csv_problem(str(error))) from error


def _csv_problem(words: str) -> str:
    if "field larger" in words:
        return "long_cell"
    return "truncated" if "unexpected end" in words else "broken"


# Workbooks ------------------------------------------------------------


def _counts_from_1904(data: bytes) -> bool:
    """Whether an .xls counts days from 1904: the record 0x22 among those at the start of its book."""
    place = data.find(_XLS_BOOK, 512)
    while 0 <= place < len(data) - 6:
        record, size = int.from_bytes(data[place : place + 2], "little"), data[place + 2] + 256 * data[place + 3]
        if record == 0x22:
            return data[place + 4 : place + 6] == b"\x01\x00"
        if record in {0x0A, 0x85}:  # the end, or the first sheet
            return False
        place += 4 + size
    return False


def _workbook_sheets(data: bytes, epoch_1904: bool, store: Store, pause: Callable[[], None]) -> Iterator[Sheet]:
    start: SheetStart | None = None
    rows: Pages[tuple[int, Sequence[Cell]]] = Pages(store)
    for piece in confined_sheets(data):
        pause()
        if isinstance(piece, SheetStart):
            if start is not None:
                yield Sheet(start.name, rows, start.hidden, epoch_1904, start.merges)
            start, rows = piece, Pages(store)
        else:
            rows.extend(piece)
    if start is not None:
        yield Sheet(start.name, rows, start.hidden, epoch_1904, start.merges)
