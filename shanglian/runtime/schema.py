"""Whether the database's tables fit this code: migrations still to do, or done by a newer version.

Asked before Django opens its own connection, as the owner: the application's role may not exist yet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db.migrations.loader import MigrationLoader

_LOCK_NUMBER = 7_426_154_015  # any number that nobody else uses


@dataclass(frozen=True)
class SchemaState:
    """Names like `members.0001_initial`: of this code but not applied, applied but not of this code."""

    pending: tuple[str, ...]
    unknown: tuple[str, ...]


def schema_state(conninfo: str) -> SchemaState:
    """Compare the code's migrations with those recorded in the database. Raises psycopg.OperationalError."""
    applied = _applied(conninfo)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    migrations = loader.disk_migrations
    known = set(migrations)
    replaced = {old for migration in migrations.values() for old in migration.replaces}
    squashed = {key for key, new in migrations.items() if new.replaces and applied.issuperset(new.replaces)}
    return SchemaState(
        pending=_names(known - applied - squashed - replaced),
        unknown=_names(applied - known - replaced),
    )


def _applied(conninfo: str) -> set[tuple[str, str]]:
    with psycopg.connect(conninfo) as connection:
        try:
            return set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
        except psycopg.errors.UndefinedTable:
            return set()


def _names(keys: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in keys))


@contextmanager
def migrating_alone(conninfo: str) -> Iterator[None]:
    """Hold back other migrations of the same database, on whatever machine, until the block ends."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_NUMBER])
        yield
