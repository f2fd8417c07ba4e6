"""The list of organisations with the words of this installation: headings, kinds and places from the policy files."""

from functools import cache

from shanglian.directory.core.kinds import OrgKind
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.policies import policy, policy_files, values_of
from shanglian.members.reading import DIVISIONS, area_codes
from shanglian.structure.core.organisation_names import NameWords
from shanglian.structure.core.organisations import organisation_kind

POLICY = "imports/organisations.yaml"


@cache
def organisation_reading() -> SheetKind:
    """Read once per process. Raises PolicyError for a broken file, FileNotFoundError for a missing one."""
    words = policy(POLICY)
    return organisation_kind(words["headings"], words["kinds"], name_words(), area_codes())


@cache
def name_words() -> NameWords:
    """What the names of organisations are judged by."""
    words = policy(POLICY)
    cities = [values_of(path)["city"] for path in policy_files(DIVISIONS)]
    own = {name for city in cities for name in (city["name"], *city["prefixes"])}
    own |= {name for name in area_codes() if not name.isascii()}
    return NameWords(
        {OrgKind(kind): tuple(found) for kind, found in words["before_chamber"].items()},
        tuple(words["other_words"]),
        frozenset(place for places in words["places"].values() for place in places),
        frozenset(own),
    )
