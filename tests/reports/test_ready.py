"""What the probe of readiness says, and that it says no more than that."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def sign_of_life(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def asked(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


@pytest.mark.django_db
def test_it_is_ready_with_a_database_that_fits_and_a_worker(client: Client) -> None:
    sign_of_life(seconds_ago=3)
    status, answer = asked(client)
    assert 3 <= answer.pop("worker_age_seconds") < 30
    assert (status, answer) == (200, {"ready": True, "database": "ok", "migrations": "ok", "worker": "ok"})


@pytest.mark.django_db
def test_without_a_worker_it_is_not_ready(client: Client) -> None:
    assert asked(client) == (
        503,
        {"ready": False, "database": "ok", "migrations": "ok", "worker": "missing", "worker_age_seconds": None},
    )


@pytest.mark.django_db
def test_a_worker_without_a_sign_of_life_does_not_count(client: Client) -> None:
    sign_of_life(seconds_ago=600)
    status, answer = asked(client)
    assert (status, answer["worker"], answer["worker_age_seconds"] >= 600) == (503, "silent", True)


@pytest.mark.django_db
def test_a_migration_not_applied_makes_it_unready(client: Client, as_owner: Any) -> None:
    with as_owner():
        MigrationRecorder(connection).record_unapplied("members", "0001_register")
    status, answer = asked(client)
    assert (status, answer["migrations"], answer["worker"]) == (503, "pending", "unknown")


@pytest.mark.django_db
def test_a_database_newer_than_the_code_makes_it_unready(client: Client, as_owner: Any) -> None:
    with as_owner():
        MigrationRecorder(connection).record_applied("members", "9999_from_the_future")
    status, answer = asked(client)
    assert (status, answer["migrations"]) == (503, "newer_than_code")
    assert "future" not in str(answer)


@pytest.fixture
def unreachable_database(database_clone: Any) -> None:
    """Nobody listens where the default connection looks."""
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")


def test_without_its_database_it_says_so_and_nothing_of_its_inside(
    client: Client, unreachable_database: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        assert asked(client) == (
            503,
            {
                "ready": False,
                "database": "unreachable",
                "migrations": "unknown",
                "worker": "unknown",
                "worker_age_seconds": None,
            },
        )


@pytest.mark.django_db
def test_it_only_answers_questions(client: Client) -> None:
    assert client.post("/readyz").status_code == 405
    assert "no-store" in client.get("/readyz").headers["Cache-Control"]
