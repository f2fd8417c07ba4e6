"""Pages of one member: its archive, the history of its fields, who can see it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shanglian.common.core.numbers import percent
from shanglian.directory.access import Refused, visible_org_ids
from shanglian.directory.core.rights import Denied
from shanglian.directory.explanations import who_may
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import User
from shanglian.members.actions.contacts import show_phones
from shanglian.members.archive import History, Sitting, history_of, memberships_of
from shanglian.members.contacts import contact_org
from shanglian.members.core.completeness import Completeness, completeness
from shanglian.members.core.kinds import EntityKind
from shanglian.members.field_history import countings_of, fields_of
from shanglian.members.member_forms import AsKnownForm
from shanglian.members.models import Entity
from shanglian.members.portrait import Portrait, portrait_of
from shanglian.members.reading import asked_of_files

SHOWN_RIGHTS = ("members.view", "members.edit", "members.export")
SHOWN = ("", "membership", "particulars")  # of the ledger card


@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One entity: who it is and was, where it is a member, every ledger entry, and where each value came from."""
    return _page(request, pk)


@require_POST
@never_cache
def phones(request: HttpRequest, pk: int) -> HttpResponse:
    """The same with its telephones whole, for whom they are; that they were shown is logged."""
    entity, _visible = _fetch(request, pk)
    if not isinstance(request.user, User):
        raise Http404
    org = contact_org(request.user, entity)
    if isinstance(org, Denied):
        raise Refused(org.reason)
    return _page(request, pk, show_phones(entity=entity, org=org, actor=request.user))


def _fetch(request: HttpRequest, pk: int) -> tuple[Entity, list[int]]:
    """The entity, and where the reader may see members. One that is nowhere there does not exist for them."""
    visible = visible_org_ids(request.user, "members.view")
    entity = Entity.objects.filter(pk=pk, memberships__org_id__in=visible).distinct().first()
    if entity is None:
        raise Http404
    return entity, visible


def _page(request: HttpRequest, pk: int, whole: list[str] | None = None) -> HttpResponse:
    """`whole`: the telephones where they are to be shown; an htmx request is about their card alone."""
    entity, visible = _fetch(request, pk)
    portrait = portrait_of(entity, visible)
    org = contact_org(request.user, entity)
    context = {
        "entity": entity,
        "portrait": portrait,
        "whole": whole,
        "refusal": DENIALS[org.reason] if isinstance(org, Denied) else "",
    }
    if whole is not None and request.htmx:  # type: ignore[attr-defined]
        return render(request, "members/contact.html", context)
    return render(request, "members/member.html", context | _register(request, entity, visible, portrait))


def _register(request: HttpRequest, entity: Entity, visible: list[int], portrait: Portrait) -> dict[str, Any]:
    """What the register and its ledger say of the entity, as far as the reader sees."""
    seats, history = memberships_of(entity, visible), history_of(entity, visible)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    file = _completeness(entity, portrait, seats)
    return {
        "memberships": seats,
        "seat": seats[0] if seats else None,
        "federations": [seat for seat in seats if not seat.chamber],
        "chambers": [seat for seat in seats if seat.chamber],
        "open_seats": [sum(seat.open and seat.chamber == chamber for seat in seats) for chamber in (False, True)],
        "history": history,
        "timeline": [line for line in timeline(history, portrait) if not show or line[0] == show],
        "show": show,
        "file": file,
        "share": percent(file.share, 0),
    }


def timeline(history: History, portrait: Portrait) -> list[tuple[str, Any]]:
    """Entries of the ledger and changes of particulars together, by what they are about, the latest day first."""
    entries = [(line.movement.effective_on, line.movement.recorded_at, "membership", line) for line in history.lines]
    changes = [(step.since, step.recorded_at, "particulars", step) for step in portrait.steps]
    both: list[tuple[Any, ...]] = [*entries, *changes]
    return [(about, line) for _on, _at, about, line in sorted(both, key=lambda one: one[:2], reverse=True)]


def _completeness(entity: Entity, portrait: Portrait, seats: list[Sitting]) -> Completeness:
    counted = {name for name in ("section", "county") if any(getattr(seat, name) for seat in seats[:1])}
    return completeness(asked_of_files()[EntityKind(entity.kind)], portrait.known() | counted)


@require_safe
def field_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every fact of its fields with both clocks, and as what its memberships were counted; as known on a moment."""
    entity, visible = _fetch(request, pk)
    form = AsKnownForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    on, known = asked.get("on"), asked.get("known")
    history = history_of(entity, visible)
    context = {
        "entity": entity,
        "form": form,
        "on": on,
        "known": known,
        "told": fields_of(entity, visible, on, known),
        "countings": countings_of(history, visible, known),
        "hidden": history.hidden,
    }
    return render(request, "members/member_history.html", context, status=422 if form.errors else 200)


@require_safe
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Who can see, change and take away this member's record today, by which rule; persons where the reader may."""
    entity, visible = _fetch(request, pk)
    seats = list({seat.org_id: seat for seat in memberships_of(entity, visible)[::-1]}.values())[::-1]
    named_at = visible_org_ids(request.user, "users.edit")
    found = who_may([seat.org_id for seat in seats], SHOWN_RIGHTS, named_at=named_at)
    context = {
        "entity": entity,
        "seats": [(seat, found[seat.org_id]) for seat in seats],
        "elsewhere": _elsewhere(entity, visible),
        "named": bool(named_at),
    }
    return render(request, "members/member_access.html", context)


def _elsewhere(entity: Entity, visible: list[int]) -> int:
    """At how many organisations out of the reader's sight the entity is or was a member."""
    return entity.memberships.exclude(org_id__in=visible).values("org").distinct().count()
