"""Using the embedded PostgreSQL of a home: attach if it runs, start it if not, stop it as the last one out.

    with attached(home):
        …the database answers…

Two locks carry this, and both are let go by the kernel when a process dies: every user holds
`users.lock` shared, the keeper (keeper.py) holds `keeper.lock`. Whoever can get `users.lock`
exclusively is alone, and may stop the engine. No Django here.
"""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from shanglian.runtime.binaries import find_binaries
from shanglian.runtime.home import owner_conninfo
from shanglian.runtime.places import EnginePlaces, Lock, Unusable, is_locked, make_private
from shanglian.runtime.processes import python_command, python_environment

log = logging.getLogger(__name__)
ENDING = 5.0  # seconds in which a killed process has surely ended
LONG_START = 5.0  # seconds after which a waiting person is told why


class Attachment:
    """Our share in the running engine."""

    def __init__(self, home: Path) -> None:
        self.places = EnginePlaces(home)
        make_private(home)
        make_private(self.places.root)
        self._keeper: subprocess.Popen[bytes] | None = None
        try:
            self._users = Lock(self.places.users_lock)
        except OSError as error:
            raise Unusable(
                f"无法写入 {self.places.root}：{error.strerror}。",
                f"Cannot write to {self.places.root}: {error.strerror}.",
            ) from None
        self._users.share()  # waits while an engine that nobody used is being stopped

    def ensure_running(self) -> None:
        """Return once the database answers, having started it if need be. May be called again at any time."""
        starting = Lock(self.places.start_lock)
        with starting:
            if not is_locked(self.places.keeper_lock):
                self._start_keeper()
            self._await_ready()

    def ensure_answering(self) -> None:
        """The same, and try it: a keeper or a server that was just killed may not have ended yet."""
        deadline = time.monotonic() + ENDING
        while True:
            self.ensure_running()
            try:
                psycopg.connect(owner_conninfo(self.places.home, {})).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def release(self) -> None:
        """Give up our share; if it was the last one, stop the engine and wait until it has stopped."""
        if self._users.try_exclusive():
            self._stop_keeper()
        elif not self._users.try_share():  # the keeper saw that we were the last before we did
            self._await_keeper_end()
        self._users.close()
        if self._keeper is not None and self._keeper.poll() is None:
            self._keeper.returncode = 0  # others use it: it is theirs now, and no child that we forgot

    def _start_keeper(self) -> None:
        places = self.places
        if self._keeper is not None:
            self._keeper.wait()
        places.state.unlink(missing_ok=True)
        places.keeper_lock.write_text("")  # the number of a keeper long dead
        made_by = places.data / "PG_VERSION"
        major = int(made_by.read_text(encoding="ascii")) if made_by.exists() else None
        binaries = find_binaries(os.environ.get("SHANGLIAN_ENGINE", ""), major)
        module = ["-S", "-m", "shanglian.runtime.keeper", str(places.home), str(binaries.folder)]
        with places.log.open("ab") as stream:
            self._keeper = subprocess.Popen(  # noqa: S603 - our own module, no shell
                python_command(*module),
                env=python_environment(),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd="/",
                start_new_session=True,  # a Ctrl-C on our terminal is not meant for it
            )

    def _await_ready(self) -> None:
        places, keeper = self.places, self._keeper
        begun = time.monotonic()
        told = False
        while not _reads(places.state, "ready"):
            if (keeper is None or keeper.poll() is not None) and not is_locked(places.keeper_lock):
                raise _failure(places)
            if not told and time.monotonic() - begun > LONG_START:
                log.warning("the database is recovering or being created; waiting for it")
                told = True
            time.sleep(0.01)

    def _stop_keeper(self) -> None:
        told = False
        while is_locked(self.places.keeper_lock):
            number = self.places.keeper_lock.read_text(encoding="ascii")
            if number and not told:
                os.kill(int(number), signal.SIGTERM)
                told = True
            time.sleep(0.01)

    def _await_keeper_end(self) -> None:
        while is_locked(self.places.keeper_lock):
            time.sleep(0.01)


def _reads(path: Path, wanted: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == wanted
    except FileNotFoundError:
        return False


def _failure(places: EnginePlaces) -> Unusable:
    if places.state.exists():
        reason = places.state.read_text(encoding="utf-8").removeprefix("error\n")
        chinese, _, english = reason.partition("\n")
        return Unusable(chinese, english)
    return Unusable(
        f"数据库没有启动，日志在 {places.log}。",
        f"The database did not start; its log is {places.log}.",
    )


@contextmanager
def attached(home: Path) -> Iterator[Attachment]:
    """The embedded database answers inside the block. Raises Unusable when it cannot be had."""
    attachment = Attachment(home)
    try:
        attachment.ensure_answering()
        yield attachment
    finally:
        attachment.release()
