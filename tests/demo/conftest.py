"""The demo told once, in a database of its own, for the tests that look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from tests.runtime.servers import Server, point_at, worker_name

MEMBERS = 200


@dataclass(frozen=True)
class Told:
    """A finished demo: its home, how many members it opened with, and when the telling began."""

    home: Path
    members: int
    begun: datetime

    def again(self, *arguments: str) -> None:
        call_command("demo", "--no-serve", *arguments)


@pytest.fixture(scope="module")
def told(
    django_db_setup: None, database_server: Server, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    home = tmp_path_factory.mktemp("demo-home")
    previous = dict(connection.settings_dict)
    name = f"demo_{worker_name()}_{home.name}".replace("-", "_")
    database_server.clone(name)
    with django_db_blocker.unblock(), override_settings(HOME=home, DOCUMENT_ROOT=home / "documents"):
        point_at(database_server, name)
        try:
            begun = datetime.now(UTC)
            call_command("demo", "--no-serve", "--members", str(MEMBERS))
            yield Told(home, MEMBERS, begun)
        finally:
            connections.close_all()
            connection.settings_dict.update(previous)
            database_server.drop(name)
