"""Whether this installation can do its work: the database answers and fits the code, and a worker does the jobs.

For probes, which are not signed in: codes and one age, no name, version, address or error text.
"""

from dataclasses import dataclass
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

WORKER_SILENT = 60  # seconds; a sign of life comes every 3, but a busy machine may hold it back

OK = "ok"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Readiness:
    """Each check is "ok", a word for what is wrong, or "unknown" when it could not be made."""

    database: str
    migrations: str = UNKNOWN
    worker: str = UNKNOWN
    worker_age_seconds: int | None = None

    @property
    def ready(self) -> bool:
        return (self.database, self.migrations, self.worker) == (OK, OK, OK)


def readiness() -> Readiness:
    """Asked anew each time; nothing is kept."""
    try:
        migrations = _migrations()
        if migrations != OK:
            return Readiness(OK, migrations)
        age = worker_age()
    except Error:
        return Readiness("unreachable")
    return Readiness(OK, OK, _worker(age), age)


def _migrations() -> str:
    """The same comparison as before serving, through the connection that is open anyway."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    known, replaced = _known_migrations()
    if applied - known - replaced:
        return "newer_than_code"
    return "pending" if known - applied - replaced else OK


@cache
def _known_migrations() -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """The migrations of this code and those they replace; they do not change while it runs."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return frozenset(migrations), frozenset(old for one in migrations.values() for old in one.replaces)


def worker_age() -> int | None:
    """Whole seconds since a worker's last sign of life; None if there is no worker."""
    last = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    return max(0, int((timezone.now() - last).total_seconds())) if last else None


def _worker(age: int | None) -> str:
    if age is None:
        return "missing"
    return OK if age <= WORKER_SILENT else "silent"
