"""The roster as an import kind: how its sheet is read, what its rows do to the register, how it is taken back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from shanglian.directory.models import User
from shanglian.directory.queries import names_on
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.kinds import Booking, ReadRow
from shanglian.imports.models import Batch
from shanglian.imports.queries import decisions_of
from shanglian.members.actions.rosters import (
    book_roster,
    dependents,
    lost_homes,
    reverse_batch,
    rows_booked_from_same_file,
)
from shanglian.members.matching import Comparison, Terms
from shanglian.members.models import Entity, Span
from shanglian.members.reading import roster_reading
from shanglian.members.roster_words import ROSTER_WORDS

SHOWN = 50  # names listed in a preview; counts are always complete


class Roster:
    """会员名册. Nothing here writes by itself: booking and undoing are actions."""

    key = "roster"
    words = ROSTER_WORDS

    @property
    def reading(self) -> SheetKind:
        return roster_reading()

    def book(self, batch: Batch, rows: Sequence[ReadRow], *, actor: User) -> Booking:
        terms = Terms(batch.org, batch.on_day, batch.history, batch.org.sample)
        before = rows_booked_from_same_file(batch)
        comparison = book_roster(rows, terms, booked_before=before, decisions=decisions_of(batch), actor=actor)
        detail = _beside(comparison, terms) | (_absent(batch, rows) if batch.complete else {})
        return Booking(
            comparison.verdicts,
            dict(Counter(comparison.verdicts.values())),
            detail,
            comparison.reasons,
            comparison.findings,
            len(comparison.to_add),
        )

    def blockers(self, batch: Batch) -> list[str]:
        later = dependents(batch)
        names = dict(Entity.objects.filter(pk__in=later).values_list("id", "name"))
        found = [
            _("%(name)s: %(count)d later ledger entries build on this import; reverse them first.")
            % {"name": names[entity], "count": len(movements)}
            for entity, movements in later.items()
        ]
        found += [
            _("%(name)s has a further membership whose home this import booked; end or rehome it first.")
            % {"name": span.entity.name}
            for span in lost_homes(batch)
        ]
        return found

    def unbook(self, batch: Batch, *, actor: User) -> int:
        return reverse_batch(batch, actor=actor)


def _beside(comparison: Comparison, terms: Terms) -> dict[str, Any]:
    """What the city and the clerk should see beside the rows: firms renamed, and firms that are members elsewhere."""
    found: dict[str, Any] = {}
    if comparison.renamed:
        found |= {"renamed": comparison.renamed[:SHOWN], "renamed_total": len(comparison.renamed)}
    if comparison.elsewhere:
        shown = list(comparison.elsewhere.values())[:SHOWN]
        names = names_on({org for _, orgs in shown for org in orgs}, terms.on)
        found["elsewhere"] = [[name, [names.get(org, str(org)) for org in orgs]] for name, orgs in shown]
        found["elsewhere_total"] = len(comparison.elsewhere)
    return found


def _absent(batch: Batch, rows: Sequence[ReadRow]) -> dict[str, Any]:
    """Members of the organisation a complete roster does not name: shown for a decision, never ended by themselves."""
    named = {row.record.get("name_key") for row in rows}
    here = Span.objects.filter(org=batch.org).on(batch.on_day).select_related("entity")
    absent = [span.entity.name for span in here if span.entity.name_key not in named]
    return {"absent": absent[:SHOWN], "absent_total": len(absent)}


ROSTER = Roster()
