"""What the fixtures of tests/conftest.py promise to every other test."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection, transaction

from tests.runtime.servers import Clone


def one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_tests_act_as_the_application(db: None) -> None:
    assert one("SELECT current_user") == "shanglian_app"
    assert one("SELECT session_user") == "shanglian"
    assert one("SELECT rolsuper FROM pg_roles WHERE rolname = session_user") is False


def test_the_application_cannot_change_tables(db: None) -> None:
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        one("DROP TABLE directory_user")


def test_as_owner_acts_as_the_owner_for_one_block(
    as_owner: Callable[[], AbstractContextManager[None]],
) -> None:
    with as_owner():
        assert one("SELECT current_user") == "shanglian"
    assert one("SELECT current_user") == "shanglian_app"
    with pytest.raises(ZeroDivisionError), as_owner():
        raise ZeroDivisionError
    assert one("SELECT current_user") == "shanglian_app"


def test_a_clone_takes_real_commits_from_threads_and_other_processes(database_clone: Clone) -> None:
    with psycopg.connect(database_clone.url) as elsewhere:
        elsewhere.execute("INSERT INTO django_content_type (app_label, model) VALUES ('elsewhere', 'x')")
    found: list[int] = []

    def look() -> None:
        found.append(ContentType.objects.filter(app_label="elsewhere").count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [1]
    assert one("SELECT current_user") == "shanglian_app"


def test_a_clone_leaves_nothing_behind(db: None) -> None:
    assert ContentType.objects.filter(app_label="elsewhere").count() == 0
