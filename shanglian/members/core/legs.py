"""What each kind of movement writes: its legs. Pure arithmetic; the database's guards check the same independently.

`membership`, `org` and `profile` are whatever the caller uses as keys (ids in the product, words in tests).
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from shanglian.members.core.kinds import Kind, Line


@dataclass(frozen=True, slots=True)
class Counted:
    """The attributes a membership is counted by."""

    category: str
    profile: Hashable
    county: str = ""


@dataclass(frozen=True, slots=True)
class LegDraft:
    """One leg: `memberships` and `heads` are −1, 0 or +1."""

    line: str
    membership: Hashable
    org: Hashable
    counted: Counted
    memberships: int
    heads: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A movement to be booked. `source_row`, `document`, `reverses` and `batch` are ids or None; `batch` is for an
    entry an import makes without a row.
    """

    kind: Kind
    effective_on: date
    legs: tuple[LegDraft, ...]
    reason: str = ""
    source_row: int | None = None
    document: int | None = None
    reverses: Hashable = field(default=None)
    batch: Hashable = field(default=None)


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership as it stands on a day: where, counted how, and whether it is the home."""

    membership: Hashable
    org: Hashable
    counted: Counted
    home: bool


def joined(seat: Seat, *, kind: Kind = Kind.JOINED) -> tuple[LegDraft, ...]:
    """One leg for a membership that opens; `kind` OPENING books it as a stock taken over."""
    return (LegDraft(str(kind), seat.membership, seat.org, seat.counted, 1, int(seat.home)),)


def left(seat: Seat) -> tuple[LegDraft, ...]:
    """One leg for a membership that ends."""
    return (LegDraft(Line.LEFT, seat.membership, seat.org, seat.counted, -1, -int(seat.home)),)


def moved(seat: Seat, to: Seat) -> tuple[LegDraft, ...]:
    """Two legs that sum to zero: the membership goes from one organisation to another, its home state with it."""
    return (
        LegDraft(Line.MOVED_OUT, seat.membership, seat.org, seat.counted, -1, -int(seat.home)),
        LegDraft(Line.MOVED_IN, to.membership, to.org, to.counted, 1, int(seat.home)),
    )


def rehomed(seat: Seat, to: Seat) -> tuple[LegDraft, ...]:
    """Two legs that move the head, not the memberships."""
    return (
        LegDraft(Line.REHOMED_OUT, seat.membership, seat.org, seat.counted, 0, -1),
        LegDraft(Line.REHOMED_IN, to.membership, to.org, to.counted, 0, 1),
    )


def reclassified(seat: Seat, counted: Counted) -> tuple[LegDraft, ...]:
    """Two legs that sum to zero: the same membership, counted otherwise."""
    heads = int(seat.home)
    return (
        LegDraft(Line.RECLASSIFIED_OUT, seat.membership, seat.org, seat.counted, -1, -heads),
        LegDraft(Line.RECLASSIFIED_IN, seat.membership, seat.org, counted, 1, heads),
    )


def mirrored(legs: Iterable[LegDraft]) -> tuple[LegDraft, ...]:
    """The legs of a reversal: each in the original's own column with the sign turned."""
    return tuple(replace(leg, memberships=-leg.memberships, heads=-leg.heads) for leg in legs)
