"""The member list to take away: what it would hold, what for, then the file. The log keeps who took what, and why."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shanglian.archive.actions import log
from shanglian.common.workbooks import XLSX, scratch
from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import User
from shanglian.directory.queries import names_on
from shanglian.members.exports import WRITERS, members_of
from shanglian.members.forms import ExportForm
from shanglian.members.listing import Listing, listing

TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
FILTERS = (
    "org",
    "q",
    "category",
    "section",
    "group_kind",
    "county",
    "state",
    "since",
    "until",
    "missing",
    "measure",
    "count",
    "own",
    "tree",
    "known",
    "on",
    "sort",
)


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask what for (the filters of the list are kept), then hand the file over."""
    takeable = visible_org_ids(request.user, "members.export")
    if not takeable:
        raise PermissionDenied(_("You may look at members here, but not take the list away."))
    asked = request.POST if request.method == "POST" else request.GET
    found = listing(asked, takeable)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _file(request, found, **form.cleaned_data)
    context = _context(found, asked) | {"form": form}
    return render(request, "members/export.html", context, status=422 if form.is_bound else 200)


def _context(found: Listing, asked: QueryDict) -> dict[str, Any]:
    kept = QueryDict(mutable=True)
    kept.update({name: str(asked[name]) for name in FILTERS if asked.get(name)})
    kept.setlist("pick", asked.getlist("pick"))
    scope = found.scope
    return {
        "total": found.spans.count(),
        "day": found.day,
        "scope_name": names_on([scope.pk], found.day)[scope.pk] if scope else "",
        "asked": found.asked,
        "kept": [(name, value) for name, values in kept.lists() for value in values],
        "query": kept.urlencode(),
    }


def _file(request: HttpRequest, found: Listing, *, reason: str, format: str) -> FileResponse:
    content = scratch()
    number = WRITERS[format](content, members_of(found))
    detail = {"members": number, "format": format, "reason": reason, "on": found.day.isoformat()}
    detail["filters"] = sorted(name for name in FILTERS[1:] if name not in ("on", "sort") and found.asked.get(name))
    if found.asked.get("pick"):
        detail["picked"] = len(found.asked["pick"])
    actor = request.user if isinstance(request.user, User) else None
    log("members.export", org=found.scope.code if found.scope else "", detail=detail, actor=actor)
    content.seek(0)
    name = f"{_('Members')}-{found.scope.code + '-' if found.scope else ''}{found.day.isoformat()}.{format}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=TYPES[format])
