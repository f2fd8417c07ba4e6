"""`shanglian read_sheet`: read a list of any kind and say what would become of every row. Keeps nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from shanglian.imports.management.commands._reading import add_terms, run_reading


class Command(BaseCommand):
    help = "读取名册、组织名录等表格，给出每一行的结果 / Read a list of any kind and print what becomes of each row."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = ", ".join(settings.IMPORT_KINDS)
        parser.add_argument("kind", metavar="KIND", choices=list(settings.IMPORT_KINDS), help=f"one of: {kinds}")
        add_terms(parser)

    def handle(self, **options: Any) -> None:
        run_reading(options["kind"], options, self.stderr)
