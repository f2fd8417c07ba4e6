"""The roster as an import kind: how its sheet is read, what its rows do to the register, how it is taken back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanglian.directory.models import User
from shanglian.directory.queries import names_on
from shanglian.imports.actions import ImportRefused
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.kinds import LEFT, Booking, ReadRow, Rights
from shanglian.imports.models import Batch
from shanglian.imports.queries import absences_decided, decisions_of
from shanglian.members.actions.leavers import end_absent, later_entries, members_on, reverse_leavers
from shanglian.members.actions.rosters import (
    book_roster,
    dependents,
    lost_homes,
    reverse_batch,
    rows_booked_from_same_file,
)
from shanglian.members.matching import Comparison
from shanglian.members.models import Entity
from shanglian.members.places import booked_at, denied_at, places_of
from shanglian.members.reading import roster_reading
from shanglian.members.register import Terms
from shanglian.members.roster_words import ROSTER_WORDS

SHOWN = 50  # names listed in a preview; counts are always complete


class Roster:
    """会员名册. Nothing here writes by itself: booking and undoing are actions."""

    key = "roster"
    label = gettext_lazy("Member roster")
    rights = Rights(view="imports.view", upload="imports.upload", commit="imports.commit", take="members.export")
    options = frozenset({"complete", "history"})
    words = ROSTER_WORDS

    @property
    def reading(self) -> SheetKind:
        return roster_reading()

    def book(self, batch: Batch, rows: Sequence[ReadRow], *, actor: User) -> Booking:
        org, on = batch.org, batch.on_day
        places = places_of(org, on, rows, self.rights.commit, actor)
        terms = Terms(org, on, batch.history, org.sample, batch.complete, places)
        before = rows_booked_from_same_file(batch)
        members = members_on(terms) if batch.complete else []
        comparison = book_roster(rows, terms, booked_before=before, decisions=decisions_of(batch), actor=actor)
        absent, ended = end_absent(batch, members, comparison, absences_decided(batch), actor=actor)
        return Booking(
            comparison.verdicts,
            dict(Counter(comparison.verdicts.values())) | ({LEFT: ended} if ended else {}),
            _beside(comparison, terms),
            comparison.reasons,
            comparison.findings,
            len(comparison.to_add) + ended,
            absent,
        )

    def blockers(self, batch: Batch) -> list[str]:
        later = {entity: len(movements) for entity, movements in dependents(batch).items()} | later_entries(batch)
        names = dict(Entity.objects.filter(pk__in=later).values_list("id", "name"))
        found = [
            _("%(name)s: %(count)d later ledger entries build on this import; reverse them first.")
            % {"name": names[entity], "count": count}
            for entity, count in later.items()
        ]
        found += [
            _("%(name)s has a further membership whose home this import booked; end or rehome it first.")
            % {"name": span.entity.name}
            for span in lost_homes(batch)
        ]
        return found

    def unbook(self, batch: Batch, *, actor: User) -> int:
        orgs = booked_at(batch) - {batch.org_id}
        if denied := denied_at(orgs, self.rights.commit, actor):
            raise ImportRefused("undo_not_yours", "、".join(names_on(denied, batch.on_day).values()))
        return reverse_batch(batch, actor=actor) + reverse_leavers(batch, actor=actor)


def _beside(comparison: Comparison, terms: Terms) -> dict[str, Any]:
    """What the city and the clerk should see beside the rows: firms that are members elsewhere too."""
    if not comparison.elsewhere:
        return {}
    shown = list(comparison.elsewhere.values())[:SHOWN]
    names = names_on({org for _, orgs in shown for org in orgs}, terms.on)
    return {
        "elsewhere": [[name, [names.get(org, str(org)) for org in orgs]] for name, orgs in shown],
        "elsewhere_total": len(comparison.elsewhere),
    }


ROSTER = Roster()
