"""Pages of the register: the list with a person's own views of it. One member: member_views.py."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shanglian.common.templatetags.ui import long_day
from shanglian.directory.access import may_anywhere, visible_org_ids
from shanglian.directory.kept import names_kept, standing_of
from shanglian.directory.models import User
from shanglian.members.actions.saved_views import TooManyViews, drop_view, rename_view, save_view
from shanglian.members.columns import CHOICES, COLUMNS, Row, chosen_columns, in_lines
from shanglian.members.declared import figure_names
from shanglian.members.forms import SIZES, MemberFilter, State, ViewForm
from shanglian.members.listing import Listing, listing, period_of
from shanglian.members.models import SavedView
from shanglian.members.tabs import address_of, built_in_views, own_views

UNSHOWN = ("measure", "sort", "own", "tree", "known")  # asked for by links alone, and kept while filters change
NOT_KEPT = ("page", "pick", "org")  # of a view: where one was in it, and whose members were looked at


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Members of an organisation and everything below it, on a day; filtered, found, sorted, in the columns chosen."""
    asked = listing(request.GET, visible_org_ids(request.user, "members.view"))
    per = asked.asked.get("per") or SIZES[0]
    found = asked.page(_page_number(request), per)
    scope = asked.scope
    names = names_kept(asked.day, standing_of(request.user).tree) if isinstance(request.user, User) else {}
    page = Paginator(range(found.total), per).get_page(found.number)  # the rows were read already
    rows = [(span, names[span.org_id][0]) for span in found.spans]
    context: dict[str, Any] = {
        "form": asked.form,
        "page": page,
        "found": found,
        "day": asked.day,
        "period": period_of(asked.asked, asked.day) if asked.asked.get("state") else None,
        "scope": scope,
        "scope_name": names[scope.pk][0] if scope else "",
        "filtered": asked.filtered,
        "asked": asked.asked,
        "chips": _chips(asked),
        "unshown": [(name, request.GET[name]) for name in UNSHOWN if asked.asked.get(name)],
        "may_export": may_anywhere(request.user, "members.export"),
        **_columns(request, asked, rows, first=page.start_index()),
        **_views(request),
    }
    partial = "#results" if request.htmx and request.htmx.target == "results" else ""  # type: ignore[attr-defined]
    return render(request, f"members/member_list.html{partial}", context)


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return max(int(given), 1) if given.isdecimal() and len(given) < 7 else 1


def _chips(asked: Listing) -> list[tuple[str, str, str]]:
    """(key, label, value) of every condition that narrows the list, to be dropped one by one."""
    form = asked.form
    found = []
    for name in ("category", "section", "group_kind", "county", "state", "tree"):
        if asked.asked.get(name):
            words = dict(form.fields[name].choices)  # type: ignore[attr-defined]
            found.append((name, str(form.fields[name].label), str(words[asked.asked[name]])))
    if asked.asked.get("measure"):
        found.append(("measure", "", figure_names()[asked.asked["measure"]]))
    if asked.asked.get("known"):
        known = _("as known at the end of %(day)s") % {"day": long_day(localdate(asked.asked["known"]))}
        found.append(("known", "", known))
    for name in ("missing", "own"):
        if asked.asked.get(name):
            found.append((name, "", str(form.fields[name].label)))
    if asked.asked.get("pick"):
        found.append(("pick", "", _("a selection")))
    return found


def _columns(request: HttpRequest, asked: Listing, rows: list[tuple[Row, str]], *, first: int) -> dict[str, Any]:
    """The rows in the columns shown, with the order each heading would ask for and its aria-sort; and all there are."""
    shown, sort = chosen_columns(request.GET, request.session), asked.asked.get("sort") or "name"
    if (asked.asked.get("state") or State.MEMBER) != State.MEMBER:
        shown = [*shown, "changed"]

    def heading(key: str) -> tuple[str, str, str]:
        order = COLUMNS[key].order
        now = "" if sort.lstrip("-") != order else "descending" if sort.startswith("-") else "ascending"
        return str(COLUMNS[key].label), order and (f"-{order}" if now == "ascending" else order), now

    return {
        "columns": [(key, *heading(key)) for key in ["name", *shown]],
        "rows": in_lines(rows, shown, first=first),
        "choices": [(key, label, key in shown) for key, label in CHOICES.items()],
    }


# A person's own views ------------------------------------------------------------


def _views(request: HttpRequest) -> dict[str, Any]:
    """The tabs: the built-in views, then the person's own; `now` is what the page itself asks for."""
    now, org = _kept_query(request.GET), request.GET.get("org", "")
    own = own_views(request)
    built_in = built_in_views()
    tabs = [*built_in, *((view.name, view.query) for view in own)]
    return {
        "tabs": [(name, address_of(query, org), query == now) for name, query in tabs],
        "loose": all(query != now for _name, query in tabs),  # conditions of no view narrow the first
        "open_tab": next((n for n, (_name, query) in enumerate(tabs) if query == now), ""),
        "own_view": next((view for view in own if view.query == now), None),
        "now": now,
        "may_keep": bool(now) and all(query != now for _name, query in built_in),
    }


def _kept_query(query: QueryDict) -> str:
    """What a view keeps of an address: its conditions in a fixed order, without what says nothing."""
    pairs = [(key, value) for key, values in query.lists() for value in values if value and key not in NOT_KEPT]
    known = {*MemberFilter.base_fields, "cols"}
    return urlencode(sorted(pair for pair in pairs if pair[0] in known))


@require_POST
def keep_view(request: HttpRequest) -> HttpResponseRedirect:
    """Keep what the list is asked for under a name."""
    user = _reader(request)
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Give the view a name of at most 30 signs."))
        return redirect("members:list")
    kept = _kept_query(QueryDict(form.cleaned_data["query"]))
    try:
        save_view(name=form.cleaned_data["name"], query=kept, actor=user)
    except TooManyViews:
        messages.warning(request, _("You have 20 views; drop one first."))
    return redirect(address_of(kept, ""))


@require_POST
def change_view(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Give one's own view another name, or drop it."""
    user = _reader(request)
    view = get_object_or_404(SavedView, pk=pk, user=user)
    if "drop" in request.POST:
        drop_view(view=view, actor=user)
        return redirect("members:list")
    form = ViewForm(request.POST)
    if form.is_valid():
        rename_view(view=view, name=form.cleaned_data["name"], actor=user)
    else:
        messages.warning(request, _("Give the view a name of at most 30 signs."))
    return redirect(address_of(view.query, ""))


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not visible_org_ids(request.user, "members.view"):
        raise Http404
    return request.user
