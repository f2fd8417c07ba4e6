"""Posts as people hold them, and what a list says of them: the same, changed, ended, new or doubtful. Pure.

A claim is what one row says of one post; a holding is what the register knows. The person is recognised by the name,
which is all that is kept of the person. Judging a claim changes nothing; `comparing.py` puts the claims of a whole list
together.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Precision(StrEnum):
    """How exactly a day is known. `unstated`: nobody says it; it was so on that day at the latest."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNSTATED = "unstated"


_CUT = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4, Precision.UNSTATED: 0}


@dataclass(frozen=True, slots=True)
class When:
    """A day as exact as it is known: a month or a year stands as its first day."""

    day: date
    precision: Precision

    @classmethod
    def of(cls, text: str) -> "When":
        """From ISO text cut at its precision: "2012", "2012-06", "2012-06-15"."""
        precision = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}[len(text)]
        return cls(date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text), precision)

    @property
    def text(self) -> str:
        """ISO text cut at its precision; "" where nobody says it."""
        return self.day.isoformat()[: _CUT[self.precision]]

    @property
    def shown(self) -> str:
        """As text; a day that nobody states is one at the latest."""
        return self.text or f"≤ {self.day.isoformat()}"

    @property
    def last(self) -> date:
        """The last day that may be meant."""
        match self.precision:
            case Precision.MONTH:
                return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])
            case Precision.YEAR:
                return date(self.day.year, 12, 31)
            case _:
                return self.day

    def says_the_same_as(self, other: "When") -> bool:
        """Whether `other` says nothing that this does not say already: equal, or less exact."""
        return self.text.startswith(other.text)


def end_after(since: When, until: When) -> When | None:
    """The end as it can be kept: at least a day after the beginning. None when it lies before it.

    In and out within one month (or year) known no better: the end stands a day later, inside that month.
    """
    if until.day > since.day:
        return until
    moved = since.day + ONE_DAY
    return When(moved, until.precision) if moved <= until.last else None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one row says of one post. What it does not say is None or ""."""

    org: int
    person: str
    key: str
    title: str
    since: When | None = None
    until: When | None = None
    term: int | None = None
    full_time: bool | None = None
    co_opted: bool = False
    session: str = ""
    firm: int | None = None
    firm_name: str = ""
    firm_key: str = ""


@dataclass(slots=True, eq=False)
class Holding:
    """A post as the register knows it, or will once the list is booked. `pk`: None for a new one; `row`: the row of
    this list that spoke of it last; `changed`: it is to be written.
    """

    org: int
    person: str
    key: str
    title: str
    since: When
    until: When | None = None
    term: int | None = None
    full_time: bool | None = None
    co_opted: bool = False
    session: str = ""
    firm: int | None = None
    firm_name: str = ""
    firm_key: str = ""
    pk: int | None = None
    row: int | None = None
    changed: bool = False

    def covers(self, day: date) -> bool:
        return self.since.day <= day and (self.until is None or day < self.until.day)

    def meets(self, start: date, end: When | None) -> bool:
        """Whether it has a day in common with [start, end)."""
        return (end is None or self.since.day < end.day) and (self.until is None or start < self.until.day)

    def is_over_before(self, since: When) -> bool:
        """Whether it may have ended when something began, as exact as both are known."""
        return self.until is not None and self.until.day <= since.last


@dataclass
class Holdings:
    """All holdings of the organisations at hand, to be found by who and by what."""

    by_post: dict[tuple[int, str, str], list[Holding]] = field(default_factory=dict)
    by_title: dict[tuple[int, str], list[Holding]] = field(default_factory=dict)

    @classmethod
    def of(cls, holdings: Iterable[Holding]) -> "Holdings":
        found = cls()
        for one in holdings:
            found.add(one)
        return found

    def add(self, one: Holding) -> None:
        self.by_post.setdefault((one.org, one.key, one.title), []).append(one)
        self.by_title.setdefault((one.org, one.title), []).append(one)

    def rename(self, one: Holding, person: str, key: str) -> None:
        self.by_post[one.org, one.key, one.title].remove(one)
        one.person, one.key = person, key
        self.by_post.setdefault((one.org, key, one.title), []).append(one)

    def of_person(self, claim: Claim) -> Sequence[Holding]:
        return self.by_post.get((claim.org, claim.key, claim.title), ())

    def of_others(self, claim: Claim) -> list[Holding]:
        return [one for one in self.by_title.get((claim.org, claim.title), ()) if one.key != claim.key]

    def all(self) -> Iterable[Holding]:
        return (one for group in self.by_title.values() for one in group)


Changes = dict[str, tuple[str, str]]  # field → (old, new) as texts


def changes_of(held: Holding, claim: Claim) -> Changes:
    """What the claim says otherwise than the register. What it leaves empty changes nothing."""
    found: Changes = {}
    if claim.person != held.person and claim.key != held.key:
        found["person"] = (held.person, claim.person)
    if claim.since and not held.since.says_the_same_as(claim.since):
        found["since"] = (held.since.shown, claim.since.shown)
    if claim.until and not (held.until and held.until.says_the_same_as(claim.until)):
        found["until"] = (held.until.shown if held.until else "", claim.until.shown)
    if claim.term and claim.term != held.term:
        found["term"] = (str(held.term or ""), str(claim.term))
    if claim.full_time is not None and claim.full_time != held.full_time:
        found["full_time"] = (_time(held.full_time), _time(claim.full_time))
    if claim.co_opted and (not held.co_opted or (claim.session and claim.session != held.session)):
        found["co_opted"] = (held.session or ("yes" if held.co_opted else ""), claim.session or "yes")
    if claim.firm_key and claim.firm_key != held.firm_key:
        found["firm"] = (held.firm_name, claim.firm_name)
    elif claim.firm and claim.firm != held.firm:
        found["firm"] = (held.firm_name if held.firm else "", claim.firm_name)
    return found


def _time(full_time: bool | None) -> str:
    return "" if full_time is None else ("full_time" if full_time else "part_time")


def apply_changes(held: Holding, claim: Claim, changes: Changes) -> None:
    """Make the holding say what the claim says; the name is changed by whoever keeps the holdings."""
    if "since" in changes and claim.since:
        held.since = claim.since
    if "until" in changes:
        held.until = claim.until
    if "term" in changes:
        held.term = claim.term
    if "full_time" in changes:
        held.full_time = claim.full_time
    if "co_opted" in changes:
        held.co_opted, held.session = True, claim.session or held.session
    if "firm" in changes:
        held.firm, held.firm_name, held.firm_key = claim.firm, claim.firm_name, claim.firm_key


def holding_of(claim: Claim, since: When, until: When | None) -> Holding:
    """A new holding as the claim says it."""
    return Holding(
        claim.org, claim.person, claim.key, claim.title, since, until, claim.term, claim.full_time, claim.co_opted,
        claim.session, claim.firm, claim.firm_name, claim.firm_key,
    )  # fmt: skip
