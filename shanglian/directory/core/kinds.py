"""Kinds of organisations and which kind may stand below which. Names shown to users live in labels.py."""

from enum import StrEnum


class OrgKind(StrEnum):
    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"
    INDUSTRY_CHAMBER = "industry_chamber"
    TOWNSHIP_CHAMBER = "township_chamber"
    STREET_CHAMBER = "street_chamber"
    VILLAGE_CHAMBER = "village_chamber"
    COMMUNITY_CHAMBER = "community_chamber"
    CLUSTER_CHAMBER = "cluster_chamber"
    PARK_CHAMBER = "park_chamber"
    MARKET_CHAMBER = "market_chamber"
    BUILDING_CHAMBER = "building_chamber"
    NON_LOCAL_CHAMBER = "non_local_chamber"
    OTHER_CHAMBER = "other_chamber"


class KindGroup(StrEnum):
    FEDERATION = "federation"
    ZONE = "zone"
    INDUSTRY = "industry"
    NON_LOCAL = "non_local"
    GRASSROOTS = "grassroots"
    OTHER = "other"


K = OrgKind

KIND_GROUP: dict[OrgKind, KindGroup] = {
    K.NATION: KindGroup.FEDERATION,
    K.PROVINCE: KindGroup.FEDERATION,
    K.CITY: KindGroup.FEDERATION,
    K.COUNTY: KindGroup.FEDERATION,
    K.ZONE: KindGroup.ZONE,
    K.INDUSTRY_CHAMBER: KindGroup.INDUSTRY,
    K.NON_LOCAL_CHAMBER: KindGroup.NON_LOCAL,
    K.TOWNSHIP_CHAMBER: KindGroup.GRASSROOTS,
    K.STREET_CHAMBER: KindGroup.GRASSROOTS,
    K.VILLAGE_CHAMBER: KindGroup.GRASSROOTS,
    K.COMMUNITY_CHAMBER: KindGroup.GRASSROOTS,
    K.CLUSTER_CHAMBER: KindGroup.GRASSROOTS,
    K.PARK_CHAMBER: KindGroup.GRASSROOTS,
    K.MARKET_CHAMBER: KindGroup.GRASSROOTS,
    K.BUILDING_CHAMBER: KindGroup.GRASSROOTS,
    K.OTHER_CHAMBER: KindGroup.OTHER,
}

CHAMBERS = frozenset(k for k, g in KIND_GROUP.items() if g not in (KindGroup.FEDERATION, KindGroup.ZONE))
_UPPER_CHAMBERS = frozenset({K.INDUSTRY_CHAMBER, K.NON_LOCAL_CHAMBER, K.OTHER_CHAMBER})

# An installation may begin at any level of the federation.
ROOT_KINDS = frozenset(k for k, g in KIND_GROUP.items() if g is KindGroup.FEDERATION)

# A province may hold a county directly (省直管县). A chamber may hold smaller chambers of its own area.
ALLOWED_CHILDREN: dict[OrgKind, frozenset[OrgKind]] = {
    K.NATION: frozenset({K.PROVINCE}) | _UPPER_CHAMBERS,
    K.PROVINCE: frozenset({K.CITY, K.COUNTY, K.ZONE}) | _UPPER_CHAMBERS,
    K.CITY: frozenset({K.COUNTY, K.ZONE}) | CHAMBERS,
    K.COUNTY: frozenset({K.ZONE}) | CHAMBERS,
    K.ZONE: CHAMBERS,
    K.TOWNSHIP_CHAMBER: frozenset({K.VILLAGE_CHAMBER, K.COMMUNITY_CHAMBER, K.MARKET_CHAMBER}),
    K.STREET_CHAMBER: frozenset({K.COMMUNITY_CHAMBER, K.MARKET_CHAMBER, K.BUILDING_CHAMBER}),
    K.CLUSTER_CHAMBER: frozenset({K.PARK_CHAMBER, K.BUILDING_CHAMBER}),
    K.PARK_CHAMBER: frozenset({K.BUILDING_CHAMBER}),
}


def may_contain(parent: OrgKind, child: OrgKind) -> bool:
    return child in ALLOWED_CHILDREN.get(parent, frozenset())


def is_chamber(kind: OrgKind) -> bool:
    return kind in CHAMBERS
