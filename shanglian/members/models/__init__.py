"""The register: who is known, who is a member of what, and the ledger every figure is summed from.

The ledger tables (Movement, Leg) and what hangs on them (Membership, Profile) are append-only. Span, Flow,
RegisterFlow, Balance, AttributeFlow, AttributeBalance, YearClose and LedgerClock are projections that only the
ledger's triggers write (members/sql: ledger.sql, spans.sql, whole_register.sql, attributes.sql); `verify_register`
rebuilds and compares them. Nothing here is counted in any other way. What an entity is called and where it is reached
changes by Particular, append-only too; the columns of Entity are its projection (members/sql/particulars.sql).
"""

from shanglian.members.models.ledger import Leg, Movement, Profile
from shanglian.members.models.projections import (
    AttributeBalance,
    AttributeFlow,
    Balance,
    Change,
    ChangeQuerySet,
    Flow,
    LedgerClock,
    OneOf,
    RegisterFlow,
    Span,
    SpanQuerySet,
    YearClose,
)
from shanglian.members.models.register import Bigrams, Entity, Identifier, Membership, Particular, SavedView

__all__ = [
    "AttributeBalance",
    "AttributeFlow",
    "Balance",
    "Bigrams",
    "Change",
    "ChangeQuerySet",
    "Entity",
    "Flow",
    "Identifier",
    "LedgerClock",
    "Leg",
    "Membership",
    "Movement",
    "OneOf",
    "Particular",
    "Profile",
    "RegisterFlow",
    "SavedView",
    "Span",
    "SpanQuerySet",
    "YearClose",
]
