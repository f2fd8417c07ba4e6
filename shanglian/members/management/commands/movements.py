"""`shanglian movements`: the movement table of a period."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shanglian.common.commands import day, write_json
from shanglian.members.management.commands._asking import add_question, dimensions, question
from shanglian.members.queries import ROLLED_UP
from shanglian.members.questions import movements


class Command(BaseCommand):
    help = "Opening, joined, moved, reclassified, left, closing: the movement table of a period."

    def add_arguments(self, parser: CommandParser) -> None:
        add_question(parser)
        parser.add_argument("--from", dest="since", type=day, required=True, metavar="DAY")
        parser.add_argument("--to", dest="until", type=day, required=True, metavar="DAY")
        parser.add_argument("--by", default="", metavar="NAMES", help="any of org,category")

    def handle(self, **options: Any) -> None:
        if options["since"] > options["until"]:
            raise CommandError("--from lies after --to. 起始日期晚于截止日期，请对调")
        by = dimensions(options["by"], ROLLED_UP)
        answer = movements(question(options), since=options["since"], until=options["until"], by=by)
        if options["json"]:
            write_json(options["json"], answer)
            return
        for row in [*answer["rows"], {"total": "合计", **answer["total"]}]:
            self.stderr.write("  ".join(f"{name}={value}" for name, value in row.items()))
