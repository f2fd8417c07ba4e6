"""The ledger once more, without a database: a plain replay that the SQL is held equal to.

Slow and obvious on purpose. It judges a ledger day by day and sums figures leg by leg; the tests compare both with
the guards and the roll-ups on random histories.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shanglian.members.core.kinds import Kind
from shanglian.members.core.legs import Draft, LegDraft

Known = int | float


@dataclass(frozen=True)
class Entry:
    """A booked movement: the draft, the moment it was recorded (any ordered number) and its own key."""

    key: Hashable
    recorded: Known
    draft: Draft


def known_by(entries: Iterable[Entry], moment: Known | None) -> list[Entry]:
    return [entry for entry in entries if moment is None or entry.recorded <= moment]


def contradictions(
    entries: Sequence[Entry],
    *,
    entity_of: Callable[[Hashable], Hashable],
    exists: Callable[[Hashable, date], bool],
) -> list[str]:
    """What is wrong with this ledger, one code per fault; empty when the register may look like this."""
    faults: list[str] = []
    reversed_keys = Counter(entry.draft.reverses for entry in entries if entry.draft.reverses is not None)
    faults += ["reversed_twice" for times in reversed_keys.values() if times > 1]
    for entry in entries:
        if entry.draft.kind is not Kind.REVERSAL:
            faults += [
                "unknown_organisation"
                for leg in entry.draft.legs
                if (leg.memberships > 0 or leg.heads > 0) and not exists(leg.org, entry.draft.effective_on)
            ]
    days = sorted({entry.draft.effective_on for entry in entries})
    for day in days:
        faults += _faults_of_day(entries, day, entity_of)
    return faults


def _faults_of_day(entries: Sequence[Entry], day: date, entity_of: Callable[[Hashable], Hashable]) -> list[str]:
    by_class: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    by_membership: Counter[Hashable] = Counter()
    by_entity: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        if entry.draft.effective_on > day:
            continue
        for leg in entry.draft.legs:
            by_class[leg.membership, leg.counted][0] += leg.memberships
            by_class[leg.membership, leg.counted][1] += leg.heads
            by_membership[leg.membership] += leg.memberships
            by_entity[entity_of(leg.membership)][0] += leg.memberships
            by_entity[entity_of(leg.membership)][1] += leg.heads
    faults = ["class" for opened, heads in by_class.values() if opened not in (0, 1) or not 0 <= heads <= opened]
    faults += ["membership" for opened in by_membership.values() if opened not in (0, 1)]
    faults += ["home" for opened, heads in by_entity.values() if heads != (1 if opened > 0 else 0)]
    return faults


def figures(
    entries: Iterable[Entry],
    *,
    on: date,
    key: Callable[[LegDraft], Hashable],
    orgs: Collection[Hashable] | None = None,
    known: Known | None = None,
) -> dict[Hashable, tuple[int, int]]:
    """(memberships, heads) at the end of the day by whatever `key` makes of a leg; zeros left out."""
    sums: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    for entry in known_by(entries, known):
        if entry.draft.effective_on > on:
            continue
        for leg in entry.draft.legs:
            if orgs is None or leg.org in orgs:
                sums[key(leg)][0] += leg.memberships
                sums[key(leg)][1] += leg.heads
    return {k: (m, h) for k, (m, h) in sums.items() if m or h}


def line_sums(
    entries: Iterable[Entry],
    *,
    since: date,
    until: date,
    key: Callable[[LegDraft], Hashable],
    known: Known | None = None,
) -> dict[tuple[Hashable, str], tuple[int, int]]:
    """(memberships, heads) by key and line of what took effect in the period, both days included."""
    sums: dict[tuple[Hashable, str], list[int]] = defaultdict(lambda: [0, 0])
    for entry in known_by(entries, known):
        if since <= entry.draft.effective_on <= until:
            for leg in entry.draft.legs:
                cell = sums[key(leg), str(leg.line)]
                cell[0] += leg.memberships
                cell[1] += leg.heads
    return {k: (m, h) for k, (m, h) in sums.items() if m or h}
