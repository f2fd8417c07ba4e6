"""What this installation's policy files say of members: headings and areas of rosters, facts a file should hold.

How cells are cleaned is in core/roster.py. An installation's own file in $SHANGLIAN_HOME/policies comes
before ours.
"""

from collections.abc import Mapping
from functools import cache

from shanglian.common.core.policy import read_policy
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.policies import policy, policy_files, policy_path, values_of
from shanglian.members.core.completeness import Asked, read_asked
from shanglian.members.core.counting import GroupKinds, RegistrationTypes, group_kinds, registration_types
from shanglian.members.core.kinds import EntityKind
from shanglian.members.core.roster import areas_by_name, roster_kind

HEADINGS = "imports/roster.yaml"
DIVISIONS = "divisions"
ARCHIVE = "members/archive.yaml"


@cache
def roster_reading() -> SheetKind:
    """Read once per process. Raises PolicyError for a broken file, FileNotFoundError for a missing one."""
    words = policy(HEADINGS)
    return roster_kind(words["headings"], area_codes(), words.get("weak_headings"), registration_types_listed())


@cache
def registration_types_listed() -> RegistrationTypes:
    """The closed list of registration types, and which of them are private enterprises. Read once per process."""
    return registration_types(policy("members/registration_types.yaml"))


@cache
def group_kinds_listed() -> GroupKinds:
    """The closed list of kinds of group members, and which of them are chambers. Read once per process."""
    return group_kinds(policy("members/group_kinds.yaml"))


@cache
def area_codes() -> dict[str, str]:
    """Every name and number of an area → its code, from the division files. Read once per process."""
    areas: dict[str, str] = {}
    for path in policy_files(DIVISIONS):
        areas |= areas_by_name(values_of(path))
    return areas


@cache
def area_names() -> dict[str, str]:
    """Area code → name of the county or zone, from the same division files. Read once per process."""
    return {area["code"]: area["name"] for path in policy_files(DIVISIONS) for area in values_of(path)["areas"]}


@cache
def asked_of_files() -> Mapping[EntityKind, tuple[Asked, ...]]:
    """Which facts make a file complete. Read once per process. Raises PolicyError, FileNotFoundError."""
    path = policy_path(ARCHIVE)
    return read_asked(read_policy(path.read_text(encoding="utf-8-sig"), file=str(path)))
