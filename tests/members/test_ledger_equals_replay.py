"""The SQL ledger and the plain replay agree on random histories: on what is refused and on every figure.

The replay (members/core/replay.py) knows no guard, no roll-up and no span. Histories join, leave, move, rehome,
reclassify and reverse, often backdated, while an organisation comes to life and another moves in the tree.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.common.measures import ManyQuestion
from shanglian.directory.actions import move_org
from shanglian.directory.core.tree import Run, Runs, set_from, value_on
from shanglian.directory.models import Org, User
from shanglian.directory.queries import subtree_ids
from shanglian.members.actions import memberships as act
from shanglian.members.core.kinds import Category, Count, Kind
from shanglian.members.core.legs import (
    Counted,
    Draft,
    Seat,
    joined,
    left,
    mirrored,
    moved,
    reclassified,
    rehomed,
)
from shanglian.members.core.refusals import Refused
from shanglian.members.core.replay import Entry, contradictions, figures, line_sums
from shanglian.members.counted import Found, Slice, count_many
from shanglian.members.models import Entity, Membership, Movement, Span
from shanglian.members.queries import Reach, movement_table
from shanglian.members.queries import figures as sql_figures
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity
from tests.little_federation import little_federation

FIRST = date(2013, 11, 20)
EXAMPLES = int(os.environ.get("SHANGLIAN_EXAMPLES", "40"))  # `make campaign` asks for many more
ENTITIES, ORGS = 3, 4
LATE_ORG = date(2014, 6, 1)  # the last organisation exists only from this day

days = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))
steps = st.tuples(
    st.sampled_from(["join", "join", "join", "leave", "move", "rehome", "class", "undo", "tree"]),
    st.integers(0, ENTITIES - 1),
    st.integers(0, ORGS - 1),
    st.integers(0, 7),
    days,
)


@dataclass
class Model:
    """The plain side: entries keyed by SQL ids, seats read from them by adding up."""

    lives: dict[int, date]
    entity_of: dict[int, int] = field(default_factory=dict)
    org_of: dict[int, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def seats(self, entity: int, day: date) -> list[Seat]:
        sums = figures(self.entries, on=day, key=lambda leg: (leg.membership, leg.org, leg.counted))
        return [
            Seat(membership, org, counted, heads == 1)
            for (membership, org, counted), (opened, heads) in sums.items()
            if self.entity_of[membership] == entity and opened == 1
        ]

    def allows(self, drafts: list[Draft], entities: dict[int, int]) -> bool:
        entries = [*self.entries, *(Entry(("new", n), 0, draft) for n, draft in enumerate(drafts))]
        faults = contradictions(
            entries,
            entity_of=lambda membership: entities[membership],
            exists=lambda org, day: self.lives[org] <= day,
        )
        return not faults


@dataclass
class World:
    """Both sides, driven by the same steps."""

    orgs: list[Org]
    entities: list[Entity]
    profiles: list[int]
    actor: User
    model: Model
    parents: Runs[int]  # where the last organisation stands, as the plain side sees it

    def retree(self, where: int, day: date) -> None:
        """The last organisation moves under another county from a day on, until its next recorded move."""
        chamber, parent = self.orgs[-1], self.orgs[1 + where % 2]
        try:
            with transaction.atomic():
                move_org(chamber, to=parent, on=day, actor=self.actor)
        except ValidationError:  # it stands there already, or does not exist yet
            return
        self.parents = set_from(self.parents, day, parent.pk)

    def below(self, root: Org, day: date) -> set[int]:
        """Those of the four organisations that stand at or below `root` on a day."""
        city, *counties, chamber = self.orgs
        parent = value_on(self.parents, day)
        reach = {root.pk}
        if root == city:
            reach |= {county.pk for county in counties}
        return (reach | {chamber.pk} if parent in reach else reach) - ({chamber.pk} if parent is None else set())

    def take(self, verb: str, who: int, where: int, which: int, day: date) -> None:
        if verb == "tree":
            self.retree(which, day)
            return
        entity, org = self.entities[who], self.orgs[where]
        plan = getattr(self, f"_{verb}")(entity, org, which, day)
        if plan is None:
            return
        drafts, sql = plan
        new = 0  # the label of a membership that does not exist yet
        entities = {**self.model.entity_of, new: entity.pk}
        expected = self.model.allows(drafts, entities)
        before = Movement.objects.count()
        try:
            with transaction.atomic():
                sql()
            accepted = True
        except (IntegrityError, Refused):
            accepted = False
        assert accepted == expected, (verb, drafts)
        if accepted:
            self._adopt(drafts, Movement.objects.order_by("id")[before:])

    def _adopt(self, drafts, movements) -> None:
        """Take the ids of what was booked into the model, leaving its own arithmetic untouched."""
        movements = list(movements)
        assert [m.kind for m in movements] == [d.kind for d in drafts]
        for draft, movement in zip(drafts, movements, strict=True):
            by_line = {leg.line: leg.membership for leg in movement.legs.select_related("membership")}
            legs = []
            for leg in draft.legs:
                membership = by_line[leg.line]
                self.model.entity_of[membership.pk] = membership.entity_id
                self.model.org_of[membership.pk] = membership.org_id
                legs.append(type(leg)(leg.line, membership.pk, leg.org, leg.counted, leg.memberships, leg.heads))
            draft = Draft(draft.kind, draft.effective_on, tuple(legs), reverses=draft.reverses)
            self.model.entries.append(Entry(movement.pk, movement.recorded_at.timestamp(), draft))

    def _join(self, entity, org, which, day):
        seats = self.model.seats(entity.pk, day)
        if any(seat.org == org.pk for seat in seats):
            return None
        counted = Counted(list(Category)[which % 3], self.profiles[which % 2])
        draft = Draft(Kind.JOINED, day, joined(Seat(0, org.pk, counted, not seats)))
        return [draft], lambda: act.admit(
            entity=entity,
            org=org,
            category=counted.category,
            profile=counted.profile,
            on=day,
            actor=self.actor,
        )

    def _leave(self, entity, org, which, day):
        seats = self.model.seats(entity.pk, day)
        if not seats:
            return None
        seat = seats[which % len(seats)]
        others = [other for other in seats if other is not seat]
        drafts, heir = [], None
        if seat.home and others:
            target = others[which % len(others)]
            heir = Membership.objects.get(pk=target.membership)
            drafts.append(Draft(Kind.REHOMED, day, rehomed(seat, target)))
            seat = Seat(seat.membership, seat.org, seat.counted, False)
        drafts.append(Draft(Kind.LEFT, day, left(seat)))
        membership = Membership.objects.get(pk=seat.membership)
        return drafts, lambda: act.end_membership(membership=membership, on=day, new_home=heir, actor=self.actor)

    def _move(self, entity, org, which, day):
        seats = self.model.seats(entity.pk, day)
        if not seats or any(seat.org == org.pk for seat in seats):
            return None
        seat = seats[which % len(seats)]
        draft = Draft(Kind.MOVED, day, moved(seat, Seat(0, org.pk, seat.counted, seat.home)))
        membership = Membership.objects.get(pk=seat.membership)
        return [draft], lambda: act.move_membership(membership=membership, to=org, on=day, actor=self.actor)

    def _rehome(self, entity, org, which, day):
        seats = self.model.seats(entity.pk, day)
        home = next((seat for seat in seats if seat.home), None)
        others = [seat for seat in seats if not seat.home]
        if not home or not others:
            return None
        target = others[which % len(others)]
        draft = Draft(Kind.REHOMED, day, rehomed(home, target))
        membership = Membership.objects.get(pk=target.membership)
        return [draft], lambda: act.rehome(to=membership, on=day, actor=self.actor)

    def _class(self, entity, org, which, day):
        seats = self.model.seats(entity.pk, day)
        if not seats:
            return None
        seat = seats[which % len(seats)]
        counted = Counted(list(Category)[which % 3], self.profiles[which // 4])
        if counted == seat.counted:
            return None
        draft = Draft(Kind.RECLASSIFIED, day, reclassified(seat, counted))
        membership = Membership.objects.get(pk=seat.membership)
        return [draft], lambda: act.reclassify(
            membership=membership,
            on=day,
            category=counted.category,
            profile=counted.profile,
            actor=self.actor,
        )

    def _undo(self, entity, org, which, day):
        done = {entry.draft.reverses for entry in self.model.entries}
        open_entries = [e for e in self.model.entries if e.draft.kind is not Kind.REVERSAL and e.key not in done]
        if not open_entries:
            return None
        original = open_entries[-1 - which % len(open_entries)]
        legs = mirrored(original.draft.legs)
        draft = Draft(Kind.REVERSAL, original.draft.effective_on, legs, reverses=original.key)
        movement = Movement.objects.get(pk=original.key)
        return [draft], lambda: act.reverse_movement(movement=movement, reason="test", actor=self.actor)


@contextmanager
def thrown_away() -> Iterator[None]:
    """A savepoint that never stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def small_tree(db):
    return little_federation()


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(steps, min_size=3, max_size=16),
    asked=st.lists(st.tuples(days, st.integers(0, 99)), min_size=3, max_size=5),
)
def test_random_histories_give_the_same_refusals_and_figures(small_tree, history, asked):
    with thrown_away():
        world = new_world(small_tree)
        for step in history:
            world.take(*step)
        for day, n in asked:
            compare(world, day, n)
        assert [check for check in verify_register() if not check.ok] == []


def new_world(federation) -> World:
    orgs, lives = federation.four_orgs(late=LATE_ORG)
    profiles = [
        act.profile_of(section="C", registration_type="173"),
        act.profile_of(section="F", size="small", group_kind="industry_chamber"),
    ]
    entities = [make_entity() for _ in range(ENTITIES)]
    parents = (Run(LATE_ORG, None, orgs[1].pk),)
    return World(orgs, entities, profiles, federation.officer, Model(lives), parents)


def compare(world: World, day: date, n: int) -> None:
    """Figures by category and by section, the movement table and the spans, on a day as known at some moment."""
    entries = world.model.entries
    moments = sorted({entry.recorded for entry in entries}) or [0.0]
    known = moments[n % len(moments)]
    stamp = Movement.objects.filter(pk__in=[e.key for e in entries if e.recorded == known]).values_list(
        "recorded_at", flat=True
    )
    known_on = stamp[0] if entries else None
    root = world.orgs[n % len(world.orgs)]
    inside = world.below(root, day)
    four = {org.pk for org in world.orgs}
    assert set(subtree_ids(root, on=day)) & four == inside
    if not inside:
        return
    for count, index in ((Count.MEMBERSHIPS, 0), (Count.HEADS, 1)):
        reach = Reach(tuple(inside), count, known_on)
        plain = figures(
            entries,
            on=day,
            orgs=inside,
            known=known,
            key=lambda leg: (leg.org, str(leg.counted.category)),
        )
        assert sql_figures(reach, on=day, by=["org", "category"]) == {
            key: cell[index] for key, cell in plain.items() if cell[index]
        }
        several = [day, FIRST, FIRST + timedelta(days=n // 2)]
        by_profile = figures(entries, on=day, orgs=inside, known=known, key=lambda leg: leg.counted.profile)
        sections = {world.profiles[0]: "C", world.profiles[1]: "F"}
        assert sql_figures(reach, on=day, by=["section"]) == {
            (sections[key],): cell[index] for key, cell in by_profile.items() if cell[index]
        }
        since = FIRST + timedelta(days=n)
        if since <= day:
            lines = line_sums(entries, since=since, until=day, known=known, key=lambda leg: leg.org)
            for (org,), row in movement_table(reach, since=since, until=day, by=["org"]).items():
                assert row.joined == lines.get((org, "joined"), (0, 0))[index]
                assert row.left == -lines.get((org, "left"), (0, 0))[index]
                assert row.balances()
        compare_whole_register(entries, day, since, Reach(None, count, known_on), known, index)
        compare_attributes(world, several, count, index, known, known_on)
    for entity in world.entities:
        spans = (
            Span.objects.filter(entity=entity)
            .on(day)
            .values_list("membership_id", "org_id", "category", "profile_id", "home", "since")
        )
        assert {tuple(span) for span in spans} == {
            (s.membership, s.org, str(s.counted.category), s.counted.profile, s.home, first_day(world, entity.pk, s))
            for s in world.model.seats(entity.pk, day)
        }


def first_day(world: World, entity: int, seat: Seat) -> date:
    """The first day on which the membership was open, whatever it was counted as."""
    days = {entry.draft.effective_on for entry in world.model.entries}
    return min(day for day in days if seat.membership in {one.membership for one in world.model.seats(entity, day)})


def compare_whole_register(entries, day: date, since: date, reach: Reach, known: float, index: int) -> None:
    """The roll-up by day, which knows no organisation, against the replay over all of them."""
    plain = figures(entries, on=day, orgs=None, known=known, key=lambda leg: (str(leg.counted.category),))
    ought = {key: cell[index] for key, cell in plain.items() if cell[index]}
    assert sql_figures(reach, on=day, by=["category"]) == ought
    if since > day:
        return
    lines = line_sums(entries, since=since, until=day, known=known, key=lambda leg: str(leg.counted.category))
    for (category,), row in movement_table(reach, since=since, until=day, by=["category"]).items():
        assert row.joined == lines.get((category, "joined"), (0, 0))[index]
        assert row.left == -lines.get((category, "left"), (0, 0))[index]
        assert row.balances()


def compare_attributes(world: World, asked: list[date], count: Count, index: int, known: float, known_on) -> None:
    """The roll-up by attribute against the replay, on several days: of each organisation as known now, and of the city,
    whose tree is the same at every moment, as known then."""
    typed, chamber = world.profiles
    slices = {
        "all": (Slice(count), None, None),
        "enterprises": (Slice(count, Category.ENTERPRISE), None, None),
        "private": (Slice(count, Category.ENTERPRISE, "registration_type", lambda: frozenset({"173"})), typed, chamber),
        "chambers": (
            Slice(count, Category.GROUP, "group_kind", lambda: frozenset({"industry_chamber"})),
            chamber,
            typed,
        ),
    }
    for orgs, moment, clock in ((world.orgs, None, None), (world.orgs[:1], known, known_on)):
        question = ManyQuestion({org.pk: org.code for org in orgs}, tuple(asked), clock)
        found, _ = count_many({name: one for name, (one, _, _) in slices.items()}, question)
        for name, (one, coded, without) in slices.items():
            for (root, day), figure in found[name].items():
                inside = world.below(next(org for org in orgs if org.pk == root), day)
                cells = figures(
                    world.model.entries, on=day, orgs=inside, known=moment,
                    key=lambda leg: (leg.counted.category, leg.counted.profile),
                )  # fmt: skip
                sums = {key: cell[index] for key, cell in cells.items()}
                total = sum(n for (category, _), n in sums.items() if one.category in {None, category})
                if total and coded is None:
                    assert figure == Found(total)
                elif total:
                    rest = sums.get((one.category, without), 0)
                    assert figure == Found(None if rest == total else sums.get((one.category, coded), 0), rest)
                else:
                    assert figure.value in {0, None}
