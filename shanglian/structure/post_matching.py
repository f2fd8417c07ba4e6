"""What the rows of a list of posts mean for the register: organisations, firms, and the holdings to compare with.

Reads only; actions/posts.py books what comes out, under the lock it took before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models.functions import Substr

from shanglian.common.core.codes import subject_code
from shanglian.common.core.names import name_key
from shanglian.directory.core.kinds import OrgKind, is_chamber
from shanglian.directory.models import Org
from shanglian.directory.queries import OrgLine, subtree_ids, tree_on
from shanglian.imports.kinds import ReadRow
from shanglian.members.core.roster_rules import identifiers
from shanglian.members.models import Entity, Identifier, Span
from shanglian.structure.core.holdings import Claim, Holding, Holdings, When
from shanglian.structure.core.titles import Titles
from shanglian.structure.models import Post


@dataclass
class Claims:
    """By row id: the claims of each row; codes of why a row cannot be booked; remarks with what the register says."""

    claims: dict[int, list[Claim]] = field(default_factory=dict)
    refused: dict[int, tuple[str, ...]] = field(default_factory=dict)
    remarks: dict[int, dict[str, str]] = field(default_factory=dict)


class Places:
    """The organisations a list may name: its own, and the chambers that hang below it without another federation
    between. Other organisations of the tree below are known, and kept by themselves.
    """

    def __init__(self, org: Org, on: date) -> None:
        lines = tree_on(on, ids=subtree_ids(org, on=on))
        self.org = org
        self.kept = {org.pk: org} | {line.org.pk: line.org for line in _kept(org, lines)}
        self.by_name: dict[str, set[int]] = {}
        for line in lines:
            for name in {line.org.code, line.name, line.short_name} - {""}:
                self.by_name.setdefault(_plain(name), set()).add(line.org.pk)

    def find(self, text: str | None) -> tuple[Org | None, str]:
        """(organisation, "") for a cell; (None, code) where it names none, or one that keeps its own posts."""
        if not text:
            return self.org, ""
        found = self.by_name.get(_plain(text), set())
        own = found & self.kept.keys()
        if len(own) == 1:
            return self.kept[own.pop()], ""
        return None, "org_keeps_its_own" if found and not own else "org_unknown"


def _kept(org: Org, lines: Iterable[OrgLine]) -> Iterable[OrgLine]:
    """The organisation and the chambers below it; what lies below another federation is left out."""
    barred: int | None = None
    for line in lines:
        if barred is not None and line.depth > barred:
            continue
        barred = None
        if line.org == org or is_chamber(OrgKind(line.org.kind)):
            yield line
        else:
            barred = line.depth


def _plain(name: str) -> str:
    """A name for comparing: 工商联 is short for 工商业联合会, and 总商会 its second name."""
    return name_key(name).replace("工商业联合会", "工商联").replace("(总商会)", "")


def claims_of(rows: Sequence[ReadRow], org: Org, on: date, titles: Titles) -> Claims:
    """The claims of the rows that reading accepted."""
    accepted = [row for row in rows if row.outcome == "accept"]
    places, firms, found = Places(org, on), _firms(accepted), Claims()
    namesakes = _namesakes(accepted, firms, on)
    for row in accepted:
        place, code = places.find(row.record.get("organisation"))
        if place is None:
            found.refused[row.id] = (code,)
            continue
        chamber = is_chamber(OrgKind(place.kind))
        if any(not titles.by_code[title].fits(chamber=chamber) for title in row.record["titles"]):
            found.refused[row.id] = ("title_not_here",)
            continue
        firm = firms.get(row.id)
        found.claims[row.id] = [_claim(row.record, place, title, firm) for title in row.record["titles"]]
        if remarks := _remarks(row.record, firm, namesakes):
            found.remarks[row.id] = remarks
    return found


def _claim(record: Mapping[str, Any], org: Org, title: str, firm: Entity | None) -> Claim:
    name = record.get("firm_name") or (firm.name if firm else "")
    return Claim(
        org=org.pk,
        person=record["person"],
        key=record["person_key"],
        title=title,
        since=When.of(record["since"]) if "since" in record else None,
        until=When.of(record["until"]) if "until" in record else None,
        term=record.get("term"),
        full_time=record.get("full_time_of", {}).get(title, record.get("full_time")),
        co_opted=record.get("co_opted", False),
        session=record.get("session", ""),
        firm=firm.pk if firm else None,
        firm_name=name,
        firm_key=name_key(name),
    )


def _remarks(record: Mapping[str, Any], firm: Entity | None, namesakes: Collection[str]) -> dict[str, str]:
    key = record.get("firm_key", "")
    if firm:
        return {"firm_has_another_name": firm.name} if key and key != firm.name_key else {}
    return {"firm_known_by_name_only": ""} if key in namesakes else {}


def _firms(rows: Sequence[ReadRow]) -> dict[int, Entity]:
    """Row id → the entity that holds the number of its firm; numbers of several entities prove nothing."""
    numbers = {row.id: identifiers(row.record) for row in rows}
    values = {value for own in numbers.values() for _scheme, value in own}
    bare = {value for own in numbers.values() for scheme, value in own if scheme == "org_code"}
    inner = {subject_code(value) for own in numbers.values() for scheme, value in own if scheme == "uscc"}
    if not values:
        return {}
    valid = Identifier.objects.filter(state=Identifier.State.VALID).select_related("entity")
    known = {(one.scheme, one.value): one.entity for one in valid.filter(value__in=values | inner)}
    inside = valid.filter(scheme="uscc").annotate(subject=Substr("value", 9, 9)).filter(subject__in=bare)
    for one in inside if bare else ():
        known.setdefault(("org_code", subject_code(one.value)), one.entity)
    found: dict[int, Entity] = {}
    for row, own in numbers.items():
        asked = [*own, *(("org_code", subject_code(value)) for scheme, value in own if scheme == "uscc")]
        holders = {known[number].pk: known[number] for number in asked if number in known}
        if len(holders) == 1:
            found[row] = next(iter(holders.values()))
    return found


def _namesakes(rows: Sequence[ReadRow], firms: Mapping[int, Entity], on: date) -> set[str]:
    """Names of firms, known by no number, that some member of the list's day has as well."""
    keys = {row.record["firm_key"] for row in rows if row.id not in firms and row.record.get("firm_key")}
    members = Span.objects.on(on).filter(entity__name_key__in=keys) if keys else Span.objects.none()
    return set(members.values_list("entity__name_key", flat=True))


def holdings_of(orgs: Collection[int]) -> Holdings:
    """Every holding of these organisations as believed now, past ones included."""
    return Holdings.of(holding_from(post) for post in Post.objects.known_at().filter(org__in=orgs).order_by("pk"))


def holding_from(post: Post) -> Holding:
    return Holding(
        post.org_id, post.person, post.person_key, post.title, post.since, post.until, post.term, post.full_time,
        post.co_opted, post.session, post.firm_id, post.firm_name, name_key(post.firm_name), post.pk,
    )  # fmt: skip
