"""Reads for the list of imports: which of them, in which order, and who had a hand in each last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy

from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports.kinds import ImportKind, import_kinds
from shanglian.imports.labels import Label
from shanglian.imports.models import Batch, Upload
from shanglian.imports.pages import Figures, figures_of

State = Batch.State
GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "drafts": frozenset({State.RECEIVED, State.READ, State.PREVIEWED, State.COMMITTING, State.FAILED}),
    "committed": frozenset({State.COMMITTED}),
    "undone": frozenset({State.UNDONE}),
    "discarded": frozenset({State.DISCARDED}),
}
GROUP_WORDS: Final[Mapping[str, Label]] = {
    "": gettext_lazy("All"),
    "drafts": gettext_lazy("Drafts"),
    "committed": gettext_lazy("Committed"),
    "undone": gettext_lazy("Taken back"),
    "discarded": gettext_lazy("Discarded"),
}


@dataclass(frozen=True)
class ListFilter:
    """What the reader asked the list for: a key of GROUPS, an organisation's code, a kind; "" for any."""

    state: str = ""
    org: str = ""
    kind: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "ListFilter":
        """As the address says; a state or kind that is none counts as not asked for."""
        state, kind = query.get("state", ""), query.get("kind", "")
        return cls(
            state if state in GROUPS else "", query.get("org", ""), kind if kind in settings.IMPORT_KINDS else ""
        )

    def kept(self, batches: QuerySet[Batch]) -> QuerySet[Batch]:
        """Those of the kind asked for."""
        return batches.filter(kind=self.kind) if self.kind else batches


@dataclass(frozen=True)
class Line:
    """A batch as the list shows it. `goes_on`: the reader may work on it, if it is a draft."""

    batch: Batch
    figures: Figures
    org: str
    goes_on: bool

    @property
    def is_open(self) -> bool:
        return self.goes_on and self.batch.state in GROUPS["drafts"]

    @property
    def touched(self) -> tuple[datetime, User]:
        """When and by whom it was touched last: handed in, worked on, committed or taken back."""
        batch = self.batch
        hands = [
            (batch.created_at, batch.created_by),
            (batch.touched_at, batch.touched_by),
            (batch.committed_at, batch.committed_by),
            (batch.undone_at, batch.undone_by),
        ]
        return max(((at, who) for at, who in hands if at and who), key=lambda hand: hand[0])


@dataclass(frozen=True)
class Offered:
    """What the filters offer: the organisations and kinds of which there are imports. `names` by organisation id."""

    names: Mapping[int, str]
    orgs: list[tuple[str, str]]
    kinds: list[ImportKind]

    @classmethod
    def of(cls, batches: QuerySet[Batch]) -> "Offered":
        found = set(batches.order_by().values_list("org_id", "org__code", "kind").distinct())
        names = names_on({pk for pk, _code, _kind in found}, today())
        orgs = sorted({(code, names[pk]) for pk, code, _kind in found})
        kinds = {kind for _pk, _code, kind in found}
        return cls(names, orgs, [kind for kind in import_kinds() if kind.key in kinds])


def lines_of(batches: Iterable[Batch], offered: Offered, choices: Mapping[str, list[tuple[str, str]]]) -> list[Line]:
    """A line for each batch. `choices`: kind → (code, name) of the organisations the reader hands such lists in for."""
    shown = list(batches)
    figures = figures_of([batch.pk for batch in shown])
    own = {(kind, code) for kind, orgs in choices.items() for code, _name in orgs}
    return [
        Line(batch, figures[batch.pk], offered.names[batch.org_id], (batch.kind, batch.org.code) in own)
        for batch in shown
    ]


def of_group(batches: QuerySet[Batch], group: str) -> QuerySet[Batch]:
    return batches.filter(state__in=GROUPS[group]) if group else batches


def mine_first(batches: QuerySet[Batch], reader: User) -> QuerySet[Batch]:
    """Drafts of the reader, then everything else; the newest first."""
    mine = Q(created_by=reader) | Q(touched_by=reader)
    order = Case(When(mine & Q(state__in=GROUPS["drafts"]), then=Value(0)), default=1, output_field=IntegerField())
    return batches.order_by(order, "-created_at", "-pk")


def group_counts(batches: QuerySet[Batch]) -> list[tuple[str, Label, int]]:
    """(group, its word, how many batches), all of them first; a group without any is left out, drafts never."""
    found = dict(batches.order_by().values_list("state").annotate(n=Count("pk")))
    counts = {group: sum(found.get(state, 0) for state in states) for group, states in GROUPS.items()}
    counts = {"": sum(found.values()), **counts}
    return [(group, GROUP_WORDS[group], n) for group, n in counts.items() if n or group in {"", "drafts"}]


def own_uploads(reader: User) -> QuerySet[Upload]:
    """What the reader has sent in pieces, or began to, and not handed in."""
    return Upload.objects.filter(created_by=reader).order_by("pk")


def arrived_uploads(reader: User) -> QuerySet[Upload]:
    """Those of them that are complete."""
    return own_uploads(reader).filter(received=F("size"))
