"""The organisations directly below: by one indicator ranked, by all of them who is short of what is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from shanglian.directory.core.kinds import OrgKind, is_chamber
from shanglian.directory.models import Org
from shanglian.reports.queries import Child
from shanglian.reports.standing import Standing

Standings = Mapping[int, Mapping[str, Standing]]  # by organisation, then by indicator


@dataclass(frozen=True)
class Line:
    """An organisation directly below. `members` is None where nothing was ever booked; `standing` is that of the
    indicator the table is about, `standings` are all; `rank` is None where none is due."""

    org: Org
    name: str
    alive: bool
    members: int | None
    standing: Standing | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    rank: int | None = None


@dataclass(frozen=True)
class Alert:
    """Who is short of what."""

    org: Org
    name: str
    standing: Standing


@dataclass(frozen=True)
class Below:
    """Everything directly below in three groups, and what the organisation counts at its own level."""

    counties: list[Line] = field(default_factory=list)
    zones: list[Line] = field(default_factory=list)
    chambers: list[Line] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    own_level: int = 0

    @property
    def measured(self) -> list[Line]:
        return [*self.counties, *self.zones]

    def behind(self, indicator: str) -> list[Alert]:
        """Who is behind by an indicator, the largest amount first."""
        found = [one for one in self.alerts if one.standing.indicator.code == indicator and one.standing.is_behind]
        return sorted(found, key=lambda one: -one.standing.missing)

    def unknown(self, indicator: str) -> int:
        """How many federations below cannot be judged; areas without one are not asked."""
        held = [line.standings.get(indicator) for line in self.measured if line.alive]
        return sum(not (standing and standing.is_known) for standing in held)

    @property
    def reckoned(self) -> bool:
        """What is due was carried over by us for at least one of them, not issued to it."""
        return any(line.standing and not line.standing.status.official for line in self.measured)

    @property
    def in_chambers(self) -> int:
        return sum(line.members or 0 for line in self.chambers)


def measured(children: Sequence[Child]) -> list[Org]:
    """Whom the plan's path is carried over to: federations and zones, not chambers."""
    return [child.org for child in children if not is_chamber(OrgKind(child.org.kind))]


def below_of(
    children: Sequence[Child],
    *,
    by: str,
    standings: Standings,
    members: Mapping[int, int | None],
    own_level: int,
) -> Below:
    """`by`: the code of the indicator that ranks."""
    groups = Below(own_level=own_level, alerts=alerts_of(children, standings))
    for child in children:
        held = standings.get(child.org.pk, {})
        line = Line(child.org, child.name, child.alive, members.get(child.org.pk), held.get(by), held)
        kind = OrgKind(child.org.kind)
        group = groups.chambers if is_chamber(kind) else groups.counties
        (groups.zones if kind is OrgKind.ZONE else group).append(line)
    groups.counties[:] = ranked(groups.counties)
    groups.zones.sort(key=_order)
    return groups


def alerts_of(children: Sequence[Child], standings: Standings) -> list[Alert]:
    """Who is short of what, of all indicators: first what is overdue, then the worst."""
    found = [
        Alert(child.org, child.name, standing)
        for child in children
        for standing in standings.get(child.org.pk, {}).values()
        if standing.is_short
    ]
    return sorted(found, key=lambda alert: (not alert.standing.is_overdue, alert.standing.lead or 0, alert.org.code))


def ranked(lines: Iterable[Line]) -> list[Line]:
    """By what is done of what is due, the best first; equals share a rank, the unknown stand last without one."""
    ordered = sorted(lines, key=_order)
    ranks: list[int | None] = [1 if _known(line) else None for line in ordered[:1]]
    for at, (above, line) in enumerate(pairwise(ordered), 2):
        if not _known(line):
            ranks.append(None)
        else:
            ranks.append(ranks[-1] if _order(above)[:2] == _order(line)[:2] else at)
    return [replace(line, rank=rank) for line, rank in zip(ordered, ranks, strict=True)]


def _known(line: Line) -> bool:
    return line.standing is not None and line.standing.is_known


def _order(line: Line) -> tuple[bool, Fraction, str]:
    known = line.standing is not None and line.standing.is_known and line.standing.lead is not None
    lead = line.standing.lead if line.standing and line.standing.lead is not None else Fraction(0)
    return not known, -lead if known else Fraction(0), line.org.code
