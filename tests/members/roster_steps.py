"""Steps that stories about rosters share: hand one in, rehearse it, commit it as rehearsed, and what its rows say."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date

from django.test import override_settings

from shanglian.directory.actions import appoint
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org, User
from shanglian.imports.actions import IncomingFile, commit_batch, decide_row, preview_batch, read_batch, receive_file
from shanglian.imports.models import Batch
from shanglian.members.verification import verify_register
from tests.little_federation import LittleFederation

DAY, LATER = date(2013, 12, 31), date(2014, 12, 31)
HEADINGS = "企业名称,统一社会信用代码,组织机构代码,注册号,法定代表人,联系电话"


def as_if_large(yes: bool = True) -> AbstractContextManager[None]:
    """Inside, a batch of a few rows is treated as a large one: its pages lie packed, its statements are several."""
    few = override_settings(IMPORT_PAGE_ROWS=2, IMPORT_PAGES_KEPT=0, IMPORT_ROWS_AT_ONCE=3)
    return few if yes else nullcontext()


def read(
    federation: LittleFederation, *lines: str, org: Org | None = None, on: date = DAY, headings: str = HEADINGS, **terms
) -> Batch:
    file = IncomingFile("roster.csv", "\n".join([headings, *lines]).encode())
    terms |= {"org": org or federation.jinshui, "kind": "roster", "files": [file], "on": on}
    return read_batch(batch=receive_file(**terms, actor=federation.alice), actor=federation.alice)


def rehearse(federation: LittleFederation, *lines: str, **terms) -> Batch:
    return preview_batch(batch=read(federation, *lines, **terms), actor=federation.alice)


def commit(federation: LittleFederation, *lines: str, **terms) -> Batch:
    """The batch after its commit, whose counts are those of the dry run before it."""
    return finish(federation, rehearse(federation, *lines, **terms))


def finish(federation: LittleFederation, batch: Batch) -> Batch:
    rehearsed = preview_batch(batch=batch, actor=federation.alice).preview
    booking = commit_batch(batch=batch, actor=federation.alice)
    assert (dict(booking.counts), booking.recorded) == (rehearsed["counts"], rehearsed["recorded"])
    assert [check.name for check in verify_register() if not check.ok] == []
    batch.refresh_from_db()
    return batch


def said(batch: Batch) -> list[tuple[str, list[str]]]:
    return [(row.verdict, row.verdict_reasons) for row in batch.rows()]


def keeper_of(federation: LittleFederation, *orgs: Org) -> User:
    """Bob, clerk of Erqi, who is appointed at these organisations too."""
    for org in orgs:
        appoint(federation.bob, org=org, role=Role.CLERK, on=DAY, actor=federation.adam)
    return federation.bob


def decide_somehow(batch: Batch, words: list[int], actor: User) -> None:
    """About rows that are doubtful and rows that may be decided otherwise: what the numbers stand for, if anything."""
    asked = batch.rows().filter(finding__has_any_keys=["choices", "offers"])
    for row, word in zip(asked, words, strict=False):
        choices = (row.finding.get("choices") or row.finding["offers"])[word:]
        target = next((one["target"] for one in row.finding["candidates"] if one.get("leaves")), None)
        target = target or row.finding["candidates"][0]["target"]
        if choices:
            decide_row(row=row, choice=choices[0], target=target, actor=actor)
