"""Founding, renaming, moving, merging, splitting and closing organisations. Each change has a day, a reason
and an actor.

A change holds from its day until what it sets is already recorded as changing again. Members are not this
room's business: whoever closes an organisation moves its members first (members/actions.py) and then calls
close_org.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shanglian.archive.actions import log
from shanglian.archive.models import Document
from shanglian.directory import facts
from shanglian.directory.core.kinds import ROOT_KINDS, OrgKind, may_contain
from shanglian.directory.core.orgfile import OrgEntry
from shanglian.directory.core.tree import covers_days, run_on
from shanglian.directory.labels import KINDS
from shanglian.directory.models import Org, OrgLife, OrgName, OrgPlace, User
from shanglian.directory.queries import children_on, names_on, parent_on


@dataclass(frozen=True)
class NewOrg:
    """An organisation that comes out of a split."""

    code: str
    name: str
    short_name: str = ""


def found_org(
    *,
    code: str,
    kind: OrgKind,
    name: str,
    parent: Org | None,
    on: date,
    until: date | None = None,
    short_name: str = "",
    sample: bool = False,
    reason: str = "",
    document: Document | None = None,
    actor: User,
) -> Org:
    """A new organisation under `parent` from `on` (up to, not including, `until`).

    It gets a name, a place and a life; a zone gets no life: it is an area until found_federation. In order:
    kind rule, code free, parent in place on all the days, rows, log.
    """
    with transaction.atomic():
        stamp = facts.lock_tree()
        _check_kind(kind, parent, on)
        _check_new_code(code)
        if parent is not None:
            _check_in_place(parent, on, until)
        org = Org(code=code, kind=kind, sample=sample)
        org.full_clean()
        org.save(force_insert=True)
        during = facts.days(on, until)
        facts.insert_fact(OrgName, org, during, stamp, name=name, short_name=short_name)
        facts.place_org(org, parent, during, stamp)
        if kind is not OrgKind.ZONE:
            facts.insert_fact(OrgLife, org, during, stamp)
        detail = {"name": name, "parent": parent.code if parent else None}
        _log("org.found", org, on, reason, document, detail, actor)
        return org


def found_federation(zone: Org, *, on: date, reason: str = "", document: Document | None = None, actor: User) -> None:
    """The zone's federation exists from `on`, for as long as the zone has a place: from now on it can hold
    members.
    """
    with transaction.atomic():
        stamp = facts.lock_tree()
        if zone.kind != OrgKind.ZONE:
            raise _refusal("not_a_zone", _("%(org)s is not a zone; its federation exists with it."), org=zone)
        if any(run.end is None or run.end > on for run in facts.life_runs(zone)):
            raise _refusal("already_founded", _("%(org)s already has a federation."), org=zone)
        end = _end_of_place(zone, on)
        facts.insert_fact(OrgLife, zone, facts.days(on, end), stamp)
        _log("org.found_federation", zone, on, reason, document, {}, actor)


def rename_org(
    org: Org,
    *,
    name: str,
    short_name: str = "",
    on: date,
    reason: str = "",
    document: Document | None = None,
    actor: User,
) -> None:
    """The organisation is called `name` from `on` until the next recorded change of its name."""
    with transaction.atomic():
        stamp = facts.lock_tree()
        run = run_on(facts.name_runs(org), on)
        if run is None:
            raise _not_in_place(org, on)
        if run.value == (name, short_name):
            raise _refusal("name_same", _("%(org)s is already called that on %(day)s."), org=org, on=on)
        facts.rewrite_name(org, facts.days(on, run.end), stamp, name=name, short_name=short_name)
        _log("org.rename", org, on, reason, document, {"from": run.value[0], "to": name}, actor)


def move_org(
    org: Org,
    *,
    to: Org,
    on: date,
    reason: str = "",
    document: Document | None = None,
    actor: User,
) -> None:
    """`org`, with all below it, stands under `to` from `on` until its next recorded move.

    Refused: a kind that may not stand there, a place the organisation already has, a parent that is missing
    on one of the days, and a parent that stands below the organisation itself.
    """
    with transaction.atomic():
        stamp = facts.lock_tree()
        _move(org, to, on, stamp)
        _log("org.move", org, on, reason, document, {"to": to.code}, actor)


def close_org(org: Org, *, on: date, reason: str = "", document: Document | None = None, actor: User) -> None:
    """From `on` the organisation no longer exists: name, place and life end the day before.

    Refused while another organisation stands below it on `on` or later. Members must have been moved or ended
    before.
    """
    with transaction.atomic():
        stamp = facts.lock_tree()
        _close(org, on, stamp)
        _log("org.close", org, on, reason, document, {}, actor)


def absorb_org(
    org: Org, *, into: Org, on: date, reason: str = "", document: Document | None = None, actor: User
) -> None:
    """The tree part of a merger: what stands below `org` moves under `into`, then `org` closes."""
    with transaction.atomic():
        stamp = facts.lock_tree()
        for child in children_on(org, on):
            _move(child, into, on, stamp)
            _log("org.move", child, on, reason, document, {"to": into.code}, actor)
            stamp = facts.next_stamp()
        _close(org, on, stamp)
        _log("org.absorb", org, on, reason, document, {"into": into.code}, actor)


def split_org(
    org: Org,
    *,
    parts: Sequence[NewOrg],
    children: Mapping[str, str],
    on: date,
    reason: str = "",
    document: Document | None = None,
    actor: User,
) -> list[Org]:
    """The tree part of a split: new organisations of the same kind beside `org`; `children` (code → code of
    the part) move under them. `org` goes on; where it does not, move its members and then close it.
    """
    with transaction.atomic():
        facts.lock_tree()
        above = parent_on(org, on)
        made = {
            part.code: found_org(
                code=part.code,
                kind=OrgKind(org.kind),
                name=part.name,
                parent=above,
                on=on,
                short_name=part.short_name,
                sample=org.sample,
                reason=reason,
                document=document,
                actor=actor,
            )
            for part in parts
        }
        for child in Org.objects.filter(code__in=children):
            move_org(child, to=made[children[child.code]], on=on, reason=reason, document=document, actor=actor)
        _log("org.split", org, on, reason, document, {"into": sorted(made)}, actor)
        return list(made.values())


def found_tree(entries: Sequence[OrgEntry], *, sample: bool = False, actor: User) -> dict[str, Org]:
    """Found every organisation of a file (core/orgfile.py), parents first; those that exist already are left
    alone.

    Gives all the file's organisations by code. Running it twice changes nothing.
    """
    orgs = {org.code: org for org in Org.objects.filter(code__in=[entry.code for entry in entries])}
    with transaction.atomic():
        for entry in entries:
            if entry.code in orgs:
                continue
            org = orgs[entry.code] = found_org(
                code=entry.code,
                kind=entry.kind,
                name=entry.name,
                parent=orgs[entry.parent] if entry.parent else None,
                on=entry.since,
                short_name=entry.short_name,
                sample=sample,
                reason=entry.note,
                actor=actor,
            )
            if entry.federation_since is not None:
                found_federation(org, on=entry.federation_since, reason=entry.federation_note, actor=actor)
    return orgs


def _move(org: Org, to: Org, on: date, stamp: datetime) -> None:
    run = run_on(facts.place_runs(org), on)
    if run is None:
        raise _not_in_place(org, on)
    if run.value == to.pk:
        raise _refusal("place_same", _("%(org)s already stands there on %(day)s."), org=org, on=on)
    _check_kind(OrgKind(org.kind), to, on)
    _check_in_place(to, on, run.end)
    during = facts.days(on, run.end)
    below = OrgPlace.objects.known_at().filter(org=to, during__overlap=during, path__contains=f"/{org.code}/")
    if below.exists():
        raise _refusal(
            "cycle",
            _("%(org)s cannot stand under %(other)s, which stands under it."),
            org=org,
            other=to,
            on=on,
        )
    facts.move_subtree(org, to, during, stamp)


def _close(org: Org, on: date, stamp: datetime) -> None:
    days = facts.place_runs(org)
    if not any(run.start < on for run in days) or not any(run.end is None or run.end > on for run in days):
        raise _not_in_place(org, on)
    rest = facts.days(on, None)
    below = OrgPlace.objects.known_at().filter(parent=org, during__overlap=rest).order_by("path").first()
    if below is not None:
        raise _refusal(
            "has_children",
            _("%(org)s cannot close on %(day)s: %(other)s still stands below it."),
            org=org,
            other=below.org,
            on=on,
        )
    facts.drop_days(org, rest, stamp)


def _check_kind(kind: OrgKind, parent: Org | None, on: date) -> None:
    if parent is None:
        if kind not in ROOT_KINDS:
            raise ValidationError(
                _("%(kind)s cannot stand at the top of the tree."),
                code="kind_not_root",
                params={"kind": KINDS[kind]},
            )
    elif not may_contain(OrgKind(parent.kind), kind):
        raise _refusal(
            "kind_not_allowed",
            _("%(kind)s cannot stand under %(org)s (%(parent_kind)s)."),
            org=parent,
            on=on,
            kind=KINDS[kind],
            parent_kind=KINDS[OrgKind(parent.kind)],
        )


def _check_new_code(code: str) -> None:
    if Org.objects.filter(code=code).exists():
        raise ValidationError(
            _("The code %(code)s is taken; a code is never used twice."),
            code="code_taken",
            params={"code": code},
        )


def _check_in_place(org: Org, on: date, until: date | None) -> None:
    if not covers_days(facts.place_runs(org), on, until):
        raise _not_in_place(org, on)


def _end_of_place(org: Org, on: date) -> date | None:
    """The day on which an organisation that has a place on `on` loses it (None: never, as known now)."""
    runs = facts.place_runs(org)
    if not any(run.holds(on) for run in runs):
        raise _not_in_place(org, on)
    return None if runs[-1].end is None else runs[-1].end


def _not_in_place(org: Org, on: date) -> ValidationError:
    runs = facts.place_runs(org)
    first = runs[0].start.isoformat() if runs else "–"
    last = runs[-1].end.isoformat() if runs and runs[-1].end else "…"
    return _refusal(
        "not_in_place",
        _("%(org)s does not exist on all days from %(day)s on; it exists from %(first)s to %(last)s."),
        org=org,
        on=on,
        first=first,
        last=last,
    )


def _refusal(
    code: str, message: str, *, org: Org, other: Org | None = None, on: date | None = None, **params: Any
) -> ValidationError:
    """A sentence with the organisations called by their names of the day (and their codes)."""
    ids = [item.pk for item in (org, other) if item is not None]
    names = names_on(ids, on or date.max)
    params["org"] = f"{names.get(org.pk, '')} ({org.code})"
    if other is not None:
        params["other"] = f"{names.get(other.pk, '')} ({other.code})"
    if on is not None:
        params["day"] = on.isoformat()
    return ValidationError(message, code=code, params=params)


def _log(
    verb: str,
    org: Org,
    on: date,
    reason: str,
    document: Document | None,
    detail: dict[str, Any],
    actor: User,
) -> None:
    facts_of_change = {"on": on.isoformat(), "reason": reason, "document": document.pk if document else None}
    log(verb, org=org.code, subject=org, detail={**facts_of_change, **detail}, actor=actor)
