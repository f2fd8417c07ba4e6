"""Policy files as an import kind needs them: the installation's own before the shipped one. Knows no kind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from shanglian.common.core.policy import PolicyError, PolicyProblem, read_policy


def policy(relative: str) -> Mapping[str, Any]:
    """The values of one policy file. Raises PolicyError for a broken file, FileNotFoundError for a missing one."""
    return values_of(policy_path(relative))


def policy_path(relative: str) -> Path:
    """Where a policy file lies: the installation's own before the shipped one. Raises FileNotFoundError."""
    path = next((p for folder in settings.POLICY_DIRS if (p := Path(folder) / relative).is_file()), None)
    if path is None:
        raise FileNotFoundError(relative)
    return path


def policy_files(folder: str) -> list[Path]:
    """Every policy file of a folder by name; the installation's own before the shipped one of the same name."""
    found: dict[str, Path] = {}
    for place in settings.POLICY_DIRS:
        for path in sorted((Path(place) / folder).glob("*.yaml")):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def values_of(path: Path) -> Mapping[str, Any]:
    """What a policy file says. Raises PolicyError."""
    text = read_policy(path.read_text(encoding="utf-8-sig"), file=str(path))
    if text.problems:
        raise PolicyError(text.problems)
    if not isinstance(text.values, dict):
        raise PolicyError([PolicyProblem(str(path), 1, "", "wrong_type")])
    return text.values
