"""Organisations and chambers as an import kind: how the list is read, what its rows do to the tree, how it is taken
back.
"""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import User
from shanglian.directory.queries import SYSTEM_USERNAME
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.kinds import Booking, ReadRow, Rights
from shanglian.imports.models import Batch
from shanglian.imports.queries import decisions_of
from shanglian.structure.actions.organisations import ListTerms, book_organisations, take_back_organisations
from shanglian.structure.org_reading import organisation_reading
from shanglian.structure.org_sources import obstacles, sources_of
from shanglian.structure.org_words import ORGANISATION_WORDS


class Organisations:
    """组织与商会名录. Nothing here writes by itself: booking and undoing are actions."""

    key = "organisations"
    label = gettext_lazy("Organisations and chambers")
    rights = Rights(view="chambers.view", upload="chambers.edit", commit="chambers.edit", take="chambers.edit")
    options: frozenset[str] = frozenset()
    words = ORGANISATION_WORDS

    @property
    def reading(self) -> SheetKind:
        return organisation_reading()

    def book(self, batch: Batch, rows: Sequence[ReadRow], *, actor: User) -> Booking:
        documents = {file.position: file.document for file in batch.files.select_related("document")}
        terms = ListTerms(
            batch.org,
            batch.on_day,
            _reach(batch, "chambers.edit"),
            _reach(batch, "orgs.edit"),
            documents,
            str(batch.pk),
        )
        done = book_organisations(rows, terms, decisions=decisions_of(batch), actor=actor)
        reasons = {row: tuple(dict.fromkeys(codes)) for row, codes in done.reasons.items()}
        verdicts = {row: str(verdict) for row, verdict in done.verdicts.items()}
        return Booking(verdicts, dict(Counter(verdicts.values())), reasons=reasons, findings=done.findings)

    def blockers(self, batch: Batch) -> list[str]:
        return obstacles(batch)

    def unbook(self, batch: Batch, *, actor: User) -> int:
        return take_back_organisations(sources_of(batch), actor=actor)


def _reach(batch: Batch, verb: str) -> frozenset[int] | None:
    """Where whoever handed the list in may do this, whoever commits it; a command reaches everywhere."""
    if batch.created_by.username == SYSTEM_USERNAME:
        return None
    return frozenset(visible_org_ids(batch.created_by, verb))


ORGANISATIONS = Organisations()
