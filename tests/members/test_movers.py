"""The list behind each cell of the movement table has as many rows as the cell says, whatever happened."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.directory.queries import subtree_ids, subtree_ids_with_closed
from shanglian.members.core.kinds import Category, Count
from shanglian.members.forms import State
from shanglian.members.listing import listing
from shanglian.members.models import Movement
from shanglian.members.movers import members_as_known, movers
from shanglian.members.queries import Reach, figures, movement_table
from tests.little_federation import little_federation
from tests.members.test_ledger_equals_replay import EXAMPLES, FIRST, days, new_world, steps, thrown_away

CELLS = [state for state in State if state is not State.MEMBER]


@pytest.fixture
def small_tree(db):
    return little_federation()


@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(steps, min_size=3, max_size=16),
    asked=st.lists(st.tuples(days, st.integers(0, 99)), min_size=2, max_size=3),
)
def test_random_histories_reversed_and_backdated_are_listed_as_they_are_counted(small_tree, history, asked):
    with thrown_away():
        world = new_world(small_tree)
        for step in history:
            world.take(*step)
        moments = [None, *Movement.objects.order_by("recorded_at").values_list("recorded_at", flat=True).distinct()]
        for until, n in asked:
            since, root = FIRST + timedelta(days=n), world.orgs[n % len(world.orgs)]
            for count in Count:
                if since <= until:
                    every_cell(root, [org.pk for org in world.orgs], since, until, count)
                as_known(root, until, count, moments[n % len(moments)])


def every_cell(root, visible: list[int], since: date, until: date, count: Count) -> None:
    """Through the addresses the pages give."""
    orgs = tuple(set(subtree_ids_with_closed(root, on=until)) & set(visible))
    table = movement_table(Reach(orgs, count), since=since, until=until, by=["category"])
    for category in Category:
        row = table.get((category.value,))
        for state in CELLS:
            query = f"org={root.code}&on={until}&count={'' if count is Count.HEADS else count}&category={category}"
            found = listing(QueryDict(f"{query}&state={state}&since={since}&until={until}"), visible).page(1, 100)
            assert found.total == len(found.spans) == (getattr(row, state) if row else 0), (state, query, row)


def as_known(root, on: date, count: Count, known_on) -> None:
    """What was believed at a moment, straight from the ledger: days of knowledge are too coarse for one test."""
    if known_on is None:
        return
    orgs = subtree_ids(root, on=on)
    reach = Reach(tuple(orgs), count, known_on)
    members = members_as_known(orgs, on=on, count=count, known_on=known_on)
    assert members.count() == sum(figures(reach, on=on).values())
    row = movement_table(reach, since=FIRST, until=on).get(())
    for state in CELLS:
        found = movers(state, orgs, since=FIRST, until=on, count=count, known_on=known_on)
        assert found.count() == (asdict(row)[state] if row else 0)
