"""Members counted for many organisations and days at once, by category and by the closed lists of attributes.

The number of statements does not grow with organisations or days. All come from roll-ups (year-end balances, months,
the days of a month begun): by category, and by attribute (industry, registration type, kind of group). Reads only.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shanglian.common.measures import ManyQuestion
from shanglian.directory.queries import territories_on_days
from shanglian.members.core.kinds import Category, Count
from shanglian.members.queries import NEWER, rows, visible_stamp

Place = tuple[int, date]  # an organisation, or a unit of them, on a day


@dataclass(frozen=True)
class Slice:
    """What is counted: a count, one category or all, and of an attribute only these codes.

    `codes` is asked for when counting, since an installation may bring its own list.
    """

    count: Count
    category: Category | None = None
    attribute: str = ""
    codes: Callable[[], frozenset[str]] | None = None


@dataclass(frozen=True)
class Found:
    """A figure; None where nobody can know. `unclassified`: members of the category whose attribute is not recorded."""

    value: int | None
    unclassified: int = 0


# `units`: organisations that stand under the same roots on the same days are one; figures are asked for no finer.
# `spells`: the days that lie after the same closed year, as places among the sorted `days`. What the year's balance
# and the months after it say counts from the first day that has seen it (`turn`) to the last of its spell (`until`);
# the days of a month begun count on that day alone; what was recorded later is taken off from its day on.
# OFFSET 0: each spell is looked up by itself, whatever the planner believes of a young table.
_PARTS = """
    units AS (SELECT * FROM unnest(%(orgs)s::bigint[], %(units)s::int[]) AS u(org_id, unit)),
    asked AS (SELECT day, (turn - 1)::int AS turn, date_trunc('month', day + 1)::date AS months,
                     (SELECT max(year) FROM members_yearclose WHERE make_date(year, 12, 31) <= day) AS closed
                FROM unnest(%(days)s::date[]) WITH ORDINALITY AS d(day, turn)),
    spells AS (SELECT closed, coalesce(make_date(closed + 1, 1, 1), '-infinity') AS after, max(months) AS months,
                      min(turn) AS turn, max(turn) AS until FROM asked GROUP BY closed)"""
_SEEN = "width_bucket({} - 1, %(days)s::date[])"
_MONTH_SEEN = _SEEN.format("(month + interval '1 month')::date - 1")
_DAY_SEEN = _SEEN.format("effective_on")
_BEGUN = "effective_on >= asked.months AND effective_on <= day"

_ROLLED_UP = f"""
    WITH {_PARTS},
    parts AS (
        SELECT turn, until, org_id, category, heads, memberships
          FROM spells JOIN members_balance ON year = closed WHERE org_id = ANY (%(orgs)s)
        UNION ALL
        SELECT {_MONTH_SEEN}, until, org_id, category, heads, memberships
          FROM spells JOIN members_flow ON month >= after AND month < months WHERE org_id = ANY (%(orgs)s)
        UNION ALL
        SELECT turn, turn, org_id, category, heads, memberships
          FROM asked JOIN members_leg ON {_BEGUN} WHERE org_id = ANY (%(orgs)s)
        UNION ALL
        SELECT {_DAY_SEEN}, cardinality(%(days)s::date[]) - 1, org_id, category, -heads, -memberships
          FROM members_leg WHERE {NEWER} AND effective_on <= %(last)s AND org_id = ANY (%(orgs)s))
    SELECT turn, until, unit, category, sum(heads)::bigint, sum(memberships)::bigint
      FROM parts JOIN units USING (org_id) GROUP BY turn, until, unit, category"""  # noqa: S608 -- NEWER is ours

_COUNTED = "org_id = ANY (%(orgs)s) AND category = ANY (%(categories)s)"
_BY_ATTRIBUTES = f"""
    WITH {_PARTS},
    legs AS (
        SELECT turn, turn AS until, org_id, category, profile_id, heads, memberships
          FROM asked JOIN members_leg ON {_BEGUN} WHERE {_COUNTED}
        UNION ALL
        SELECT {_DAY_SEEN}, cardinality(%(days)s::date[]) - 1, org_id, category, profile_id, -heads, -memberships
          FROM members_leg WHERE {NEWER} AND effective_on <= %(last)s AND {_COUNTED}),
    parts AS (
        SELECT turn, until, b.*
          FROM spells, LATERAL (
               SELECT org_id, category, attribute, code, heads, memberships FROM members_attributebalance
                WHERE year = closed AND {_COUNTED} AND attribute = ANY (%(attributes)s) OFFSET 0) b
        UNION ALL
        SELECT {_MONTH_SEEN}, until, org_id, category, attribute, code, heads, memberships
          FROM spells, LATERAL (
               SELECT * FROM members_attributeflow
                WHERE month >= after AND month < months AND {_COUNTED} AND attribute = ANY (%(attributes)s) OFFSET 0) f
        UNION ALL
        SELECT turn, until, org_id, category, a.attribute, a.code, heads, memberships
          FROM (SELECT turn, until, org_id, category, profile_id, sum(heads) AS heads, sum(memberships) AS memberships
                  FROM legs GROUP BY 1, 2, 3, 4, 5) l
          JOIN members_profile p ON p.id = profile_id CROSS JOIN LATERAL profile_attributes(p) a)
    SELECT turn, until, unit, category, attribute, code, sum(heads)::bigint, sum(memberships)::bigint
      FROM parts JOIN units USING (org_id)
     GROUP BY turn, until, unit, category, attribute, code"""  # noqa: S608 -- NEWER is ours, values are parameters

_BEGAN = """
    SELECT org_id, min(effective_on) FROM members_leg
     WHERE recorded_at <= %(known)s AND org_id = ANY (%(orgs)s) GROUP BY org_id"""


# Of one unit on a day: members, those with one of the codes, those without any code.
Tally = tuple[int, int, int]


def count_many(slices: Mapping[str, Slice], question: ManyQuestion) -> tuple[dict[str, dict[Place, Found]], datetime]:
    """Each slice for each organisation with everything below it, by the tree of each day; and when it was known."""
    known = question.known_on or visible_stamp()
    days = sorted(set(question.days))
    trees = territories_on_days(question.orgs, days=days, known_on=question.known_on)
    unit_of, units_of = _units(trees)
    asked = {
        "days": days,
        "last": days[-1],
        "orgs": list(unit_of),
        "units": list(unit_of.values()),
        "known": known,
    }
    own = _by_unit(slices, asked)
    sums = {name: {place: _below(own[name], place, units) for place, units in units_of.items()} for name in slices}
    silent = {place for found in sums.values() for place, tally in found.items() if not tally[0]}
    began = _began({pk for place in silent for pk in trees[place]}, known)
    return {
        name: {
            place: _found(one, sums[name][place], any(began.get(pk, date.max) <= place[1] for pk in trees[place]))
            for place in trees
        }
        for name, one in slices.items()
    }, known


def _units(trees: Mapping[Place, Iterable[int]]) -> tuple[dict[int, int], dict[Place, list[int]]]:
    """The unit of each organisation, and the units of which each place is the whole."""
    under: dict[int, list[Place]] = defaultdict(list)
    for place, tree in trees.items():
        for pk in tree:
            under[pk].append(place)
    number: dict[tuple[Place, ...], int] = {}
    unit_of = {pk: number.setdefault(tuple(places), len(number)) for pk, places in sorted(under.items())}
    units_of: dict[Place, list[int]] = {place: [] for place in trees}
    for places, unit in number.items():
        for place in places:
            units_of[place].append(unit)
    return unit_of, units_of


def _found(one: Slice, tally: Tally, begun: bool) -> Found:
    """None, not 0, where nothing was booked by that day, or where none of the members has the attribute recorded."""
    total, coded, without = tally
    if not total:
        return Found(0 if begun else None)
    if not one.attribute:
        return Found(total)
    return Found(None if without == total else coded, without)


def _below(own: Mapping[Place, Tally], place: Place, units: Iterable[int]) -> Tally:
    found = [own[unit, place[1]] for unit in units if (unit, place[1]) in own]
    return sum(t[0] for t in found), sum(t[1] for t in found), sum(t[2] for t in found)


def _by_unit(slices: Mapping[str, Slice], asked: Mapping[str, Any]) -> dict[str, dict[Place, Tally]]:
    """Of each slice the tally of each (unit, day)."""
    days: list[date] = asked["days"]
    found: dict[str, dict[Place, list[int]]] = {name: defaultdict(lambda: [0, 0, 0]) for name in slices}
    plain = {name: one for name, one in slices.items() if not one.attribute}
    coded = {name: (one, one.codes() if one.codes else frozenset()) for name, one in slices.items() if one.attribute}
    for turn, until, unit, category, heads, memberships in rows(_ROLLED_UP, asked) if plain else ():
        for name, one in plain.items():
            if one.category in {None, category}:
                for day in days[turn : until + 1]:
                    found[name][unit, day][0] += heads if one.count is Count.HEADS else memberships
    every = any(one.category is None for one, _ in coded.values())
    terms = {
        **asked,
        "categories": sorted(Category) if every else sorted({str(one.category) for one, _ in coded.values()}),
        "attributes": sorted({one.attribute for one, _ in coded.values()}),
    }
    for turn, until, unit, category, attribute, code, heads, memberships in (
        rows(_BY_ATTRIBUTES, terms) if coded else ()
    ):
        for name, (one, codes) in coded.items():
            if one.attribute == attribute and one.category in {None, category}:
                n = heads if one.count is Count.HEADS else memberships
                for day in days[turn : until + 1]:
                    tally = found[name][unit, day]
                    tally[0] += n
                    tally[1] += n if code in codes else 0
                    tally[2] += 0 if code else n
    return {name: {place: (t[0], t[1], t[2]) for place, t in own.items()} for name, own in found.items()}


def _began(orgs: Collection[int], known: datetime) -> dict[int, date]:
    """The first day anything took effect at each of these organisations."""
    return dict(rows(_BEGAN, {"orgs": list(orgs), "known": known})) if orgs else {}
