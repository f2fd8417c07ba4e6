"""The console command: exit codes, sentences instead of tracebacks, and a database only when one is needed."""

import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from shanglian import __version__
from shanglian.config.cli import needs_database
from shanglian.runtime.processes import python_environment
from shanglian.runtime.schema import migrating_alone
from tests.runtime.engines import eventually
from tests.runtime.servers import Clone, run_shanglian, shanglian_command

SHELL = ("shell", "--no-imports", "-c")
WHO = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone()[0])"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home that doesn't exist yet."""
    return {**python_environment(), "SHANGLIAN_HOME": str(tmp_path / "home")}


def test_the_version_needs_nothing(environ: dict[str, str]) -> None:
    done = run_shanglian("--version", environ=environ)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"shanglian {__version__}\n", "")
    assert not Path(environ["SHANGLIAN_HOME"]).exists()


@pytest.mark.parametrize("arguments", [[], ["no_such_command"], ["migrate", "--no-such-option"]])
def test_wrong_usage_is_2(environ: dict[str, str], arguments: list[str]) -> None:
    done = run_shanglian(*arguments, environ=environ)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "rest", "needed"),
    [
        ("serve", [], True),
        ("migrate", ["--plan"], True),
        ("statistics", ["--org", "410100"], True),
        ("statistics", ["--help"], False),
        ("read_roster", ["file.xlsx"], False),
        ("makemigrations", [], False),
        ("collectstatic", [], False),
        ("help", ["serve"], False),
        ("--help", [], False),
    ],
)
def test_only_what_needs_a_database_gets_one(name: str, rest: list[str], needed: bool) -> None:
    assert needs_database(name, rest) is needed


def test_help_starts_no_database(environ: dict[str, str]) -> None:
    assert run_shanglian("serve", "--help", environ=environ).returncode == 0
    assert not (Path(environ["SHANGLIAN_HOME"]) / "postgres").exists()


def test_a_new_home_asks_to_be_migrated_and_then_works(environ: dict[str, str]) -> None:
    before = run_shanglian(*SHELL, WHO, environ=environ)
    assert (before.returncode, before.stdout) == (1, "")
    assert "shanglian migrate" in before.stderr
    assert "Traceback" not in before.stderr
    assert run_shanglian("migrate", environ=environ).returncode == 0
    after = run_shanglian(*SHELL, WHO, environ=environ)
    assert (after.returncode, after.stdout) == (0, "shanglian_app\n")


def test_a_database_with_a_migration_unknown_here_is_refused(database_clone: Clone) -> None:
    with psycopg.connect(database_clone.url) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('members', '9999_later', now())")
    for command in ([*SHELL, "print(1)"], ["migrate"], ["serve"]):
        done = database_clone.shanglian(*command)
        assert (done.returncode, done.stdout) == (1, "")
        assert "更新的版本" in done.stderr
        assert "members.9999_later" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_database_behind_the_code_is_refused_until_migrated(database_clone: Clone) -> None:
    with psycopg.connect(database_clone.url) as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        owner.execute("DROP TABLE django_session")
    assert database_clone.shanglian(*SHELL, "print(1)").returncode == 1
    assert database_clone.shanglian("migrate").returncode == 0
    assert database_clone.shanglian(*SHELL, "print(1)").stdout == "1\n"


@pytest.mark.parametrize(
    "broken",
    [
        {"DATABASE_URL": "postgres:///nowhere?host=/nonexistent"},
        {"DATABASE_URL": "nonsense"},
        {"SHANGLIAN_HOME": "/dev/null/home"},
        {"SHANGLIAN_SECRET_KEY": "short"},
        {"SHANGLIAN_ENGINE": "/nonexistent"},
    ],
)
def test_what_a_user_can_get_wrong_ends_in_sentences(environ: dict[str, str], broken: dict[str, str]) -> None:
    done = run_shanglian("migrate", environ={**environ, **broken})
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr)


def test_an_interrupted_command_says_nothing_and_ends_with_130(database_clone: Clone) -> None:
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with psycopg.connect(database_clone.url) as other, migrating_alone(database_clone.url):
        command = started(database_clone, "migrate")
        assert eventually(lambda: other.execute(waits).fetchone() == (1,))
        command.send_signal(signal.SIGINT)
        assert command.communicate(timeout=90) == ("", "")
    assert command.returncode == 130


def test_a_database_that_goes_away_ends_in_a_sentence(database_clone: Clone) -> None:
    sleep = "from django.db import connection as c; c.cursor().execute('SELECT pg_sleep(600)')"
    end_it = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'"
    with psycopg.connect(database_clone.url, autocommit=True) as other:
        command = started(database_clone, *SHELL, sleep)
        assert eventually(lambda: other.execute(end_it).fetchone() == (True,))
        said, complained = command.communicate(timeout=90)
    assert (command.returncode, said) == (1, "")
    assert "数据库无法使用" in complained
    assert "Traceback" not in complained


def started(clone: Clone, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        shanglian_command(*arguments),
        env=clone.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
