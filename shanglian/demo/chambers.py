"""The demo's invented chambers: which there are, since when, below which federation. Pure.

About ninety are there when the plan begins and are group members of the federation they stand below; others are founded
while it runs. Eight are told by hand; the rest come out of the list of trades and places, always the same ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shanglian.directory.core.kinds import OrgKind

CITY = "410100"
PLAN_BEGINS = date(2014, 1, 1)
FULL_SIZE = 27_800  # members of the plan's own base; a smaller demo has fewer chambers among its group members


@dataclass(frozen=True)
class Chamber:
    """An invented chamber. `share`: how many of a hundred members of the organisation above also join it (0: it has
    sent no roster yet).
    """

    code: str
    kind: OrgKind
    name: str
    short_name: str
    parent: str
    since: date
    share: int = 0


K = OrgKind
_TOLD = (
    Chamber("410100-sh-001", K.INDUSTRY_CHAMBER, "郑州市示例餐饮行业商会", "示例餐饮商会", CITY, date(2006, 5, 18), 30),
    Chamber("410100-sh-002", K.NON_LOCAL_CHAMBER, "郑州市示例异地商会", "示例异地商会", CITY, date(2008, 9, 8), 20),
    Chamber(
        "410105-sh-001",
        K.INDUSTRY_CHAMBER,
        "金水区示例信息技术商会",
        "示例信息技术商会",
        "410105",
        date(2010, 3, 26),
        12,
    ),
    Chamber("410105-sh-002", K.STREET_CHAMBER, "金水区示例街道商会", "示例街道商会", "410105", date(2012, 6, 1), 6),
    Chamber("410103-sh-001", K.MARKET_CHAMBER, "二七区示例市场商会", "示例市场商会", "410103", date(2009, 11, 11), 10),
    Chamber(
        "410181-sh-001",
        K.INDUSTRY_CHAMBER,
        "巩义市示例装备制造商会",
        "示例装备制造商会",
        "410181",
        date(2007, 4, 16),
        10,
    ),
    Chamber("410183-sh-001", K.TOWNSHIP_CHAMBER, "新密市示例镇商会", "示例镇商会", "410183", date(2011, 8, 20), 8),
    Chamber(
        "410122-sh-001",
        K.CLUSTER_CHAMBER,
        "中牟县示例产业集聚区商会",
        "示例产业集聚区商会",
        "410122",
        date(2013, 5, 9),
        10,
    ),
)

# Founded while the plan runs; its first members join it directly, on its first days.
NEW_CHAMBER = Chamber(
    "410105-sh-003", K.BUILDING_CHAMBER, "金水区示例楼宇商会", "示例楼宇商会", "410105", date(2015, 6, 18)
)
# A chamber that changes its name on a day: reports of earlier days keep the old one.
RENAMED = ("410105-sh-001", date(2015, 9, 10), "金水区示例数字经济商会", "示例数字经济商会")

_TRADES = (
    "建材", "服装", "家具", "物流", "汽车销售", "美容美发", "印刷包装", "广告", "食品加工", "医药",
    "花卉", "农业机械", "电子商务", "耐火材料", "铝加工", "煤机装备", "门业", "旅游", "文化创意", "粮油", "茶叶",
)  # fmt: skip
_NATIVE_PLACES = ("甲省", "乙省", "丙省", "丁市", "戊市")
_GRASSROOTS = (
    (K.TOWNSHIP_CHAMBER, "示例{sign}镇商会"),
    (K.STREET_CHAMBER, "示例{sign}街道商会"),
    (K.MARKET_CHAMBER, "示例{sign}市场商会"),
    (K.CLUSTER_CHAMBER, "示例{sign}产业集聚区商会"),
)
_SIGNS = "甲乙丙丁戊己庚辛壬癸"
# How many more there are below each federation when the plan begins, and how many are founded while it runs.
_MORE = {
    "410100": ("郑州市", 22, 4), "410102": ("中原区", 5, 1), "410103": ("二七区", 6, 1), "410104": ("管城回族区", 5, 1),
    "410105": ("金水区", 8, 2), "410106": ("上街区", 2, 0), "410108": ("惠济区", 4, 0), "410122": ("中牟县", 4, 1),
    "410181": ("巩义市", 6, 1), "410182": ("荥阳市", 5, 0), "410183": ("新密市", 5, 1), "410184": ("新郑市", 6, 1),
    "410185": ("登封市", 4, 0),
}  # fmt: skip


def _more(area: str) -> Iterator[Chamber]:
    place, there, later = _MORE[area]
    told = sum(chamber.parent == area for chamber in (*_TOLD, NEW_CHAMBER))
    start = int(area[-2:])
    for number in range(there + later):
        kind, name = _kind_and_name(area, number, start)
        since = date(2001, 3, 1) + timedelta(days=(number * 197 + start * 61) % 4300)
        if number >= there:
            since = date(2014, 4, 10) + timedelta(days=((number - there) * 290 + start * 37) % 700)
        share = 5 if number == 0 and there > 2 and area != CITY else 0
        yield Chamber(f"{area}-sh-{told + number + 1:03}", kind, f"{place}{name}", name, area, since, share)


def _kind_and_name(area: str, number: int, start: int) -> tuple[OrgKind, str]:
    if area == CITY and number < len(_NATIVE_PLACES):
        return K.NON_LOCAL_CHAMBER, f"示例{_NATIVE_PLACES[number]}商会"
    if area == CITY or number % 2 == 0:
        return K.INDUSTRY_CHAMBER, f"示例{_TRADES[(start + number) % len(_TRADES)]}行业商会"
    kind, pattern = _GRASSROOTS[(number // 2) % len(_GRASSROOTS)]
    return kind, pattern.format(sign=_SIGNS[(start + number) % len(_SIGNS)])


CHAMBERS = (*_TOLD, NEW_CHAMBER, *(chamber for area in _MORE for chamber in _more(area)))
WITH_ROSTER = tuple(chamber for chamber in CHAMBERS if chamber.share)


def group_members(area: str, since: date | None, until: date, *, members: int) -> list[Chamber]:
    """Chambers below `area` that are named in its roster of `until`: those there on the day, or founded since `since`.
    Of a demo with fewer members as many fewer.
    """
    found = [c for c in CHAMBERS if c.parent == area and c.since <= until and (since is None or c.since >= since)]
    return found[: max(round(len(found) * min(members / FULL_SIZE, 1)), 0)]
