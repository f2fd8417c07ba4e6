"""What `read_roster` and `read_sheet` share: one file read, every row as JSON, counts in words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser, OutputWrapper

from shanglian.common.commands import add_json, day, write_json
from shanglian.directory.queries import today
from shanglian.imports.actions import FileRefused
from shanglian.imports.core.files import UnreadableFile
from shanglian.imports.core.reading import CleanRow, read_file
from shanglian.imports.kinds import import_kind
from shanglian.imports.management.commands._files import incoming, refusals_as_sentences


def add_terms(parser: CommandParser) -> None:
    """Which file, and of which day."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--on",
        type=day,
        metavar="DAY",
        help="the day the list shows (default: today); later is the future",
    )
    add_json(parser)


def run_reading(kind: str, options: Mapping[str, Any], err: OutputWrapper) -> None:
    """Read the file as a list of this kind; nothing is kept."""
    (file,) = incoming([options["file"]])
    with refusals_as_sentences():
        try:
            reading = read_file(file.data, file.name, import_kind(kind).reading, today=options["on"] or today())
        except UnreadableFile as unreadable:
            raise FileRefused(file.name, unreadable) from unreadable
    write_json(options["json"], {"file": reading.name, "rows": [as_json(row) for row in reading.rows]})
    for problem in reading.problems:
        err.write(f"{problem.sheet}: 没有表头，未读取 / no headings, not read")
    counts = Counter(row.outcome for row in reading.rows)
    err.write("  ".join(f"{outcome} {number:,}" for outcome, number in sorted(counts.items())))


def as_json(row: CleanRow) -> dict[str, Any]:
    """A row as the commands print it."""
    shown: dict[str, Any] = {
        "sheet": row.sheet,
        "row": row.number,
        "outcome": row.outcome,
        "reasons": row.reasons,
        "warnings": row.warnings,
        "record": row.record,
    }
    if row.same_as is not None:
        shown["same_as"] = {"sheet": row.same_as[0], "row": row.same_as[1]}
    return shown
