"""The keeper: the small process that is the parent of the embedded PostgreSQL.

It starts the server, starts it again if it is killed, and stops it when nobody uses it any more:
every user holds a shared lock (engine.py), so the keeper also notices users that were killed.
If the keeper itself is killed, the kernel asks the server to stop. Standard library only.

Run as `python -S -P -m shanglian.runtime.keeper HOME BINARIES`.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from shanglian.runtime.binaries import Binaries, read_binaries
from shanglian.runtime.cluster import SOCKET_LIMIT, SOCKET_NAME, Cluster, new_passwords
from shanglian.runtime.places import EnginePlaces, Lock, Unusable, make_private, read_json, write_private
from shanglian.runtime.processes import Servant, find_servant

WATCH_SECONDS = 0.5
QUICK_DEATHS = 5  # within a minute: then the keeper gives up
_LOG_LIMIT = 8 * 2**20


def main(arguments: Sequence[str]) -> int:
    home, binaries = arguments
    places = EnginePlaces(Path(home))
    lock = Lock(places.keeper_lock)
    while not lock.try_exclusive():  # only for the blink in which somebody looks whether it is locked
        time.sleep(0.005)
    lock.write(str(os.getpid()))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
    try:
        cluster = prepare_cluster(places, read_binaries(Path(binaries)))
        keep(cluster, places)
    except Unusable as problem:
        write_private(places.state, f"error\n{problem}")
        return 1
    places.state.unlink(missing_ok=True)
    return 0


def prepare_cluster(places: EnginePlaces, binaries: Binaries) -> Cluster:
    """The cluster of this home, made if it isn't there yet, with a folder for its socket."""
    servant = find_servant(places.home, binaries.folder)
    servant.own(places.root)
    passwords = read_json(places.passwords)
    if not passwords:
        if places.data.exists():
            raise Unusable(
                f"{places.passwords} 不见了，数据库的密码只存在那里；请从备份恢复。",
                f"{places.passwords} is gone; the database's passwords are kept only there. Restore it from a backup.",
            )
        passwords = new_passwords()
        write_private(places.passwords, json.dumps(passwords))
    if places.log.exists() and places.log.stat().st_size > _LOG_LIMIT:
        places.log.replace(places.log.with_suffix(".log.1"))
    cluster = Cluster(binaries, servant, places.data, socket_folder(places, servant), places.log)
    if not places.data.exists():
        cluster.create(passwords)
    return cluster


def socket_folder(places: EnginePlaces, servant: Servant) -> Path:
    """A private folder whose path is short enough for a socket; recorded, and made anew if lost."""
    recorded = read_json(places.record).get("sockets", "")
    folder = Path(recorded) if recorded else places.root / "run"
    if not (folder.is_dir() and folder.stat().st_mode & 0o077 == 0 and _is_short(folder)):
        folder = _new_socket_folder(places)
        servant.own(folder)
    write_private(places.record, json.dumps({"sockets": str(folder)}))
    return folder


def _new_socket_folder(places: EnginePlaces) -> Path:
    inside = places.root / "run"
    if _is_short(inside):
        return make_private(inside)
    bases = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"]  # noqa: S108 - mkdtemp, 0700
    for base in bases:
        if base and os.access(base, os.W_OK) and _is_short(Path(base) / "shanglian-12345678"):
            return Path(tempfile.mkdtemp(prefix="shanglian-", dir=base))
    raise Unusable(
        f"{inside} 的路径太长，放不下数据库的套接字，临时目录也不能用。请用 SHANGLIAN_HOME 指定较短的路径。",
        f"The path {inside} is too long for the database's socket and no temporary folder is of use. "
        "Name a shorter one in SHANGLIAN_HOME.",
    )


def _is_short(folder: Path) -> bool:
    return len(os.fsencode(folder)) + len(SOCKET_NAME) <= SOCKET_LIMIT


def keep(cluster: Cluster, places: EnginePlaces) -> None:
    """Run the server until nobody uses it or we are told to stop; start it again when it dies."""
    users = Lock(places.users_lock)
    deaths: list[float] = []
    server = cluster.start()
    write_private(places.state, "ready")
    while True:
        caught = signal.sigtimedwait({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}, WATCH_SECONDS)
        told = caught is not None and caught.si_signo != signal.SIGCHLD
        if told or users.try_exclusive():
            cluster.stop(server)
            _forget_socket_folder(cluster, places)
            return
        if server.poll() is not None:
            deaths = [moment for moment in deaths if moment > time.monotonic() - 60] + [time.monotonic()]
            server = _revive(cluster, places, deaths)


def _revive(cluster: Cluster, places: EnginePlaces, deaths: list[float]) -> "subprocess.Popen[bytes]":
    places.state.unlink(missing_ok=True)
    if len(deaths) >= QUICK_DEATHS:
        raise Unusable(
            f"数据库在一分钟内停了 {len(deaths)} 次，不再重启；日志在 {places.log}。",
            f"The database died {len(deaths)} times within a minute and is left alone; see {places.log}.",
        )
    server = cluster.start()
    write_private(places.state, "ready")
    return server


def _forget_socket_folder(cluster: Cluster, places: EnginePlaces) -> None:
    """Leave nothing behind outside the home."""
    if places.home not in cluster.sockets.parents:
        shutil.rmtree(cluster.sockets, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
