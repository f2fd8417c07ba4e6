"""kill -9 in the middle of a commit of 20,000 rows: all or nothing, and work resumes.

A home of its own with a real engine that syncs to disk. The moment to kill is when the ledger lock is held: booking has
begun and is not committed.
"""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from shanglian.demo.firms import invent_firm
from shanglian.runtime.processes import python_environment
from tests.runtime.engines import ask, eventually, keeper_of, kill, server_of
from tests.runtime.servers import run_shanglian, serving, shanglian_command

ROWS = 20_000
HEADINGS = "企业名称,统一社会信用代码,会员类别"
IN_BACKGROUND = """
import sys
from datetime import date
from pathlib import Path
import django
django.setup()
from shanglian.directory.queries import org_by_code, system_user
from shanglian.imports.actions import IncomingFile, read_batch, receive_file, request_commit
from shanglian.imports.tasks import defer_commit
path, who = Path(sys.argv[1]), system_user()
file = IncomingFile(path.name, path.read_bytes())
batch = receive_file(org=org_by_code("410105"), kind="roster", files=[file], on=date(2013, 12, 31), actor=who)
read_batch(batch=batch, actor=who)
request_commit(batch=batch, actor=who)
defer_commit(batch, who)
"""
pytestmark = pytest.mark.faults


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with organisations and without a member."""
    home = tmp_path / "home"
    done = run_shanglian("demo", "--stage", "orgs", "--no-serve", environ=environ_of(home))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    firms = (
        invent_firm(number, seed=7, place="金水区", area="410105", before=date(2013, 1, 1)) for number in range(ROWS)
    )
    lines = [f"{firm.name},{firm.uscc},{firm.member_type}" for firm in firms]
    path.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
    return path


@pytest.fixture
def running(home: Path) -> Iterator[str]:
    with serving(environ_of(home), "--workers", "1") as address:
        yield address


def environ_of(home: Path) -> dict[str, str]:
    environ = {k: v for k, v in python_environment().items() if k not in ("DATABASE_URL", "SHANGLIAN_DB_ROLE")}
    return {**environ, "SHANGLIAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shanglian.config.settings"}


def booking_has_begun(home: Path) -> bool:
    """Somebody holds the ledger lock."""
    return bool(ask(home, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7310141 AND granted"))


def booked(home: Path) -> int:
    try:
        return int(str(ask(home, "SELECT count(*) FROM members_leg")))
    except psycopg.OperationalError:
        return -1


def register_balances(home: Path) -> bool:
    done = run_shanglian("verify_register", "--json", "-", environ=environ_of(home))
    return bool(json.loads(done.stdout)["ok"]) and done.returncode == 0


def workers_of(home: Path, word: str) -> list[int]:
    """Our own processes of this home with `word` in their command."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text(errors="replace").split("\0")
            environ = (folder / "environ").read_bytes()
        except OSError:
            continue
        if word in command and os.fsencode(f"SHANGLIAN_HOME={home}") in environ:
            found.append(int(folder.name))
    return found


def importing(home: Path, roster: Path) -> "subprocess.Popen[str]":
    command = shanglian_command("import_roster", str(roster), "--org", "410105", "--on", "2013-12-31", "--commit")
    return subprocess.Popen(command, env=environ_of(home), stderr=subprocess.PIPE, text=True)


def commit_in_background(home: Path, roster: Path) -> None:
    command = [shanglian_command()[0], "-c", IN_BACKGROUND, str(roster)]
    subprocess.run(command, env=environ_of(home), check=True, timeout=120)


def test_the_database_is_killed(home: Path, roster: Path, running: str) -> None:
    command = importing(home, roster)
    assert eventually(lambda: booking_has_begun(home))
    kill(server_of(home))

    _, said = command.communicate(timeout=60)
    assert command.returncode == 1
    assert "Traceback" not in said
    assert "数据库" in said
    assert eventually(lambda: booked(home) == 0)
    assert register_balances(home)

    again = importing(home, roster)
    again.communicate(timeout=120)
    assert (again.returncode, booked(home)) == (0, ROWS)
    assert register_balances(home)


def test_the_worker_is_killed(home: Path, roster: Path, running: str) -> None:
    commit_in_background(home, roster)
    assert eventually(lambda: booking_has_begun(home))
    (worker,) = workers_of(home, "worker")
    kill(worker)
    assert booked(home) == 0
    assert eventually(lambda: booked(home) == ROWS, seconds=90)
    assert register_balances(home)
    assert ask(home, "SELECT state FROM imports_batch") == "committed"


def test_the_web_process_is_killed(home: Path, roster: Path, running: str) -> None:
    commit_in_background(home, roster)
    assert eventually(lambda: booking_has_begun(home))
    for process in workers_of(home, "granian"):
        os.kill(process, signal.SIGKILL)
    assert eventually(lambda: booked(home) == ROWS, seconds=90)
    assert register_balances(home)


def test_everything_is_killed_at_once(home: Path, roster: Path) -> None:
    with serving(environ_of(home), "--workers", "1"):
        commit_in_background(home, roster)
        assert eventually(lambda: booking_has_begun(home))
        server = server_of(home)
        for process in [keeper_of(home), *workers_of(home, "shanglian.config.cli")]:
            kill(process)
        kill(server)
    assert register_balances(home)
    with serving(environ_of(home), "--workers", "1"):
        assert eventually(lambda: booked(home) == ROWS, seconds=90)
    assert register_balances(home)
