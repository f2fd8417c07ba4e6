"""Members and their figures over HTTP: the list as the page filters it, one member, statistics, movements."""

from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import ValidationError as Invalid
from pydantic import Field

from shanglian.common.schemas import Code, Day, Known, Limit, Number, Words, moment, paged
from shanglian.directory.access import fetch, visible_among, visible_org_ids
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on, today
from shanglian.members.core.kinds import Category, Count
from shanglian.members.forms import State
from shanglian.members.listing import listing
from shanglian.members.models import Change, Span
from shanglian.members.queries import DIMENSIONS, ROLLED_UP
from shanglian.members.questions import Question, movements, statistics
from shanglian.members.record import record_of
from shanglian.members.schemas import MemberOut, MembersOut, MovementsOut, StatisticsOut

router = Router(tags=["members"])
figures = Router(tags=["figures"])
By = Annotated[str, Field(max_length=80, description="dimensions, separated by commas")]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


@router.get("", response=MembersOut, summary="Members of a day")
def members(
    request: HttpRequest,
    q: Words = "",
    category: Category | None = None,
    on: Day | None = None,
    count: Count | None = None,
    org: Code | None = None,
    state: State | None = None,
    since: Day | None = None,
    until: Day | None = None,
    section: Words = "",
    group_kind: Words = "",
    county: Words = "",
    page: Number = 1,
    limit: Limit = 50,
) -> dict[str, Any]:
    """By name, filtered as on the page: a member once at its home, or with count=memberships every membership. With
    state=joined or left those of the days from `since` to `until`.
    """
    visible = visible_org_ids(request.user, "members.view")
    if not visible:
        raise PermissionDenied
    found = listing(request.GET, visible)
    if not found.form.is_valid():
        raise ValidationError([str(error) for own in found.form.errors.values() for error in own])
    shown = found.page(page, limit)
    spans = list(shown.spans) if page == shown.number else []
    orgs = Org.objects.in_bulk({span.org_id for span in spans})
    names = names_on(orgs, found.day)
    lines = [_line(span, orgs[span.org_id].code, names) for span in spans]
    return {**paged(shown.total, page, limit), "capped": shown.capped, "on": found.day, "members": lines}


def _line(span: Span | Change, code: str, names: dict[int, str]) -> dict[str, Any]:
    entity: Any = span.entity
    return {
        "id": entity.pk,
        "name": entity.name,
        "kind": entity.kind,
        "category": span.category,
        "org": code,
        "org_name": names.get(span.org_id, code),
        "since": span.since,  # type: ignore[union-attr]
        "home": span.home,
        "sample": entity.sample,
        "identifiers": list(entity.identifiers.all()),
    }


@router.get("/{pk}", response=MemberOut, summary="One member")
def member(request: HttpRequest, pk: Key) -> dict[str, Any]:
    """Who it is, where it is and was a member, what changed, and every ledger entry the reader may see."""
    record = record_of(pk)
    visible = visible_among(request.user, "members.view", record.orgs()) if record else []
    if record is None or not visible:
        raise Http404
    return record.told(visible)


@figures.get("/statistics", response=StatisticsOut, summary="Members at the end of a day")
def day_figures(
    request: HttpRequest,
    org: Code,
    on: Day | None = None,
    known_on: Known | None = None,
    count: Count = Count.HEADS,
    tree: Literal["then", "now"] = "then",
    by: By = "",
) -> dict[str, Any]:
    """Of an organisation with everything below it. `by`: org, category, county, section, size, registration_type,
    attribution.
    """
    names = _dimensions(by, DIMENSIONS.keys())
    answer = statistics(_question(request, org, count, tree, known_on), on=on or today(), by=names)
    return _told(answer)


@figures.get("/movements", response=MovementsOut, summary="The movement table of a period")
def movement_figures(
    request: HttpRequest,
    org: Code,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to")],
    known_on: Known | None = None,
    count: Count = Count.HEADS,
    tree: Literal["then", "now"] = "then",
    by: By = "",
) -> dict[str, Any]:
    """Both days included. `by`: org, category."""
    names = _dimensions(by, ROLLED_UP)
    question = _question(request, org, count, tree, known_on)
    if since > until:
        raise Invalid([{"loc": ["query", "from"], "msg": _("The first day lies after the last.")}])
    return _told(movements(question, since=since, until=until, by=names))


def _question(request: HttpRequest, code: str, count: Count, tree: Literal["then", "now"], known_on: Any) -> Question:
    """Counted are those organisations below it whose members the reader may see."""
    org = fetch(Org.objects.all(), request.user, "members.view", code=code)
    return Question(org, count, tree, known_on, frozenset(visible_org_ids(request.user, "members.view")))


def _dimensions(text: str, allowed: Any) -> list[str]:
    names = [name for name in text.split(",") if name]
    if len(set(names)) != len(names) or not set(names) <= set(allowed):
        choices = ", ".join(sorted(allowed))
        raise Invalid(
            [{"loc": ["query", "by"], "msg": _("Choose from %(choices)s, each once.") % {"choices": choices}}]
        )
    return names


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    definition = answer["definition"]
    days = {name: definition[name].isoformat() for name in ("on", "from", "to") if name in definition}
    return {**answer, "definition": {**definition, **days, "known_on": moment(definition["known_on"])}}
