"""What the home page's templates need beside the figures: addresses, choices of a day, lines of tables.

Every figure leads to what is behind it, as far as the reader may see it; an address is empty where they may not.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shanglian.common.core.numbers import signed_percent, thousands
from shanglian.common.core.periods import add_months, quarter_end
from shanglian.directory.models import Org
from shanglian.members.core.statistics import MovementRow
from shanglian.members.labels import CATEGORIES
from shanglian.plans.core.plan import Label
from shanglian.plans.labels import base_label, soft_word_label
from shanglian.reports.forms import DayForm
from shanglian.reports.home import Home, Line, Movements
from shanglian.reports.trajectory import chart_data, label_of, point_lines, recent_pace

QUARTERS = 17  # four years and the base day before them
NAMED = 3  # so many are named in the conclusion

# column of the movement table -> (its name, the sign it enters the balance with)
COLUMNS: dict[str, tuple[Promise, str]] = {
    "opening": (_("Opening"), ""),
    "joined": (_("Joined"), "+"),
    "moved_in": (_("Moved in"), "+"),
    "reclassified_in": (_("Reclassified in"), "+"),
    "left": (_("Left"), "−"),
    "moved_out": (_("Moved out"), "−"),
    "reclassified_out": (_("Reclassified out"), "−"),
    "closing": (_("Closing"), "="),
}


@dataclass(frozen=True)
class Shown:
    """A line of the table of organisations with the way to its members and to its own page."""

    line: Line
    members_url: str
    page_url: str


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Addresses:
    """Addresses for one reader and one day; rights are those of today, figures those of the day."""

    day: date
    measured: Set[int]
    listed: Set[int]

    def members(self, org: Org, **more: str) -> str:
        query = {"org": org.code, "on": self.day.isoformat(), **more}
        return f"{reverse('members:list')}?{urlencode(query)}" if org.pk in self.listed else ""

    def page(self, org: Org, on: date | None = None) -> str:
        query = {"org": org.code, "on": (on or self.day).isoformat()}
        return f"{reverse('home')}?{urlencode(query)}" if org.pk in self.measured else ""


def page_context(
    home: Home, form: DayForm, today: date, measured: Set[int], listed: Set[int], *, chosen: bool
) -> dict[str, Any]:
    """`chosen`: the reader asked for this day; else the page chose it, and says so if it is not today."""
    to = Addresses(home.day, measured, listed)
    standing, below = home.standing, home.below
    points = point_lines(home.points)
    return {
        "home": home,
        "form": form,
        "today": today,
        "told_day": not chosen and home.day != today,
        "title": in_language(home.plan.title) if home.plan else "",
        "standing": standing,
        "indicator": in_language(standing.status.indicator.name) if standing else "",
        "base_kind": base_label(standing.status.base_kind) if standing else "",
        "soft_word": soft_word_label(standing.status.target.soft_word) if standing else "",
        "members_url": to.members(home.org),
        "counties": _shown(below.counties, to),
        "zones": _shown(below.zones, to),
        "chambers": _shown(below.chambers, to),
        "short": _shown(below.short, to),
        "behind_list": _named(below.behind),
        "points": points,
        "chart": chart_data(points) if any(not point.is_blank for point in points) else None,
        "pace": recent_pace(home.points),
        "columns": _columns(home.movements, home.org, to) if home.movements else [],
        "categories": [CATEGORIES[name] for name in home.movements.categories] if home.movements else [],
        "days": _days(home, today, lambda day: to.page(home.org, day)),
        "today_url": to.page(home.org, today),
    }


def in_language(label: Label) -> str:
    return label.zh if (get_language() or "").startswith("zh") else label.en


def _shown(lines: list[Line], to: Addresses) -> list[Shown]:
    return [Shown(line, to.members(line.org), to.page(line.org)) for line in lines]


def _named(lines: list[Line]) -> str:
    """The worst, with how much each is short: part of a sentence."""
    words = [
        gettext("%(name)s by %(short)s (%(lag)s)")
        % {"name": line.name, "short": thousands(standing.missing), "lag": signed_percent(standing.lag)}
        for line in lines[:NAMED]
        if (standing := line.standing)
    ]
    return gettext(", ").join(words) + (gettext(" and others") if len(lines) > NAMED else "")


def _columns(moved: Movements, org: Org, to: Addresses) -> list[dict[str, Any]]:
    """The movement table with its columns as lines, which fits a page; cells are (figure, address)."""
    cells = [*zip(moved.categories, moved.columns, strict=True), ("", moved.total)]
    return [
        {
            "name": name,
            "label": label,
            "sign": sign,
            "cells": [(getattr(row, name), _behind(name, row, category, org, moved, to)) for category, row in cells],
        }
        for name, (label, sign) in COLUMNS.items()
    ]


def _behind(name: str, row: MovementRow, category: str, org: Org, moved: Movements, to: Addresses) -> str:
    """The members behind a stock. An opening that took over a roster within the year was no stock of one day."""
    more = {"category": category} if category else {}
    if name == "closing":
        return to.members(org, **more)
    if name == "opening" and not row.taken_over:
        return to.members(org, **more, on=(moved.since - timedelta(days=1)).isoformat())
    return ""


def _days(home: Home, today: date, url: Callable[[date], str]) -> list[Choice]:
    """Ends of quarters within the plan that have come, the latest first."""
    first = home.plan.base_day if home.plan else date.min
    last = min(today, home.plan.last_day) if home.plan else today
    day = quarter_end(last)
    found: list[Choice] = []
    while day >= first and len(found) < QUARTERS:
        if day <= last:
            found.append(Choice(label_of(day), url(day), day == home.day))
        day = add_months(day, -3)
    return found
