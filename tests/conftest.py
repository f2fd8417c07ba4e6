"""One throwaway database engine around the whole test run, and the fixtures that give tests their database.

- `db` and `@pytest.mark.django_db`: a transaction that is rolled back, as the application's role.
- `as_owner`: a block inside such a test that acts as the owner of the tables.
- `database_clone`: a database of its own with real commits, for threads, processes and browsers
  (the ledger refuses TRUNCATE, so `transaction=True` cannot clean up after itself).
- `served`: the whole of `shanglian serve` on such a clone, by its address.

SHANGLIAN_TEST_ENGINE chooses the PostgreSQL: `embedded` (default) or `debian15`.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

_at_end = contextlib.ExitStack()
atexit.register(_at_end.close)


def _home() -> Path:
    """A folder that the whole run shares: its first process makes it and removes it."""
    if "SHANGLIAN_TEST_HOME" not in os.environ:
        os.environ["SHANGLIAN_TEST_HOME"] = tempfile.mkdtemp(prefix="sl-home-")
        _at_end.callback(shutil.rmtree, os.environ["SHANGLIAN_TEST_HOME"], ignore_errors=True)
    return Path(os.environ["SHANGLIAN_TEST_HOME"])


# Before anything reads the settings: tests have a home of their own and never see the developer's.
HOME = _home()
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "SHANGLIAN_DB_ROLE", "SHANGLIAN_URL", "SHANGLIAN_DEBUG"):
    os.environ.pop(_name, None)
os.environ["SHANGLIAN_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "shanglian.config.settings"

import hypothesis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.utils import translation  # noqa: E402

from tests.runtime.servers import (  # noqa: E402
    Clone,
    Server,
    point_at,
    serving,
    throwaway_server,
    worker_name,
)

assert HOME.resolve() == settings.HOME, "the settings were read before tests/conftest.py"
# Pages of tests link static files unhashed, so that nothing has to be collected first; a served site collects them.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
(HOME / "static").mkdir(exist_ok=True)
settings.PASSWORD_HASHERS[0] = "tests.quick_hashes.QuickArgon2"
# How long one example takes says how busy the machine is, nothing else.
hypothesis.settings.register_profile("unhurried", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("unhurried")

CHROMIUM = Path(os.environ.get("SHANGLIAN_CHROMIUM", "/usr/bin/chromium"))
_SERVER_URL = "SHANGLIAN_TEST_SERVER"


def _server() -> Server:
    """The engine of this run; started by whoever needs it first; with xdist by the controller, for all."""
    if _SERVER_URL not in os.environ:
        server = _at_end.enter_context(throwaway_server(os.environ.get("SHANGLIAN_TEST_ENGINE", "embedded")))
        os.environ[_SERVER_URL] = server.url_of
        _at_end.callback(os.environ.pop, _SERVER_URL)
    return Server(os.environ[_SERVER_URL])


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        _server()


def pytest_unconfigure(config: pytest.Config) -> None:
    _at_end.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--uses-database", action="store_true", help="only tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    # The browser's driver keeps an event loop in its thread, where the job queue refuses to work: browsers come last.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if not CHROMIUM.exists():
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}"))
    if config.getoption("uses_database"):
        chosen = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "database_server"}
    return bool(item.get_closest_marker("django_db")) or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if left_out:
        terminalreporter.section("BROWSER TESTS WERE LEFT OUT", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(left_out)} tests need Chromium at {CHROMIUM} (Debian's package chromium, "
            "or another one named in SHANGLIAN_CHROMIUM)."
        )


@pytest.fixture(scope="session")
def database_server(django_test_environment: None, django_db_blocker: Any) -> Server:
    """The running engine, with its migrated template."""
    server = _server()
    with django_db_blocker.unblock():
        server.make_template()
    return server


@pytest.fixture(scope="session")
def django_db_setup(database_server: Server, django_db_blocker: Any) -> Iterator[None]:
    """Instead of pytest-django's: a clone of the template, used as the application's role."""
    name = f"test_{worker_name()}"
    database_server.clone(name)
    with django_db_blocker.unblock():
        point_at(database_server, name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    database_server.drop(name)


@pytest.fixture(autouse=True)
def nothing_kept(django_test_environment: None) -> None:
    """Each test begins like a process that was asked for nothing yet, in the language of no request."""
    from shanglian.directory import kept  # noqa: PLC0415  models need the settings

    kept.forget()
    translation.deactivate()


@pytest.fixture
def as_owner(db: None) -> Callable[[], AbstractContextManager[None]]:
    """`with as_owner(): …` acts as the owner of the tables; a failure inside is rolled back."""

    @contextlib.contextmanager
    def acting() -> Iterator[None]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            yield
            cursor.execute("SET ROLE shanglian_app")

    return acting


@pytest.fixture
def database_clone(django_db_setup: None, database_server: Server, django_db_blocker: Any) -> Iterator[Clone]:
    """A fresh migrated database with real commits; Django's default connection points at it meanwhile."""
    previous = dict(connection.settings_dict)
    name = f"clone_{uuid.uuid4().hex[:12]}"
    database_server.clone(name)
    with django_db_blocker.unblock():
        point_at(database_server, name)
        try:
            yield Clone(name, database_server.url(name))
        finally:
            connections.close_all()
            connection.settings_dict.update(previous)
            database_server.drop(name)


@pytest.fixture
def served(database_clone: Clone) -> Iterator[str]:
    """The address of a whole running Shanglian (web server and worker) on `database_clone`."""
    with serving(database_clone.environ, "--workers", "1") as address:
        yield address
