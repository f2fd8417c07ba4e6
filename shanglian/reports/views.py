"""The home page, and the probe that says whether the installation can work."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shanglian.directory.access import Refused, require, visible_org_ids
from shanglian.directory.core.rights import Denial
from shanglian.directory.models import Org, User
from shanglian.directory.queries import today
from shanglian.reports.forms import DayForm
from shanglian.reports.home import home_of
from shanglian.reports.page import page_context
from shanglian.reports.queries import day_to_show, own_orgs
from shanglian.reports.ready import readiness


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where the plan stands for an organisation at the end of a day."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- signed in by LoginRequiredMiddleware
    measured = visible_org_ids(user, "plans.view")
    listed = visible_org_ids(user, "members.view")
    org = _asked_org(user, request.GET.get("org", ""), measured, listed)
    if not isinstance(org, Org):
        return org
    form = DayForm(request.GET)
    asked = form.cleaned_data["on"] if form.is_valid() else None
    day = asked or day_to_show()
    shown = DayForm({"on": day.isoformat()}) if form.is_valid() else form
    context = page_context(home_of(org, day), shown, today(), set(measured), set(listed), chosen=asked is not None)
    return render(request, "reports/home.html", context, status=200 if form.is_valid() else 400)


def _asked_org(user: User, code: str, measured: list[int], listed: list[int]) -> Org | HttpResponseRedirect:
    """The organisation asked for, else that of the reader's own post; or where a reader without the right may go.

    What the reader may not even see does not exist (404); what they see but may not measure is refused with the reason.
    """
    if not code:
        return _own_org(user, measured, listed)
    org = Org.objects.filter(code=code).first()
    if org is not None and org.pk in measured:
        return org
    if org is None or org.pk not in listed:
        raise Http404
    if not measured:
        return redirect(f"{reverse('members:list')}?{urlencode({'org': code})}")
    require(user, "plans.view", org)
    return org


def _own_org(user: User, measured: list[int], listed: list[int]) -> Org | HttpResponseRedirect:
    """The frame of the page shows the first post's organisation; if that is another one, the address says so."""
    posts = own_orgs(user)
    for org in posts:
        if org.pk in measured:
            return org if org == posts[0] else redirect(f"{reverse('home')}?{urlencode({'org': org.code})}")
    if listed:
        return redirect("members:list")
    if visible_org_ids(user, "orgs.view"):
        return redirect("directory:orgs")
    raise Refused(Denial.NO_APPOINTMENT)


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database, its migrations and a worker are in order, else 503; codes only."""
    found = readiness()
    return JsonResponse({"ready": found.ready, **asdict(found)}, status=200 if found.ready else 503)
