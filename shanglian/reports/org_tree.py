"""The tree of a day with its members: lines in printing order, as far as a page holds them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from shanglian.common.core.names import name_key
from shanglian.directory.core.kinds import KIND_GROUP, OrgKind
from shanglian.directory.labels import KINDS, Label
from shanglian.directory.queries import OrgLine, tree_on
from shanglian.members.core.kinds import Count
from shanglian.reports.organisation import Asked, figures_of

HOLDS = 400  # lines of one page; beyond that, the deepest levels are left to the pages of those above them


@dataclass(frozen=True)
class TreeLine:
    """`matched` is False for an organisation that only shows where a matching one stands. Figures are None where the
    reader may not see members, or not those of everything below.
    """

    line: OrgLine
    kind: Label
    matched: bool
    own: int | None
    heads: int | None


@dataclass(frozen=True)
class Tree:
    lines: list[TreeLine]
    matching: int
    folded: int  # lines of deeper levels that the page does not hold


def tree_of(day: date, visible: Collection[int], listed: Collection[int], *, words: str = "", group: str = "") -> Tree:
    """What matches, each below those above it, with the members of all of it in a few queries."""
    every = tree_on(day, ids=visible)
    below = _below(every)
    hits = {n for n, line in enumerate(every) if _matches(line, name_key(words), group)}
    kept = [n for n in range(len(every)) if not hits.isdisjoint(range(n, below[n]))]
    shown = _held(every, kept)
    seen = set(listed)
    counted = [line.org.pk for line in every if line.org.pk in seen]
    numbers = figures_of(counted, Asked(day)) if counted else None

    def heads(lines: Sequence[OrgLine]) -> int | None:
        ids = [line.org.pk for line in lines]
        return numbers.of(ids, Count.HEADS) if numbers and seen.issuperset(ids) else None

    lines = [
        TreeLine(
            every[n],
            KINDS[OrgKind(every[n].org.kind)],
            n in hits,
            heads(every[n : n + 1]),
            heads(every[n : below[n]]),
        )
        for n in shown
    ]
    return Tree(lines, len(hits), len(kept) - len(shown))


def _below(lines: Sequence[OrgLine]) -> list[int]:
    """For each line, where the lines of everything below it end."""
    ends = [len(lines)] * len(lines)
    above: list[int] = []
    for n, line in enumerate(lines):
        while above and lines[above[-1]].depth >= line.depth:
            ends[above.pop()] = n
        above.append(n)
    return ends


def _matches(line: OrgLine, key: str, group: str) -> bool:
    if group and KIND_GROUP[OrgKind(line.org.kind)] != group:
        return False
    return not key or any(key in name_key(text) for text in (line.name, line.short_name, line.org.code))


def _held(lines: Sequence[OrgLine], kept: list[int]) -> list[int]:
    """As many levels as the page holds; of a single level that is too long, its beginning."""
    while len(kept) > HOLDS:
        deepest = max(lines[n].depth for n in kept)
        higher = [n for n in kept if lines[n].depth < deepest]
        if not higher:
            return kept[:HOLDS]
        kept = higher
    return kept
