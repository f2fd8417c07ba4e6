"""The roster's kind of sheet with the words of this installation: headings and areas from the policy files.

How cells are cleaned is in core/roster.py. An installation's own file in $SHANGLIAN_HOME/policies comes
before ours.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from shanglian.common.core.policy import PolicyError, PolicyProblem, read_policy
from shanglian.imports.core.reading import SheetKind
from shanglian.members.core.roster import areas_by_name, roster_kind

HEADINGS = "imports/roster.yaml"
DIVISIONS = "divisions"


@cache
def roster_reading() -> SheetKind:
    """Read once per process. Raises PolicyError for a broken file, FileNotFoundError for a missing one."""
    words = _values(_found(HEADINGS))
    areas: dict[str, str] = {}
    for path in _division_files():
        areas |= areas_by_name(_values(path))
    return roster_kind(words["headings"], areas, words.get("weak_headings"))


@cache
def area_names() -> dict[str, str]:
    """Area code → name of the county or zone, from the same division files. Read once per process."""
    return {area["code"]: area["name"] for path in _division_files() for area in _values(path)["areas"]}


def _found(relative: str) -> Path:
    path = next((p for folder in settings.POLICY_DIRS if (p := Path(folder) / relative).is_file()), None)
    if path is None:
        raise FileNotFoundError(relative)
    return path


def _division_files() -> list[Path]:
    """Every division file by name; the installation's own before the shipped one of the same name."""
    found: dict[str, Path] = {}
    for folder in settings.POLICY_DIRS:
        for path in sorted((Path(folder) / DIVISIONS).glob("*.yaml")):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def _values(path: Path) -> Mapping[str, Any]:
    text = read_policy(path.read_text(encoding="utf-8-sig"), file=str(path))
    if text.problems:
        raise PolicyError(text.problems)
    if not isinstance(text.values, dict):
        raise PolicyError([PolicyProblem(str(path), 1, "", "wrong_type")])
    return text.values
