"""What this installation's policy files say of members: headings and areas of rosters, facts a file should hold.

How cells are cleaned is in core/roster.py. An installation's own file in $SHANGLIAN_HOME/policies comes
before ours.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language

from shanglian.common.core.shapes import values
from shanglian.common.policy_files import own_or_shipped, policy, policy_path, policy_text
from shanglian.imports.core.headings import headings_form, one_column_each
from shanglian.imports.core.reading import SheetKind
from shanglian.members.core.completeness import Asked, read_asked
from shanglian.members.core.counting import GroupKinds, RegistrationTypes, group_kinds, registration_types
from shanglian.members.core.kinds import EntityKind
from shanglian.members.core.policies import DIVISION, GROUP_KINDS, REGISTRATION_TYPES, kinds_agree, types_agree
from shanglian.members.core.roster import areas_by_name, roster_kind

HEADINGS = "imports/roster.yaml"
DIVISIONS = "divisions"
ARCHIVE = "members/archive.yaml"


@cache
def roster_reading() -> SheetKind:
    """Read once per process. Raises PolicyError for a broken or missing file."""
    words = policy(HEADINGS, headings_form(roster_kind({}, {})), one_column_each)
    lists = registration_types_listed(), group_kinds_listed()
    return roster_kind(words["headings"], area_codes(), words.get("weak_headings"), *lists)


@cache
def registration_types_listed() -> RegistrationTypes:
    """The closed list of registration types, and which of them are private enterprises. Read once per process."""
    return registration_types(policy("members/registration_types.yaml", REGISTRATION_TYPES, types_agree))


@cache
def group_kinds_listed() -> GroupKinds:
    """The closed list of kinds of group members, and which of them are chambers. Read once per process."""
    return group_kinds(policy("members/group_kinds.yaml", GROUP_KINDS, kinds_agree))


def group_kind_names() -> Mapping[str, str]:
    """Kinds of group members by code, in the reader's language."""
    kinds = group_kinds_listed()
    return kinds.names if (get_language() or "").startswith("zh") else kinds.english


@cache
def divisions() -> tuple[Mapping[str, Any], ...]:
    """What the division files say; an installation's own take the place of those that are shipped."""
    return tuple(values(policy_text(path), DIVISION) for path in own_or_shipped(DIVISIONS))


@cache
def area_codes() -> dict[str, str]:
    """Every name and number of an area → its code, from the division files. Read once per process."""
    areas: dict[str, str] = {}
    for division in divisions():
        areas |= areas_by_name(division)
    return areas


@cache
def area_names() -> dict[str, str]:
    """Area code → name of the county or zone, from the same division files. Read once per process."""
    return {area["code"]: area["name"] for division in divisions() for area in division["areas"]}


@cache
def asked_of_files() -> Mapping[EntityKind, tuple[Asked, ...]]:
    """Which facts make a file complete. Read once per process. Raises PolicyError."""
    return read_asked(policy_text(policy_path(ARCHIVE)))


def policy_readers() -> list[Callable[[], object]]:
    """One for each policy file of this room, so that all of them can be looked at together."""
    return [roster_reading, registration_types_listed, group_kinds_listed, divisions, asked_of_files]
