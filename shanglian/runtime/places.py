"""Where things lie inside SHANGLIAN_HOME, and the locks that several commands share.

Standard library only: the keeper process imports this and must start in a few hundredths of a second.
"""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Unusable(Exception):
    """Something a person can put right; the text says what and how, in Chinese and in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


@dataclass(frozen=True)
class EnginePlaces:
    """The files of the embedded engine. Everything is private to the user who runs Shanglian."""

    home: Path

    @property
    def root(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def passwords(self) -> Path:
        return self.root / "passwords.json"

    @property
    def record(self) -> Path:
        """Where the socket lies; written by whoever starts the engine."""
        return self.root / "engine.json"

    @property
    def state(self) -> Path:
        """What the running keeper says of itself: `ready`, or `error` and the reason."""
        return self.root / "state"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def users_lock(self) -> Path:
        return self.root / "users.lock"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.root / "keeper.lock"


def make_private(path: Path) -> Path:
    """Create a folder that only its owner may enter; one that exists is left exactly as it is."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(
            f"无法建立目录 {path}：{error.strerror}。请检查权限，或用 SHANGLIAN_HOME 指定另一个目录。",
            f"Cannot create the folder {path}: {error.strerror}. "
            "Check its permissions, or name another folder in SHANGLIAN_HOME.",
        ) from None
    return path


def write_private(path: Path, text: str) -> None:
    """Replace a small file in one step; only its owner may read it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a small JSON file; empty if the file isn't there."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


class Lock:
    """An advisory lock on a file. The kernel lets go of it when its process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> "Lock":
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def share(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def try_share(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """A shared lock that this object held is given up, whether or not the exclusive one is got."""
        return self._try(fcntl.LOCK_EX)

    def write(self, text: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def close(self) -> None:
        os.close(self._descriptor)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_locked(path: Path) -> bool:
    """Whether some living process holds this lock exclusively."""
    if not path.exists():
        return False
    lock = Lock(path)
    try:
        return not lock.try_share()
    finally:
        lock.close()
