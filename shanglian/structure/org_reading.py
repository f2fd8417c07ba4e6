"""The list of organisations with the words of this installation: headings, kinds and places from the policy files."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from shanglian.common.policy_files import policy
from shanglian.directory.core.kinds import OrgKind
from shanglian.imports.core.headings import one_column_each
from shanglian.imports.core.reading import SheetKind
from shanglian.members.reading import area_codes, divisions
from shanglian.structure.core.org_policies import organisations_form
from shanglian.structure.core.organisation_names import NameWords
from shanglian.structure.core.organisations import organisation_kind

POLICY = "imports/organisations.yaml"
NO_WORDS = NameWords({}, (), frozenset(), frozenset())


@cache
def organisation_reading() -> SheetKind:
    """Read once per process. Raises PolicyError for a broken or missing file."""
    words = _words()
    return organisation_kind(words["headings"], words["kinds"], name_words(), area_codes())


@cache
def _words() -> Mapping[str, Any]:
    return policy(POLICY, organisations_form(organisation_kind({}, {}, NO_WORDS, {})), one_column_each)


@cache
def name_words() -> NameWords:
    """What the names of organisations are judged by."""
    words = _words()
    cities = [division["city"] for division in divisions()]
    own = {name for city in cities for name in (city["name"], *city["prefixes"])}
    own |= {name for name in area_codes() if not name.isascii()}
    return NameWords(
        {OrgKind(kind): tuple(found) for kind, found in words["before_chamber"].items()},
        tuple(words["other_words"]),
        frozenset(place for places in words["places"].values() for place in places),
        frozenset(own),
    )
