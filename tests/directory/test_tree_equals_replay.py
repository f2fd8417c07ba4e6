"""Random histories of the tree: SQL and the plain replay give the same sets for any root, day and moment of knowing."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.directory import actions
from shanglian.directory.core.kinds import OrgKind, may_contain
from shanglian.directory.core.tree import Change, ChangeKind, Tree, replay
from shanglian.directory.models import Org, OrgName, User
from shanglian.directory.queries import paths_today, subtree_ids, system_user, today, tree_faults

FIRST = date(2010, 1, 1)
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=30 * n))
pick = st.integers(0, 99)
KINDS = [OrgKind.CITY, OrgKind.COUNTY, OrgKind.ZONE, OrgKind.STREET_CHAMBER, OrgKind.MARKET_CHAMBER]
steps = st.tuples(st.sampled_from(["found", "move", "move", "move", "close", "absorb"]), pick, pick, days)


@dataclass
class World:
    """Both sides: organisations in SQL, and the changes that were accepted, with the moment after each."""

    actor: User
    orgs: list[Org] = field(default_factory=list)
    changes: list[tuple[datetime, Change]] = field(default_factory=list)

    def tree(self, known_on: datetime | None = None) -> Tree:
        return replay(change for at, change in self.changes if known_on is None or at <= known_on)

    def note(self, *changes: Change) -> None:
        """What one action did is known from one moment on."""
        at = moment()
        self.changes += [(at, change) for change in changes]

    def take(self, verb: str, one: int, two: int, on: date) -> None:
        org = self.orgs[one % len(self.orgs)]
        # Mostly what the kinds allow, so that more than refusals is tried.
        fitting = [other for other in self.orgs if may_contain(OrgKind(other.kind), OrgKind(org.kind))]
        others = fitting if fitting and verb == "move" else self.orgs
        other = others[two % len(others)]
        # What a refused change may not leave behind is checked by comparing afterwards.
        try:
            with transaction.atomic():
                getattr(self, f"_{verb}")(org, other, on)
        except ValidationError:
            pass

    def _found(self, parent: Org, other: Org, on: date) -> None:
        kinds = [kind for kind in KINDS if may_contain(OrgKind(parent.kind), kind)] or KINDS
        kind = kinds[other.pk % len(kinds)]
        code = f"c{len(self.orgs)}"
        org = actions.found_org(code=code, kind=kind, name=code, parent=parent, on=on, actor=self.actor)
        self.orgs.append(org)
        self.note(Change(ChangeKind.FOUND, code, on, parent.code))

    def _move(self, org: Org, to: Org, on: date) -> None:
        actions.move_org(org, to=to, on=on, actor=self.actor)
        self.note(Change(ChangeKind.MOVE, org.code, on, to.code))

    def _close(self, org: Org, _other: Org, on: date) -> None:
        actions.close_org(org, on=on, actor=self.actor)
        self.note(Change(ChangeKind.CLOSE, org.code, on))

    def _absorb(self, org: Org, into: Org, on: date) -> None:
        below = sorted(code for code in self.tree().codes_on(on) if self._parent(code, on) == org.code)
        actions.absorb_org(org, into=into, on=on, actor=self.actor)
        moves = [Change(ChangeKind.MOVE, code, on, into.code) for code in below]
        self.note(*moves, Change(ChangeKind.CLOSE, org.code, on))

    def _parent(self, code: str, on: date) -> str | None:
        path = self.tree().path(code, on)
        return path.split("/")[-3] if path else None


def moment() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def new_world(actor: User) -> World:
    world = World(actor)
    on = FIRST
    for code, kind, above in [
        ("p", OrgKind.PROVINCE, None),
        ("a", OrgKind.CITY, 0),
        ("b", OrgKind.CITY, 0),
        ("ax", OrgKind.COUNTY, 1),
        ("by", OrgKind.COUNTY, 2),
        ("axs", OrgKind.STREET_CHAMBER, 3),
        ("axsm", OrgKind.MARKET_CHAMBER, 5),
    ]:
        parent = None if above is None else world.orgs[above]
        org = actions.found_org(code=code, kind=kind, name=code, parent=parent, on=on, actor=actor)
        world.orgs.append(org)
        world.note(Change(ChangeKind.FOUND, code, on, parent.code if parent else None))
    return world


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(steps, min_size=4, max_size=14),
    asked=st.lists(st.tuples(pick, days, pick), min_size=6, max_size=6),
)
def test_sql_and_replay_agree(history, asked):
    with transaction.atomic():
        world = new_world(system_user())
        for step in history:
            world.take(*step)
        codes = {org.pk: org.code for org in world.orgs}
        for which, day, when in asked:
            root = world.orgs[which % len(world.orgs)]
            known_on = world.changes[when % len(world.changes)][0]
            then = {codes[pk] for pk in subtree_ids(root, on=day)}
            assert then == world.tree().subtree(root.code, day)
            believed = {codes[pk] for pk in subtree_ids(root, on=day, known_on=known_on)}
            assert believed == believed_subtree(world, root, day, known_on)
            now = {codes[pk] for pk in subtree_ids(root, on=day, tree="now")}
            assert now == world.tree().subtree_today(root.code, today())
        assert_names_and_paths_agree(world)
        transaction.set_rollback(True)


def believed_subtree(world: World, root: Org, day: date, known_on: datetime) -> frozenset[str]:
    tree = world.tree(known_on)
    return tree.subtree(root.code, day) if root.code in tree.parents else frozenset()


def assert_names_and_paths_agree(world: World) -> None:
    """The tree is sound, a name exists where a place does, and today's path of an open organisation is the tree's."""
    tree, day = world.tree(), today()
    named = set(OrgName.objects.known_at().on(day).values_list("org__code", flat=True))
    assert named & {org.code for org in world.orgs} == tree.codes_on(day)
    paths = paths_today([org.pk for org in world.orgs])
    assert {org.code: paths[org.pk] for org in world.orgs if org.code in tree.codes_on(day)} == {
        code: tree.path(code, day) for code in tree.codes_on(day)
    }
    assert tree_faults() == []
