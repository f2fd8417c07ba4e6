"""What an import kind must be able to do: the contract between the import machine and the rooms above it.

Kinds are named by dotted path in `settings.IMPORT_KINDS`; this room knows no member, plan or standard. The
machine (imports/actions.py) keeps files and rows, runs the dry run, locks, commits and undoes; a kind says
how a sheet is read (`reading`) and what its rows mean for the register (`book`, `blockers`, `unbook`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from shanglian.directory.models import User
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.models import Batch

if TYPE_CHECKING:
    from shanglian.imports.labels import Words

ALREADY_BOOKED = "already_booked"  # a verdict with a column of its own in every summary
DOUBTFUL = "doubtful"  # a verdict: nothing is booked, a person has to decide
LEFT_OUT = "left_out"  # a verdict: nothing is booked, a person decided so
CHANGED = "changed"  # a verdict: it is there already, and what is known of it changes
MOVED = "moved"  # a verdict: it goes from one organisation to another
CHANGING = frozenset({CHANGED, "renamed", "closed", "ended"})  # verdicts of what is there and is shown old → new
LEFT = "left"  # a count beside the verdicts: ended, because a complete list does not name it and a person said so
REFUSED_VERDICTS = frozenset({"reject", "duplicate", "conflict", DOUBTFUL, LEFT_OUT})  # nothing was booked from it


class ReadRow(NamedTuple):
    """One row of the batch as it was read; `id` is the key of `imports.Row` (the ledger's source row).

    A tuple, because a large batch packs and unpacks its rows several times.
    """

    id: int
    file: int  # position of its file in the batch, from 0
    sheet: str
    number: int  # as the spreadsheet counts, from 1
    record: Mapping[str, Any]  # JSON-ready clean values; what the row does not say is left out
    outcome: str  # accept, reject, duplicate, conflict: what reading made of it
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a doubtful row may be: an id of the kind's own, and in what it agrees with the row (codes)."""

    target: int
    reasons: tuple[str, ...] = ()
    leaves: int | None = None  # the organisation it would leave, if it has moved here


@dataclass(frozen=True, slots=True)
class Change:
    """A value the row brings: key of its column, what the register says, what the row says; as pages show them."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What there is to say of one row beside its verdict.

    `choices`: what a person may decide about it (values of models.Decision.Choice), empty when there is nothing to
    decide. `offers`: the same, of a row that is booked without being asked about. `proposed`: which of the choices is
    likely. `lands`: the organisation the row belongs to, where it is not the batch's. `before`: code of a remark → what
    the register says. `changes`: what the row changes, old → new.
    """

    candidates: tuple[Candidate, ...] = ()
    choices: tuple[str, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    offers: tuple[str, ...] = ()
    proposed: str = ""
    lands: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person said of a row: "same" (as `target`), "moved" (`target`, from the organisation `leaves` to here),
    "different" or "skip".
    """

    choice: str
    target: int | None = None
    leaves: int | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Whom a complete list does not name: an id of the kind's own, its name, and why this import cannot end it ("": it
    can).
    """

    target: int
    title: str
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Parting:
    """What a person said of somebody a complete list does not name: "left" or "stays", and why."""

    choice: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """What booking did, or in a dry run would do.

    `verdicts`: row id → code. The kind's own words for what was booked ("joined", "opening", "changed", …),
    ALREADY_BOOKED when the register holds it already, or one of REFUSED_VERDICTS when nothing was booked.
    Rows it leaves out keep their reading outcome as verdict. `counts`: code → how many, for the preview's
    summary. `detail`: JSON for the preview page (for example firms that are members elsewhere). `absent`: everyone a
    complete list does not name, whatever was decided of them (queries.absences_decided). `reasons`: row id → further
    codes. `findings`: row id → candidates and remarks; of a row that was
    decided about too, so that a mind can be changed. `recorded`: how much was written beside the verdicts.
    """

    verdicts: Mapping[int, str]
    counts: Mapping[str, int]
    detail: Mapping[str, Any] = field(default_factory=dict)
    reasons: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    findings: Mapping[int, Finding] = field(default_factory=dict)
    recorded: int = 0
    absent: Sequence[Absent] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """Which rights (verbs of directory/grants.py) the steps of an import of this kind need at its organisation.

    `take`: to take its files and rows away, with everything in them that pages cover.
    """

    view: str = "imports.view"
    upload: str = "imports.upload"
    commit: str = "imports.commit"
    take: str = "imports.upload"


class ImportKind(Protocol):
    """`label`: what the pages call such a list. `options`: which of "complete" and "history" it knows."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str | Promise: ...

    @property
    def rights(self) -> Rights: ...

    @property
    def options(self) -> frozenset[str]: ...

    @property
    def words(self) -> "Words": ...

    @property
    def reading(self) -> SheetKind: ...

    def book(self, batch: Batch, rows: Sequence[ReadRow], *, actor: User) -> Booking:
        """Books the batch in the caller's transaction (a dry run is rolled back by the caller).

        `rows`: every row of the batch, file by file, in sheet order, whatever its outcome: only those with
        outcome "accept" may be booked, the others tell a complete roster that the firm is named. Made for walking
        from top to bottom (core/pages.py). It takes the ledger lock itself. What people decided about doubtful rows
        (queries.decisions_of) it honours.
        """
        ...

    def blockers(self, batch: Batch) -> list[str]:
        """Why a committed batch cannot be undone: one sentence each, empty when it can."""
        ...

    def unbook(self, batch: Batch, *, actor: User) -> int:
        """Reverses every movement of the batch in the caller's transaction; how many were reversed."""
        ...


def import_kind(key: str) -> ImportKind:
    """The kind with this key; KeyError when the settings name none."""
    kind: ImportKind = import_string(settings.IMPORT_KINDS[key])
    return kind


def import_kinds() -> list[ImportKind]:
    """Every kind of the installation, in the order of the settings."""
    return [import_kind(key) for key in settings.IMPORT_KINDS]
