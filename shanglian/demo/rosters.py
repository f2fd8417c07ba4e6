"""The demo's rosters: which organisation sends which file on which day, and the files themselves. Pure.

A roster is a plan (so many firms, numbered from so on) until it is written; writing it twice gives the same bytes.
Sheets look like those an office sends: a title, Chinese headings, dates as people write them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shanglian.demo.chambers import Chamber, group_members
from shanglian.demo.firms import JOINERS, STOCK, Firm, as_chamber, invent_firm

OPENING = date(2013, 12, 31)
LAST = date(2016, 6, 30)
YEAR_ENDS = (date(2014, 12, 31), date(2015, 12, 31), LAST)
PLAN_GROWTH = 0.07

# Area → name in rosters, its part of a thousand members, how fast it grows beside the others.
PLACES = {
    "410100": ("郑州市", 50, 0.6),
    "410102": ("中原区", 90, 1.0),
    "410103": ("二七区", 100, 1.0),
    "410104": ("管城回族区", 80, 0.9),
    "410105": ("金水区", 170, 1.4),
    "410106": ("上街区", 35, 0.3),
    "410108": ("惠济区", 55, 1.1),
    "410122": ("中牟县", 60, 1.2),
    "410181": ("巩义市", 90, 0.9),
    "410182": ("荥阳市", 70, 0.8),
    "410183": ("新密市", 70, 0.9),
    "410184": ("新郑市", 80, 1.1),
    "410185": ("登封市", 50, 0.7),
}
# Zones have no federation yet: their firms belong to a neighbouring district and say where they do business.
ZONES = {"410105": "郑东新区", "410102": "高新区", "410104": "经开区", "410184": "航空港区"}
ZONE_SHARE = 0.15

HEADINGS = (
    "序号", "会员名称", "统一社会信用代码", "法定代表人", "联系电话", "会员类型", "登记注册类型", "入会时间",
    "行业门类", "所属县区", "地址", "成立日期",
)  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """One file to come: `count` firms from number `first` on, of the organisation `org`, as of `on`. The first of them
    are its `chambers`.
    """

    key: str
    org: str
    area: str
    on: date
    first: int
    count: int
    history_from: date | None = None  # then the firms joined between this day and `on`
    chambers: tuple[Chamber, ...] = ()

    @property
    def file_name(self) -> str:
        what = "新入会会员名册" if self.history_from else "会员名册"
        return f"{PLACES[self.area][0]}{what}（示例）{self.on:%Y%m%d}.csv"


def shares(total: int) -> dict[str, int]:
    """`total` members over the places, so that they add up to it."""
    whole = sum(part for _name, part, _pace in PLACES.values())
    counts = {area: total * part // whole for area, (_name, part, _pace) in PLACES.items()}
    counts["410105"] += total - sum(counts.values())
    return counts


def plan_rosters(members: int) -> list[Roster]:
    """Opening rosters of all places, then each year's new members. Numbers follow one another without gaps."""
    found: list[Roster] = []
    opening = shares(members)
    number = 0
    for area, count in opening.items():
        named = tuple(group_members(area, None, OPENING, members=members))
        found.append(Roster(f"opening-{area}", area, area, OPENING, number, count, chambers=named))
        number += count
    for years, end in enumerate(YEAR_ENDS):
        months = 6 if end == LAST else 12
        for area, count in opening.items():
            grown = count * (1 + PLAN_GROWTH) ** years * PLAN_GROWTH * PLACES[area][2] * months / 12
            joining = max(round(grown), 2) + leavers(count, months)
            start = date(end.year, 1, 1)
            named = tuple(group_members(area, start, end, members=members))
            found.append(Roster(f"joined-{end.year}-{area}", area, area, end, number, joining, start, named))
            number += joining
    return found


def leavers(count: int, months: int) -> int:
    """How many end their membership; never so many that playing the demo takes long."""
    return min(max(round(count * 0.012 * months / 12), 1), 14)


def firms_of(roster: Roster, *, seed: int) -> list[Firm]:
    place = PLACES[roster.area][0]
    before = roster.history_from or date(2013, 1, 1)
    types = JOINERS if roster.history_from else STOCK
    numbers = range(roster.first, roster.first + roster.count)
    found = [invent_firm(n, seed=seed, place=place, area=roster.area, before=before, types=types) for n in numbers]
    for place_in_list, chamber in enumerate(roster.chambers):
        found[place_in_list] = as_chamber(
            found[place_in_list],
            roster.first + place_in_list,
            seed=seed,
            area=roster.area,
            name=chamber.name,
            founded=chamber.since,
        )
    return found


def write_roster(roster: Roster, *, seed: int) -> bytes:
    """The file as the office sends it."""
    chance = Random(f"{seed}:{roster.key}")  # noqa: S311 - invented data, nothing secret
    rows = []
    for firm in firms_of(roster, seed=seed):
        place = PLACES[roster.area][0]
        if roster.area in ZONES and chance.random() < ZONE_SHARE:
            place = ZONES[roster.area]
        rows.append((firm, _joining_day(roster, firm, chance), place))
    title = f"{PLACES[roster.area][0]}工商联会员名册（示例数据，非真实企业）"
    return write_sheet(title, rows)


def _joining_day(roster: Roster, firm: Firm, chance: Random) -> str:
    if roster.history_from is None:  # an old list: often only the year or the month is known
        day = firm.founded + timedelta(days=chance.randrange(100, 190))
        return chance.choice(
            (f"{day.year}年", f"{day:%Y.%m}", f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日")
        )
    first = max(roster.history_from, firm.founded)  # a chamber founded within the year
    return f"{first + timedelta(days=chance.randrange((roster.on - first).days + 1)):%Y-%m-%d}"


def write_sheet(title: str, rows: Iterable[tuple[Firm, str, str]]) -> bytes:
    """A CSV file with title, headings and (firm, day of joining, place) rows; UTF-8 with a mark, as Excel saves."""
    lines: list[Sequence[object]] = [(title,), HEADINGS]
    for number, (firm, joined, place) in enumerate(rows, start=1):
        lines.append(
            (number, firm.name, firm.uscc, firm.legal_rep, firm.phone, firm.member_type, firm.registered_as, joined,
             firm.section, place, firm.address, firm.founded.isoformat())
        )  # fmt: skip
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
