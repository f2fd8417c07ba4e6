"""Plans and measures over HTTP: which there are, where a plan stands, one figure and what is behind it."""

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field

from shanglian.common.core.policy import PolicyError
from shanglian.common.schemas import Code, Day, Known
from shanglian.directory.access import fetch, may_anywhere, visible_org_ids
from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids, today
from shanglian.plans.core.plan import Plan
from shanglian.plans.core.status import plain, status_json
from shanglian.plans.queries import OrgNotCovered, all_measures, ask_measure, load_plan, plan_files, plan_status
from shanglian.plans.schemas import MeasureOut, MeasuresOut, PlansOut, PlanStatusOut
from shanglian.plans.wording import org_not_covered, policy_message

router = Router(tags=["plans"])
measures = Router(tags=["measures"])
PLACES = 6
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]
Items = Annotated[int, Field(ge=0, le=1000, description="ids behind the figure; 0: none")]


def _plan(name: str) -> Plan:
    """A plan by its id, never a path. What its file has wrong is said."""
    if name not in plan_files():
        raise Http404
    try:
        return load_plan(name)
    except PolicyError as error:
        raise ValidationError(policy_message(error), code="plan_broken") from error


def _require_anywhere(request: HttpRequest) -> None:
    if not may_anywhere(request.user, "plans.view"):
        raise PermissionDenied


@router.get("", response=PlansOut, summary="The plans there are")
def plans(request: HttpRequest) -> dict[str, Any]:
    _require_anywhere(request)
    found = [_plan(name) for name in sorted(plan_files())]
    return {
        "plans": [
            {
                "plan": plan.id,
                "issuer": plan.issuer.org,
                "number": plan.number,
                "first_day": plan.first_day,
                "last_day": plan.last_day,
            }
            for plan in found
        ]
    }


@router.get("/{plan}/status", response=PlanStatusOut, summary="Where a plan stands")
def status(
    request: HttpRequest, plan: Name, org: Code | None = None, on: Day | None = None, known_on: Known | None = None
) -> dict[str, Any]:
    """Of an organisation with everything below it; without one, of the plan's issuer."""
    _require_anywhere(request)
    read = _plan(plan)
    found = fetch(Org.objects.all(), request.user, "plans.view", code=org or read.issuer.org)
    try:
        return status_json(plan_status(read, org=found, on=on or today(), known_on=known_on))
    except OrgNotCovered as error:
        raise ValidationError(org_not_covered(*error.args), code="org_not_covered") from error


@measures.get("", response=MeasuresOut, summary="The figures rooms offer")
def measure_list(request: HttpRequest) -> dict[str, Any]:
    _require_anywhere(request)
    return {"measures": [{"measure": one.name, "unit": one.unit} for _, one in sorted(all_measures().items())]}


@measures.get("/{name}", response=MeasureOut, summary="One figure and what is behind it")
def measure(
    request: HttpRequest, name: Name, org: Code, on: Day | None = None, known_on: Known | None = None, items: Items = 0
) -> dict[str, Any]:
    """Of an organisation with everything below it. Ids are told to those who may see every member counted."""
    found = fetch(Org.objects.all(), request.user, "plans.view", code=org)
    if name not in all_measures():
        raise Http404
    day = on or today()
    listed = set(visible_org_ids(request.user, "members.view"))
    seen = listed.issuperset(subtree_ids(found, on=day, known_on=known_on))
    answer = ask_measure(name, org=found, on=day, known_on=known_on, items_limit=items if seen else 0)
    return {
        "measure": name,
        "value": plain(answer.value, PLACES),
        "unit": answer.unit,
        "items": answer.items if seen else None,
        "items_total": answer.items_total if seen else None,
        "definition": dict(answer.definition),
    }
