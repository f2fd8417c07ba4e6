"""A target as a card and as a line of the table of targets: figures, words, and the ways to the members behind them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanglian.common.core.numbers import percent, signed, thousands
from shanglian.common.templatetags.ui import long_day
from shanglian.directory.models import Org
from shanglian.plans.core.plan import BaseKind, Number
from shanglian.plans.core.series import Quality
from shanglian.plans.core.status import Reading
from shanglian.plans.labels import base_label, quality_label, soft_word_label, state_label, unit_of
from shanglian.reports.addresses import Addresses
from shanglian.reports.standing import Standing, brief_text, exact_text, in_percent
from shanglian.reports.words import in_language


@dataclass(frozen=True)
class Said:
    """A sentence that leads somewhere, or nowhere if `url` is empty."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Card:
    """A target as the templates print it. `url` leads to the members counted, `base_url` to those of the base day.

    Of a share they are in `made_of`. `about` defines it.
    """

    standing: Standing
    name: str
    url: str
    base_url: str
    parts: list[tuple[str, str, str]]
    made_of: list[Said]
    about: list[str]

    @property
    def style(self) -> str:
        return "percent" if in_percent(self.standing.indicator) else "count"

    @property
    def unit(self) -> str:
        indicator = self.standing.indicator
        return "" if indicator.unit in {"percent", "members"} else unit_of(indicator)

    def _figure(self, value: Number | None) -> Fraction | None:
        """As the component takes it: a share as a ratio."""
        scale = 100 if in_percent(self.standing.indicator) else 1
        return None if value is None else Fraction(value) / scale

    @property
    def value(self) -> Fraction | None:
        return self._figure(self.standing.actual)

    @property
    def due(self) -> Fraction | None:
        return self._figure(self.standing.due)

    @property
    def target(self) -> Fraction | None:
        return self._figure(self.standing.goal)

    @property
    def base(self) -> Fraction | None:
        return self._figure(self.standing.status.base)

    @property
    def base_kind(self) -> str:
        return base_label(self.standing.status.base_kind)

    @property
    def base_mark(self) -> str:
        """Nothing for a base the plan prints; else where it comes from."""
        return "" if self.standing.status.base_kind is BaseKind.GIVEN else self.base_kind

    @property
    def base_text(self) -> str:
        return brief_text(self.standing.status.base, self.standing.indicator)

    @property
    def register_base_text(self) -> str:
        return brief_text(self.standing.status.register_base, self.standing.indicator)

    @property
    def soft_word(self) -> str:
        return soft_word_label(self.standing.status.target.soft_word)

    @property
    def pace_text(self) -> str:
        return signed(self.standing.status.pace_needed_per_month, self.standing.indicator.decimals)

    @property
    def tolerance(self) -> str:
        """The tolerance of the states, as the plan's file sets it."""
        allowed = self.standing.status.target.tolerance
        return _("met: short by at most %(met)s; near: by at most %(near)s; ahead: better by more than %(ahead)s") % {
            "met": percent(allowed.met),
            "near": percent(allowed.near),
            "ahead": percent(allowed.ahead),
        }


def card_of(standing: Standing, org: Org, to: Addresses) -> Card:
    indicator, reading = standing.indicator, standing.status.reading
    parts, made_of = [], []
    if indicator.numerator and indicator.denominator:
        over, under = thousands(reading.numerator), thousands(reading.denominator)
        over_url = to.behind(indicator.numerator, org) if reading.numerator is not None else ""
        under_url = to.behind(indicator.denominator, org) if reading.denominator is not None else ""
        parts = [(over, over_url, _("Numerator")), (under, under_url, _("Denominator"))]
        made_of = [
            Said(_("Numerator: %(figure)s") % {"figure": over}, over_url),
            Said(_("Denominator: %(figure)s") % {"figure": under}, under_url),
        ]
        made_of += [Said(text) for text in (_denominator_text(reading), _frozen_text(standing)) if text]
    how = standing.status.target.base.how
    if how and standing.status.official:  # it tells of the issuer's base, not of one carried over
        made_of.append(Said(in_language(how)))
    if standing.status.target.note:
        made_of.append(Said(in_language(standing.status.target.note)))
    url = to.behind(indicator.measure, org) if standing.actual is not None else ""
    base_url = to.behind(indicator.measure, org, on=standing.status.target.base.day.isoformat())
    return Card(standing, in_language(indicator.name), url, base_url, parts, made_of, _about(standing, to.day))


# what a measure counts, for the note on its card; one that is not here is told by its plan's own note
COUNTED: dict[str, Promise] = {
    "members.heads": gettext_lazy("Members, each counted once, at its home."),
    "members.memberships": gettext_lazy("Memberships: a member of two organisations counts twice."),
    "members.enterprise": gettext_lazy("Enterprise members, each counted once, at its home."),
    "members.group": gettext_lazy("Group members, each counted once, at its home."),
    "members.private_enterprises": gettext_lazy("Enterprise members whose registration type is a private enterprise."),
    "members.chambers": gettext_lazy("Group members that are chambers, by their kind."),
}


def _about(standing: Standing, day: date) -> list[str]:
    """The definition, where the figures come from, and of which day they are."""
    indicator, reading = standing.indicator, standing.status.reading
    found = [str(COUNTED[name]) for name in (indicator.measure, indicator.numerator) if name in COUNTED]
    if indicator.numerator:
        found.append(_("Divided by the denominator shown under the share."))
    found += [in_language(indicator.note)] if indicator.note else []
    if not indicator.is_measured:
        found.append(_("No figure is collected for this yet."))
    else:
        found.append(_("Source: the register and the lists behind it; follow the number."))
    found += [_denominator_text(reading)] if _denominator_text(reading) else []
    return [*found, _("Day: the end of %(day)s.") % {"day": long_day(day)}]


def _denominator_text(reading: Reading) -> str:
    """Where an outside denominator comes from; nothing for one of the register."""
    if not reading.denominator_source:
        return ""
    return _("Denominator as of %(day)s, %(quality)s: %(source)s") % {
        "day": long_day(reading.denominator_day),
        "quality": quality_label(Quality(reading.denominator_quality)) if reading.denominator_quality else "—",
        "source": reading.denominator_source,
    }


def _frozen_text(standing: Standing) -> str:
    """The share over the denominator of the base day, where the plan asks for it."""
    frozen, indicator = standing.status.frozen, standing.indicator
    if frozen is None:
        return ""
    return _("Over the denominator of the base day (%(under)s): %(actual)s, %(state)s") % {
        "under": thousands(frozen.denominator.value),
        "actual": exact_text(frozen.actual, indicator),
        "state": state_label(frozen.state),
    }
