"""Members and their figures as the API tells them."""

from datetime import date
from typing import Literal

from ninja import Schema

from shanglian.common.schemas import Moment, Paged

Value = str | int | None


class IdentifierOut(Schema):
    scheme: str
    value: str
    state: str


class MemberLineOut(Schema):
    """A membership of a day: of which organisation, since when, and whether the head is counted there."""

    id: int
    name: str
    kind: str
    category: str
    org: str
    org_name: str
    since: date
    home: bool
    sample: bool
    identifiers: list[IdentifierOut]


class MembersOut(Paged):
    """`capped`: there are more than `total` says; ask more narrowly to reach them."""

    on: date
    capped: bool
    members: list[MemberLineOut]


class SittingOut(Schema):
    """One stretch of a membership. `until` is the first day on which it no longer holds."""

    membership: int
    org: str
    org_name: str
    category: str
    home: bool
    since: date
    until: date | None


class FactOut(Schema):
    """A change of a particular; of telephones the middle is covered. `since` null: as it came in."""

    field: str
    value: str
    since: date | None
    recorded_at: Moment
    reversed: bool


class LegOut(Schema):
    line: str
    org: str
    category: str
    memberships: int
    heads: int


class EntryOut(Schema):
    """An entry of the ledger with its legs. `import_` names the batch whose row it came from."""

    id: int
    kind: str
    on: date
    recorded_at: Moment
    reason: str
    reverses: int | None
    legs: list[LegOut]


class MemberOut(Schema):
    """One member. Memberships and entries at organisations out of the reader's sight are counted, not told."""

    id: int
    name: str
    kind: str
    legal_rep: str
    phones: str
    address: str
    founded_on: date | None
    sample: bool
    identifiers: list[IdentifierOut]
    memberships: list[SittingOut]
    facts: list[FactOut]
    ledger: list[EntryOut]
    ledger_hidden: int


class DefinitionOut(Schema):
    """What a figure is: read it before the figure."""

    org: str
    known_on: Moment
    count: Literal["heads", "memberships"]
    tree: Literal["then", "now"]
    scope: str
    by: list[str]


class DayDefinitionOut(DefinitionOut):
    on: date


class StatisticsOut(Schema):
    """`rows` carry the dimensions asked for and `value`; with `by=org` each organisation's own level."""

    definition: DayDefinitionOut
    rows: list[dict[str, Value]]
    total: int


class MovementsOut(Schema):
    """opening + joined + moved_in + reclassified_in − left − moved_out − reclassified_out = closing, in every row."""

    definition: dict[str, str | list[str]]
    rows: list[dict[str, Value]]
    total: dict[str, int]
