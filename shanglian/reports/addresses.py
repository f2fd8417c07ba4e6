"""Where the figures of the home page lead, for one reader and one day, and the same page seen otherwise.

Rights are those of today, figures those of the day; an address is empty where the reader may not go.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from shanglian.directory.models import Org
from shanglian.members.declared import declared_figures

# a measure that the member list can show -> the list's filters
LISTED_MEASURES: Mapping[str, Mapping[str, str]] = {
    "members.heads": {},
    "members.memberships": {"count": "memberships"},
    "members.enterprise": {"category": "enterprise"},
    "members.group": {"category": "group"},
    "members.private_enterprises": {"measure": "members.private_enterprises"},
    "members.chambers": {"measure": "members.chambers"},
}


@dataclass(frozen=True)
class Addresses:
    """`kept`: what the reader chose on this page (step, chart, by, alerts), left out where it is the default."""

    org: Org
    day: date
    measured: Set[int]
    listed: Set[int]
    kept: Mapping[str, str]

    @cached_property
    def _home(self) -> str:
        return reverse("home")

    @cached_property
    def _list(self) -> str:
        return reverse("members:list")

    def members(self, org: Org, **more: str) -> str:
        """The members of an organisation at the end of the day; `more` are filters of the list."""
        query = {"org": org.code, "on": self.day.isoformat(), **more}
        return f"{self._list}?{urlencode(query)}" if org.pk in self.listed else ""

    def behind(self, measure: str | None, org: Org, **more: str) -> str:
        """The members a measure counts, where the list can show exactly them."""
        filters = LISTED_MEASURES.get(measure or "")
        if filters is None and measure in declared_figures():
            filters = {"measure": str(measure), "count": declared_figures()[str(measure)].count}
        return self.members(org, **filters, **more) if filters is not None else ""

    def page(self, org: Org, on: date | None = None) -> str:
        query = {"org": org.code, "on": (on or self.day).isoformat(), **self.kept}
        return f"{self._home}?{urlencode(query)}" if org.pk in self.measured else ""

    def export(self) -> str:
        """The workbook of this page."""
        query = {"org": self.org.code, "on": self.day.isoformat(), **self.kept}
        return f"{reverse('home_export')}?{urlencode(query)}"

    def boundaries(self) -> str:
        return f"{reverse('home_boundaries')}?{urlencode({'org': self.org.code})}"

    def here(self, fragment: str = "", **change: str) -> str:
        """This page with another choice; a choice of "" is taken back."""
        chosen = {"org": self.org.code, "on": self.day.isoformat(), **self.kept, **change}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{self._home}?{query}" + (f"#{fragment}" if fragment else "")
