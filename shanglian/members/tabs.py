"""The tabs of the member list: the views everybody has, then the person's own; and how many members stand behind each.

The counts come after the page, as one query whatever the number of tabs, each counted up to a cap (that of all members
is kept by the roll-up); so the list itself
waits for none of them. Where the register is large, only what an index answers is counted.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import IntegerField, Value
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanglian.directory.access import visible_org_ids
from shanglian.members.forms import State
from shanglian.members.listing import listing
from shanglian.members.models import SavedView
from shanglian.members.queries import Reach, figures
from shanglian.members.search import CAP

LARGE = 50_000  # members in reach, beyond which a condition without an index of its own is not counted
INDEXED = frozenset({"state", "since", "until", "category", "on", "sort", "per", "cols", "own"})


def built_in_views() -> list[tuple[str, str]]:
    """(name, query) of the views everybody has."""
    return [
        (_("All"), ""),
        (_("Joined this quarter"), f"state={State.JOINED}"),
        (_("Ended this quarter"), f"state={State.LEFT}"),
        (_("Without a valid number"), "missing=on"),
    ]


def own_views(request: HttpRequest) -> list[SavedView]:
    return list(SavedView.objects.filter(user__pk=request.user.pk or 0).order_by("name"))


def address_of(query: str, org: str) -> str:
    scope = urlencode({"org": org}) if org else ""
    return f"{reverse('members:list')}?{'&'.join(part for part in (query, scope) if part)}".rstrip("?")


@require_safe
def tab_counts(request: HttpRequest) -> HttpResponse:
    """The number on every tab but the open one, which the list itself counts, by its place among them."""
    org = request.GET.get("org", "")
    visible = visible_org_ids(request.user, "members.view")
    queries = [query for _name, query in built_in_views()] + [view.query for view in own_views(request)]
    asked = [QueryDict(address_of(query, org).partition("?")[2]) for query in queries]
    counts = _counted(asked, visible) if visible else {}
    lines = [(place, min(n, CAP) if place else n, bool(place) and n > CAP) for place, n in sorted(counts.items())]
    lines = [line for line in lines if str(line[0]) != request.GET.get("open")]
    return render(request, "members/tab_counts.html", {"lines": lines})


def _counted(asked: Sequence[QueryDict], visible: list[int]) -> dict[int, int]:
    """How many, up to one more than the cap, by place; a tab that would take long has none."""
    whole = listing(asked[0], visible)
    total = sum(figures(Reach(tuple(whole.orgs)), on=whole.day).values())
    places = [n for n, query in enumerate(asked) if n and (total <= LARGE or set(query) - {"org"} <= INDEXED)]
    parts: list[Any] = [
        listing(asked[n], visible).spans.order_by().values_list(Value(n, IntegerField()))[: CAP + 1] for n in places
    ]
    found = dict.fromkeys(places, 0) | {0: total}
    for (place,) in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else (parts[0] if parts else ()):
        found[place] += 1
    return found
