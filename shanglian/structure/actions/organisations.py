"""A whole list of organisations at once: each row is compared with the tree and booked by the directory's own actions.

Hundreds of rows, not thousands: each in a savepoint, so that what the tree refuses becomes the row's reason and the
others go on. Taking the list back takes back its changes, the last first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shanglian.archive.actions import log
from shanglian.archive.models import Document
from shanglian.common.core.names import name_key
from shanglian.directory import actions as directory
from shanglian.directory import facts
from shanglian.directory.core.kinds import OrgKind, is_chamber
from shanglian.directory.labels import KINDS
from shanglian.directory.models import Org, User
from shanglian.directory.queries import record_begins
from shanglian.imports.kinds import (
    ALREADY_BOOKED,
    DOUBTFUL,
    LEFT_OUT,
    Candidate,
    Change,
    Decided,
    Finding,
    ReadRow,
)
from shanglian.members.models import Span
from shanglian.structure.core.organisation_rules import (
    CHOICES_OF_DOUBT,
    assumed,
    closed_to_the_day,
    closing_day,
    founded_to_the_day,
    founding_day,
    next_code,
    short_name_for,
)
from shanglian.structure.models import OrgSource
from shanglian.structure.org_matching import KnownOrg, Match, Tree, match, parent_of, read_tree

What = OrgSource.What
REJECT, DUPLICATE = "reject", "duplicate"


@dataclass(frozen=True)
class ListTerms:
    """What the batch says about all its rows. `chambers` and `federations`: ids of the federations whose chambers, or
    whose lower federations, whoever handed it in may change; None for all. `documents`: the stored file, by position.
    """

    org: Org
    on: date
    chambers: frozenset[int] | None
    federations: frozenset[int] | None
    documents: Mapping[int, Document]
    batch: str = ""


@dataclass
class Booked:
    """What became of the rows, by their ids."""

    verdicts: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, list[str]] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)

    def say(self, row: ReadRow, verdict: str, *reasons: str) -> None:
        self.verdicts[row.id] = verdict
        if reasons:
            self.reasons.setdefault(row.id, []).extend(reasons)

    def remark(self, row: ReadRow, code: str, before: str = "") -> None:
        """Something to be looked at beside the verdict, with what the register says."""
        self.reasons.setdefault(row.id, []).append(code)
        finding = self.findings.get(row.id, Finding())
        self.findings[row.id] = replace(finding, before={**finding.before, code: before} if before else finding.before)

    def note_change(self, row: ReadRow, column: str, old: str, new: str) -> None:
        finding = self.findings.get(row.id, Finding())
        self.findings[row.id] = replace(finding, changes=(*finding.changes, Change(column, old, new)))


def book_organisations(
    rows: Sequence[ReadRow], terms: ListTerms, *, decisions: Mapping[int, Decided], actor: User
) -> Booked:
    """Compare and book in the caller's transaction. `decisions`: row id → what a person said of a doubtful row."""
    facts.lock_tree()
    run = _Run(terms, read_tree(terms.org, terms.on), decisions, actor)
    waiting = [row for row in rows if row.outcome == "accept"]
    while waiting:
        waiting = run.round(waiting)
    run.close_all()
    return run.booked


class _Run:
    """One booking: the tree as it grows, which organisation each row was, and what is to be closed at the end."""

    def __init__(self, terms: ListTerms, tree: Tree, decisions: Mapping[int, Decided], actor: User) -> None:
        self.terms, self.tree, self.decisions, self.actor = terms, tree, decisions, actor
        self.booked = Booked()
        self.row_of: dict[int, int] = {}  # organisation → row that is it
        self.codes = set(Org.objects.values_list("code", flat=True))
        self.to_close: list[tuple[KnownOrg, ReadRow, date]] = []

    def round(self, waiting: Sequence[ReadRow]) -> list[ReadRow]:
        """Book some of the rows and give back the others: those whose parent comes later in the list wait for it, and
        doubtful ones for the sure ones, whose organisations are then theirs no more. Rings come to an end, too.
        """
        names = {name_key(text) for row in waiting for text in _names(row) if text}
        ready = [row for row in waiting if not self._waits_for_its_parent(row, names)]
        sure = [row for row in ready if not self._match(row).doubt]
        chosen = sure or ready or list(waiting)
        for row in chosen:
            self._one(row)
        done = {row.id for row in chosen}
        return [row for row in waiting if row.id not in done]

    def _waits_for_its_parent(self, row: ReadRow, names: Collection[str]) -> bool:
        _parent, wrong = parent_of(row.record, self.tree)
        stated = name_key(row.record.get("parent", ""))
        return bool(wrong) and stated in names and stated not in {name_key(text) for text in _names(row)}

    def _match(self, row: ReadRow) -> Match:
        """Who the row is; an organisation that stands elsewhere and is another row of the list is not meant."""
        parent, _wrong = parent_of(row.record, self.tree)
        found = match(row.record, parent, self.tree)
        taken = all(candidate.target in self.row_of for candidate in found.candidates)
        return Match() if found.doubt == "same_name_elsewhere" and taken else found

    def close_all(self) -> None:
        """Last and from below: what stands under an organisation that ends may end by the same list."""
        for known, row, on in sorted(self.to_close, key=lambda one: -one[0].depth):
            self._close(known, row, on)

    # One row ------------------------------------------------------------

    def _one(self, row: ReadRow) -> None:
        parent, wrong = parent_of(row.record, self.tree)
        found = self._match(row)
        if found.doubt == "exists_on_other_days" and closing_day(row.record, self.terms.on):
            return self.booked.say(row, ALREADY_BOOKED)  # it ended, and the register knows
        if found.doubt:
            return self._doubtful(row, found, parent, wrong)
        if found.org is None:
            return self._new(row, parent, wrong)
        return self._known(row, found.org, found.how, parent, wrong)

    def _doubtful(self, row: ReadRow, found: Match, parent: KnownOrg | None, wrong: str) -> None:
        """As a person decided; undecided, nothing is booked."""
        self.booked.findings[row.id] = Finding(found.candidates, CHOICES_OF_DOUBT[found.doubt])
        said = self.decisions.get(row.id)
        if said is None or said.choice not in CHOICES_OF_DOUBT[found.doubt]:
            return self.booked.say(row, DOUBTFUL, found.doubt)
        if said.choice == "skip":
            return self.booked.say(row, LEFT_OUT, found.doubt)
        if said.choice == "different":
            return self._new(row, parent, wrong)
        target = self.tree.orgs.get(said.target or 0)
        if target is None or Candidate(target.org.pk, found.candidates[0].reasons) not in found.candidates:
            return self.booked.say(row, DOUBTFUL, found.doubt, "decision_outdated")
        return self._known(row, target, "decided", parent, wrong)

    def _new(self, row: ReadRow, parent: KnownOrg | None, wrong: str) -> None:
        """Found it, or say why not."""
        if closing_day(row.record, self.terms.on):
            return self.booked.say(row, REJECT, "closed_and_unknown")
        if parent is None:
            return self.booked.say(row, REJECT, wrong)
        if "kind" not in row.record:
            return self.booked.say(row, REJECT, "kind_missing")
        if not self._may(parent, OrgKind(row.record["kind"])):
            return self.booked.say(row, REJECT, "not_yours")
        with self._refusals(row):
            known = self._found(row, parent)
            self.row_of[known.org.pk] = row.id
            self.tree.enter(known)
            self.booked.say(row, What.FOUNDED, *assumed(row.record))
        return None

    def _known(self, row: ReadRow, known: KnownOrg, how: str, parent: KnownOrg | None, wrong: str) -> None:
        """The register has it: what the row says otherwise is a change or a remark."""
        if known.org.pk in self.row_of:
            return self.booked.say(row, DUPLICATE, "second_row_of_one_org")
        self.row_of[known.org.pk] = row.id
        self._remarks(row, known, how)
        if wrong and "parent" in row.record:
            self.booked.remark(row, wrong)
        if closing := closing_day(row.record, self.terms.on):
            self.to_close.append((known, row, closing))
            return self.booked.say(row, ALREADY_BOOKED)
        changes = self._changes(row, known, how, parent)
        self.booked.say(row, ALREADY_BOOKED)
        if changes and not self._may_change(known):
            return self.booked.remark(row, "not_yours")
        return self._apply(row, known, changes)

    def _apply(self, row: ReadRow, known: KnownOrg, changes: Sequence[Callable[[], None]]) -> None:
        """All of the row's changes or none."""
        before = replace(known)
        self.tree.forget_name(known)
        with self._refusals(row):
            for change in changes:
                change()
        self.tree.enter(before if self.booked.verdicts[row.id] == REJECT else known)

    def _changes(self, row: ReadRow, known: KnownOrg, how: str, parent: KnownOrg | None) -> list[Callable[[], None]]:
        """What is to be done: another name, another parent."""
        found: list[Callable[[], None]] = []
        name, short = self._names_for(row, known, how)
        if (name, short) != (known.name, known.short_name):
            found.append(lambda: self._rename(row, known, name, short))
        if parent is not None and "parent" in row.record and parent.org.pk not in {known.parent, known.org.pk}:
            found.append(lambda: self._move(row, known, parent))
        return found

    def _names_for(self, row: ReadRow, known: KnownOrg, how: str) -> tuple[str, str]:
        """The name changes only where something else than the name says who it is."""
        said, key = row.record.get("short_name", ""), row.record["name_key"]
        if how not in {"code", "former_name"} or key in {name_key(known.name), name_key(known.short_name)}:
            return known.name, said or known.short_name
        name: str = row.record["name"]
        return name, short_name_for(name, known.short_name, said)

    def _remarks(self, row: ReadRow, known: KnownOrg, how: str) -> None:
        """What the list says otherwise and the tree does not take: the kind, the founding day, an old or near name."""
        record = row.record
        if how == "old_name" or (how in {"decided", "short_name"} and record["name_key"] != name_key(known.name)):
            self.booked.remark(row, "name_differs", known.name)
        if "kind" in record and not record.get("kind_guessed") and record["kind"] != known.kind:
            self.booked.remark(row, "kind_differs", str(KINDS[known.kind]))
        founded, since = founded_to_the_day(record), known.since
        if founded and since and is_chamber(known.kind) and since not in {founded, record_begins()}:
            self.booked.remark(row, "founded_differs", since.isoformat())

    # Changes ------------------------------------------------------------

    def _found(self, row: ReadRow, parent: KnownOrg) -> KnownOrg:
        record, kind = row.record, OrgKind(row.record["kind"])
        code = record.get("code") or next_code(self.tree.federation_above(parent.org.pk), self.codes)
        since = founding_day(record, self.terms.on)
        org = directory.found_org(
            code=code, kind=kind, name=record["name"], short_name=record.get("short_name", ""), parent=parent.org,
            on=since, sample=self.terms.org.sample, **self._evidence(row),
        )  # fmt: skip
        self.codes.add(code)
        self._keep_source(org, row, What.FOUNDED)
        short = record.get("short_name", "")
        return KnownOrg(org, record["name"], short, parent.org.pk, parent.depth + 1, since, alive=True)

    def _rename(self, row: ReadRow, known: KnownOrg, name: str, short: str) -> None:
        directory.rename_org(known.org, name=name, short_name=short, on=self.terms.on, **self._evidence(row))
        self._keep_source(known.org, row, What.RENAMED)
        for column, old, new in (("name", known.name, name), ("short_name", known.short_name, short)):
            if old != new:
                self.booked.note_change(row, column, old, new)
        known.name, known.short_name = name, short
        self.booked.say(row, What.RENAMED)

    def _move(self, row: ReadRow, known: KnownOrg, parent: KnownOrg) -> None:
        if not self._may(parent, known.kind):
            raise ValidationError(_("The organisation it is to stand under is not yours."), code="not_yours")
        directory.move_org(known.org, to=parent.org, on=self.terms.on, **self._evidence(row))
        self._keep_source(known.org, row, What.MOVED)
        old = self.tree.orgs.get(known.parent or 0)
        self.booked.note_change(row, "parent", old.name if old else "", parent.name)
        known.parent, known.depth = parent.org.pk, parent.depth + 1
        self.booked.say(row, What.MOVED)

    def _close(self, known: KnownOrg, row: ReadRow, on: date) -> None:
        if not self._may_change(known):
            return self.booked.remark(row, "not_yours")
        members = Span.objects.filter(org=known.org, during__overlap=facts.days(on, None)).count()
        with self._refusals(row):
            if members:
                sentence = _("%(org)s has %(n)s members on %(day)s or later; move or end them first.")
                words = {"org": f"{known.name} ({known.org.code})", "n": members, "day": on.isoformat()}
                raise ValidationError(sentence, code="has_members", params=words)
            directory.close_org(known.org, on=on, **self._evidence(row))
            self._keep_source(known.org, row, What.CLOSED)
            self.booked.note_change(row, "closed", "", on.isoformat())
            self.booked.say(row, What.CLOSED, *([] if closed_to_the_day(row.record) else ["closed_not_to_the_day"]))
        return None

    def _evidence(self, row: ReadRow) -> dict[str, Any]:
        """What every change says of its reason: the row, and the file it stands in."""
        reason = _("List of organisations, %(sheet)s, row %(row)s") % {"sheet": row.sheet, "row": row.number}
        return {"reason": reason, "document": self.terms.documents.get(row.file), "actor": self.actor}

    def _keep_source(self, org: Org, row: ReadRow, what: str) -> None:
        OrgSource.objects.create(org=org, row_id=row.id, what=what, change=facts.last_stamp())
        detail = {"batch": self.terms.batch, "row": row.id, "what": str(what)}
        log("org.from_list", org=org.code, subject=org, detail=detail, actor=self.actor)

    def _may(self, above: KnownOrg | None, kind: OrgKind) -> bool:
        """Whether whoever handed the list in may change something of this kind below `above`: the federation it belongs
        to decides.
        """
        reach = self.terms.chambers if is_chamber(kind) else self.terms.federations
        if above is None or reach is None:
            return above is not None
        federation = self.tree.by_code.get(self.tree.federation_above(above.org.pk))
        return federation is not None and federation.org.pk in reach

    def _may_change(self, known: KnownOrg) -> bool:
        """Never the batch's own organisation: that is for the level above."""
        return known.org.pk != self.terms.org.pk and self._may(self.tree.orgs.get(known.parent or 0), known.kind)

    @contextmanager
    def _refusals(self, row: ReadRow) -> Iterator[None]:
        """What the tree refuses becomes the row's reason, in words, and nothing of the row is booked."""
        try:
            with transaction.atomic():
                yield
        except ValidationError as refusal:
            code = f"tree_{getattr(refusal, 'code', None) or 'refuses'}"[:60]
            self.booked.findings[row.id] = replace(self.booked.findings.get(row.id, Finding()), changes=())
            self.booked.say(row, REJECT)
            self.booked.remark(row, code, " ".join(refusal.messages))


def _names(row: ReadRow) -> tuple[str, str]:
    return row.record["name"], row.record.get("short_name", "")


# Taking back ------------------------------------------------------------


def take_back_organisations(sources: Iterable[OrgSource], *, actor: User) -> int:
    """Take back these changes of the tree in their order, in the caller's transaction; how many.

    Raises ValidationError for the first that something else stands on.
    """
    together = list(sources)
    for source in together:
        take_back_source(source, actor=actor)
    return len(together)


def take_back_source(source: OrgSource, *, actor: User) -> None:
    """Take back what one row of a list did to the tree. Raises ValidationError."""
    reason = _("The import was taken back")
    directory.take_back_change(source.org, change=source.change, reason=reason, actor=actor)
