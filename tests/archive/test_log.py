"""The log may only grow: who did what to which subject."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from shanglian.archive.actions import log
from shanglian.archive.models import LogEntry
from shanglian.archive.queries import entries_about
from shanglian.directory.queries import system_user
from tests.factories.directory import make_user

pytestmark = pytest.mark.django_db
CHANGES = ["UPDATE archive_logentry SET verb = 'x'", "DELETE FROM archive_logentry", "TRUNCATE archive_logentry"]


def test_an_entry_says_who_what_and_about_whom():
    user = make_user()
    entry = log("user.praise", org="410105", subject=user, detail={"for": "诚信"}, actor=system_user())
    entry.refresh_from_db()
    assert (entry.verb, entry.org, entry.subject_type, entry.subject_id, entry.detail, entry.actor) == (
        "user.praise",
        "410105",
        "directory.user",
        str(user.pk),
        {"for": "诚信"},
        system_user(),
    )
    assert entries_about(user).last() == entry


def test_nobody_in_particular_may_have_done_it():
    assert log("login.locked", actor=None).actor is None


@pytest.mark.parametrize("sql", CHANGES)
def test_the_application_may_not_change_the_log(sql):
    log("a.b", actor=None)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert LogEntry.objects.filter(verb="a.b").count() == 1


@pytest.mark.parametrize("sql", CHANGES)
def test_the_owner_may_not_change_the_log(as_owner, sql):
    log("a.b", actor=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="archive_logentry"), as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)
