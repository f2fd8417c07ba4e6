"""Merging and splitting organisations: the members go first, by movements, then the tree changes.

Both in one transaction: either the members have moved and the organisation is closed, or nothing happened.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from shanglian.archive.models import Document
from shanglian.directory.actions import absorb_org, close_org, split_org
from shanglian.directory.actions.orgs import NewOrg
from shanglian.directory.models import Org, User
from shanglian.members.actions.booking import Stamp, book, open_memberships, take_stamp
from shanglian.members.core.kinds import Kind
from shanglian.members.core.legs import Draft, Seat, left, moved, rehomed
from shanglian.members.models import Span


@transaction.atomic
def merge_orgs(
    *, org: Org, into: Org, on: date, reason: str = "", document: Document | None = None, actor: User
) -> int:
    """`org` is absorbed by `into` on a day: its members move there, what stands below it too, then it closes.

    Who is a member of both keeps the membership at `into`. Returns how many memberships moved or ended.
    """
    spans = _move_members(take_stamp(), org, dict.fromkeys(_members(org, on), into), on, reason, document, actor)
    absorb_org(org, into=into, on=on, reason=reason, document=document, actor=actor)
    return spans


@transaction.atomic
def split_orgs(
    *,
    org: Org,
    parts: Sequence[NewOrg],
    members: Mapping[int, str],
    children: Mapping[str, str],
    on: date,
    closes: bool = False,
    reason: str = "",
    document: Document | None = None,
    actor: User,
) -> list[Org]:
    """New organisations beside `org` take some of its members (entity id → code of the part) and children.

    With `closes` the old one ends; members nobody took then make the database refuse, with their number.
    """
    stamp = take_stamp()
    made = split_org(org, parts=parts, children=children, on=on, reason=reason, document=document, actor=actor)
    by_code = {part.code: part for part in made}
    targets = {entity: by_code[code] for entity, code in members.items()}
    _move_members(stamp, org, targets, on, reason, document, actor)
    if closes:
        close_org(org, on=on, reason=reason, document=document, actor=actor)
    return made


def _members(org: Org, on: date) -> list[int]:
    return list(Span.objects.filter(org=org).on(on).values_list("entity_id", flat=True))


def _move_members(
    stamp: Stamp,
    org: Org,
    targets: Mapping[int, Org],
    on: date,
    reason: str,
    document: Document | None,
    actor: User,
) -> int:
    """One booking that takes the memberships of these entities at `org` to their targets."""
    spans = list(Span.objects.filter(org=org, entity_id__in=targets).on(on).order_by("pk"))
    there = {
        (span.entity_id, span.org_id): span
        for span in Span.objects.filter(entity_id__in=targets, org__in=set(targets.values())).on(on)
    }
    moving = [span for span in spans if (span.entity_id, targets[span.entity_id].pk) not in there]
    opened = open_memberships([(span.entity_id, targets[span.entity_id].pk) for span in moving])
    document_id = document.pk if document else None
    drafts = []
    for span, membership in zip(moving, opened, strict=True):
        seat = span.as_seat()
        to = Seat(membership, targets[span.entity_id].pk, seat.counted, seat.home)
        drafts.append(Draft(Kind.MOVED, on, moved(seat, to), reason, None, document_id))
    for span in spans:
        kept = there.get((span.entity_id, targets[span.entity_id].pk))
        if kept is not None:
            drafts += _ended_in_favour_of(span, kept, on, reason, document_id)
    book(stamp, drafts, actor=actor)
    return len(spans)


def _ended_in_favour_of(span: Span, kept: Span, on: date, reason: str, document: int | None) -> list[Draft]:
    seat = span.as_seat()
    if not seat.home:
        return [Draft(Kind.LEFT, on, left(seat), reason, None, document)]
    plain = Seat(seat.membership, seat.org, seat.counted, home=False)
    return [
        Draft(Kind.REHOMED, on, rehomed(seat, kept.as_seat()), reason, None, document),
        Draft(Kind.LEFT, on, left(plain), reason, None, document),
    ]
