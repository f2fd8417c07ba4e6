"""`shanglian undo_import`: reverse every movement of a committed batch."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shanglian.common.commands import add_json, write_json
from shanglian.directory.queries import system_user
from shanglian.imports.actions import undo_batch
from shanglian.imports.management.commands._files import refusals_as_sentences
from shanglian.imports.models import Batch
from shanglian.imports.wording import refused


class Command(BaseCommand):
    help = "撤销一次导入 / Take back an import: every movement of the batch is reversed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH")
        add_json(parser)

    def handle(self, **options: Any) -> None:
        with refusals_as_sentences():
            count = undo_batch(batch=_batch(options["batch"]), actor=system_user())
        write_json(options["json"], {"batch": options["batch"], "undone": True, "reversed": count})
        self.stderr.write(f"已撤销，冲回 {count:,} 条 / undone, {count:,} movements reversed")


def _batch(text: str) -> Batch:
    try:
        return Batch.objects.get(pk=text)
    except (Batch.DoesNotExist, ValidationError):
        raise CommandError("\n".join(refused("no_such_batch", text))) from None
