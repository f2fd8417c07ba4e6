"""The organisations of a day as a tree with their members, and one organisation with all that is known of it."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shanglian.directory.access import fetch, may, visible_org_ids
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS, KIND_GROUPS, KINDS, Label
from shanglian.directory.models import Org
from shanglian.directory.queries import history_of, names_on, record_begins, today
from shanglian.imports.access import visible_batches
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import STATES
from shanglian.imports.models import Batch
from shanglian.members.core.kinds import Count
from shanglian.members.labels import CATEGORIES
from shanglian.reports.org_forms import OrgForm, TreeForm
from shanglian.reports.org_page import (
    Links,
    category_lines,
    change_lines,
    crumbs_of,
    movement_lines,
    state_of,
)
from shanglian.reports.org_tree import tree_of
from shanglian.reports.organisation import Asked, Territory, below_of, figures_of, lives_of, movements_of, territory
from shanglian.structure.org_sources import source_lines
from shanglian.structure.post_reading import post_titles
from shanglian.structure.queries import posts_on

IMPORTS = 5  # of the last ones the page shows


@require_safe
def orgs(request: HttpRequest) -> HttpResponse:
    """The tree as it was on a day, with its members as far as the reader may see them."""
    visible = visible_org_ids(request.user, "orgs.view")
    if not visible:
        raise PermissionDenied
    form = TreeForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or today()
    listed = visible_org_ids(request.user, "members.view")
    tree = tree_of(day, visible, listed, words=asked.get("q", ""), group=asked.get("kind", ""))
    context = {
        "form": TreeForm({**request.GET.dict(), "on": day.isoformat()}) if form.is_valid() else form,
        "day": day,
        "on_day": day.isoformat(),
        "tree": tree,
        "filtered": bool(asked.get("q") or asked.get("kind")),
        "listed": bool(listed),
        "beginning": record_begins(),
        "is_today": day == today(),
    }
    return render(request, "reports/orgs.html", context, status=200 if form.is_valid() else 400)


@require_safe
def org(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation on a day: its place, its members, what lies below it, who holds its posts, what changed it."""
    found = fetch(Org.objects.all(), request.user, "orgs.view", code=code)
    form = OrgForm(request.GET)
    asked = form.asked() if form.is_valid() else Asked(today())
    context = {
        **_place(request, found, asked),
        **_posts(request, found, asked),
        **_imports(request, found),
        "form": _shown_form(asked, request) if form.is_valid() else form,
        "asked": asked,
        "is_today": asked.day == today(),
        "sources": source_lines(found, request.user),
    }
    return render(request, "reports/org.html", context, status=200 if form.is_valid() else 400)


def _shown_form(asked: Asked, request: HttpRequest) -> OrgForm:
    return OrgForm({"on": asked.day.isoformat(), "tree": asked.tree, "known": request.GET.get("known", "")})


def _place(request: HttpRequest, org: Org, asked: Asked) -> dict[str, Any]:
    """Head, history, and the figures with what lies below."""
    refusal = may(request.user, "members.view", org)
    listed = [] if isinstance(refusal, Denied) else visible_org_ids(request.user, "members.view")
    around = territory(org, asked, listed)
    history = history_of(org, known_on=asked.known_on)
    chain = around.chain()
    names = names_on([org.pk, *(one.pk for one in chain)], asked.day)
    alive = lives_of([org.pk], asked)
    query = f"?{urlencode({'on': asked.day.isoformat()})}" if asked.day != today() else ""
    return {
        "org": org,
        "name": names.get(org.pk, org.code),
        "kind": KINDS[OrgKind(org.kind)],
        "state": state_of(history, asked, org.pk in alive),
        "chain": crumbs_of(chain, names, query),
        "query": query,
        "history": history,
        "changes": change_lines(history),
        "beginning": record_begins(),
        "territory": around,
        "refusal": DENIALS[refusal.reason] if isinstance(refusal, Denied) else "",
        "may_plan": bool(may(request.user, "plans.view", org)),
        **_figures(around, asked, counted=bool(listed)),
    }


def _figures(around: Territory, asked: Asked, *, counted: bool) -> dict[str, Any]:
    """Members by category, the year's movements, each organisation below; no figures where none may be seen."""
    numbers = figures_of(around.counted, asked) if counted and around.counted else None
    links = Links(asked)
    below = below_of(around, asked, numbers)
    context: dict[str, Any] = {
        "groups": [(KIND_GROUPS[group], [(one, links.ways(one.org)) for one in own]) for group, own in below],
        "below": sum(len(own) for _group, own in below),
    }
    if numbers is None:
        return context
    moved = movements_of(around, asked)
    return context | {
        "numbers": True,
        "lines": category_lines(around, numbers, links),
        "heads": numbers.of(around.counted, Count.HEADS),
        "own": numbers.of([around.org.pk], Count.HEADS),
        "memberships": numbers.of(around.counted, Count.MEMBERSHIPS),
        "ways": links.ways(around.org),
        "home": {"day": asked.day, "movements": moved},
        "columns": movement_lines(moved, partial(links.members, around.org)) if moved else [],
        "categories": _categories(moved.categories) if moved else [],
    }


def _categories(codes: list[str]) -> list[Label]:
    return [CATEGORIES[code] for code in codes]


def _posts(request: HttpRequest, org: Org, asked: Asked) -> dict[str, Any]:
    refusal = may(request.user, "posts.view", org)
    if isinstance(refusal, Denied):
        return {"posts_refusal": DENIALS[refusal.reason]}
    return {"posts": posts_on(org, asked.day, post_titles())}


def _imports(request: HttpRequest, org: Org) -> dict[str, Any]:
    """The last imports for this organisation that the reader may look at."""
    allowed, orgs = visible_batches(request.user)
    if org.pk not in orgs:
        return {"batches": None}
    batches = Batch.objects.filter(allowed, org=org).select_related("created_by").order_by("-created_at", "-pk")
    return {"batches": [(one, import_kind(one.kind).label, STATES[one.state]) for one in batches[:IMPORTS]]}
