"""One member at a time: admit, end, move, rehome, reclassify, reverse.

Each action takes the ledger's stamp first, reads the register as of the day it acts on, and books one whole booking.
What it cannot foresee (later entries that would now contradict it) the database refuses with the numbers.
"""

from datetime import date

from django.db import transaction

from shanglian.archive.actions import log
from shanglian.archive.models import Document
from shanglian.directory.models import Org, User
from shanglian.members.actions.booking import Stamp, book, intern_profiles, open_memberships, take_stamp
from shanglian.members.core.counting import ProfileKey
from shanglian.members.core.kinds import Attribution, Kind
from shanglian.members.core.legs import (
    Counted,
    Draft,
    LegDraft,
    Seat,
    joined,
    left,
    mirrored,
    moved,
    reclassified,
    rehomed,
)
from shanglian.members.core.refusals import Refused
from shanglian.members.models import Entity, Membership, Movement, Span


def profile_of(
    *, section: str = "", edition: str = "", size: str = "", registration_type: str = "",
    attribution: str = Attribution.DIRECT, group_kind: str = "",
) -> int:  # fmt: skip
    """The id of one combination of counted attributes, made when it is new."""
    key = ProfileKey(section, edition, size, registration_type, str(attribution), group_kind)
    return intern_profiles([key])[key]


def seat_on(membership: Membership, day: date) -> Seat:
    """The membership as it stands on a day; Refused `not_open` when it is not open then."""
    span = Span.objects.filter(membership=membership).on(day).first()
    if span is None:
        raise Refused("not_open", membership=membership.pk, day=day)
    return span.as_seat()


def _one(
    stamp: Stamp, kind: Kind, on: date, legs: tuple[LegDraft, ...], reason: str, document: Document | None, actor: User,
    *, source_row: int | None = None,
) -> int:  # fmt: skip
    draft = Draft(kind, on, legs, reason, source_row, document.pk if document else None)
    return book(stamp, [draft], actor=actor)[0]


@transaction.atomic
def admit(
    *, entity: Entity, org: Org, category: str, profile: int, on: date, county: str = "", kind: Kind = Kind.JOINED,
    reason: str = "", document: Document | None = None, source_row: int | None = None, actor: User,
) -> Membership:  # fmt: skip
    """A membership opens. It is the entity's home when the entity has none on that day.

    Refused `already_member` when the entity is a member of the organisation on that day.
    """
    stamp = take_stamp()
    spans = list(Span.objects.filter(entity=entity).on(on))
    if any(span.org_id == org.pk for span in spans):
        raise Refused("already_member", entity=entity.name, org=org.code, day=on)
    (pk,) = open_memberships([(entity.pk, org.pk)])
    seat = Seat(pk, org.pk, Counted(category, profile, county), home=not spans)
    movement = _one(stamp, kind, on, joined(seat, kind=kind), reason, document, actor, source_row=source_row)
    log(
        "members.admit",
        org=org.code,
        subject=entity,
        detail={"movement": movement, "on": on.isoformat()},
        actor=actor,
    )
    return Membership.objects.get(pk=pk)


@transaction.atomic
def end_membership(
    *, membership: Membership, on: date, new_home: Membership | None = None, reason: str = "",
    document: Document | None = None, actor: User,
) -> int:  # fmt: skip
    """A membership ends. If it was the home and others stay open, the home first goes to one of them.

    The only other open membership becomes home by itself; among several `new_home` must say which
    (Refused `home_needed`). Returns the id of the leaving movement.
    """
    stamp = take_stamp()
    seat = seat_on(membership, on)
    drafts: list[Draft] = []
    if seat.home:
        others = list(Span.objects.filter(entity=membership.entity_id).on(on).exclude(membership=membership))
        if others:
            heir = _heir(others, new_home)
            drafts.append(Draft(Kind.REHOMED, on, rehomed(seat, heir), reason))
            seat = Seat(seat.membership, seat.org, seat.counted, home=False)
    drafts.append(Draft(Kind.LEFT, on, left(seat), reason, None, document.pk if document else None))
    movement = book(stamp, drafts, actor=actor)[-1]
    log(
        "members.end",
        org=membership.org.code,
        subject=membership.entity,
        detail={"movement": movement},
        actor=actor,
    )
    return movement


def _heir(others: list[Span], wanted: Membership | None) -> Seat:
    if wanted is None and len(others) == 1:
        return others[0].as_seat()
    for span in others:
        if wanted is not None and span.membership_id == wanted.pk:
            return span.as_seat()
    raise Refused("home_needed", memberships=[span.membership_id for span in others])


@transaction.atomic
def move_membership(
    *,
    membership: Membership,
    to: Org,
    on: date,
    reason: str = "",
    document: Document | None = None,
    actor: User,
) -> Membership:
    """A membership goes to another organisation; the federation above both neither gains nor loses.

    Refused `already_member` when the entity is a member there on that day.
    """
    stamp = take_stamp()
    seat = seat_on(membership, on)
    if Span.objects.filter(entity=membership.entity_id, org=to).on(on).exists():
        raise Refused("already_member", entity=membership.entity.name, org=to.code, day=on)
    (pk,) = open_memberships([(membership.entity_id, to.pk)])
    target = Seat(pk, to.pk, seat.counted, seat.home)
    movement = _one(stamp, Kind.MOVED, on, moved(seat, target), reason, document, actor)
    log("members.move", org=to.code, subject=membership.entity, detail={"movement": movement}, actor=actor)
    return Membership.objects.get(pk=pk)


@transaction.atomic
def rehome(*, to: Membership, on: date, reason: str = "", document: Document | None = None, actor: User) -> int:
    """Another open membership of the entity becomes its home. Refused `is_home` when it already is."""
    stamp = take_stamp()
    target = seat_on(to, on)
    if target.home:
        raise Refused("is_home", membership=to.pk, day=on)
    home = Span.objects.filter(entity=to.entity_id).on(on).home().get()
    movement = _one(stamp, Kind.REHOMED, on, rehomed(home.as_seat(), target), reason, document, actor)
    log("members.rehome", org=to.org.code, subject=to.entity, detail={"movement": movement}, actor=actor)
    return movement


@transaction.atomic
def reclassify(
    *, membership: Membership, on: date, category: str | None = None, profile: int | None = None,
    county: str | None = None, reason: str = "", document: Document | None = None, actor: User,
) -> int:  # fmt: skip
    """The membership is counted otherwise from this day. What is not given stays. Refused `nothing_changes`."""
    stamp = take_stamp()
    seat = seat_on(membership, on)
    now = seat.counted
    counted = Counted(category or now.category, profile or now.profile, now.county if county is None else county)
    if counted == now:
        raise Refused("nothing_changes", membership=membership.pk)
    movement = _one(stamp, Kind.RECLASSIFIED, on, reclassified(seat, counted), reason, document, actor)
    log(
        "members.reclassify",
        org=membership.org.code,
        subject=membership.entity,
        detail={"movement": movement},
        actor=actor,
    )
    return movement


@transaction.atomic
def reverse_movement(*, movement: Movement, reason: str, document: Document | None = None, actor: User) -> int:
    """Correct a mistake: a mirror entry on the original's own day. Refused `already_reversed`, `is_reversal`."""
    stamp = take_stamp()
    if movement.kind == Kind.REVERSAL:
        raise Refused("is_reversal", movement=movement.pk)
    if Movement.objects.filter(reverses=movement).exists():
        raise Refused("already_reversed", movement=movement.pk)
    reversal = book(stamp, [reversal_of(movement, reason, document)], actor=actor)[0]
    leg = movement.legs.select_related("org", "membership__entity")[0]
    detail = {"movement": reversal, "reverses": movement.pk}
    log("members.reverse", org=leg.org.code, subject=leg.membership.entity, detail=detail, actor=actor)
    return reversal


def reversal_of(movement: Movement, reason: str, document: Document | None = None) -> Draft:
    """The draft that mirrors a movement."""
    legs = mirrored(leg.as_draft() for leg in movement.legs.all())
    document_id = document.pk if document else None
    return Draft(Kind.REVERSAL, movement.effective_on, legs, reason, None, document_id, movement.pk)
