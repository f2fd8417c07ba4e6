"""Members a complete roster does not name: found before the roster is booked, ended as people decided, taken back.

Nobody is ended by not being named. The entries of a leaver carry the batch they came with, since there is no row to
carry; a leaver whose home is here hands it on first, as in memberships.end_membership.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from shanglian.directory.models import User
from shanglian.imports.kinds import Absent, Parting
from shanglian.imports.models import Absence, Batch
from shanglian.members.actions.booking import book, book_reversals, take_stamp
from shanglian.members.core.kinds import Kind
from shanglian.members.core.leaving import Ending, Stretch, ending_of
from shanglian.members.core.legs import Draft, Seat, left, rehomed
from shanglian.members.matching import Comparison
from shanglian.members.models import Leg, Movement, Span
from shanglian.members.register import Terms


@dataclass(frozen=True, slots=True)
class Present:
    """A member of one of the roster's organisations on its day."""

    membership: int
    entity: int
    name: str
    name_key: str
    home: bool


def members_on(terms: Terms) -> list[Present]:
    """The members of the roster's organisations on its day, in the caller's transaction and under the ledger lock.

    Read before the roster is booked: whom it brings is not among them.
    """
    take_stamp()
    found = Span.objects.in_orgs(terms.orgs).on(terms.on).order_by("sort_key", "membership_id")
    columns = ("membership_id", "entity_id", "entity__name", "entity__name_key", "home")
    return [Present(*row) for row in found.values_list(*columns)]


def end_absent(
    batch: Batch, members: Sequence[Present], comparison: Comparison, decided: Mapping[int, Parting], *, actor: User
) -> tuple[list[Absent], int]:
    """Everyone the roster does not name, and how many were ended, in the caller's transaction.

    Ended are those of whom a person said so and who can be: the others say what stands in the way.
    """
    absent = [one for one in members if one.entity not in comparison.named and one.name_key not in comparison.named_as]
    if not absent:
        return [], 0
    stamp = take_stamp()
    stays = _stays_of([one.entity for one in absent])
    found: list[Absent] = []
    drafts: list[Draft] = []
    for one in sorted(absent, key=lambda one: one.home):  # the home last: it is handed on to what is left then
        ending = ending_of(one.membership, [_stretch(span) for span in stays[one.entity]], batch.on_day)
        found.append(Absent(one.membership, one.name, ending.obstacle))
        parting = decided.get(one.membership)
        if parting and parting.choice == Absence.Choice.LEFT and not ending.obstacle:
            drafts += _drafts_of(batch, one.membership, stays[one.entity], ending, parting.reason)
            stays[one.entity] = [span for span in stays[one.entity] if span.membership_id != one.membership]
    book(stamp, drafts, actor=actor)
    return found, sum(draft.kind is Kind.LEFT for draft in drafts)


def _stays_of(entities: Sequence[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for span in Span.objects.filter(entity__in=entities).order_by("during"):
        found.setdefault(span.entity_id, []).append(span)
    return found


def _stretch(span: Span) -> Stretch:
    return Stretch(span.membership_id, span.during.lower, span.during.upper, span.home)


def _drafts_of(batch: Batch, membership: int, spans: Sequence[Span], ending: Ending, reason: str) -> list[Draft]:
    """The leaving, and before it the home handed on where there is one to take it."""
    day = batch.on_day
    seats: dict[Hashable, Seat] = {span.membership_id: span.as_seat() for span in spans if _stretch(span).covers(day)}
    seat = seats[membership]
    drafts = []
    if ending.heir is not None:
        drafts.append(Draft(Kind.REHOMED, day, rehomed(seat, seats[ending.heir]), reason, batch=batch.pk))
        seat = Seat(seat.membership, seat.org, seat.counted, home=False)
    return [*drafts, Draft(Kind.LEFT, day, left(seat), reason, batch=batch.pk)]


# Taking back ------------------------------------------------------------


def _entries_of(batch: Batch) -> QuerySet[Movement]:
    """What the batch booked about its leavers and is not reversed."""
    return Movement.objects.filter(batch=batch, reversed_by__isnull=True).exclude(kind=Kind.REVERSAL)


def later_entries(batch: Batch) -> dict[int, int]:
    """Entity → entries that were made after its leaving with this batch and stand: its return, another home."""
    own = _entries_of(batch)
    ended = dict(Leg.objects.filter(movement__in=own).values_list("membership__entity_id", "movement__recorded_at"))
    if not ended:
        return {}
    later = (
        Movement.objects.filter(legs__membership__entity__in=ended, recorded_at__gt=max(ended.values()))
        .filter(reversed_by__isnull=True)
        .exclude(kind=Kind.REVERSAL)
        .exclude(batch=batch)
        .values_list("id", "legs__membership__entity_id")
        .distinct()
    )
    found: dict[int, int] = {}
    for _movement, entity in later:
        found[entity] = found.get(entity, 0) + 1
    return found


def reverse_leavers(batch: Batch, *, actor: User) -> int:
    """Reverse what the batch booked about its leavers, in the caller's transaction; how many entries."""
    stamp = take_stamp()
    standing = Leg.objects.filter(movement__in=_entries_of(batch))
    return book_reversals(stamp, standing, f"undo {batch.pk}", actor=actor)
