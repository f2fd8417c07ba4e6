"""A list of posts against the register: what each row would do, and which holdings are to be written. Pure.

A post that only one person can hold at a time passes to another by a person's word alone (ADR 008): the code never ends
anybody by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shanglian.structure.core.holdings import (
    ONE_DAY,
    Changes,
    Claim,
    Holding,
    Holdings,
    Precision,
    When,
    apply_changes,
    changes_of,
    end_after,
    holding_of,
)

# Verdicts of a row, the strongest first: a row may speak of several posts.
APPOINTED, ENDED, CHANGED, SAME = "appointed", "ended", "changed", "already_booked"
DOUBTFUL, LEFT_OUT, DUPLICATE, CONFLICT = "doubtful", "left_out", "duplicate", "conflict"
_STRENGTH: Final = (APPOINTED, ENDED, CHANGED, SAME, CONFLICT, DUPLICATE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person decided about a doubtful row: "same" (as the holding `target`), "different" or "skip"."""

    choice: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it is not plain what a claim does: code, the holdings meant (by id), and what may be decided."""

    code: str
    holdings: tuple[Holding, ...] = ()
    choices: tuple[str, ...] = ("skip",)


@dataclass(slots=True)
class Step:
    """What one claim does: a verdict, the holding it is about (or a new one), and what changes in it."""

    verdict: str
    claim: Claim
    holding: Holding | None = None
    changes: Changes = field(default_factory=dict)
    reopened: bool = False
    ending: tuple[Holding, ...] = ()  # these end where the new one begins
    doubt: Doubt | None = None


@dataclass
class Outcome:
    """By row id: verdicts, further codes, changes by title and field, doubts with the steps they belong to."""

    verdicts: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, tuple[str, ...]] = field(default_factory=dict)
    changes: dict[int, list[tuple[str, str, str, str]]] = field(default_factory=dict)  # title, field, old, new
    doubts: dict[int, list[tuple[Claim, Doubt]]] = field(default_factory=dict)


class Comparison:
    """One list against the holdings of its organisations on the list's day. `single`: titles only one person holds."""

    def __init__(self, holdings: Holdings, on: date, single: frozenset[str]) -> None:
        self.holdings = holdings
        self.on = on
        self.single = single
        self.outcome = Outcome()

    def compare(self, rows: Mapping[int, Sequence[Claim]], said: Mapping[int, Said]) -> Outcome:
        """Every row in the order of its days, whatever the order of the list. A row is booked whole or not at all."""
        for row in sorted(rows, key=lambda row: (min(map(self._order, rows[row])), row)):
            self._take(row, rows[row], said.get(row))
        return self.outcome

    def leave(self, one: Holding) -> None:
        """The holder is no longer named by a complete list: it ends on the list's day at the latest."""
        one.until, one.changed = When(self.on, Precision.UNSTATED), True

    def _order(self, claim: Claim) -> tuple[date, bool]:
        first = claim.since or claim.until
        return (first.day if first else self.on), claim.until is None

    def _take(self, row: int, claims: Sequence[Claim], said: Said | None) -> None:
        steps = [self._judge(row, claim, said) for claim in claims]
        asked = [(step.claim, step.doubt) for step in steps if step.doubt]
        if asked:
            self.outcome.doubts[row] = asked
        open_ = [step.doubt for step in steps if step.doubt and step.verdict == DOUBTFUL]
        if open_:
            self._refuse(row, open_, said)
            return
        for step in steps:
            self._apply(row, step)
        self.outcome.verdicts[row] = min((step.verdict for step in steps), key=_STRENGTH.index)
        if any(step.verdict in {DUPLICATE, CONFLICT} for step in steps):
            self.outcome.reasons[row] = ("second_row_of_one_post",)

    def _refuse(self, row: int, doubts: Sequence[Doubt], said: Said | None) -> None:
        codes = tuple(dict.fromkeys(doubt.code for doubt in doubts))
        if said and said.choice == "skip":
            self.outcome.verdicts[row], self.outcome.reasons[row] = LEFT_OUT, codes
        else:
            outdated = said is not None and not any(said.choice in doubt.choices for doubt in doubts)
            self.outcome.verdicts[row] = DOUBTFUL
            self.outcome.reasons[row] = (*codes, "decision_outdated") if outdated else codes

    # Judging ------------------------------------------------------------

    def _judge(self, row: int, claim: Claim, said: Said | None) -> Step:
        found = self._met(claim)
        if len(found) > 1:
            return _doubtful(claim, Doubt("post_on_other_days", tuple(found)))
        if not found:
            return self._judge_new(claim, said)
        (held,) = found
        if claim.term and held.term and claim.term != held.term and claim.since:
            if claim.since.day > held.since.last:
                return self._judge_holder(Step(APPOINTED, claim, self._new(claim, None), ending=(held,)), said)
            if claim.since.last < held.since.day:
                return self._judge_holder(Step(APPOINTED, claim, self._new(claim, held.since)), said)
        if held.row is not None and held.row != row:
            return Step(CONFLICT if changes_of(held, claim) else DUPLICATE, claim, held)
        if claim.until is None and held.until is not None and not held.covers(self.on):
            return self._judge_ended(claim, held, said)
        return self._changed(claim, held)

    def _met(self, claim: Claim) -> list[Holding]:
        """The person's holdings of this title on the claim's days."""
        end = claim.until.day if claim.until else None
        if claim.since:
            bounded = end_after(claim.since, claim.until) if claim.until else None
            met = [h for h in self.holdings.of_person(claim) if h.meets(claim.since.day, bounded)]
            exact = [h for h in met if h.since.text == claim.since.text] or [h for h in met if h.term == claim.term]
            return exact if len(exact) == 1 else met
        day = end - ONE_DAY if end and end <= self.on else self.on
        met = [held for held in self.holdings.of_person(claim) if held.covers(day)]
        return met or [h for h in self.holdings.of_person(claim) if h.until and end and _same_end(h.until, claim)]

    def _changed(self, claim: Claim, held: Holding, *, reopened: bool = False) -> Step:
        """What changes in a holding, unless its new days would meet those of another one."""
        changes = changes_of(held, claim)
        if reopened:
            changes["until"] = (held.until.shown if held.until else "", "")
        since = claim.since if "since" in changes and claim.since else held.since
        until = None if reopened else (claim.until if "until" in changes else held.until)
        end = end_after(since, until) if until else None
        if until and end is None:
            return _doubtful(claim, Doubt("post_on_other_days", (held,)))
        if {"since", "until"} & set(changes):
            met = [one for one in self.holdings.of_person(claim) if one.meets(since.day, end)]
            met += self._other_holders(claim, since, end)
            if others := [one for one in met if one is not held]:
                return _doubtful(claim, Doubt("post_on_other_days", tuple(others)))
        verdict = (ENDED if until and not held.until else CHANGED) if changes else SAME
        return Step(verdict, claim, held, changes, reopened)

    def _judge_ended(self, claim: Claim, held: Holding, said: Said | None) -> Step:
        """The register says it has ended; the list does not say so. A list that says the same beginning adds nothing
        (it may tell the past); one that says another is doubtful.
        """
        if claim.since and claim.since.text == held.since.text:
            return self._changed(claim, held)
        doubt = Doubt("post_has_ended", (held,), ("same", "skip") if held.pk and held.row is None else ("skip",))
        if said and said.choice == "same" and said.target == held.pk:
            step = self._changed(claim, held, reopened=True)
            step.doubt = step.doubt or doubt
            return step
        return _doubtful(claim, doubt)

    def _judge_new(self, claim: Claim, said: Said | None) -> Step:
        if claim.since is None and claim.until is not None and claim.until.day <= self.on:
            return _doubtful(claim, Doubt("beginning_missing"))
        new = self._new(claim, None)
        mine = [held for held in self.holdings.of_person(claim) if held.meets(new.since.day, new.until)]
        if mine:
            return _doubtful(claim, Doubt("post_on_other_days", tuple(mine)))
        return self._judge_holder(Step(APPOINTED, claim, new), said)

    def _judge_holder(self, step: Step, said: Said | None) -> Step:
        """A title of one person: who else holds it on these days?"""
        new, claim = step.holding, step.claim
        others = self._other_holders(claim, new.since, new.until) if new else []
        if new is None or not others:
            return step
        known = tuple(one for one in others if one.pk)
        may_be = bool(known) and all(one.row is None for one in known)
        may_end = all(one.since.day < new.since.day for one in others)
        choices = ("same",) * may_be + ("different",) * may_end + ("skip",)
        doubt = Doubt("held_by_another", known, choices)
        if said and said.choice == "different" and may_end:
            step.ending, step.doubt = (*step.ending, *others), doubt
            return step
        held = next((one for one in known if said and said.choice == "same" and one.pk == said.target), None)
        if held and may_be:
            same = self._changed(claim, held)
            same.doubt = doubt
            return same
        return _doubtful(claim, doubt)

    def _other_holders(self, claim: Claim, since: When, until: When | None) -> list[Holding]:
        """Others who hold a title of one person on these days, as far as the days are known well enough to say so."""
        if claim.title not in self.single:
            return []
        return [
            one
            for one in self.holdings.of_others(claim)
            if one.meets(since.day, until)
            and not one.is_over_before(since)
            and not (until and until.day <= one.since.last)
        ]

    def _new(self, claim: Claim, next_begins: When | None) -> Holding:
        """A new holding: from the day stated or the list's day, to the day stated or where the next one begins."""
        since = claim.since or When(self.on, Precision.UNSTATED)
        until = end_after(since, claim.until) if claim.until else None
        if next_begins and (until is None or until.day > next_begins.day):
            until = next_begins
        return holding_of(claim, since, until)

    # Applying ------------------------------------------------------------

    def _apply(self, row: int, step: Step) -> None:
        held = step.holding
        if held is None or step.verdict in {DUPLICATE, CONFLICT}:
            return
        for other in step.ending:
            if other.key == held.key:
                self._note(row, other, "until", other.until.shown if other.until else "", held.since.shown)
            else:
                self._note(row, other, "former", other.person, held.since.shown)
            other.until, other.changed, other.row = held.since, True, row
        if step.verdict == APPOINTED:
            held.changed = True
            self.holdings.add(held)
        elif step.changes:
            for name, (old, new) in step.changes.items():
                self._note(row, held, name, old, new)
            self._change(held, step)
        held.row = row

    def _change(self, held: Holding, step: Step) -> None:
        if "person" in step.changes:
            self.holdings.rename(held, step.claim.person, step.claim.key)
        apply_changes(held, step.claim, step.changes)
        if step.reopened:
            held.until = None
        elif held.until:
            held.until = end_after(held.since, held.until)
        held.changed = True

    def _note(self, row: int, held: Holding, name: str, old: str, new: str) -> None:
        self.outcome.changes.setdefault(row, []).append((held.title, name, old, new))


def _doubtful(claim: Claim, doubt: Doubt) -> Step:
    return Step(DOUBTFUL, claim, doubt=doubt)


def _same_end(until: When, claim: Claim) -> bool:
    return claim.until is not None and until.says_the_same_as(claim.until)
