"""The application's database role: rows yes, tables no."""

import pytest
from django.db import ProgrammingError, connection, transaction

pytestmark = pytest.mark.django_db


def run(sql: str) -> list[tuple[object, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_tests_work_as_the_application():
    assert run("SELECT current_user") == [("shanglian_app",)]


def test_the_role_cannot_sign_in_and_rules_nothing():
    found = run("SELECT rolcanlogin, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = 'shanglian_app'")
    assert found == [(False, False, False)]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE x (a int)",
        "ALTER TABLE directory_org ADD a int",
        "DROP TRIGGER directory_orgplace_guarded ON directory_orgplace",
        "ALTER TABLE archive_logentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_the_role_may_not(sql):
    with pytest.raises(ProgrammingError):
        run(sql)


def test_the_role_sees_which_migrations_ran():
    assert ("archive", "0001_roles") in run("SELECT app, name FROM django_migrations ORDER BY id")
