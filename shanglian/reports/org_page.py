"""What the templates of an organisation's page need beside its figures: addresses, words, lines of tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanglian.directory.labels import CHANGES, Label
from shanglian.directory.models import Org
from shanglian.directory.queries import History, today
from shanglian.members.core.kinds import Category, Count
from shanglian.members.labels import CATEGORIES
from shanglian.reports.home import Movements
from shanglian.reports.movement_words import COLUMNS
from shanglian.reports.organisation import Asked, Figures, Territory

Cell = tuple[int | None, str]  # a figure, and the address of the members behind it


@dataclass(frozen=True)
class Line:
    """A category's members: at the own level and with everything below, counted once and by membership."""

    label: Label
    cells: list[Cell]


@dataclass(frozen=True)
class Links:
    """The member list behind a figure, by the same tree and the same knowledge."""

    asked: Asked

    def members(self, org: Org, **more: str) -> str:
        asked = self.asked
        query = {"org": org.code, "on": asked.day.isoformat(), **more}
        query["tree"] = "now" if asked.tree == "now" and asked.day != today() else ""
        query["known"] = localdate(asked.known_on).isoformat() if asked.known_on else ""
        return f"{reverse('members:list')}?{urlencode({name: value for name, value in query.items() if value})}"

    def ways(self, org: Org) -> dict[str, str]:
        """To the members at an organisation's own level and with all below, and to the memberships."""
        return {
            "own": self.members(org, own="on"),
            "heads": self.members(org),
            "memberships": self.members(org, count=Count.MEMBERSHIPS.value),
        }


def category_lines(found: Territory, numbers: Figures, links: Links) -> list[Line]:
    """By category and in all, at the own level and with everything below."""
    org = found.org
    own = [org.pk] if org.pk in found.counted else []
    lines = []
    for category, label in [*((kind.value, CATEGORIES[kind.value]) for kind in Category), ("", _("Total"))]:
        cells: list[Cell] = [
            (
                numbers.of(orgs, count, category),
                links.members(org, category=category, own=own_only, count="" if count is Count.HEADS else count.value),
            )
            for orgs, own_only in ((own, "on"), (found.counted, ""))
            for count in (Count.HEADS, Count.MEMBERSHIPS)
        ]
        lines.append(Line(label, cells))
    return lines


def movement_lines(moved: Movements, members: Callable[..., str]) -> list[dict[str, Any]]:
    """The movement table with its columns as lines, which fits a page; cells are (figure, address). Each leads to the
    memberships it counts, for which `members` gives the address of a list: the closing is a stock of a day.
    """
    period = {"since": moved.since.isoformat(), "until": moved.until.isoformat()}
    own = [*zip(moved.categories, moved.columns, strict=True), ("", moved.total)]
    lines = []
    for name, (label, sign) in COLUMNS.items():
        which = {} if name == "closing" else {"state": name, **period}
        cells: list[Cell] = [
            (figure, members(**which, **({"category": category} if category else {})) if figure else "")
            for category, figure in ((category, getattr(row, name)) for category, row in own)
        ]
        lines.append({"name": name, "label": label, "sign": sign, "cells": cells})
    return lines


def state_of(history: History, asked: Asked, alive: bool) -> tuple[str, Label]:
    """The mark of what an organisation is on a day: its kind of mark, and the word."""
    day = asked.day
    if alive:
        return "ok", _("In existence")
    if not history.places:
        return "warn", _("Not known then") if asked.known_on else _("Taken back")
    if day < history.places[0].start:
        return "", _("Not yet founded")
    last = history.places[-1].end
    if last is not None and last <= day:
        return "", _("Closed")
    return "", _("Area without a federation")


def change_lines(history: History) -> list[dict[str, Any]]:
    """Recorded changes, the latest day first; each with the other clock: when and by whom it was recorded."""
    lines = [
        {
            "on": date.fromisoformat(entry.detail["on"]),
            "label": CHANGES[entry.verb],
            "reason": entry.detail["reason"],
            "actor": entry.actor,
            "at": entry.at,
        }
        for entry in history.changes
        if entry.verb in CHANGES
    ]
    return sorted(lines, key=lambda line: (line["on"], line["at"]), reverse=True)


def crumbs_of(chain: Iterable[Org], names: dict[int, str], query: str) -> list[tuple[str, str]]:
    """(name, address) of the organisations above, the highest first."""
    return [(names.get(org.pk, org.code), reverse("directory:org", args=[org.code]) + query) for org in chain]
