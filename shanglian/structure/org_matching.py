"""Which organisation a row of a list is: its code, its name, its former name against the tree below the batch's own.

A code decides. A name decides where one organisation alone has it on the list's day; what only nearly agrees, or agrees
with several, is a doubt with candidates. Reads only; actions/organisations.py books what comes out, under the lock of
the tree that it took before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shanglian.common.core.names import FEDERATIONS, name_key
from shanglian.directory.core.kinds import ROOT_KINDS, OrgKind
from shanglian.directory.models import Org, OrgName, OrgPlace
from shanglian.directory.queries import short_names_on, subtree_ids
from shanglian.imports.kinds import Candidate
from shanglian.members.core.roster_areas import find_area
from shanglian.members.reading import area_codes
from shanglian.structure.core.organisation_names import place_names, split_name

FEDERATION = "工商业联合会"  # 工商联 and 总商会 are the same body


@dataclass(slots=True)
class KnownOrg:
    """An organisation of the tree as it is on the list's day; what has no place on that day is not `alive`."""

    org: Org
    name: str
    short_name: str
    parent: int | None
    depth: int
    since: date | None
    alive: bool

    @property
    def kind(self) -> OrgKind:
        return OrgKind(self.org.kind)


@dataclass(frozen=True, slots=True)
class Match:
    """`org` when it is known which one; else `doubt` with candidates, or nothing at all: it is new. `how`: code, name,
    short_name, former_name, old_name.
    """

    org: KnownOrg | None = None
    how: str = ""
    doubt: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass
class Tree:
    """Everything that stands, stood or will stand below the batch's organisation, and how it is found by what a row
    says.
    """

    root: Org
    on: date
    orgs: dict[int, KnownOrg] = field(default_factory=dict)
    by_code: dict[str, KnownOrg] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)  # names of the day, of what exists on it
    by_other_name: dict[str, set[int]] = field(default_factory=dict)  # names of other days
    near: dict[tuple[str, str], set[int]] = field(default_factory=dict)  # place and the rest of the name
    places: dict[str, str] = field(default_factory=dict)  # spelling → code of a federation or zone

    def enter(self, known: KnownOrg) -> None:
        """An organisation, or one that has just got another name or parent."""
        self.orgs[known.org.pk] = self.by_code[known.org.code] = known
        if not known.alive:
            return
        self.by_name.setdefault(name_key(known.name), set()).add(known.org.pk)
        for name in {known.name, known.short_name} - {""}:
            self.near.setdefault(self.nearness(name, known.parent), set()).add(known.org.pk)

    def forget_name(self, known: KnownOrg) -> None:
        """Before it gets another name or parent."""
        for names in (*self.by_name.values(), *self.near.values()):
            names.discard(known.org.pk)

    def nearness(self, name: str, parent: int | None) -> tuple[str, str]:
        """The place a name speaks of, or stands at, and the rest of it."""
        place, rest = split_name(name_key(name), self.places)
        return place or self.federation_above(parent), FEDERATION if rest in FEDERATIONS else rest

    def federation_above(self, org: int | None) -> str:
        """The code of the nearest federation or zone, from `org` upwards; that of the root where none is found."""
        while org is not None and (known := self.orgs.get(org)) is not None:
            if known.kind in ROOT_KINDS or known.kind is OrgKind.ZONE:
                return known.org.code
            org = known.parent
        return self.root.code


def read_tree(root: Org, on: date) -> Tree:
    """The tree below `root`, root included, with what existed or will exist on other days than `on`."""
    tree = Tree(root, on)
    ids = sorted({root.pk, *subtree_ids(root, on=on), *subtree_ids(root, on=on, tree="now")})
    tree.places = place_names(_short_names(on))
    places = {place.org_id: place for place in OrgPlace.objects.known_at().filter(org__in=ids).on(on)}
    since = _first_days(ids)
    of_day, others = _names(ids, on)
    for org in Org.objects.filter(pk__in=ids).order_by("code"):
        place = places.get(org.pk)
        name, short = of_day.get(org.pk) or next(iter(others.get(org.pk, ())), ("", ""))
        tree.orgs[org.pk] = KnownOrg(
            org, name, short, place.parent_id if place else None, place.path.count("/") if place else 0,
            since.get(org.pk), place is not None,
        )  # fmt: skip
    for known in list(tree.orgs.values()):
        tree.enter(known)
    for pk, names in others.items():
        for name, _short in names:
            tree.by_other_name.setdefault(name_key(name), set()).add(pk)
    return tree


def _short_names(on: date) -> Iterable[tuple[str, str]]:
    """(code, short name) of every federation and zone: the places names begin with."""
    orgs = dict(Org.objects.filter(kind__in=[*ROOT_KINDS, OrgKind.ZONE]).values_list("pk", "code"))
    return [(orgs[pk], short) for pk, short in short_names_on(orgs, on).items()]


def _first_days(ids: list[int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for pk, during in OrgPlace.objects.known_at().filter(org__in=ids).values_list("org", "during"):
        found[pk] = min(during.lower, found.get(pk, during.lower))
    return found


def _names(ids: list[int], on: date) -> tuple[dict[int, tuple[str, str]], dict[int, list[tuple[str, str]]]]:
    """Name and short name on the day, and those of other days."""
    of_day: dict[int, tuple[str, str]] = {}
    others: dict[int, list[tuple[str, str]]] = {}
    rows = OrgName.objects.known_at().filter(org__in=ids).order_by("during")
    for one in rows:
        if one.during.lower <= on and (one.during.upper is None or on < one.during.upper):
            of_day[one.org_id] = (one.name, one.short_name)
        else:
            others.setdefault(one.org_id, []).append((one.name, one.short_name))
    return of_day, others


# Parents ------------------------------------------------------------


def parent_of(record: Mapping[str, Any], tree: Tree) -> tuple[KnownOrg | None, str]:
    """The organisation a row is to stand under, and a code for what is wrong: parent_unknown, parent_unclear.

    Stated by name, short name, code or area; else the area the lines above the table speak of; else the batch's own.
    """
    if stated := record.get("parent"):
        return _stated(stated, tree)
    above = tree.by_code.get(record.get("county_code", ""))
    return (above if above is not None and above.alive else tree.orgs[tree.root.pk]), ""


def _stated(text: str, tree: Tree) -> tuple[KnownOrg | None, str]:
    by_code = tree.by_code.get(text.strip().lower())
    if by_code is not None and by_code.alive:
        return by_code, ""
    key = name_key(text)
    found = tree.by_name.get(key, set()) or {
        pk for pk, known in tree.orgs.items() if known.alive and name_key(known.short_name) == key
    }
    if not found:
        place, rest = split_name(key, tree.places)
        place = (
            place if place and rest in FEDERATIONS else tree.places.get(key, "") or find_area(text, area_codes()) or ""
        )
        area = tree.by_code.get(place)
        if area is not None and area.alive:
            return area, ""
        found = tree.near.get(tree.nearness(text, None), set())
    if len(found) == 1:
        return tree.orgs[next(iter(found))], ""
    return None, "parent_unclear" if found else "parent_unknown"


# The row itself ------------------------------------------------------------


def match(record: Mapping[str, Any], parent: KnownOrg | None, tree: Tree) -> Match:
    """Who the row is. `parent`: whom it is to stand under, None where that is not known."""
    by_code = tree.by_code.get(record.get("code", ""))
    if by_code is not None:
        return Match(by_code, "code") if by_code.alive else _other_days({by_code.org.pk}, tree)
    key = record["name_key"]
    if found := tree.by_name.get(key, set()):
        return _by_name(found, record, parent, tree)
    if former := tree.by_name.get(name_key(record.get("former_name", "")), set()):
        return _one_of(former, "former_name", "several_of_this_name", ("former_name",), tree)
    if others := tree.by_other_name.get(key, set()):
        alive = {pk for pk in others if tree.orgs[pk].alive}
        return (
            _one_of(alive, "old_name", "several_of_this_name", ("old_name",), tree)
            if alive
            else _other_days(others, tree)
        )
    return _nearly(record, parent, tree)


def _by_name(found: set[int], record: Mapping[str, Any], parent: KnownOrg | None, tree: Tree) -> Match:
    """One of this name: it is that one, unless the list puts it elsewhere and the name speaks of no place. Of several
    the one that stands where the list says.
    """
    at = parent.org.pk if parent else None
    there = {pk for pk in found if tree.orgs[pk].parent == at}
    if len(found) > 1:
        return _one_of(there if len(there) == 1 else found, "name", "several_of_this_name", ("same_name",), tree)
    says_elsewhere = not record.keys().isdisjoint({"parent", "county_code"}) and not there and parent is not None
    if says_elsewhere and not split_name(record["name_key"], tree.places)[0]:
        return _doubt("same_name_elsewhere", found, ("same_name",), tree)
    return Match(tree.orgs[next(iter(found))], "name")


def _nearly(record: Mapping[str, Any], parent: KnownOrg | None, tree: Tree) -> Match:
    """Names that differ in brackets or in the place in front. A short name at its own place is the name, and a place
    has one federation.
    """
    place, rest = tree.nearness(record["name"], parent.org.pk if parent else None)
    found = set(tree.near.get((place, rest), set()))
    key = record["name_key"]
    sure = {pk for pk in found if rest == FEDERATION or name_key(tree.orgs[pk].short_name) == key}
    if len(sure) == 1:
        return Match(tree.orgs[next(iter(sure))], "short_name")
    return _doubt("nearly_this_name", found, ("near_name",), tree) if found else Match()


def _one_of(found: set[int], how: str, doubt: str, reasons: tuple[str, ...], tree: Tree) -> Match:
    if len(found) == 1:
        return Match(tree.orgs[next(iter(found))], how)
    return _doubt(doubt, found, reasons, tree)


def _other_days(found: set[int], tree: Tree) -> Match:
    return _doubt("exists_on_other_days", found, ("same_name",), tree)


def _doubt(code: str, found: set[int], reasons: tuple[str, ...], tree: Tree) -> Match:
    return Match(doubt=code, candidates=tuple(Candidate(pk, reasons) for pk in sorted(found)))
