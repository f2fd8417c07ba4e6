"""What the home page needs from the rooms below, asked for an organisation and all directly below it at once.

Reads only, and owns no fact: figures come from the members' roll-up, targets from the plan. However many organisations
there are, the number of queries stays the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from shanglian.common.core.periods import add_years, quarter_end
from shanglian.directory.models import Appointment, Org, OrgLife, OrgPlace, User
from shanglian.directory.queries import children_on, short_names_on, territories_on_days, today
from shanglian.members.models import Flow, Leg
from shanglian.members.queries import Reach, figures
from shanglian.plans.core.plan import Plan
from shanglian.plans.queries import plan_on


@dataclass(frozen=True)
class Child:
    """An organisation directly below on a day. `alive` is False for an area without a federation of its own."""

    org: Org
    name: str
    alive: bool


@dataclass(frozen=True)
class Counted:
    """Members of organisations at the end of a day, by id: with everything below, and at their own level alone.

    None where nothing was ever booked by that day: nobody can know, which is not the same as 0. An organisation that
    had no place on that day stands in neither.
    """

    with_below: dict[int, int | None]
    own_level: dict[int, int]


def day_to_show() -> date:
    """Today; or, where nothing took effect for a year, the end of the last quarter that has entries."""
    now = today()
    month = Flow.objects.aggregate(last=Max("month"))["last"]
    if month is None or add_years(quarter_end(month), 1) >= now:
        return now
    return quarter_end(month)


def own_orgs(user: User) -> list[Org]:
    """The organisations of the user's posts, in the order in which the frame around the page takes them."""
    held = Appointment.objects.filter(user=user).on(today()).select_related("org")
    return [post.org for post in held.order_by("org__code", "role")]


def plan_above(org: Org, on: date) -> Plan | None:
    """The plan the organisation is measured by on a day: its own, else that of the nearest one above.

    Raises PolicyError when a plan file cannot be used.
    """
    place = OrgPlace.objects.known_at().on(on).filter(org=org).first()
    return plan_along(place.path, on) if place else None


def plan_along(path: str, on: date) -> Plan | None:
    """The plan of the lowest organisation of a path that has one on a day. Raises PolicyError."""
    plans = (plan_on(on, issuer=code) for code in reversed(path.strip("/").split("/")))
    return next((plan for plan in plans if plan is not None), None)


def children_of(org: Org, on: date) -> list[Child]:
    found = children_on(org, on)
    ids = [child.pk for child in found]
    names = short_names_on(ids, on)
    alive = set(OrgLife.objects.known_at().on(on).filter(org_id__in=ids).values_list("org_id", flat=True))
    return [Child(child, names[child.pk], child.pk in alive) for child in found]


def counted(ids: Collection[int], *, on: date, known_on: datetime) -> Counted:
    """Members of each organisation by the tree of the day; what was recorded after `known_on` is left out."""
    trees = territories_on_days(ids, days=[on])
    below = {pk: trees[pk, on] for pk in ids if trees[pk, on]}
    every = sorted({pk for below_one in below.values() for pk in below_one})
    found = figures(Reach(tuple(every), known_on=known_on), on=on, by=["org"])
    own = {pk: found.get((pk,), 0) for pk in every}
    sums = {pk: sum(own[one] for one in below_one) for pk, below_one in below.items()}
    silent = {one for pk, total in sums.items() if not total for one in below[pk]}
    booked = _booked(silent, on) if silent else set()
    known = {pk for pk, total in sums.items() if total or not booked.isdisjoint(below[pk])}
    return Counted({pk: total if pk in known else None for pk, total in sums.items()}, own)


def _booked(ids: Collection[int], on: date) -> set[int]:
    """Which of these organisations have any ledger entry by the end of a day."""
    return set(Leg.objects.filter(org_id__in=ids, effective_on__lte=on).values_list("org_id", flat=True))
