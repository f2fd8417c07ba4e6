"""The home page, and the probe that says whether the installation can work."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shanglian.common.workbooks import XLSX, scratch
from shanglian.directory.access import Refused, require, visible_org_ids
from shanglian.directory.core.rights import Denial
from shanglian.directory.models import Org, User
from shanglian.directory.queries import today
from shanglian.reports.addresses import Addresses
from shanglian.reports.boundaries import boundaries
from shanglian.reports.context import shell_of
from shanglian.reports.exports import write_progress
from shanglian.reports.forms import QUARTER, YEAR, DayForm
from shanglian.reports.home import Asked
from shanglian.reports.kept import kept_home
from shanglian.reports.page import page_context
from shanglian.reports.queries import day_to_show, own_orgs
from shanglian.reports.ready import readiness

LONGEST_CODE = 40  # of an indicator


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where the plan stands for an organisation at the end of a day."""
    found = _asked(request)
    if isinstance(found, HttpResponseRedirect):
        return found
    form, to, asked, chosen = found
    shell_of(request).day = asked.day
    told = kept_home(to.org, asked)
    step = to.kept.get("step", QUARTER)
    context = page_context(told, to, today(), step=step) | {
        "form": DayForm({"on": asked.day.isoformat()}) if form.is_valid() else form,
        "kept": to.kept.items(),
        "told_day": not chosen and asked.day != today(),
    }
    return render(request, "reports/home.html", context, status=200 if form.is_valid() else 400)


@require_safe
def home_export(request: HttpRequest) -> FileResponse | HttpResponse:
    """The figures of the page as a workbook, each with its definition."""
    found = _asked(request)
    if isinstance(found, HttpResponseRedirect):
        return found
    form, to, asked, _chosen = found
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text(), content_type="text/plain; charset=utf-8")
    content = scratch()
    write_progress(content, kept_home(to.org, asked))
    content.seek(0)
    name = f"{_('Plan progress')}-{to.org.code}-{asked.day.isoformat()}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def home_boundaries(request: HttpRequest) -> HttpResponse:
    """The configured boundaries of the areas of an organisation, for its map."""
    found = _asked(request)
    if isinstance(found, HttpResponseRedirect):
        return found
    path = boundaries(found[1].org)
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="application/geo+json")


def _asked(request: HttpRequest) -> tuple[DayForm, Addresses, Asked, bool] | HttpResponseRedirect:
    """The organisation, the day and the choices of the address; `True`: the day was asked for, not chosen by us."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- signed in by LoginRequiredMiddleware
    visible = shell_of(request).visible
    measured, listed = visible["plans.view"], visible["members.view"]
    org = _asked_org(user, request.GET.get("org", ""), measured, listed)
    if not isinstance(org, Org):
        return org
    form = DayForm(request.GET)
    day = form.cleaned_data["on"] if form.is_valid() else None
    kept = {name: value for name in ("chart", "by") if (value := request.GET.get(name, "")[:LONGEST_CODE])}
    kept |= {name: word for name, word in (("step", YEAR), ("alerts", "all")) if request.GET.get(name) == word}
    asked = Asked(day or day_to_show(), kept.get("chart", ""), kept.get("by", ""))
    return form, Addresses(org, asked.day, set(measured), set(listed), kept), asked, day is not None


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
