"""Building the demo: what is there already, what is left to do, and doing it step by step.

The log is the memory: `demo.begin` holds the terms, `demo.step` each finished step.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from shanglian.archive.actions import log
from shanglian.archive.models import LogEntry
from shanglian.demo.accounts import (
    Account,
    open_accounts,
    planned_accounts,
    read_accounts,
    renew_passwords,
    write_accounts,
)
from shanglian.demo.organisations import real_organisations
from shanglian.demo.story import Step, steps_after_accounts, steps_of
from shanglian.demo.terms import Terms
from shanglian.directory.queries import system_user
from shanglian.members.models import Entity
from shanglian.runtime.places import Unusable

STAGES = ("orgs", "roster", "plan", "full")
Progress = Callable[[Step], None]


def terms_in_use() -> Terms | None:
    """What the demo in this database was begun with; None when there is none."""
    begun = LogEntry.objects.filter(verb="demo.begin").order_by("pk").first()
    return Terms(**begun.detail) if begun else None


def refuse_real_data() -> None:
    """Raises Unusable where the database holds anything that is no sample."""
    if real_organisations() or Entity.objects.filter(sample=False).exists():
        raise Unusable(
            "这个数据库里已有正式的组织或会员，不能在其中生成示例数据。请换一个数据目录（SHANGLIAN_HOME）或数据库。",
            "This database holds real organisations or members; no demo is built in it. "
            "Use another data folder (SHANGLIAN_HOME) or another database.",
        )


def steps_left(stage: str, terms: Terms) -> list[Step]:
    return _not_played(steps_of(stage, terms))


def steps_left_after_accounts(stage: str, terms: Terms) -> list[Step]:
    return _not_played(steps_after_accounts(stage, terms))


def _not_played(steps: Sequence[Step]) -> list[Step]:
    done = set(LogEntry.objects.filter(verb="demo.step").values_list("detail__step", flat=True))
    return [step for step in steps if step.key not in done]


def begin(terms: Terms) -> Terms:
    """Note the terms of a new demo; those of one begun before stay."""
    found = terms_in_use()
    if found is None:
        log("demo.begin", detail=asdict(terms), actor=system_user())
    return found or terms


def play(steps: Sequence[Step], *, progress: Progress) -> None:
    """Play the steps, each with its note in one transaction."""
    actor = system_user()
    for step in steps:
        progress(step)
        with transaction.atomic():
            step.play(actor)
            log("demo.step", detail={"step": step.key}, actor=actor)


def ready_accounts(home: Path) -> list[Account]:
    """Make the accounts, or give them new passwords if their file was lost. Empty when there was nothing to do."""
    kept = read_accounts(home)
    opened = LogEntry.objects.filter(verb="demo.step", detail__step="accounts").exists()
    if opened and kept:
        return []
    accounts = planned_accounts(kept)
    with transaction.atomic():
        if opened:
            renew_passwords(accounts)
        else:
            open_accounts(accounts, actor=system_user())
            log("demo.step", detail={"step": "accounts"}, actor=system_user())
    write_accounts(home, accounts)
    return accounts
