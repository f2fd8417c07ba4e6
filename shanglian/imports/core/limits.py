"""How much a file may be: checked before it is parsed, so that a small file cannot fill the memory.

What slips through here meets the limits of the process that parses workbooks (confined.py).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Final

MAX_UNPACKED: Final = 512 * 1024 * 1024  # bytes, all parts of a workbook together
MAX_PARTS: Final = 5_000  # files inside a workbook
MAX_CELLS: Final = 5_000_000  # of a whole file; blank rows and blanks at the end of a row do not count
MAX_ROWS: Final = 250_000  # of a whole file, blank ones not counted
MAX_LINES: Final = 2_000_000  # of a text file, blank ones and line breaks inside cells counted
MAX_COLUMNS: Final = 16_384  # a spreadsheet program knows no more
BOOK: Final = "xl/workbook.xml"
_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")


class UnreadableFile(Exception):
    """The file cannot be used at all. `code` and `detail` become a sentence at the edge.

    Codes: empty, encrypted, truncated, broken, binary, not_a_table, unsupported, wrong_extension (detail:
    what it is), too_large, too_many_rows, too_many_cells, too_wide (detail: the limit), long_cell, odd_archive
    (built as no spreadsheet program does), too_hard (parsing it went beyond its memory or time), encoding,
    no_table (no row of headings in any sheet), internal (a fault of our own; detail: the number it was logged under).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


# Archives ------------------------------------------------------------


def check_archive(data: bytes) -> bytes:
    """Refuses an archive that unpacks to too much, whatever it declares. The content of its part `BOOK`.

    The declared sizes are added up first; then every part is unpacked piece by piece, measured, and thrown away.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        missing_end = "End-of-central" in str(error) or "not a zip" in str(error)
        raise UnreadableFile("truncated" if missing_end else "broken") from error
    except (OSError, EOFError, ValueError, NotImplementedError, struct.error) as error:
        raise UnreadableFile("broken") from error
    _check_declarations(parts)
    book = b""
    for part in parts:
        content = _measured(data, part, keep=part.filename == BOOK)
        book = content or book
    return book


def _check_declarations(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("encrypted")
    if len(parts) > MAX_PARTS or len(names) < len(parts):
        raise UnreadableFile("odd_archive")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableFile("too_large", f"{MAX_UNPACKED // 1024**2} MB")
    if BOOK not in names:
        raise UnreadableFile("unsupported")


def _measured(data: bytes, part: zipfile.ZipInfo, *, keep: bool) -> bytes:
    """Unpacks one part, at most as far as it declares. Its content if asked for."""
    start = _start(data, part)
    packed = memoryview(data)[start : start + part.compress_size]
    if len(packed) < part.compress_size:
        raise UnreadableFile("broken")
    if part.compress_type == zipfile.ZIP_STORED:
        if part.file_size != part.compress_size:
            raise UnreadableFile("odd_archive")
        return bytes(packed) if keep else b""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableFile("odd_archive")
    kept: list[bytes] = []
    size = 0
    for piece in _inflated(packed):
        size += len(piece)
        if size > part.file_size:
            raise UnreadableFile("odd_archive")
        if keep:
            kept.append(piece)
    return b"".join(kept)


def _start(data: bytes, part: zipfile.ZipInfo) -> int:
    """Where the packed bytes of a part begin: after its own header, of which two lengths vary."""
    header = data[part.header_offset : part.header_offset + _LOCAL_HEADER.size] if part.header_offset >= 0 else b""
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise UnreadableFile("broken")
    _, name, extra = _LOCAL_HEADER.unpack(header)
    return int(part.header_offset + _LOCAL_HEADER.size + name + extra)


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """The unpacked bytes in pieces of at most a megabyte. UnreadableFile for what does not unpack to its end."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    place = 0
    try:
        while not inflater.eof:
            given = inflater.unconsumed_tail
            if not given:
                given = bytes(packed[place : place + _CHUNK])
                place += len(given)
            piece = inflater.decompress(given, _CHUNK)
            if not given and not piece:
                raise UnreadableFile("broken")
            yield piece
    except zlib.error as error:
        raise UnreadableFile("broken") from error


# Text ------------------------------------------------------------


def counted_lines(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """The lines of a CSV with their ends. UnreadableFile before a line is given out that goes beyond a limit."""
    blank = delimiter + ' \r\n"'
    cells = 0
    for number, line in enumerate(lines):
        if number == MAX_LINES:
            raise UnreadableFile("too_many_rows", f"{MAX_ROWS:,}")
        if line.strip(blank):
            count = line.count(delimiter) + 1
            cells += count
            if count > MAX_COLUMNS:
                raise UnreadableFile("too_wide", f"{MAX_COLUMNS:,}")
            if cells > MAX_CELLS:
                raise UnreadableFile("too_many_cells", f"{MAX_CELLS:,}")
        yield line
