"""`shanglian read_roster`: read a roster and say what would become of every row. Uses no database and keeps
nothing.
"""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shanglian.common.commands import add_json, day, write_json
from shanglian.directory.queries import today
from shanglian.imports.actions import FileRefused
from shanglian.imports.core.files import UnreadableFile
from shanglian.imports.core.reading import CleanRow, read_file
from shanglian.imports.kinds import import_kind
from shanglian.imports.management.commands._files import incoming, refusals_as_sentences


class Command(BaseCommand):
    help = "读取会员名册，给出每一行的结果 / Read a roster and print what becomes of each row."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--on",
            type=day,
            metavar="DAY",
            help="the day the roster shows (default: today); later is the future",
        )
        add_json(parser)

    def handle(self, **options: Any) -> None:
        (file,) = incoming([options["file"]])
        with refusals_as_sentences():
            try:
                reading = read_file(file.data, file.name, import_kind("roster").reading, today=options["on"] or today())
            except UnreadableFile as unreadable:
                raise FileRefused(file.name, unreadable) from unreadable
        write_json(options["json"], {"file": reading.name, "rows": [as_json(row) for row in reading.rows]})
        for problem in reading.problems:
            self.stderr.write(f"{problem.sheet}: 没有表头，未读取 / no headings, not read")
        counts = Counter(row.outcome for row in reading.rows)
        self.stderr.write("  ".join(f"{outcome} {number:,}" for outcome, number in sorted(counts.items())))


def as_json(row: CleanRow) -> dict[str, Any]:
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
