"""Which kind may stand below which."""

from shanglian.directory.core.kinds import (
    ALLOWED_CHILDREN,
    CHAMBERS,
    KIND_GROUP,
    ROOT_KINDS,
    OrgKind,
    is_chamber,
    may_contain,
)

K = OrgKind


def test_every_kind_has_a_group_and_a_way_to_exist():
    below_something = frozenset().union(*ALLOWED_CHILDREN.values())
    assert set(KIND_GROUP) == set(OrgKind)
    assert below_something | ROOT_KINDS == set(OrgKind)


def test_levels_of_the_federation():
    assert may_contain(K.PROVINCE, K.CITY)
    assert may_contain(K.PROVINCE, K.COUNTY), "a county may be run by the province"
    assert may_contain(K.CITY, K.ZONE)
    assert not may_contain(K.CITY, K.PROVINCE)
    assert not may_contain(K.COUNTY, K.COUNTY)


def test_a_chamber_holds_no_federation():
    assert not any(may_contain(chamber, kind) for chamber in CHAMBERS for kind in set(OrgKind) - CHAMBERS)
    assert is_chamber(K.PARK_CHAMBER)
    assert not is_chamber(K.ZONE)
