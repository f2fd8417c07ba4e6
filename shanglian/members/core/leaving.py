"""Whether a membership can simply end on a day, and where the head goes. Pure; the database's guards check the same."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

JOINED_THAT_DAY: Final = "joined_that_day"  # it began on the very day
LATER_ENTRIES: Final = "later_entries"  # what was booked for later days builds on it
SEVERAL_HOMES: Final = "several_homes"  # the head could go to more than one membership
OBSTACLES: Final = (JOINED_THAT_DAY, LATER_ENTRIES, SEVERAL_HOMES)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which a membership stood in one way; `until` None is open."""

    membership: Hashable
    since: date
    until: date | None
    home: bool

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a membership would end: what stands in the way ("": nothing), and the membership that becomes home."""

    obstacle: str = ""
    heir: Hashable = None


def ending_of(membership: Hashable, stretches: Sequence[Stretch], day: date) -> Ending:
    """How `membership`, open on `day`, would end then. `stretches`: all of its entity's, in order of days."""
    own = [stretch for stretch in stretches if stretch.membership == membership]
    if own[0].since == day:
        return Ending(JOINED_THAT_DAY)
    if own[-1].until is not None or own[-1].since > day:
        return Ending(LATER_ENTRIES)
    if not own[-1].home:
        return Ending()
    others = [other for other in stretches if other.membership != membership]
    heirs = [other for other in others if other.covers(day)]
    if len(heirs) > 1:
        return Ending(SEVERAL_HOMES)
    if heirs:
        return Ending(heir=heirs[0].membership) if heirs[0].until is None else Ending(LATER_ENTRIES)
    return Ending(LATER_ENTRIES) if any(other.since > day for other in others) else Ending()
