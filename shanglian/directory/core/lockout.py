"""How many wrong passwords are borne, per user name and per client address, and what a count means."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """After `failures` wrong passwords nothing is tried for `lock`; older ones are forgotten."""

    failures: int
    lock: timedelta


PER_USERNAME = Limit(failures=5, lock=timedelta(minutes=15))
# An office shares one address, so it bears more than one person's mistakes.
PER_ADDRESS = Limit(failures=30, lock=timedelta(minutes=15))


@dataclass(frozen=True)
class Attempt:
    """What may follow now: `tries_left` after this one, or a lock until `locked_until`."""

    allowed: bool
    tries_left: int
    locked_until: datetime | None = None

    def minutes_to_wait(self, now: datetime) -> int:
        """Whole minutes, rounded up; at least one while locked."""
        if self.locked_until is None or self.locked_until <= now:
            return 0
        seconds = int((self.locked_until - now).total_seconds())
        return max(1, -(-seconds // 60))
