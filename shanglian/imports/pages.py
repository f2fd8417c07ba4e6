"""Reads for the pages of this room: figures of a batch, its rows with their problems in place, what it waits for.

Nothing is written and no rule is decided here; what the codes are called is in labels.py and in the words of the
kind.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import compress
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

from shanglian.imports.core.columns import SENSITIVE
from shanglian.imports.core.samples import covered_cell
from shanglian.imports.kinds import ALREADY_BOOKED, CHANGING, DOUBTFUL, LEFT_OUT, MOVED, REFUSED_VERDICTS
from shanglian.imports.labels import EMPTY, HIDDEN, Label, Shown, Words, mended_sentence
from shanglian.imports.models import Batch, Row, SourceFile
from shanglian.imports.queries import fetch_mended
from shanglian.runtime.jobs import STALLED

Outcome, State = Row.Outcome, Batch.State
LARGE = 500 * 1024  # bytes; more is read and booked in the background
_ACCEPTED = Q(outcome=Outcome.ACCEPT)
_REMARKED = ~Q(warnings=[]) | ~Q(verdict_reasons=[])
_ASKED = _ACCEPTED & Q(finding__has_key="choices")
_OFFERED = _ACCEPTED & Q(finding__has_key="offers")
FATES: dict[str, Q] = {
    "booked": _ACCEPTED & ~Q(verdict__in=[ALREADY_BOOKED, *REFUSED_VERDICTS]),
    "already": _ACCEPTED & Q(verdict=ALREADY_BOOKED),
    "doubtful": Q(outcome=Outcome.CONFLICT) | _ACCEPTED & Q(verdict__in=[DOUBTFUL, "conflict"]),
    "rejected": Q(outcome__in=[Outcome.REJECT, Outcome.DUPLICATE])
    | _ACCEPTED & Q(verdict__in=["reject", "duplicate", LEFT_OUT]),
}
PROBLEMS: dict[str, Q] = {
    "problems": FATES["rejected"] | FATES["doubtful"] | _REMARKED,
    "rejected": FATES["rejected"],
    "doubtful": FATES["doubtful"],
    "remarks": (FATES["booked"] | FATES["already"]) & _REMARKED,
}
BOOKED: dict[str, Q] = {
    "new": FATES["booked"] & ~Q(verdict__in=[*CHANGING, MOVED]),
    "changed": _ACCEPTED & Q(verdict__in=CHANGING),
    "moved": _ACCEPTED & Q(verdict=MOVED),
}
CHOICES: dict[str, Q] = {"all": Q(), **FATES, **BOOKED, **PROBLEMS, "unbooked": FATES["rejected"] | FATES["doubtful"]}


def said_of(code: str) -> Q:
    """Rows of which this code is said, by reading or by the register; "" is every row."""
    about = Q(reasons__contains=[code]) | Q(warnings__contains=[code]) | Q(verdict_reasons__contains=[code])
    return about if code else Q()


def fate_of(outcome: str, verdict: str) -> str:
    """What became (or will become) of a row: a key of FATES. The same rule as its filters."""
    decided = verdict if outcome == Outcome.ACCEPT else outcome
    if decided in {"reject", "duplicate", LEFT_OUT}:
        return "rejected"
    if decided in {DOUBTFUL, "conflict"}:
        return "doubtful"
    return "already" if decided == ALREADY_BOOKED else "booked"


# Figures ------------------------------------------------------------


@dataclass
class Figures:
    """Rows of a batch by what becomes of them; `verdicts` splits each fate, `remarks`: booked ones with a warning."""

    fates: Counter[str] = field(default_factory=Counter)
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    remarks: int = 0
    open: int = 0  # doubtful, and a person may decide
    decided: int = 0
    offered: int = 0  # booked without being asked about, and a person may decide otherwise

    @property
    def total(self) -> int:
        return self.fates.total()

    @property
    def unbooked(self) -> int:
        return self.fates["rejected"] + self.fates["doubtful"]

    @property
    def problems(self) -> int:
        return self.unbooked + self.remarks

    def count(self, choice: str) -> int:
        """How many rows a key of CHOICES has."""
        whole = {
            "all": self.total,
            "problems": self.problems,
            "remarks": self.remarks,
            "unbooked": self.unbooked,
        }
        if choice in BOOKED:
            return self.split(choice).total()
        return whole.get(choice, self.fates[choice])

    def split(self, choice: str) -> Counter[str]:
        """The verdicts a fate, or a part of what is booked (a key of BOOKED), consists of."""
        if choice not in BOOKED:
            return self.verdicts.get(choice, Counter())
        parts = self.verdicts.get("booked", Counter())
        part_of = dict.fromkeys(CHANGING, "changed") | {MOVED: "moved"}
        return Counter({code: n for code, n in parts.items() if part_of.get(code, "new") == choice})


def figures_of(batches: Collection[UUID]) -> dict[UUID, Figures]:
    """The figures of each batch, in one query."""
    found = {pk: Figures() for pk in batches}
    groups = (
        Row.objects.filter(source_file__batch__in=list(batches))
        .order_by()
        .values_list("source_file__batch_id", "outcome", "verdict")
        .annotate(n=Count("pk"), remarked=Count("pk", filter=_REMARKED), asked=Count("pk", filter=_ASKED))
        .annotate(offered=Count("pk", filter=_OFFERED))
    )
    for pk, outcome, verdict, number, remarked, asked, offered in groups:
        figures, fate = found[pk], fate_of(outcome, verdict)
        figures.fates[fate] += number
        code = verdict if outcome == Outcome.ACCEPT else outcome
        figures.verdicts.setdefault(fate, Counter())[code] += number
        figures.remarks += remarked if fate in {"booked", "already"} else 0
        figures.open += asked if code == DOUBTFUL else 0
        figures.decided += asked if code != DOUBTFUL else 0
        figures.offered += offered
    return found


def doubts_of(batch: Batch) -> QuerySet[Row]:
    """Rows about which a person has to decide or has decided."""
    return batch.rows().filter(_ASKED)


def offers_of(batch: Batch) -> QuerySet[Row]:
    """Rows that are booked without being asked about, and of which a person may say otherwise."""
    return batch.rows().filter(_OFFERED)


# Waiting ------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """What a batch waits for. `stage`: queued, running, stopping (it was asked to), no_worker (nobody takes jobs; the
    oldest since `since`), lost (no job at all).
    """

    stage: str
    since: datetime | None = None


def is_large(batch: Batch) -> bool:
    total = batch.files.aggregate(total=Sum("document__size"))["total"]
    return bool(total and total > LARGE)


def waiting_for(batch: Batch) -> Waiting | None:
    """None when the batch stands still: there is something to look at or to decide."""
    if batch.state in {State.COMMITTED, State.UNDONE}:
        return None
    active = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    job = active.filter(lock=f"batch-{batch.pk}").select_related("worker").order_by("status").first()
    if job is None:
        still = batch.failure or batch.awaits_names or batch.state in {State.PREVIEWED, State.FAILED, State.DISCARDED}
        return None if still else Waiting("lost")
    if job.status == "doing" and _is_alive(job.worker):
        return Waiting("stopping" if job.abort_requested else "running", _deferred_at([job.pk]))
    if any(map(_is_alive, ProcrastinateWorker.objects.all())):
        return Waiting("queued", _deferred_at([job.pk]))
    return Waiting("no_worker", _deferred_at(active.values_list("pk", flat=True)))


def known_progress(batch: Batch, waiting: Waiting) -> str:
    """What a page that waits shows already: the same again means that there is nothing new."""
    return "-".join([batch.state, waiting.stage, *map(str, batch.progress.values())])


def _is_alive(worker: ProcrastinateWorker | None) -> bool:
    return worker is not None and worker.last_heartbeat > timezone.now() - timedelta(seconds=STALLED)


def _deferred_at(jobs: Iterable[int]) -> datetime | None:
    events = ProcrastinateEvent.objects.filter(job__in=jobs, type="deferred")
    oldest: datetime | None = events.aggregate(at=Min("at"))["at"]
    return oldest


# Rows ------------------------------------------------------------


def headed_cells(row: Row) -> list[tuple[str, str]]:
    """(heading, cell) of a row as handed in, in the order of the sheet; a column without either is left out.

    A column without a heading goes by its letter; a mended cell says what it was, what it is and by whom; of sensitive
    columns nothing is shown, of telephones the middle is covered. Reads the row's source file and its mended cells.
    """
    headings, hidden = table_of(row).get("headings", []), table_of(row).get("columns", {}).get(SENSITIVE, ())
    width = max(len(headings), len(row.cells_read))
    cells = [str(HIDDEN) if n in hidden else _as_handed_in(row, n) for n in range(width)]
    pairs = [(headings[n] if n < len(headings) else "", cell) for n, cell in enumerate(cells)]
    return [(heading or letter_of(n), cell) for n, (heading, cell) in enumerate(pairs) if heading or cell]


def _as_handed_in(row: Row, position: int) -> str:
    amendment, table = row.mended.get(position), table_of(row)
    if amendment is None:
        return covered_cell(row.cell(position), table, position)
    was, now = (covered_cell(text, table, position) for text in (row.cell(position), amendment.text))
    return mended_sentence(amendment, was, now)


def letter_of(position: int) -> str:
    """A, B, … Z, AA, …: the column as a spreadsheet calls it, from position 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = ascii_uppercase[rest] + letters
    return letters


def table_of(row: Row) -> Mapping[str, Any]:
    """The table a row stands in. Reads the row's source file."""
    return row.table


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong: how bad, in words, and the heading and cell it is about (None: none in particular), as
    pages show it.
    """

    kind: str
    what: Label
    heading: str = ""
    cell: str | None = None
    position: int | None = None
    before: str = ""  # what the register says
    code: str = ""


@dataclass(frozen=True)
class GridCell:
    """`mark`: e wrong, w doubtful, f corrected; `why` says it in words (for f, what the file says)."""

    label: Label
    text: str
    mark: str = ""
    why: Label = ""
    right: bool = False


@dataclass(frozen=True)
class Change:
    """What a row changes in the register: of which particular, from what to what ("" for nothing)."""

    field: Label
    old: str
    new: str


@dataclass(frozen=True)
class RowView:
    """A row as the page shows it: what became of it, what is wrong, its clean record, and where it stands."""

    row: Row
    file: SourceFile
    title: str
    fate: str
    verdict: Label
    troubles: list[Trouble]
    grid: list[GridCell]
    same_as: tuple[str, str] | None
    link: str
    changes: list[Change] = field(default_factory=list)

    @property
    def cells(self) -> list[tuple[str, str]]:
        return headed_cells(self.row)


def row_views(rows: Sequence[Row], files: Mapping[int, SourceFile], words: Words, *, links: bool) -> list[RowView]:
    """The rows with everything a table needs, their mended cells included.

    `links`: look up what was booked from each (one query of the kind).
    """
    fetch_mended(rows)
    booked = words.links([row.pk for row in rows]) if links and rows else {}
    return [_row_view(row, files[row.source_file_id], words, booked.get(row.pk, "")) for row in rows]


def without_empty_columns(views: Sequence[RowView]) -> list[RowView]:
    """The same rows, their grid without the columns in which none of them has anything."""
    filled = [
        any(cell.text or cell.mark for cell in column) for column in zip(*(view.grid for view in views), strict=True)
    ]
    return [replace(view, grid=list(compress(view.grid, filled))) for view in views]


def _row_view(row: Row, file: SourceFile, words: Words, link: str) -> RowView:
    row.source_file = file  # spares a query
    columns = table_of(row).get("columns", {})
    fate = fate_of(row.outcome, row.verdict)
    sheet, _, number = row.same_as.rpartition("!")
    return RowView(
        row=row,
        file=file,
        title=str(row.record.get(words.title_column) or _cell(row, columns, [words.title_column])[1] or ""),
        fate=fate,
        verdict=words.verdicts.get(row.verdict, ""),
        troubles=list(_troubles(row, columns, words)),
        grid=[_grid_cell(shown, row, columns, words) for shown in words.columns],
        same_as=(sheet, number) if number else None,
        link=link,
        changes=changes_of(row, words),
    )


def changes_of(row: Row, words: Words) -> list[Change]:
    """What the last dry run found that this row changes."""
    found = (row.finding or {}).get("changes", ())
    return [Change(words.fields.get(one["field"], one["field"]), one["old"], one["new"]) for one in found]


def _codes(row: Row) -> list[tuple[str, str]]:
    """(kind of mark, code) of everything said about the row, the worst first."""
    wrong = fate_of(row.outcome, row.verdict) == "rejected" and row.verdict != LEFT_OUT
    bad = "bad" if wrong else "warn"
    codes = dict.fromkeys((*row.reasons, *row.verdict_reasons), bad)
    return [(kind, code) for code, kind in (codes | dict.fromkeys(row.warnings, "warn") | codes).items()]


def troubles_of(row: Row, words: Words) -> list[Trouble]:
    """Everything that is said about a row, the worst first. Reads the row's source file."""
    return list(_troubles(row, table_of(row).get("columns", {}), words))


def _troubles(row: Row, columns: Mapping[str, list[int]], words: Words) -> Iterable[Trouble]:
    headings = table_of(row).get("headings", [])
    register: Mapping[str, str] = (row.finding or {}).get("before", {})
    for kind, code in _codes(row):
        position, cell = _cell(row, columns, words.about.get(code, ()))
        before = register.get(code, "")
        if position is None:
            yield Trouble(kind, words.code(code), before=before, code=code)
        else:
            heading = headings[position] if position < len(headings) else ""
            cell = covered_cell(cell, table_of(row), position)
            yield Trouble(kind, words.code(code), heading or letter_of(position), cell, position, before, code)


def _cell(row: Row, columns: Mapping[str, list[int]], keys: Iterable[str]) -> tuple[int | None, str]:
    """Position and content of the column meant: first one whose content reading left out, then one that says
    anything at all; else the first, empty.
    """
    places = [(key, position) for key in keys for position in columns.get(key, ())]
    cells = row.cells_read
    filled = [(key, n) for key, n in places if n < len(cells) and cells[n].strip()]
    left_out = [(key, n) for key, n in filled if not row.record.get(key)]
    for _key, position in (*left_out, *filled):
        return position, " ".join(cells[position].split())
    return (places[0][1], "") if places else (None, "")


def _grid_cell(shown: Shown, row: Row, columns: Mapping[str, list[int]], words: Words) -> GridCell:
    position, raw = _cell(row, columns, shown.columns)
    text, said = shown.write(row.record), covered_cell(raw, table_of(row), position or 0)
    for kind, code in _codes(row):
        if _is_about(code, shown, row, columns, words):
            mark = "e" if kind == "bad" else "w"
            return GridCell(shown.label, text or said, mark, words.code(code), shown.right)
    if position is not None and position in row.mended:
        was = covered_cell(row.cell(position), table_of(row), position)
        return GridCell(shown.label, text or said, "f", was or EMPTY, shown.right)
    corrected = shown.corrects and text and raw and raw != text
    return GridCell(shown.label, text, "f" if corrected else "", said if corrected else "", shown.right)


def _is_about(code: str, shown: Shown, row: Row, columns: Mapping[str, list[int]], words: Words) -> bool:
    """Whether the cell this code is about stands in the shown column."""
    position, _content = _cell(row, columns, words.about.get(code, ()))
    return any(position in columns.get(key, ()) for key in shown.columns)
