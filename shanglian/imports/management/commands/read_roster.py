"""`shanglian read_roster`: read a roster and say what would become of every row. Uses no database and keeps
nothing.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shanglian.imports.management.commands._reading import add_terms, run_reading


class Command(BaseCommand):
    help = "读取会员名册，给出每一行的结果 / Read a roster and print what becomes of each row."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_terms(parser)

    def handle(self, **options: Any) -> None:
        run_reading("roster", options, self.stderr)
