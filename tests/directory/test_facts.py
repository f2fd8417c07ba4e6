"""What the database refuses, to the owner of the tables and to the application's role."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from shanglian.directory import actions
from shanglian.directory.models import Org, OrgPlace
from tests.factories.directory import make_org

FACTS = ["directory_orgname", "directory_orgplace", "directory_orglife"]
OPEN = "tstzrange(clock_timestamp(), NULL)"


def run(sql: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


@pytest.fixture(params=["owner", "application"])
def acting(request, little, as_owner):
    """The test runs once as the owner of the tables and once as the application."""
    run("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE would be refused for the checks that are still due
    if request.param == "application":
        yield little
        return
    with as_owner():
        yield little


def place(org: Org, during: str, *, parent: Org, path: str, known: str = OPEN) -> str:
    return (
        "INSERT INTO directory_orgplace (org_id, parent_id, path, during, known) "
        f"VALUES ({org.pk}, {parent.pk}, '{path}', '{during}', {known})"
    )


@pytest.mark.parametrize("table", FACTS)
def test_facts_are_not_deleted(acting, table):
    with pytest.raises((IntegrityError, ProgrammingError)):
        run(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", FACTS)
def test_facts_are_not_truncated(acting, table):
    with pytest.raises((IntegrityError, ProgrammingError)):
        run(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", FACTS)
def test_the_days_of_a_fact_are_not_changed(acting, table):
    with pytest.raises((IntegrityError, ProgrammingError)):
        run(f"UPDATE {table} SET during = '[2001-01-01,)'")


@pytest.mark.parametrize("table", FACTS)
def test_known_is_closed_once_and_not_reopened(acting, table):
    org = acting.wenzhou.pk
    close = f"UPDATE {table} SET known = tstzrange(lower(known), clock_timestamp()) WHERE org_id = {org}"
    assert run(close) == 1
    with pytest.raises(IntegrityError, match="known"):
        run(close)
    with pytest.raises(IntegrityError, match="known"):
        run(f"UPDATE {table} SET known = tstzrange(lower(known), NULL) WHERE org_id = {org}")


@pytest.mark.parametrize(
    "known",
    [
        "tstzrange('2014-01-01', NULL)",
        "tstzrange(clock_timestamp(), clock_timestamp() + '1 day')",
        "tstzrange(NULL, NULL)",
    ],
)
def test_the_second_clock_is_not_forged(acting, known):
    with pytest.raises(IntegrityError):
        run(
            "INSERT INTO directory_orglife (org_id, during, known) "
            f"VALUES ({acting.airport.pk}, '[2001-01-01,2002-01-01)', {known})"
        )


def test_two_places_on_one_day_are_refused(acting):
    sql = place(acting.erqi, "[2010-01-01,)", parent=acting.kaifeng, path="/410000/410200/410103/")
    with pytest.raises(IntegrityError, match="directory_orgplace_one_at_a_time"):
        run(sql)


@pytest.mark.parametrize("during", ["empty", "[2010-01-01,2010-01-01)"])
def test_no_days_at_all_are_refused(acting, during):
    sql = place(acting.erqi, during, parent=acting.zhengzhou, path="/410000/410100/410103/")
    with pytest.raises(IntegrityError, match=r"during_is_not_empty|has_a_beginning"):
        run(sql)


def test_a_place_without_a_place_above_is_refused_with_code_and_days(acting):
    sql = place(acting.erqi, "[1990-01-01,1995-01-01)", parent=acting.zhengzhou, path="/410000/410100/410103/")
    with pytest.raises(IntegrityError, match=r"410103.*1990-01-01"):
        run(sql)


def test_a_path_that_is_not_the_parents_is_refused(acting):
    sql = place(acting.erqi, "[1990-01-01,1995-01-01)", parent=acting.zhengzhou, path="/410000/410200/410103/")
    with pytest.raises(IntegrityError, match="410103"):
        run(sql)


def test_a_parent_does_not_vanish_under_its_children(acting):
    with pytest.raises(IntegrityError, match="410105-sh-001"):
        run(
            "UPDATE directory_orgplace SET known = tstzrange(lower(known), clock_timestamp()) "
            f"WHERE org_id = {acting.jinshui.pk} AND upper_inf(known)"
        )


def test_code_and_kind_stay_for_the_application(little):
    with pytest.raises(ProgrammingError):
        run("UPDATE directory_org SET kind = 'zone'")


@pytest.mark.parametrize("code", ["", "41/01", "41_01", "4101-", "４１", "%"])
def test_a_code_is_plain(little, code):
    with pytest.raises(IntegrityError, match="directory_org_code_is_plain"), transaction.atomic():
        Org.objects.create(code=code, kind="city")


def test_an_unknown_kind_is_refused(little):
    with pytest.raises(IntegrityError, match="directory_org_kind_is_known"), transaction.atomic():
        Org.objects.create(code="9", kind="guild")


def test_a_move_is_one_closing_and_one_insert_of_the_subtree(little):
    before = OrgPlace.objects.count()
    actions.move_org(little.jinshui, to=little.kaifeng, on=date(2016, 1, 1), actor=little.adam)
    closed = OrgPlace.objects.filter(known__upper_inf=False)
    assert {row.org for row in closed} == {little.jinshui, little.textile}
    assert OrgPlace.objects.count() == before + 4
    assert len({row.known.upper for row in closed}) == 1


def test_stamps_always_rise(little):
    stamps = [make_org().names.get().known.lower for _ in range(5)]
    assert stamps == sorted(set(stamps))
