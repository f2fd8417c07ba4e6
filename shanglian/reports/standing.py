"""A target's status as a page shows it: figures compared the way they are printed, and the gap in words.

A share is printed in points of its unit (47.3 of "percent"); a count in whole things. Direction is kept: of an
indicator that should fall, less than due is better.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from shanglian.common.core.numbers import signed, signed_percent, thousands
from shanglian.common.templatetags.ui import wan
from shanglian.plans.core.arithmetic import State, rounded
from shanglian.plans.core.plan import Direction, Indicator, Number
from shanglian.plans.core.status import TargetStatus
from shanglian.plans.labels import unit_of, unknown_label

SHORT = (State.NEAR, State.BEHIND, State.OVERDUE)
GOOD = (State.AHEAD, State.MET)
PERCENT = "percent"


def in_percent(indicator: Indicator) -> bool:
    return indicator.unit == PERCENT


def shown(value: Number | None, indicator: Indicator) -> Fraction | None:
    """The figure at the decimals the indicator is printed with."""
    return None if value is None else rounded(value, indicator.decimals)


def exact_text(value: Number | None, indicator: Indicator) -> str:
    """For tables: 32,318 or 47.3%."""
    if value is None:
        return thousands(None)
    return thousands(value, indicator.decimals) + ("%" if in_percent(indicator) else "")


def brief_text(value: Number | None, indicator: Indicator) -> str:
    """For cards and sentences: 3.65万, 120, 50%."""
    if value is None or not in_percent(indicator):
        return wan(None if value is None else rounded(value, indicator.decimals))
    whole = Fraction(value).denominator == 1
    return f"{thousands(value, 0 if whole else indicator.decimals)}%"


def amount_text(value: Number, indicator: Indicator) -> str:
    """How much, without a sign: 639 members, 0.2 percentage points."""
    return _with_unit(thousands(abs(Fraction(value)), indicator.decimals), indicator)


def change_text(value: Number, indicator: Indicator) -> str:
    """By how much, with its sign: +182 members, −0.2 percentage points."""
    return _with_unit(signed(value, indicator.decimals), indicator)


def _with_unit(size: str, indicator: Indicator) -> str:
    if in_percent(indicator):
        return _("%(value)s percentage points") % {"value": size}
    return _("%(value)s %(unit)s") % {"value": size, "unit": unit_of(indicator)}


@dataclass(frozen=True)
class Standing:
    """One target of one organisation on the day of the page."""

    status: TargetStatus

    @property
    def indicator(self) -> Indicator:
        return self.status.indicator

    @property
    def state(self) -> str:
        return self.status.state.value

    @cached_property
    def actual(self) -> Fraction | None:
        return shown(self.status.actual, self.indicator)

    @cached_property
    def due(self) -> Fraction | None:
        return shown(self.status.due, self.indicator)

    @cached_property
    def goal(self) -> Fraction | None:
        return shown(self.status.goal, self.indicator)

    @cached_property
    def gap(self) -> Fraction | None:
        """Actual less due, both as shown, so that the reader can do the sum."""
        return None if self.due is None or self.actual is None else self.actual - self.due

    @cached_property
    def missing(self) -> Fraction:
        """By how much the figure is on the wrong side of what is due; 0 where it is not, or not known."""
        return max(Fraction(0), -self._better(self.gap)) if self.gap is not None else Fraction(0)

    @cached_property
    def done(self) -> Fraction | None:
        return self.status.done

    @cached_property
    def lead(self) -> Fraction | None:
        """How far ahead in the wanted direction, as a share of what is due: −0.085 is 8.5 % short."""
        return None if self.done is None else self._better(self.done - 1)

    def _better(self, difference: Fraction) -> Fraction:
        return difference if self.indicator.direction is Direction.UP else -difference

    @property
    def is_short(self) -> bool:
        return self.status.state in SHORT

    @property
    def is_behind(self) -> bool:
        return self.status.state in (State.BEHIND, State.OVERDUE)

    @property
    def is_overdue(self) -> bool:
        return self.status.state is State.OVERDUE

    @property
    def is_met(self) -> bool:
        return self.status.state in GOOD

    @property
    def is_known(self) -> bool:
        return self.status.state is not State.UNKNOWN

    @property
    def kind(self) -> str:
        """The kind of mark: ok, warn, bad, or nothing where the state is not known."""
        return {State.UNKNOWN: "", State.NEAR: "warn", State.BEHIND: "bad", State.OVERDUE: "bad"}.get(
            self.status.state, "ok"
        )

    @property
    def base_shown_beside(self) -> bool:
        """The plan printed a base that the register does not show for that day (None: it shows nothing)."""
        status = self.status
        printed = status.official and status.base is not None and status.actual is not None
        return printed and shown(status.base, self.indicator) != shown(status.register_base, self.indicator)

    # --- in words

    @property
    def actual_text(self) -> str:
        return exact_text(self.status.actual, self.indicator)

    @property
    def due_text(self) -> str:
        return exact_text(self.due, self.indicator)

    @property
    def goal_text(self) -> str:
        return brief_text(self.goal, self.indicator)

    @property
    def gap_text(self) -> str:
        """The gap in words, for a card."""
        if self.gap is None:
            return _("Not known: %(why)s") % {"why": unknown_label(self.status.unknown) or "—"}
        if not self.gap:
            return _("On what is due")
        amount = {"amount": amount_text(self.gap, self.indicator)}
        if self.gap > 0:
            return _("%(amount)s more than due") % amount
        return _("%(amount)s less than due") % amount

    @property
    def short_text(self) -> str:
        """The gap for a narrow column: −8.5% of a count, −0.2 percentage points of a share."""
        if in_percent(self.indicator):
            points = signed(self.gap, self.indicator.decimals)
            return points if self.gap is None else _("%(value)s points") % {"value": points}
        return signed_percent(None if self.done is None else self.done - 1)
