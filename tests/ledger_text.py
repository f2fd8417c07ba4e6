"""A ledger written as text, for tests that should show their whole case.

    2014-03-01 join Acme jinshui
    2014-05-01 join Acme erqi            (a further membership)
    2015-01-01 rehome Acme jinshui erqi
    2015-06-01 move Acme erqi zhongmu
    2015-07-01 class Acme zhongmu group
    2016-01-01 leave Acme jinshui
    2016-02-01 open Bravo jinshui        (a stock taken over)
    2016-03-01 undo 1                    (reverses line 1; the day is when it is recorded)

Lines are recorded in the order they stand in, line n at moment n. One word is one name.
"""

from datetime import date

from shanglian.members.core.kinds import Category, Kind
from shanglian.members.core.legs import (
    Counted,
    Draft,
    Seat,
    joined,
    left,
    mirrored,
    moved,
    reclassified,
    rehomed,
)
from shanglian.members.core.replay import Entry

PLAIN = Counted(Category.ENTERPRISE, "plain")


def ledger(text: str) -> list[Entry]:
    """The entries of a text ledger; a membership's key is "Entity@org"."""
    lines = [line.split("#")[0].split() for line in text.strip().splitlines() if line.split("#")[0].strip()]
    entries: list[Entry] = []
    seats: dict[str, Seat] = {}
    for number, (day, verb, *words) in enumerate(lines, start=1):
        entries.append(Entry(number, number, _draft(date.fromisoformat(day), verb, words, seats, entries)))
    return entries


def entity_of(membership: object) -> str:
    return str(membership).split("@")[0]


def _draft(day: date, verb: str, words: list[str], seats: dict[str, Seat], entries: list[Entry]) -> Draft:
    if verb == "undo":
        original = entries[int(words[0]) - 1]
        return Draft(Kind.REVERSAL, original.draft.effective_on, mirrored(original.draft.legs), reverses=original.key)
    entity, org, *rest = words
    key = f"{entity}@{org}"
    if verb in ("join", "open"):
        home = not any(entity_of(seat.membership) == entity and seat.home for seat in seats.values())
        seats[key] = Seat(key, org, PLAIN, home)
        kind = Kind.JOINED if verb == "join" else Kind.OPENING
        return Draft(kind, day, joined(seats[key], kind=kind))
    seat = seats.pop(key)
    if verb == "leave":
        return Draft(Kind.LEFT, day, left(seat))
    if verb == "class":
        counted = Counted(rest[0], seat.counted.profile)
        seats[key] = Seat(key, org, counted, seat.home)
        return Draft(Kind.RECLASSIFIED, day, reclassified(seat, counted))
    other = f"{entity}@{rest[0]}"
    if verb == "move":
        seats[other] = Seat(other, rest[0], seat.counted, seat.home)
        return Draft(Kind.MOVED, day, moved(seat, seats[other]))
    assert verb == "rehome", verb
    target = seats[other]
    seats[key] = Seat(key, org, seat.counted, False)
    seats[other] = Seat(other, rest[0], target.counted, True)
    return Draft(Kind.REHOMED, day, rehomed(seat, target))
