"""Where an entity is a member on which days, and which home it could leave for another organisation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Stay:
    """Days an entity was a member somewhere, home or not; `until` None is open."""

    org: int
    home: bool
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def lasts(homes: Sequence[Stay]) -> bool:
    """Whether these days of home follow each other without a gap and never end."""
    return homes[-1].until is None and all(first.until == second.since for first, second in pairwise(homes))


def home_to_leave(stays: Sequence[Stay], org: int, on: date) -> Stay | None:
    """The home elsewhere that could move to `org` on a day: it began before, nothing of a later day builds on it, and
    the entity is no member of `org` then or later.
    """
    ahead = [stay for stay in stays if stay.until is None or stay.until > on]
    homes = [stay for stay in ahead if stay.home]
    if len(homes) != 1 or any(stay.org == org for stay in ahead):
        return None
    (home,) = homes
    return home if home.since < on and home.until is None else None
