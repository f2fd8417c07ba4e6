"""Where each row of a roster belongs when the roster has an organisation column: a superior's roster for those below.

Reads only. An empty cell means the organisation the roster is for; a cell that names none below it, or several, or one
at which the actor may not commit, leaves its row out and says why.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import Org, User
from shanglian.directory.queries import subtree_ids, system_user, tree_on
from shanglian.imports.kinds import ReadRow
from shanglian.imports.models import Batch
from shanglian.members.core.places import NOT_YOURS, Named, find_place, index_of
from shanglian.members.models import Leg


@dataclass(frozen=True)
class Places:
    """`of_row`: row id → organisation, of every row that has one; `strays`: row id → why it has none; `below`: the
    organisations such a roster may name. All empty without an organisation column.
    """

    of_row: Mapping[int, Org] = field(default_factory=dict)
    strays: Mapping[int, str] = field(default_factory=dict)
    below: frozenset[int] = frozenset()


def places_of(org: Org, on: date, rows: Sequence[ReadRow], verb: str, actor: User) -> Places:
    """By what the rows say. `verb`: the right the actor must have at every organisation that is named."""
    texts = {row.record["org_name"] for row in rows if row.record.get("org_name")}
    if not texts:
        return Places()
    below = frozenset({org.pk, *subtree_ids(org, on=on)})
    lines = {line.org.pk: line for line in tree_on(on) if line.alive}
    index = index_of(Named(pk, line.org.code, line.name, line.short_name) for pk, line in lines.items())
    denied = denied_at(below - {org.pk}, verb, actor)
    found: dict[str, tuple[int | None, str]] = {"": (org.pk, "")}
    for text in texts:
        pk, code = find_place(text, index, below)
        found[text] = (None, NOT_YOURS) if pk in denied else (pk, code)
    said = {row.id: found[row.record.get("org_name") or ""] for row in rows}
    return Places(
        {row: org if pk == org.pk else lines[pk].org for row, (pk, _code) in said.items() if pk is not None},
        {row: code for row, (_pk, code) in said.items() if code},
        below,
    )


def denied_at(orgs: Collection[int], verb: str, actor: User) -> set[int]:
    """Those at which the actor may not do this. The console is the administrator's."""
    return set() if not orgs or actor == system_user() else set(orgs) - set(visible_org_ids(actor, verb))


def booked_at(batch: Batch) -> set[int]:
    """The organisations in whose registers the rows of a batch were booked; a move is booked in two."""
    legs = Leg.objects.filter(movement__source_row__source_file__batch=batch)
    return set(legs.order_by().values_list("org", flat=True).distinct())
