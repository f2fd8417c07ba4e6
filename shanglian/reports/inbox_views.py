"""Pages of what waits for the reader and of what happened that concerns them. All is worked out for them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shanglian.archive.actions import mark_one_read
from shanglian.archive.actions import mark_read as mark
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.reports.context import shell_of
from shanglian.reports.forms import ReadForm
from shanglian.reports.inbox import COUNTED, items_for, notices_for, told_of, unread_notices, unread_of

NOTICES = 30  # on one page


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, the most urgent first."""
    items = items_for(_user(request), shell_of(request).visible)
    names = names_on({item.org for item in items if item.org}, today())
    lines = [(item, names.get(item.org, "") if item.org else "") for item in items]
    return render(request, "reports/inbox.html", {"lines": lines})


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What happened that concerns the reader: unread or all."""
    user, reach = _user(request), shell_of(request).visible
    everything = request.GET.get("show") == "all"
    found = notices_for(user, reach) if everything else unread_notices(user, reach)
    page = Paginator(found.select_related("actor"), NOTICES).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    unread = unread_of(entries, user)
    lines = [(entry, told, entry.pk in unread) for entry, told in told_of(entries, user, reach)]
    known = list(notices_for(user, reach).values_list("pk", flat=True)[: COUNTED + 1])
    context = {"page": page, "lines": lines, "all": everything, "newest": known[0] if known else None}
    context |= {"known": min(len(known), COUNTED), "more": len(known) > COUNTED}
    return render(request, "reports/notices.html", context)


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Everything up to the newest notice the page knew of has been read, or one notice alone."""
    user, form = _user(request), ReadForm(request.POST)
    found = notices_for(user, shell_of(request).visible)
    if form.is_valid() and (one := form.cleaned_data["one"]):
        if entry := found.filter(pk=one).first():
            mark_one_read(entry=entry, actor=user)
            messages.success(request, _("The notice is marked as read."))
    elif form.is_valid() and (newest := found.filter(pk__lte=form.cleaned_data["until"] or 0).first()):
        mark(until=newest.pk, actor=user)
        messages.success(request, _("All notices are marked as read."))
    return redirect(reverse("notices") + ("?show=all" if request.GET.get("show") == "all" else ""))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- signed in by LoginRequiredMiddleware
    return request.user
