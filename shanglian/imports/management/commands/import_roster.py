"""`shanglian import_roster`: rosters into the register. Without --commit it is a dry run and leaves
nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from shanglian.common.commands import add_json, day, write_json
from shanglian.directory.models import Org
from shanglian.directory.queries import org_by_code, system_user, today
from shanglian.imports.actions import (
    commit_batch,
    read_batch,
    receive_file,
    rehearse_files,
)
from shanglian.imports.management.commands._files import incoming, refusals_as_sentences
from shanglian.imports.queries import FileSummary, file_summaries
from shanglian.imports.wording import refused


class Command(BaseCommand):
    help = "导入会员名册；不加 --commit 只预演 / Import member rosters; without --commit only rehearse."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--org", required=True, metavar="CODE", help="the organisation whose roster it is")
        parser.add_argument("--on", type=day, metavar="DAY", help="the day the roster shows (default: today)")
        parser.add_argument("--complete", action="store_true", help="the roster names every member of that day")
        parser.add_argument("--history", action="store_true", help="book full join dates as joined on that day")
        parser.add_argument("--commit", action="store_true", help="write; otherwise nothing is left behind")
        add_json(parser)

    def handle(self, **options: Any) -> None:
        files = incoming(options["files"])
        terms = {
            "org": _org(options["org"]),
            "kind": "roster",
            "files": files,
            "on": options["on"] or today(),
            "complete": options["complete"],
            "history": options["history"],
            "actor": system_user(),
        }
        with refusals_as_sentences():
            answer = _commit(terms) if options["commit"] else _rehearse(terms)
        write_json(options["json"], answer)
        self._say(answer)

    def _say(self, answer: dict[str, Any]) -> None:
        for file in answer["files"]:
            numbers = "  ".join(f"{key} {file[key]:,}" for key in _COUNTS)
            self.stderr.write(f"{file['file']}: {numbers}")
        if answer["committed"]:
            self.stderr.write(f"已入账，批次 {answer['batch']} / committed")
        else:
            self.stderr.write("预演完毕，未写入；加 --commit 入账 / dry run, nothing written; add --commit")


_COUNTS = ("accept", "reject", "duplicate", "conflict", "already_booked")


def _org(code: str) -> Org:
    try:
        return org_by_code(code)
    except Org.DoesNotExist:
        raise CommandError("\n".join(refused("no_such_org", code))) from None


def _rehearse(terms: dict[str, Any]) -> dict[str, Any]:
    with _step("预演 / dry run"):
        rehearsal = rehearse_files(**terms)
    return _answer(None, False, rehearsal.files, dict(rehearsal.booking.counts))


def _commit(terms: dict[str, Any]) -> dict[str, Any]:
    actor = terms["actor"]
    with _step("接收 / receiving"):
        batch = receive_file(**terms)
    with _step("读取 / reading"):
        batch = read_batch(batch=batch, actor=actor)
    with _step("入账 / committing"):
        booking = commit_batch(batch=batch, actor=actor)
    return _answer(str(batch.pk), True, file_summaries(batch), dict(booking.counts))


def _answer(batch: str | None, committed: bool, files: Sequence[FileSummary], counts: dict[str, int]) -> dict[str, Any]:
    return {
        "batch": batch,
        "committed": committed,
        "files": [asdict(summary) for summary in files],
        "counts": counts,
    }


@contextmanager
def _step(words: str) -> Iterator[None]:
    """A moving sign on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(words):
        yield
