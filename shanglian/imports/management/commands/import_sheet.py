"""`shanglian import_sheet`: lists of any kind into the register. Without --commit a dry run that leaves nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from shanglian.imports.management.commands._importing import add_terms, run_import


class Command(BaseCommand):
    help = "导入名册、组织名录等表格；不加 --commit 只预演 / Import lists of any kind; without --commit only rehearse."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = ", ".join(settings.IMPORT_KINDS)
        parser.add_argument("kind", metavar="KIND", choices=list(settings.IMPORT_KINDS), help=f"one of: {kinds}")
        add_terms(parser)

    def handle(self, **options: Any) -> None:
        run_import(options["kind"], options, self.stderr)
