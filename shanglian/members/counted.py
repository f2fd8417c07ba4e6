"""Members counted for many organisations and days at once, by category and by the closed lists of attributes.

The number of statements does not grow with organisations or days. Heads and memberships by category come from the
roll-up, attributes (industry, registration type, kind of group) from the legs. Reads only.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shanglian.common.measures import ManyQuestion
from shanglian.directory.queries import territories_on_days
from shanglian.members.core.kinds import Category, Count
from shanglian.members.queries import DIMENSIONS, NEWER, rows, visible_stamp

Place = tuple[int, date]  # an organisation on a day


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


_ROLLED_UP = f"""
    WITH closing AS (SELECT day, CASE WHEN extract(day FROM day + 1) = 1 THEN day + 1
                                      ELSE date_trunc('month', day)::date END AS months,
                            (SELECT max(year) FROM members_yearclose WHERE make_date(year, 12, 31) <= day) AS closed
                       FROM unnest(%(days)s::date[]) AS day),
    asked AS (SELECT day, months, closed, coalesce(make_date(closed + 1, 1, 1), '-infinity') AS after FROM closing),
    parts AS (
        SELECT day, org_id, category, heads, memberships
          FROM asked JOIN members_balance ON year = closed WHERE org_id = ANY (%(orgs)s)
        UNION ALL
        SELECT day, org_id, category, heads, memberships
          FROM asked JOIN members_flow ON month >= after AND month < months
         WHERE org_id = ANY (%(orgs)s)
        UNION ALL
        SELECT day, org_id, category, heads, memberships
          FROM asked JOIN members_leg ON effective_on >= months AND effective_on <= day WHERE org_id = ANY (%(orgs)s)
        UNION ALL
        SELECT day, org_id, category, -heads, -memberships
          FROM asked JOIN members_leg ON {NEWER} AND effective_on <= day
         WHERE org_id = ANY (%(orgs)s))
    SELECT day, org_id, category, sum(heads)::bigint, sum(memberships)::bigint
      FROM parts GROUP BY day, org_id, category"""  # noqa: S608 -- NEWER is ours, values are parameters

# Legs are read once for all days, from their index: each falls to the first day that has seen it, and is summed by
# profile before the profile's words are looked up. `turn` is the place of that day among the sorted `days`.
# `attributes` are columns of the profile, so many as are asked for.
_BY_ATTRIBUTES = f"""
    WITH parts AS (
        SELECT org_id, category, profile_id, effective_on, heads, memberships
          FROM members_leg
         WHERE org_id = ANY (%(orgs)s) AND category = ANY (%(categories)s) AND effective_on <= %(last)s
        UNION ALL
        SELECT org_id, category, profile_id, effective_on, -heads, -memberships
          FROM members_leg
         WHERE {NEWER} AND org_id = ANY (%(orgs)s) AND category = ANY (%(categories)s) AND effective_on <= %(last)s),
    sums AS (
        SELECT org_id, category, profile_id, width_bucket(effective_on - 1, %(days)s::date[]) AS turn,
               sum(heads) AS heads, sum(memberships) AS memberships
          FROM parts GROUP BY org_id, category, profile_id, turn)
    SELECT turn, org_id, category, sum(heads)::bigint, sum(memberships)::bigint, {{attributes}}
      FROM sums JOIN members_profile p ON p.id = profile_id
     GROUP BY turn, org_id, category, {{attributes}}"""  # noqa: S608 -- NEWER is ours


_BEGAN = """
    SELECT org_id, min(effective_on) FROM members_leg
     WHERE recorded_at <= %(known)s AND org_id = ANY (%(orgs)s) GROUP BY org_id"""


# Of one organisation's own level on a day: members, those with one of the codes, those without any code.
Tally = tuple[int, int, int]


def count_many(slices: Mapping[str, Slice], question: ManyQuestion) -> tuple[dict[str, dict[Place, Found]], datetime]:
    """Each slice for each organisation with everything below it, by the tree of each day; and when it was known."""
    known = question.known_on or visible_stamp()
    trees = territories_on_days(question.orgs, days=question.days, known_on=question.known_on)
    asked = {
        "days": list(question.days),
        "orgs": sorted({pk for tree in trees.values() for pk in tree}),
        "known": known,
    }
    own = _own_level(slices, question.days, asked)
    sums = {name: {place: _below(own[name], place, tree) for place, tree in trees.items()} for name in slices}
    silent = {place for found in sums.values() for place, tally in found.items() if not tally[0]}
    began = _began({pk for place in silent for pk in trees[place]}, known)
    return {
        name: {
            place: _found(one, sums[name][place], any(began.get(pk, date.max) <= place[1] for pk in trees[place]))
            for place in trees
        }
        for name, one in slices.items()
    }, known


def _found(one: Slice, tally: Tally, begun: bool) -> Found:
    """None, not 0, where nothing was booked by that day, or where none of the members has the attribute recorded."""
    total, coded, without = tally
    if not total:
        return Found(0 if begun else None)
    if not one.attribute:
        return Found(total)
    return Found(None if without == total else coded, without)


def _below(own: Mapping[Place, Tally], place: Place, tree: Iterable[int]) -> Tally:
    found = [own[pk, place[1]] for pk in tree if (pk, place[1]) in own]
    return sum(t[0] for t in found), sum(t[1] for t in found), sum(t[2] for t in found)


def _own_level(
    slices: Mapping[str, Slice], days: Sequence[date], asked: Mapping[str, object]
) -> dict[str, dict[Place, Tally]]:
    found: dict[str, dict[Place, list[int]]] = {name: defaultdict(lambda: [0, 0, 0]) for name in slices}
    plain = {name: one for name, one in slices.items() if not one.attribute}
    coded = {name: (one, one.codes() if one.codes else frozenset()) for name, one in slices.items() if one.attribute}
    for day, org, category, heads, memberships in rows(_ROLLED_UP, asked) if plain else ():
        for name, one in plain.items():
            if one.category in {None, category}:
                found[name][org, day][0] += heads if one.count is Count.HEADS else memberships
    every = any(one.category is None for one, _ in coded.values())
    categories = sorted(Category) if every else sorted({str(one.category) for one, _ in coded.values()})
    attributes = sorted({one.attribute for one, _ in coded.values()})
    in_order = sorted(set(days))
    terms = {**asked, "days": in_order, "last": in_order[-1], "categories": categories} if coded else {}
    columns = ", ".join(DIMENSIONS[attribute] for attribute in attributes)
    lines = rows(_BY_ATTRIBUTES.format(attributes=columns), terms) if coded else ()
    for turn, org, category, heads, memberships, *found_codes in lines:
        code_of = dict(zip(attributes, found_codes, strict=True))
        for name, (one, codes) in coded.items():
            if one.category in {None, category}:
                code, n = code_of[one.attribute], heads if one.count is Count.HEADS else memberships
                for day in in_order[turn:]:
                    tally = found[name][org, day]
                    tally[0] += n
                    tally[1] += n if code in codes else 0
                    tally[2] += 0 if code else n
    return {name: {place: (t[0], t[1], t[2]) for place, t in own.items()} for name, own in found.items()}


def _began(orgs: Collection[int], known: datetime) -> dict[int, date]:
    """The first day anything took effect at each of these organisations."""
    return dict(rows(_BEGAN, {"orgs": list(orgs), "known": known})) if orgs else {}
