"""Asked for all organisations that have entries, a figure comes from the roll-up of the whole register."""

from datetime import date

import pytest

from shanglian.directory.models import Org
from shanglian.members import queries
from shanglian.members.queries import Reach, figures, first_booked, movement_table, widened
from tests.factories.members import make_member
from tests.little_federation import little_federation

DAY, LATER = date(2015, 5, 1), date(2016, 2, 3)


@pytest.fixture
def federation(db, monkeypatch):
    monkeypatch.setattr(queries, "MANY", 2)
    found = little_federation()
    make_member(found.jinshui, DAY, found.alice)
    make_member(found.erqi, LATER, found.bob)
    return found


def test_organisations_without_entries_do_not_hinder(federation):
    both = (federation.jinshui.pk, federation.erqi.pk)
    every = tuple(Org.objects.values_list("pk", flat=True))

    assert [widened(Reach(orgs)).orgs for orgs in (both, every)] == [None, None]


def test_an_organisation_with_entries_that_is_left_out_keeps_the_filter(federation):
    reach = Reach((federation.jinshui.pk, federation.zhengzhou.pk))

    assert widened(reach) == reach


def test_the_figures_are_the_same_with_and_without_a_filter(federation, monkeypatch):
    every = Reach(tuple(Org.objects.values_list("pk", flat=True)))
    period = {"since": date(2015, 4, 15), "until": date(2016, 2, 10)}

    def asked():
        by = ["category"]
        return figures(every, on=LATER, by=by), movement_table(every, by=by, **period)

    whole = asked()
    monkeypatch.setattr(queries, "MANY", 500)
    assert asked() == whole


def test_the_first_day_anything_was_booked(federation):
    assert first_booked(Reach(None)) == DAY
    assert first_booked(Reach((federation.erqi.pk,))) == LATER
    assert first_booked(Reach((federation.zhengzhou.pk,))) is None
