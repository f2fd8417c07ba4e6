"""What is kept of the tree is what the tree says, whatever was done to it, and taken back, in between."""

from datetime import date

import pytest
from django.db import transaction

from shanglian.directory.actions import appoint, close_org, rename_org
from shanglian.directory.core.rights import Role
from shanglian.directory.kept import lines_of, standing_of
from shanglian.directory.queries import system_user, today, tree_on
from tests.little_federation import little_federation

DAY = date(2016, 1, 1)


@pytest.fixture
def federation(db):
    return little_federation()


def told(federation):
    ids = tuple(sorted(org.pk for org in federation.orgs.values()))
    return lines_of(ids, today(), standing_of(federation.alice).tree), tuple(tree_on(today(), ids=ids))


def test_a_change_shows_at_once(federation):
    before, _ = told(federation)
    rename_org(federation.jinshui, name="新名工商联", short_name="新名", on=DAY, actor=federation.adam)
    kept, true = told(federation)
    assert kept == true != before


def test_what_was_rolled_back_is_not_taken_for_what_came_after(federation):
    with transaction.atomic():
        close_org(federation.textile, on=DAY, actor=federation.adam)
        kept, true = told(federation)
        assert kept == true
        transaction.set_rollback(True)
    close_org(federation.qixian, on=DAY, actor=federation.adam)
    kept, true = told(federation)
    assert kept == true


def test_who_writes_is_looked_up_each_time_and_who_reads_once(federation):
    reader = federation.nobody
    assert standing_of(reader).held == ()
    appoint(reader, org=federation.jinshui, role=Role.CLERK, on=DAY, actor=system_user())
    assert standing_of(reader).held == ((Role.CLERK, federation.jinshui.pk),)
    reader.reads_only = True
    assert standing_of(reader) is standing_of(reader)
