"""The organisations of a day, and one organisation with its history."""

from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from shanglian.directory.access import fetch, visible_org_ids
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.forms import DayForm
from shanglian.directory.labels import CHANGES, KINDS
from shanglian.directory.models import Org
from shanglian.directory.queries import history_of, names_on, record_begins, today, tree_on


@require_safe
def orgs(request: HttpRequest) -> HttpResponse:
    """The tree as it was on a day."""
    ids = visible_org_ids(request.user, "orgs.view")
    if not ids:
        raise PermissionDenied
    form = DayForm(request.GET if "on" in request.GET else {"on": today().isoformat()})
    day = form.cleaned_data["on"] if form.is_valid() else today()
    lines = [(line, KINDS[OrgKind(line.org.kind)]) for line in tree_on(day, ids=ids)]
    context = {"form": form, "day": day, "lines": lines, "beginning": record_begins()}
    return render(request, "directory/orgs.html", context, status=200 if form.is_valid() else 400)


@require_safe
def org(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: its names, places and days of existence, and what changed them."""
    found = fetch(Org.objects.all(), request.user, "orgs.view", code=code)
    history = history_of(found)
    context = {
        "org": found,
        "name": names_on([found.pk], today()).get(found.pk, found.code),
        "kind": KINDS[OrgKind(found.kind)],
        "history": history,
        "sources": import_string(settings.ORG_SOURCES)(found, request.user),
        "beginning": record_begins(),
        "changes": [
            {
                "on": date.fromisoformat(entry.detail["on"]),
                "label": CHANGES[entry.verb],
                "reason": entry.detail["reason"],
                "actor": entry.actor,
                "at": entry.at,
            }
            for entry in history.changes
            if entry.verb in CHANGES
        ],
    }
    return render(request, "directory/org.html", context)
