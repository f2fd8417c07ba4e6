"""The sentence before everything: how many targets are met, behind, overdue or not known, and where the gap lies.

Computed from the standings; the template only puts the parts together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanglian.common.templatetags.ui import linked
from shanglian.directory.models import Org
from shanglian.reports.below import Alert
from shanglian.reports.home import Home
from shanglian.reports.standing import Standing, amount_text, brief_text, shown
from shanglian.reports.trajectory import outlook
from shanglian.reports.words import in_language

NAMED = 3  # so many organisations are named


@dataclass(frozen=True)
class Expected:
    """Where the headline's figure will stand on the target day if it goes on as it did."""

    figure: str
    amount: str
    short: bool
    exact: bool


@dataclass(frozen=True)
class Conclusion:
    """`counts`: (colour class, "2 met (…)"), which add up to all targets, each named with its row in the table of all;
    `where`: the largest parts of the gap in the plan's first indicator, by organisation, each with its page; `others`:
    how many more are behind in it."""

    total: int
    counts: list[tuple[str, SafeString]]
    headline: Standing
    name: str
    where: SafeString
    others: int
    unknown: int
    expected: Expected | None

    @property
    def row(self) -> str:
        return row_of(self.headline)


def conclusion_of(home: Home, page: Callable[[Org], str]) -> Conclusion | None:
    """None where the plan has no target here. `page`: the address of an organisation's own page like this one."""
    if home.headline is None:
        return None
    first = home.headline.indicator.code
    behind = home.below.behind(first)
    return Conclusion(
        total=len(home.targets),
        counts=_counts(list(home.targets.values())),
        headline=home.headline,
        name=in_language(home.headline.indicator.name),
        where=_where(behind, page),
        others=max(0, len(behind) - NAMED),
        unknown=home.below.unknown(first),
        expected=_expected(home, home.headline),
    )


def _expected(home: Home, headline: Standing) -> Expected | None:
    """None without four quarters of figures, without a goal, or after the target day."""
    ahead = outlook(home.headline_points, home.day).get(headline.status.target.day)
    if ahead is None or headline.goal is None:
        return None
    indicator = headline.indicator
    gap = (shown(ahead.value, indicator) or 0) - headline.goal
    return Expected(brief_text(ahead.value, indicator), amount_text(gap, indicator), gap < 0, gap == 0)


def row_of(standing: Standing) -> str:
    """Where the table of all targets tells how this one is judged."""
    return f"#t-{standing.indicator.code}"


def _counts(standings: list[Standing]) -> list[tuple[str, SafeString]]:
    groups: list[tuple[str, Callable[[Standing], bool], Callable[[int], str]]] = [
        ("ok-t", lambda one: one.is_met, lambda n: ngettext("%(n)s is met", "%(n)s are met", n)),
        (
            "warn-t",
            lambda one: one.kind == "warn",
            lambda n: ngettext("%(n)s is nearly met", "%(n)s are nearly met", n),
        ),
        (
            "bad-t",
            lambda one: one.is_behind and not one.is_overdue,
            lambda n: ngettext("%(n)s is behind", "%(n)s are behind", n),
        ),
        ("bad-t", lambda one: one.is_overdue, lambda n: ngettext("%(n)s is overdue", "%(n)s are overdue", n)),
        (
            "t2",
            lambda one: not one.is_known,
            lambda n: ngettext("%(n)s cannot be known yet", "%(n)s cannot be known yet", n),
        ),
    ]
    found = []
    for css, belongs, words in groups:
        names = [linked(in_language(one.indicator.name), row_of(one)) for one in standings if belongs(one)]
        if names:
            said = words(len(names)) % {"n": len(names)}
            found.append((css, SafeString(_("%(said)s (%(names)s)") % {"said": escape(said), "names": _listed(names)})))
    return found


def _where(behind: list[Alert], page: Callable[[Org], str]) -> SafeString:
    return _listed(
        linked(
            _("%(name)s (%(amount)s)")
            % {"name": one.name, "amount": amount_text(one.standing.missing, one.standing.indicator)},
            page(one.org),
        )
        for one in behind[:NAMED]
    )


def _listed(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join(_(", "), "{}", ((part,) for part in parts))
