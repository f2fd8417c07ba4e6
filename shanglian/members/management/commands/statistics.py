"""`shanglian statistics`: members at the end of a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shanglian.common.commands import day, write_json
from shanglian.directory.queries import today
from shanglian.members.management.commands._asking import add_question, dimensions, question
from shanglian.members.queries import DIMENSIONS
from shanglian.members.questions import statistics


class Command(BaseCommand):
    help = "Members at the end of a day, as known at a moment, by any counted attribute."

    def add_arguments(self, parser: CommandParser) -> None:
        add_question(parser)
        parser.add_argument("--on", type=day, metavar="DAY", help="end of this day (default: today)")
        parser.add_argument("--by", default="", metavar="NAMES", help=f"any of {','.join(DIMENSIONS)}")

    def handle(self, **options: Any) -> None:
        by = dimensions(options["by"], frozenset(DIMENSIONS))
        answer = statistics(question(options), on=options["on"] or today(), by=by)
        if options["json"]:
            write_json(options["json"], answer)
            return
        for row in answer["rows"]:
            self.stderr.write("  ".join(str(value) for value in row.values()))
        self.stderr.write(f"total 合计 {answer['total']:,}")
