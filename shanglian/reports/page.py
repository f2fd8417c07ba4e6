"""What the home page's templates need beside the figures: addresses, choices of a day, lines of tables.

Every figure leads to what is behind it, as far as the reader may see it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from shanglian.common.core.numbers import thousands
from shanglian.common.core.periods import add_months, quarter_end, year_end
from shanglian.directory.models import Org
from shanglian.members.labels import CATEGORIES
from shanglian.reports.addresses import Addresses
from shanglian.reports.below import Alert, Line
from shanglian.reports.boundaries import boundaries, boundary_problem
from shanglian.reports.cards import card_of
from shanglian.reports.conclusion import conclusion_of
from shanglian.reports.forms import YEAR
from shanglian.reports.home import Home
from shanglian.reports.org_page import movement_lines
from shanglian.reports.standing import Standing, change_text
from shanglian.reports.tiles import Tile, tile_map
from shanglian.reports.trajectory import chart_data, label_of, outlook, point_lines, recent_pace, stepped
from shanglian.reports.words import in_language

QUARTERS = 17  # four years and the base day before them
HEADS = "members.heads"  # the one measure of which the parts below and the own level are the whole
ALERTS = 7  # so many are shown, all of them on request


@dataclass(frozen=True)
class Shown:
    """A line of the table of organisations with the way to what its figure counts and to its own page."""

    line: Line
    figure: str
    figure_url: str
    members_url: str
    page_url: str


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


def page_context(home: Home, to: Addresses, today: date, *, step: str) -> dict[str, Any]:
    below = home.below
    return {
        "home": home,
        "today": today,
        "title": in_language(home.plan.title) if home.plan else "",
        "conclusion": conclusion_of(home, to.page),
        "cards": [card_of(standing, home.org, to) for standing in home.targets.values()],
        "indicator": in_language(home.standing.indicator.name) if home.standing else "",
        "members_url": to.members(home.org),
        "own_url": to.members(home.org, own="on"),
        "headline_url": _figure_url(home.headline, home.org, to),
        "counties": [_shown(line, to) for line in below.counties],
        "zones": [_shown(line, to) for line in below.zones],
        "chambers": [_shown(line, to) for line in below.chambers],
        "additive": home.standing is None or home.standing.indicator.measure == HEADS,
        "total_url": _figure_url(home.standing, home.org, to),
        "by_choices": _choices(home, home.by, lambda code: to.here("below", by=code)),
        **_alerts(below.alerts, to, all_of_them=to.kept.get("alerts") == "all"),
        **_map(home.org, below.counties, to),
        **_chart(home, to, step),
        "export_url": to.export(),
        "columns": movement_lines(home.movements, partial(to.members, home.org)) if home.movements else [],
        "categories": [CATEGORIES[name] for name in home.movements.categories] if home.movements else [],
        "by_year": step == YEAR,
        "step_urls": {"quarter": to.here(step=""), "year": to.here(step=YEAR)},
        "days": _days(home, today, lambda day: to.page(home.org, day), step),
        "today_url": to.page(home.org, today),
    }


def _choices(home: Home, current: str, url: Callable[[str], str]) -> list[Choice]:
    return [
        Choice(in_language(standing.indicator.name), url(code), code == current)
        for code, standing in home.targets.items()
    ]


def _figure_url(standing: Standing | None, org: Org, to: Addresses) -> str:
    """Members behind a figure of the table: of a count these, of a share its numerator."""
    if standing is None:
        return to.members(org)
    return to.behind(standing.indicator.measure or standing.indicator.numerator, org)


def _shown(line: Line, to: Addresses) -> Shown:
    figure = line.standing.actual_text if line.standing else thousands(line.members)
    return Shown(line, figure, _figure_url(line.standing, line.org, to), to.members(line.org), to.page(line.org))


def _alerts(alerts: list[Alert], to: Addresses, *, all_of_them: bool) -> dict[str, Any]:
    shown = alerts if all_of_them else alerts[:ALERTS]
    lines = [
        {
            "alert": one,
            "name": in_language(one.standing.indicator.name),
            "page_url": to.page(one.org),
            "figure_url": _figure_url(one.standing, one.org, to),
        }
        for one in shown
    ]
    rest = {"more": len(alerts) - len(lines), "url": to.here("h-behind", alerts="all")}
    return {"alerts": lines, "alert_rest": rest, "alert_count": len(alerts)}


def _map(org: Org, counties: Iterable[Line], to: Addresses) -> dict[str, Any]:
    found = tile_map(list(counties))
    if found is None:
        return {}

    def placed(tile: Tile | None) -> tuple[Tile, str] | None:
        return None if tile is None else (tile, to.page(tile.line.org))

    tiles = [tile for row in found.rows for tile in row if tile is not None]
    areas: list[dict[str, Any]] = [
        {"code": one.line.org.code, "level": one.level, "label": f"{one.line.name}\n{one.mark}"} for one in tiles
    ]
    wrong = boundary_problem(org, [one["code"] for one in areas])
    return {
        "tiles": [[placed(tile) for tile in row] for row in found.rows],
        "legend": found.legend,
        "map": {"areas": areas},
        "boundary_problem": wrong,
        "boundaries_url": to.boundaries() if not wrong and boundaries(org) else "",
    }


def _chart(home: Home, to: Addresses, step: str) -> dict[str, Any]:
    if home.chart is None:
        return {"chart": None}
    indicator = home.chart.indicator
    ahead = outlook(home.points, home.day)
    lines = point_lines(stepped(home.points, step), indicator, ahead)
    measure = indicator.measure or indicator.numerator
    return {
        "charted": home.chart,
        "charted_name": in_language(indicator.name),
        "chart_choices": _choices(home, home.charted, lambda code: to.here("h-trajectory", chart=code)),
        "points": [replace(one, url=to.behind(measure, home.org, on=one.day.isoformat())) for one in lines],
        "ahead": max(ahead.values(), key=lambda one: one.day, default=None),
        "chart": chart_data(lines, indicator) if any(not line.is_blank for line in lines) else None,
        "pace": _pace(home),
    }


def _pace(home: Home) -> dict[str, Any] | None:
    """What the last twelve months brought a month, and what it takes from now on."""
    found = recent_pace(home.points)
    if found is None or home.chart is None:
        return None
    pace, last = found
    indicator, needed = home.chart.indicator, home.chart.status.pace_needed_per_month
    return {
        "text": change_text(pace, indicator),
        "last": last,
        "needed": change_text(needed, indicator) if needed else "",
    }


def _days(home: Home, today: date, url: Callable[[date], str], step: str) -> list[Choice]:
    """Ends of quarters or years within the plan that have come, the latest first."""
    first = home.plan.base_day if home.plan else date.min
    last = min(today, home.plan.last_day) if home.plan else today
    day, months = (year_end(last), 12) if step == YEAR else (quarter_end(last), 3)
    found: list[Choice] = []
    while day >= first and len(found) < QUARTERS:
        if day <= last:
            found.append(Choice(label_of(day), url(day), day == home.day))
        day = add_months(day, -months)
    return found
