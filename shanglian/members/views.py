"""Pages of the register: the list, and one member with the ledger entries and the cells they came from."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shanglian.directory.access import may_anywhere, visible_org_ids
from shanglian.directory.queries import names_on
from shanglian.members.archive import history_of, memberships_of
from shanglian.members.labels import FIGURES
from shanglian.members.listing import listing
from shanglian.members.models import Entity
from shanglian.members.portrait import portrait_of

PAGE = 25


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Members of an organisation and everything below it, on a day; filtered, found by two characters."""
    found = listing(request.GET, visible_org_ids(request.user, "members.view"))
    spans = found.in_order().select_related("entity").prefetch_related("entity__identifiers")
    page = Paginator(spans, PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    scope = found.scope
    names = names_on({span.org_id for span in rows} | ({scope.pk} if scope else set()), found.day)
    context: dict[str, Any] = {
        "form": found.form,
        "page": page,
        "rows": [(span, names.get(span.org_id, "")) for span in rows],
        "day": found.day,
        "scope": scope,
        "scope_name": names.get(scope.pk, "") if scope else "",
        "filtered": found.filtered,
        "asked": found.asked,
        "measure_label": FIGURES.get(found.asked.get("measure", ""), ""),
        "may_export": may_anywhere(request.user, "members.export"),
    }
    partial = "#results" if request.htmx and request.htmx.target == "results" else ""  # type: ignore[attr-defined]
    return render(request, f"members/member_list.html{partial}", context)


@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One entity: who it is and was, where it is a member, every ledger entry, and where each value came from."""
    visible = visible_org_ids(request.user, "members.view")
    entity = Entity.objects.filter(pk=pk, memberships__org_id__in=visible).distinct().first()
    if entity is None:
        raise Http404
    context = {
        "entity": entity,
        "memberships": memberships_of(entity, visible),
        "history": history_of(entity, visible),
        "portrait": portrait_of(entity, visible),
    }
    return render(request, "members/member.html", context)
