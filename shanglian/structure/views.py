"""The page of posts: who holds which post in an organisation on a day, who held it before, where each comes from."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shanglian.directory.access import fetch, may, visible_org_ids
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on, today
from shanglian.members.models import Membership
from shanglian.structure.forms import DayFilter
from shanglian.structure.post_reading import post_titles, told_before_the_end
from shanglian.structure.queries import Group, Line, former_posts, has_posts, posts_on


@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    """Posts of one organisation: the one asked for, else the reader's widest own."""
    org = _org(request)
    form = DayFilter(request.GET)
    day = (form.cleaned_data.get("on") if form.is_valid() else None) or today()
    titles = post_titles()
    groups, former = posts_on(org, day, titles), former_posts(org, day, titles)
    context: dict[str, Any] = {
        "org": org,
        "org_name": names_on([org.pk], day)[org.pk],
        "form": form,
        "day": day,
        "soon": day + told_before_the_end(),
        "groups": groups,
        "former": former,
        "holders": len({line.post.person_key for group in groups for line in group.lines}),
        "posts": sum(len(group.lines) for group in groups),
        "linked": _linked(request, groups, former),
        "any_day": bool(groups or former) or has_posts(org),
        "may_open": bool(may(request.user, "imports.view", org)),
        "may_import": bool(may(request.user, "posts.edit", org)),
    }
    return render(request, "structure/posts.html", context)


def _org(request: HttpRequest) -> Org:
    """What the reader may not see does not exist for them; whoever may see none has no business here."""
    code = request.GET.get("org", "")
    if code:
        return fetch(Org.objects.all(), request.user, "posts.view", code=code)
    visible = visible_org_ids(request.user, "posts.view")
    if not visible:
        raise PermissionDenied
    paths = Org.objects.filter(pk__in=visible).order_by("code")
    return fetch(paths, request.user, "posts.view", pk=paths.values_list("pk", flat=True)[0])


def _linked(request: HttpRequest, groups: list[Group], former: list[Line]) -> set[int]:
    """Firms whose member page the reader may open."""
    lines = [*former, *(line for group in groups for line in group.lines)]
    firms = {line.post.firm_id for line in lines if line.post.firm_id}
    if not firms:
        return set()
    visible = visible_org_ids(request.user, "members.view")
    return set(Membership.objects.filter(entity__in=firms, org__in=visible).values_list("entity_id", flat=True))
