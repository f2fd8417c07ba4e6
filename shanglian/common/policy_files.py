"""Policy files found in `settings.POLICY_DIRS` and opened: the installation's own before the shipped of the same name.

Knows no kind of policy. Whatever keeps a file from being read is a problem with its name and remedy (PolicyError).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from shanglian.common.core.policy import PolicyError, PolicyProblem, PolicyText, Section, read_policy
from shanglian.common.core.shapes import Fields, values

Read = TypeVar("Read")
Version = tuple[int, int]


def policy_path(relative: str) -> Path:
    """Where a policy file lies. Raises PolicyError for a missing one."""
    path = next((p for folder in settings.POLICY_DIRS if (p := Path(folder) / relative).is_file()), None)
    if path is None:
        raise PolicyError([PolicyProblem(relative, 1, "", "file_missing")])
    return path


def policy_files(folder: str) -> dict[str, Path]:
    """The files of a folder by id, in the order of their ids; the first directory that has a file wins."""
    found: dict[str, Path] = {}
    for place in settings.POLICY_DIRS:
        for path in (Path(place) / folder).glob("*.yaml"):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def own_or_shipped(folder: str) -> list[Path]:
    """The files of the first directory that has any: an installation's own take the place of all that are shipped."""
    for place in settings.POLICY_DIRS:
        if found := sorted((Path(place) / folder).glob("*.yaml")):
            return found
    return []


def version_of(path: Path) -> Version:
    """A changed file has another. Raises PolicyError."""
    try:
        stat = path.stat()
    except OSError as error:
        raise PolicyError([PolicyProblem(str(path), 1, "", "unreadable", error.strerror or "")]) from error
    return stat.st_mtime_ns, stat.st_size


def raw_text(path: Path) -> str:
    """What stands in a file. Raises PolicyError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PolicyError([PolicyProblem(str(path), line, "", "not_utf8")]) from error
    except OSError as error:
        raise PolicyError([PolicyProblem(str(path), 1, "", "unreadable", error.strerror or "")]) from error


def policy_text(path: Path) -> PolicyText:
    """A file's values with their lines. Raises PolicyError where it cannot be opened."""
    return read_policy(raw_text(path), file=str(path))


def policy(relative: str, fields: Fields, also: Callable[[Section], None] | None = None) -> Mapping[str, Any]:
    """The values of one policy file, which has that form. Raises PolicyError."""
    return values(policy_text(policy_path(relative)), fields, also)


def read_again(path: Path, read: Callable[[Path, Version], Read]) -> Read:
    """What `read`, which remembers, makes of a file as it is now. Raises PolicyError."""
    return read(path, version_of(path))


def all_problems() -> Iterator[PolicyProblem]:
    """Everything wrong with any policy file of this installation, by the readers `settings.POLICY_READERS` names.

    A file that several readers need is named once.
    """
    told: set[PolicyProblem] = set()
    for dotted in settings.POLICY_READERS:
        readers: Sequence[Callable[[], object]] = import_string(dotted)()
        for reader in readers:
            try:
                reader()
            except PolicyError as error:
                yield from (problem for problem in error.problems if problem not in told)
                told |= set(error.problems)
