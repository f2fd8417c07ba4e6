"""What the templates of an organisation's page need beside its figures: addresses, words, lines of tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
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
    """The member list behind a figure. It knows the tree of the day and today's knowledge: for other questions the
    figures stand without a way to names.
    """

    asked: Asked

    def members(self, org: Org, on: date | None = None, **more: str) -> str:
        day = on or self.asked.day
        if self.asked.known_on or (self.asked.tree == "now" and day != today()):
            return ""
        query = {"org": org.code, "on": day.isoformat(), **{name: value for name, value in more.items() if value}}
        return f"{reverse('members:list')}?{urlencode(query)}"


def category_lines(found: Territory, numbers: Figures, links: Links) -> list[Line]:
    """By category and in all; the own level leads to names only where it is all there is."""
    org = found.org
    alone = found.counted == [org.pk]
    own = [org.pk] if org.pk in found.counted else []
    lines = []
    for category, label in [*((kind.value, CATEGORIES[kind.value]) for kind in Category), ("", _("Total"))]:
        heads = links.members(org, category=category)
        memberships = links.members(org, category=category, count=Count.MEMBERSHIPS.value)
        cells = [
            (numbers.of(own, Count.HEADS, category), heads if alone else ""),
            (numbers.of(own, Count.MEMBERSHIPS, category), memberships if alone else ""),
            (numbers.of(found.counted, Count.HEADS, category), heads),
            (numbers.of(found.counted, Count.MEMBERSHIPS, category), memberships),
        ]
        lines.append(Line(label, cells))
    return lines


def movement_lines(moved: Movements, org: Org, links: Links) -> list[dict[str, Any]]:
    """The movement table with its columns as lines; the stocks lead to the members behind them."""
    own = [*zip(moved.categories, moved.columns, strict=True), ("", moved.total)]
    before = moved.since - timedelta(days=1)
    lines = []
    for name, (label, sign) in COLUMNS.items():
        cells: list[Cell] = []
        for category, row in own:
            stock = name == "closing" or (name == "opening" and not row.taken_over)
            day = before if name == "opening" else moved.until
            cells.append((getattr(row, name), links.members(org, day, category=category) if stock else ""))
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
