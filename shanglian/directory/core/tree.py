"""The dated tree as values: runs of days with one value, and replaying a list of changes.

A change effective on a day holds from that day until the value next changes; a later change for the same day
replaces it. The database keeps the same thing as rows; tests hold the two equal on random histories.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True)
class Run(Generic[V]):
    """One value on the days from `start` up to, not including, `end` (None: open)."""

    start: date
    end: date | None
    value: V

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


Runs = tuple[Run[V], ...]


def value_on(runs: Runs[V], day: date) -> V | None:
    return next((run.value for run in runs if run.holds(day)), None)


def joined(runs: Iterable[Run[V]]) -> Runs[V]:
    """Sorted by day, neighbours of equal value made one."""
    result: list[Run[V]] = []
    for run in sorted(runs, key=lambda run: run.start):
        if result and result[-1].end == run.start and result[-1].value == run.value:
            result[-1] = Run(result[-1].start, run.end, run.value)
        else:
            result.append(run)
    return tuple(result)


def run_on(runs: Iterable[Run[V]], day: date) -> Run[V] | None:
    """The longest run of one value that includes `day`; None if nothing holds on that day."""
    return next((run for run in joined(runs) if run.holds(day)), None)


def set_from(runs: Runs[V], day: date, value: V) -> Runs[V]:
    """`value` from `day` until the value next changes. Unchanged where nothing holds on `day`."""
    changed = run_on(runs, day)
    if changed is None:
        return runs
    others = [run for run in joined(runs) if run != changed]
    before = [Run(changed.start, day, changed.value)] if changed.start < day else []
    return joined([*others, *before, Run(day, changed.end, value)])


def cut(runs: Runs[V], day: date) -> Runs[V]:
    """Nothing from `day` on."""
    kept = [run for run in runs if run.start < day]
    return tuple(Run(run.start, day, run.value) if run.end is None or run.end > day else run for run in kept)


def covers_days(runs: Iterable[Run[V]], start: date, end: date | None) -> bool:
    """Whether the runs, whatever their values, leave no day of [start, end) out."""
    reached: date | None = start
    for run in sorted(runs, key=lambda run: run.start):
        if reached is None or run.start > reached:
            break
        if run.end is None:
            reached = None
        elif run.end > reached:
            reached = run.end
    return reached is None or (end is not None and reached >= end)


class ChangeKind(StrEnum):
    FOUND = "found"
    MOVE = "move"
    CLOSE = "close"


@dataclass(frozen=True)
class Change:
    """One recorded change of the tree. `parent` is None for a root and for a closing."""

    kind: ChangeKind
    code: str
    on: date
    parent: str | None = None
    until: date | None = None


@dataclass(frozen=True)
class Tree:
    """Each organisation's parent, day by day."""

    parents: Mapping[str, Runs[str | None]] = field(default_factory=dict)

    def codes_on(self, day: date) -> frozenset[str]:
        return frozenset(code for code, runs in self.parents.items() if any(run.holds(day) for run in runs))

    def path(self, code: str, day: date) -> str | None:
        """ "/410000/410100/" on that day; None where the organisation has no place."""
        if code not in self.codes_on(day):
            return None
        parent = value_on(self.parents[code], day)
        above = "/" if parent is None else self.path(parent, day)
        return None if above is None else f"{above}{code}/"

    def subtree(self, root: str, day: date) -> frozenset[str]:
        """`root` and all below on that day; empty where the root has no place."""
        here = self.path(root, day)
        if here is None:
            return frozenset()
        return frozenset(code for code in self.codes_on(day) if (self.path(code, day) or "").startswith(here))

    def subtree_today(self, root: str, today: date) -> frozenset[str]:
        """`root` and all below by today's tree, in which a closed organisation keeps its last place."""
        links = {
            code: max((run for run in runs if run.start <= today), key=lambda run: run.start).value
            for code, runs in self.parents.items()
            if any(run.start <= today for run in runs)
        }
        found = {root}
        while more := {code for code, parent in links.items() if parent in found} - found:
            found |= more
        return frozenset(found)


def replay(changes: Iterable[Change]) -> Tree:
    """The tree after these changes, in the order in which they were recorded."""
    parents: dict[str, Runs[str | None]] = {}
    for change in changes:
        match change.kind:
            case ChangeKind.FOUND:
                parents[change.code] = (Run(change.on, change.until, change.parent),)
            case ChangeKind.MOVE:
                parents[change.code] = set_from(parents[change.code], change.on, change.parent)
            case ChangeKind.CLOSE:
                parents[change.code] = cut(parents[change.code], change.on)
    return Tree(parents)
