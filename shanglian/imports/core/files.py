"""Bytes of an uploaded file → sheets of numbered raw rows. What a file is, its content says, not its name.

A file that cannot be used raises `UnreadableFile` with a code; nothing here guesses what columns mean.
"""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

import charset_normalizer
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from shanglian.imports.core.cells import Cell

MAX_UNPACKED: Final = 512 * 1024 * 1024  # bytes a workbook may declare
MAX_CELLS: Final = 20_000_000  # cells of one sheet, the empty ones between counted
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
_MARKUP = re.compile(rb"\s*(<!DOCTYPE|<html|<\?xml|<table)", re.IGNORECASE)
_EXTENSIONS: Final = {
    "xlsx": frozenset({"xlsx", "xlsm"}),
    "xls": frozenset({"xls", "et"}),
    "csv": frozenset({"csv", "txt", "tsv"}),
}
_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


class UnreadableFile(Exception):
    """The file cannot be used at all. `code` and `detail` become a sentence at the edge.

    Codes: empty, encrypted, truncated, broken, binary, not_a_table, unsupported, wrong_extension (detail:
    what it is), too_large (detail: the limit), encoding, no_table (no row of headings in any sheet).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Sheet:
    """Raw rows as (number from 1, cells); rows without any cell may be left out."""

    name: str
    rows: Sequence[tuple[int, Sequence[Cell]]]
    hidden: bool = False
    epoch_1904: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    format: str  # xlsx, xls, csv
    encoding: str  # of a text file, "" for workbooks
    sheets: list[Sheet]


def open_book(data: bytes, name: str) -> Book:
    """The sheets of a file. `name` is used only to say that its extension lies. Raises UnreadableFile."""
    format_ = _format_of(data)
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension and extension not in _EXTENSIONS[format_]:
        raise UnreadableFile("wrong_extension", format_)
    if format_ == "csv":
        text, encoding = decode(data)
        return Book("csv", encoding, [Sheet("csv", list(_csv_rows(text)))])
    epoch_1904 = _check_zip(data) if format_ == "xlsx" else False
    return Book(format_, "", list(_workbook_sheets(data, epoch_1904)))


def _format_of(data: bytes) -> str:
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
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


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding it was in: UTF-8 with or without mark, else GB 18030 (which contains GBK), else
    guessed.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_strictly(data, "utf-16")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start >= 3:
            raise UnreadableFile("truncated") from error
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError as error:
        if error.reason == "incomplete multibyte sequence" and len(data) - error.start < 4:
            raise UnreadableFile("truncated") from error
    best = charset_normalizer.from_bytes(data[:1_000_000]).best()
    if best is None:
        raise UnreadableFile("encoding")
    return _decode_strictly(data, best.encoding)


def _decode_strictly(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise UnreadableFile("encoding") from error


def _csv_rows(text: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Records numbered from 1 (a cell with a line break does not make two), empty records left out."""
    if "\x00" in text:
        raise UnreadableFile("binary")
    head = text[:4000].split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if cells:
                yield number, tuple(cells)  # tuples of text cost the garbage collector nothing
    except csv.Error as error:
        raise UnreadableFile("truncated" if "unexpected end" in str(error) else "broken") from error


# Workbooks ------------------------------------------------------------


def _check_zip(data: bytes) -> bool:
    """Refuses what would fill the memory, before it is parsed. True when the workbook counts days from
    1904.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise UnreadableFile("encrypted")
            if sum(parts.values()) > MAX_UNPACKED:
                raise UnreadableFile("too_large", f"{MAX_UNPACKED // 1024**2} MB")
            if "xl/workbook.xml" not in parts:
                raise UnreadableFile("unsupported")
            for name in parts:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_area(archive.read(name))
            return re.search(rb'date1904="(1|true)"', archive.read("xl/workbook.xml")) is not None
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            "truncated" if "End-of-central" in _words(error) or "not a zip" in _words(error) else "broken"
        ) from error
    except (OSError, EOFError, ValueError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise UnreadableFile("broken") from error


def _words(error: Exception) -> str:
    return str(error)


def _check_area(xml: bytes) -> None:
    """A sheet with one cell in the last corner would be unpacked to seventeen thousand million cells."""
    columns: set[bytes] = set()
    last_row = 0
    for column, row in _CELL_REFERENCE.findall(xml):
        columns.add(column)
        last_row = max(last_row, int(row))
    width = max((_column_number(column) for column in columns), default=0)
    if width * last_row > MAX_CELLS:
        raise UnreadableFile("too_large", f"{MAX_CELLS:,}")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _workbook_sheets(data: bytes, epoch_1904: bool) -> Iterator[Sheet]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                cells = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                hidden = meta.visible != SheetVisibleEnum.Visible
                yield Sheet(meta.name, list(enumerate(cells, 1)), hidden, epoch_1904)
    except PasswordError as error:
        raise UnreadableFile("encrypted") from error
    except CalamineError as error:
        raise UnreadableFile("broken") from error
