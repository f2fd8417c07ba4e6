"""Plans and measures as the API tells them."""

from datetime import date
from typing import Any

from ninja import Schema

Figure = int | float | None


class PlanLineOut(Schema):
    plan: str
    issuer: str
    number: str
    first_day: date
    last_day: date


class PlansOut(Schema):
    plans: list[PlanLineOut]


class PlanStatusOut(Schema):
    """As `shanglian plan_status --json`. Each target: indicator, actual, due, target, base, gap, state and more."""

    plan: str
    on: date
    org: str
    targets: list[dict[str, Any]]


class MeasureLineOut(Schema):
    measure: str
    unit: str


class MeasuresOut(Schema):
    measures: list[MeasureLineOut]


class MeasureOut(Schema):
    """`value` null: it cannot be known. `items`: ids behind it, where the reader may see all of them, else null."""

    measure: str
    value: Figure
    unit: str
    items: list[int] | None
    items_total: int | None
    definition: dict[str, Any]
