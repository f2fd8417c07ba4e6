"""A throwaway PostgreSQL server for tests, with a migrated template to clone instead of migrating again."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from shanglian.runtime.binaries import find_binaries
from shanglian.runtime.cluster import Cluster, modest_settings, new_passwords
from shanglian.runtime.home import database_settings, parse_database_url
from shanglian.runtime.processes import find_servant, python_command, python_environment

TEMPLATE = "shanglian_template"
# autovacuum: its workers belong to the superuser, and keep a database from being dropped
RECKLESS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB",
    "autovacuum": "off",
}  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A running server, known by a URL with `{}` for the database's name. The user owns its databases."""

    url_of: str

    def url(self, database: str) -> str:
        return self.url_of.replace("{}", database)

    def administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as administration:
            administration.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def clone(self, name: str) -> None:
        self.administer("CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE)

    def drop(self, name: str) -> None:
        self.administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def make_template(self) -> None:
        """Migrate a database once for all processes of this test run."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as lock:
            lock.execute("SELECT pg_advisory_lock(1)")
            if lock.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                return
            self.drop("building")
            self.administer("CREATE DATABASE {}", "building")
            point_at(self, "building", as_owner=True)
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
            connection.close()
            self.administer("ALTER DATABASE {} RENAME TO {}", "building", TEMPLATE)


def point_at(server: Server, database: str, *, as_owner: bool = False) -> None:
    """Let Django's default connection use this database, in all threads of this process."""
    connections.close_all()
    environ = {"DATABASE_URL": server.url(database), "SHANGLIAN_DB_ROLE": "owner" if as_owner else "app"}
    connection.settings_dict.update(database_settings(Path(), environ))


@contextlib.contextmanager
def throwaway_server(choice: str = "embedded") -> Iterator[Server]:
    """A server that forgets on a crash, in a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sl-test-"))
    binaries = find_binaries(choice)
    servant = find_servant(folder, binaries.folder)
    sockets = folder / "run"
    sockets.mkdir(mode=0o700)
    servant.own(folder, sockets)
    settings = {**modest_settings(), **RECKLESS}
    cluster = Cluster(binaries, servant, folder / "data", sockets, folder / "server.log", settings)
    passwords = new_passwords()
    cluster.create(passwords)
    process = cluster.start()
    try:
        yield Server(f"postgres://shanglian:{passwords['shanglian']}@/{{}}?host={quote(str(sockets), safe='')}")
    finally:
        cluster.stop(process)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Clone:
    """A database of its own, with real commits; other processes reach it through `environ`."""

    name: str
    url: str

    @property
    def environ(self) -> dict[str, str]:
        return {**python_environment(), "DATABASE_URL": self.url}

    @property
    def conninfo(self) -> dict[str, str]:
        return parse_database_url(self.url)

    def shanglian(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run the console command on this database."""
        return run_shanglian(*arguments, environ={**self.environ, **environ})


def run_shanglian(*arguments: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = shanglian_command(*arguments)
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)


def shanglian_command(*arguments: str) -> list[str]:
    return python_command("-m", "shanglian.config.cli", *arguments)


@contextlib.contextmanager
def serving(environ: dict[str, str], *options: str) -> Iterator[str]:
    """`shanglian serve` on a free port; gives the address once it answers."""
    command = shanglian_command("serve", "--port", "0", *options)
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http" in line, f"shanglian serve ended with {process.wait()}"
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
