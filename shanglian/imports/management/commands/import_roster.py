"""`shanglian import_roster`: rosters into the register. Without --commit it is a dry run and leaves
nothing.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shanglian.imports.management.commands._importing import add_terms, run_import


class Command(BaseCommand):
    help = "导入会员名册；不加 --commit 只预演 / Import member rosters; without --commit only rehearse."

    def add_arguments(self, parser: CommandParser) -> None:
        add_terms(parser)
        parser.add_argument("--complete", action="store_true", help="the roster names every member of that day")
        parser.add_argument("--history", action="store_true", help="book full join dates as joined on that day")

    def handle(self, **options: Any) -> None:
        run_import("roster", options, self.stderr)
