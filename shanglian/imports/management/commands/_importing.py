"""What `import_roster` and `import_sheet` share: the arguments, the dry run or the commit, and its answer."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser, OutputWrapper
from rich.console import Console

from shanglian.common.commands import add_json, day, write_json
from shanglian.directory.models import Org
from shanglian.directory.queries import org_by_code, system_user, today
from shanglian.imports.actions import commit_batch, read_batch, receive_file, rehearse_files
from shanglian.imports.kinds import Booking
from shanglian.imports.management.commands._files import incoming, refusals_as_sentences
from shanglian.imports.queries import FileSummary, file_summaries
from shanglian.imports.wording import refused

_COUNTS = ("accept", "reject", "duplicate", "conflict", "already_booked")


def add_terms(parser: CommandParser) -> None:
    """Which files, whose, of which day, and whether to write."""
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--org", required=True, metavar="CODE", help="the organisation whose list it is")
    parser.add_argument("--on", type=day, metavar="DAY", help="the day the list shows (default: today)")
    parser.add_argument("--commit", action="store_true", help="write; otherwise nothing is left behind")
    add_json(parser)


def run_import(kind: str, options: Mapping[str, Any], err: OutputWrapper) -> None:
    """Rehearse or commit, write the JSON asked for, and say in words what became of it."""
    files = incoming(options["files"])
    terms = {
        "org": _org(options["org"]),
        "kind": kind,
        "files": files,
        "on": options["on"] or today(),
        "complete": options.get("complete", False),
        "history": options.get("history", False),
        "actor": system_user(),
    }
    with refusals_as_sentences():
        answer = _commit(terms) if options["commit"] else _rehearse(terms)
    write_json(options["json"], answer)
    _say(answer, err)


def _say(answer: dict[str, Any], err: OutputWrapper) -> None:
    for file in answer["files"]:
        numbers = "  ".join(f"{key} {file[key]:,}" for key in _COUNTS)
        err.write(f"{file['file']}: {numbers}")
    if number := answer.get("absent"):
        err.write(
            f"名册未列出的在册会员 {number:,} 家，未作处理 / members the list does not name: {number:,}, none ended"
        )
    if answer["committed"]:
        err.write(f"已入账，批次 {answer['batch']} / committed")
    else:
        err.write("预演完毕，未写入；加 --commit 入账 / dry run, nothing written; add --commit")


def _org(code: str) -> Org:
    try:
        return org_by_code(code)
    except Org.DoesNotExist:
        raise CommandError("\n".join(refused("no_such_org", code))) from None


def _rehearse(terms: dict[str, Any]) -> dict[str, Any]:
    with _step("预演 / dry run"):
        rehearsal = rehearse_files(**terms)
    return _answer(None, rehearsal.files, rehearsal.booking, complete=terms["complete"])


def _commit(terms: dict[str, Any]) -> dict[str, Any]:
    actor = terms["actor"]
    with _step("接收 / receiving"):
        batch = receive_file(**terms)
    with _step("读取 / reading"):
        batch = read_batch(batch=batch, actor=actor)
    with _step("入账 / committing"):
        booking = commit_batch(batch=batch, actor=actor)
    return _answer(str(batch.pk), file_summaries(batch), booking, complete=terms["complete"])


def _answer(batch: str | None, files: Sequence[FileSummary], booking: Booking, *, complete: bool) -> dict[str, Any]:
    """`absent`: how many a complete list does not name; the command ends none of them."""
    answer = {
        "batch": batch,
        "committed": batch is not None,
        "files": [asdict(summary) for summary in files],
        "counts": dict(booking.counts),
    }
    return answer | ({"absent": len(booking.absent)} if complete else {})


@contextmanager
def _step(words: str) -> Iterator[None]:
    """A moving sign on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(words):
        yield
