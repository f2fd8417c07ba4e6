"""Who is behind a cell of the movement table, and who was a member as known earlier: rows of Change.

The movement table sums legs; these are the same legs, one row for each that it counts, so that a list has as many
rows as the cell says. Who stood before a period, as known now, is read from spans where nobody was taken over in it.
"""

from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, Sum

from shanglian.members.core.kinds import Count, Line
from shanglian.members.forms import State
from shanglian.members.models import Change, ChangeQuerySet, Flow, OneOf, Span, SpanQuerySet

LINES: dict[State, tuple[Line, ...]] = {
    State.OPENING: (Line.OPENING,),
    State.JOINED: (Line.JOINED,),
    State.MOVED_IN: (Line.MOVED_IN, Line.REHOMED_IN),
    State.RECLASSIFIED_IN: (Line.RECLASSIFIED_IN,),
    State.LEFT: (Line.LEFT,),
    State.MOVED_OUT: (Line.MOVED_OUT, Line.REHOMED_OUT),
    State.RECLASSIFIED_OUT: (Line.RECLASSIFIED_OUT,),
}


def movers(
    state: State, orgs: list[int], *, since: date, until: date, count: Count, known_on: datetime | None = None
) -> ChangeQuerySet | SpanQuerySet:
    """What a column of the movement table counts. The opening: members before the period and those taken over in it."""
    known = Change.objects.known_at(known_on).filter(OneOf("org_id", orgs)).counting(count)
    within = Q(line__in=LINES[state], effective_on__range=(since, until))
    if state != State.OPENING:
        return known.filter(within)
    before = since - timedelta(days=1)
    if known_on is None and not _taken_over(orgs, since, until):
        spans = Span.objects.in_orgs(orgs).on(before)
        return spans if count == Count.MEMBERSHIPS else spans.home()
    return known.filter(within | _standing(known, before, count))


def _taken_over(orgs: list[int], since: date, until: date) -> bool:
    """Whether first rosters may have been taken over in the period: the roll-up knows the months."""
    months = Flow.objects.filter(OneOf("org_id", orgs), line__in=LINES[State.OPENING])
    return months.filter(month__range=(since.replace(day=1), until)).exists()


def members_as_known(orgs: list[int], *, on: date, count: Count, known_on: datetime) -> ChangeQuerySet:
    """Members on a day as known at a moment, each by the change that made it one."""
    known = Change.objects.known_at(known_on).filter(OneOf("org_id", orgs)).counting(count)
    return known.filter(_standing(known, on, count))


def _standing(known: ChangeQuerySet, on: date, count: Count) -> Q:
    """The last gain by the day of each membership counted so, where gains and losses by then leave one."""
    gained = ArrayAgg("pk", filter=Q(**{f"{count.value}__gt": 0}), order_by=("-effective_on", "-pk"))
    alike = known.filter(effective_on__lte=on).values("membership", "county", "category", "profile")
    left = alike.annotate(left=Sum(count.value), gained=gained).filter(left__gt=0)
    return Q(pk__in=left.annotate(last=F("gained__0")).values("last"))
