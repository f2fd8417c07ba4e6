"""Policy files of this room: found in `settings.POLICY_DIRS`, the installation's own before the shipped, and read."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from shanglian.common.core.policy import PolicyError, PolicyProblem

Read = TypeVar("Read")
Version = tuple[int, int]


def files_in(folder: str) -> dict[str, Path]:
    """The files of a folder by id; the first directory that has a file wins."""
    found: dict[str, Path] = {}
    for directory in settings.POLICY_DIRS:
        for path in sorted((Path(directory) / folder).glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def read_file(path: Path, read: Callable[[Path, Version], Read]) -> Read:
    """What `read` makes of a file and its version (a changed file has another). Raises PolicyError."""
    try:
        stat = path.stat()
        return read(path, (stat.st_mtime_ns, stat.st_size))
    except UnicodeDecodeError as error:
        raise PolicyError([PolicyProblem(str(path), 1, "", "not_utf8")]) from error
    except OSError as error:
        raise PolicyError([PolicyProblem(str(path), 1, "", "unreadable", error.strerror or "")]) from error
