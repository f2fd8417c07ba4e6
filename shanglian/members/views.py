"""Pages of the register: the list, and one member with the ledger entries and the cells they came from."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on, subtree_ids, today
from shanglian.members.archive import history_of, memberships_of
from shanglian.members.core.kinds import Count
from shanglian.members.forms import MemberFilter
from shanglian.members.models import Entity, Span
from shanglian.members.search import matching

PAGE = 25


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Members of an organisation and everything below it, on a day; filtered, found by two characters."""
    visible = visible_org_ids(request.user, "members.view")
    form = MemberFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or today()
    orgs, scope = _scope(request.GET.get("org", ""), visible, day)
    spans = Span.objects.on(day).in_orgs(orgs).select_related("entity").prefetch_related("entity__identifiers")
    if asked.get("count") != Count.MEMBERSHIPS:
        spans = spans.home()
    if asked.get("category"):
        spans = spans.filter(category=asked["category"])
    if asked.get("q"):
        spans = spans.filter(matching(asked["q"]))
    page = Paginator(spans.order_by("entity__sort_key", "entity_id", "org_id"), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = names_on({span.org_id for span in rows} | ({scope.pk} if scope else set()), day)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": [(span, names.get(span.org_id, "")) for span in rows],
        "day": day,
        "scope": scope,
        "scope_name": names.get(scope.pk, "") if scope else "",
        "filtered": any(asked.get(name) for name in ("q", "category")),
        "asked": asked,
    }
    partial = "#results" if request.htmx and request.htmx.target == "results" else ""  # type: ignore[attr-defined]
    return render(request, f"members/member_list.html{partial}", context)


def _scope(code: str, visible: list[int], day: Any) -> tuple[list[int], Org | None]:
    """The organisations a list covers: those below the one asked for, as far as the reader may see them."""
    if not code:
        return visible, None
    org = Org.objects.filter(code=code, pk__in=visible).first()
    if org is None:
        raise Http404
    below = set(subtree_ids(org, on=day))
    return [pk for pk in visible if pk in below], org


@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One entity: who it is, where it is a member, every ledger entry and where each came from."""
    visible = visible_org_ids(request.user, "members.view")
    entity = Entity.objects.filter(pk=pk, memberships__org_id__in=visible).distinct().first()
    if entity is None:
        raise Http404
    context = {
        "entity": entity,
        "memberships": memberships_of(entity, visible),
        "history": history_of(entity, visible),
        "identifiers": entity.identifiers.order_by("id"),
    }
    return render(request, "members/member.html", context)
