"""Reads for the third step of the wizard: what is wrong with a batch, cell by cell, and what it may be mended to.

Nothing is written and no rule is decided here: what is proposed, the columns of the kind know (core/mending.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from shanglian.directory.models import User
from shanglian.imports.core.columns import Proposal, SheetKind
from shanglian.imports.core.mending import Fault, faults_of, proposals_for
from shanglian.imports.core.samples import covered_cell
from shanglian.imports.kinds import DOUBTFUL, LEFT_OUT, import_kind
from shanglian.imports.labels import PROPOSALS, Label, Words
from shanglian.imports.models import Amendment, Batch, Row, SourceFile
from shanglian.imports.pages import FATES, PROBLEMS, Figures, RowView, Trouble, letter_of
from shanglian.imports.queries import amendments_of, fetch_mended

SCANNED = 1000  # rows looked through for proposals that may be accepted together
RECENT = timedelta(minutes=30)
_DECIDED = Q(verdict=LEFT_OUT)
SHOWN: dict[str, Q] = {
    "all": PROBLEMS["problems"] & ~_DECIDED,
    "wrong": FATES["rejected"] & ~_DECIDED,
    "asked": FATES["doubtful"] | PROBLEMS["remarks"],
}


def count_of(figures: Figures, show: str) -> int:
    """How many rows a key of SHOWN has; what was left out by decision is no problem any more."""
    wrong = figures.fates["rejected"] - figures.verdicts.get("rejected", Counter())[LEFT_OUT]
    asked = figures.fates["doubtful"] + figures.remarks
    return {"all": wrong + asked, "wrong": wrong, "asked": asked}[show]


# One row ------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Place:
    """Where a cell stands, in the order of reading: file, sheet (as the file counts), row, position."""

    file: int
    sheet: int
    row: int
    position: int

    def __str__(self) -> str:
        return f"{self.file}-{self.sheet}-{self.row}-{self.position}"

    @classmethod
    def of(cls, row: Row, position: int) -> "Place":
        """The place of a cell. Reads the row's source file."""
        sheets = list(dict.fromkeys(table["sheet"] for table in row.source_file.columns))
        number = sheets.index(row.sheet) if row.sheet in sheets else len(sheets)
        return cls(row.source_file.position, number, row.number, position)

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that `str` wrote; None for anything else."""
        parts = text.split("-")
        fits = len(parts) == 4 and all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts)
        return cls(*map(int, parts)) if fits else None


@dataclass(frozen=True)
class Suggestion:
    """A proposal with what was thought of, in words; `said`: as a button says it."""

    text: str
    said: str
    why: Label


@dataclass(frozen=True)
class Spot:
    """A cell with everything that is wrong with it. `place` is None where no column of the file is meant.

    `text` is the cell itself, for who may mend it; `said` and `was` (what stands in the file) are as pages show them.
    `amendment`: as it was mended; `unchecked`: mended since the file was read; `nowhere`: the file has no such column.
    """

    troubles: list[Trouble]
    place: Place | None
    heading: str = ""
    text: str = ""
    said: str = ""
    was: str = ""
    amendment: Amendment | None = None
    unchecked: bool = False
    nowhere: bool = False
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """How bad it is: bad or warn."""
        return "bad" if any(trouble.kind == "bad" for trouble in self.troubles) else "warn"

    @property
    def hints(self) -> list[Label]:
        """What was thought of for its proposals, each once."""
        return list(dict.fromkeys(one.why for one in self.suggestions if one.why))


@dataclass(frozen=True)
class Problem:
    """A row of the table of problems: the row as every table shows it, and its spots."""

    view: RowView
    spots: list[Spot]

    @property
    def doubtful(self) -> bool:
        """A person has to say whether it is a member of the register."""
        return self.view.row.outcome == Row.Outcome.ACCEPT and self.view.row.verdict == DOUBTFUL


def problems_of(batch: Batch, views: Sequence[RowView], words: Words) -> list[Problem]:
    """Rows with their cells and proposals."""
    kind = import_kind(batch.kind).reading
    return [Problem(view, list(_spots(batch, view, kind, words))) for view in views]


def _spots(batch: Batch, view: RowView, kind: SheetKind, words: Words) -> Iterator[Spot]:
    """One spot for each cell, in the order of what is worst; what is about no cell comes together at the end."""
    row = view.row
    faults = faults_of(row.cells_read, row.table, _codes(row), kind, batch.on_day, row.number)
    placed = [(position, trouble) for trouble in view.troubles for position in _positions(trouble, faults)]
    order = list(dict.fromkeys(position for position, _ in placed))
    for position in sorted(order, key=lambda p: (p is None, order.index(p))):
        troubles = [trouble for place, trouble in placed if place == position]
        if position is None:
            nowhere = any(words.about.get(trouble.code) and trouble.code in _codes(row) for trouble in troubles)
            yield Spot(troubles, None, nowhere=nowhere)
        else:
            yield _spot(batch, row, position, troubles, _Proposing(kind, faults, words))


@dataclass(frozen=True)
class _Proposing:
    """What is needed to say what a cell may be mended to."""

    kind: SheetKind
    faults: Sequence[Fault]
    words: Words

    def suggestions(self, batch: Batch, row: Row, position: int, codes: Iterable[str]) -> list[Suggestion]:
        found: dict[str, Proposal] = {}
        for code in codes:
            own = [fault.proposals for fault in self.faults if (fault.position, fault.code) == (position, code)]
            cells = row.cells_read
            for proposal in (
                own[0] if own else proposals_for(cells, row.table, position, code, self.kind, batch.on_day, row.number)
            ):
                found.setdefault(proposal.text, proposal)
        return [self._suggestion(proposal, covered_cell(text, row.table, position)) for text, proposal in found.items()]

    def _suggestion(self, proposal: Proposal, said: str) -> Suggestion:
        why = str(self.words.proposals.get(proposal.why) or PROPOSALS.get(proposal.why, ""))
        return Suggestion(proposal.text, said, why % {"text": said, "last": proposal.text[-1:]} if why else "")


def _spot(batch: Batch, row: Row, position: int, troubles: list[Trouble], proposing: _Proposing) -> Spot:
    headings, amendment = row.table.get("headings", ()), row.mended.get(position)
    codes = [trouble.code for trouble in troubles]
    read = [code for code in codes if code in _codes(row)]
    unchecked = bool(amendment and batch.behind == Batch.Behind.READING and _is_newer(amendment, position, proposing))
    text, was = "".join(row.cells_read[position : position + 1]), row.cell(position)
    return Spot(
        troubles,
        Place.of(row, position),
        heading=(headings[position] if position < len(headings) else "") or letter_of(position),
        text=text,
        said=covered_cell(text, row.table, position),
        was=covered_cell(was, row.table, position),
        amendment=amendment,
        unchecked=unchecked,
        suggestions=[] if unchecked else proposing.suggestions(batch, row, position, read),
    )


def _is_newer(amendment: Amendment, position: int, proposing: _Proposing) -> bool:
    """The file was not read again since: what was wrong with the cell is not wrong with the text that stands there."""
    return not any(fault.position == position for fault in proposing.faults)


def _codes(row: Row) -> list[str]:
    """What reading said; what the register says besides is mended in no cell."""
    return [*row.reasons, *row.warnings]


def _positions(trouble: Trouble, faults: Sequence[Fault]) -> list[int | None]:
    """The cells that say it when they are read; else the one the words of the kind point to."""
    found: list[int | None] = [fault.position for fault in faults if fault.code == trouble.code]
    return found or [trouble.position]


def focus_of(problems: Sequence[Problem], last: Place | None) -> str:
    """The place of the next cell to be mended: the first at or behind the one just spoken of, else the first."""
    if last is None:
        return ""
    places = [spot.place for problem in problems for spot in problem.spots if spot.place is not None]
    behind = [place for place in places if place >= last]
    return str((behind or places)[0]) if places else ""


# The whole batch ------------------------------------------------------------


@dataclass(frozen=True)
class Together:
    """Proposals that may be accepted together: how many cells have this problem and exactly one sure proposal."""

    code: str
    word: Label
    cells: int


def together_of(batch: Batch, files: Mapping[int, SourceFile], words: Words) -> tuple[list[Together], bool]:
    """What may be accepted together, the most first; and whether that is all (else of the first SCANNED rows)."""
    kind = import_kind(batch.kind).reading
    found = batch.rows().exclude(_DECIDED).exclude(reasons=[], warnings=[])
    rows = list(found.only("source_file", "sheet", "number", "cells", "reasons", "warnings")[: SCANNED + 1])
    fetch_mended(rows)
    sure: Counter[str] = Counter()
    for row in rows[:SCANNED]:
        row.source_file = files[row.source_file_id]
        sure.update(
            fault.code
            for fault in faults_of(row.cells_read, row.table, _codes(row), kind, batch.on_day, row.number)
            if fault.sure
        )
    return [Together(code, words.code(code), n) for code, n in sure.most_common()], len(rows) <= SCANNED


@dataclass(frozen=True)
class Mended:
    """A cell as it was mended last: where, under which heading, what stands in the file and what is read instead (as
    pages show them), who did it.
    """

    amendment: Amendment
    file: SourceFile
    heading: str
    was: str
    text: str


def mended_places(batch: Batch) -> QuerySet[Amendment]:
    """The amendments that hold, one for each place."""
    holding = amendments_of(batch).order_by("source_file", "sheet", "number", "position", "-pk")
    return holding.distinct("source_file", "sheet", "number", "position")


def mended_of(amendments: Sequence[Amendment], files: Mapping[int, SourceFile]) -> list[Mended]:
    """The amendments with what stands in the file; one whose row is read as none of data any more is shown too."""
    numbers = {amendment.number for amendment in amendments}
    rows = {
        (row.source_file_id, row.sheet, row.number): row
        for row in Row.objects.filter(source_file__in=files, number__in=numbers).only(
            "source_file", "sheet", "number", "cells"
        )
    }
    return [_mended(amendment, files[amendment.source_file_id], rows) for amendment in amendments]


def _mended(amendment: Amendment, file: SourceFile, rows: Mapping[tuple[int, str, int], Row]) -> Mended:
    row = rows.get((file.pk, amendment.sheet, amendment.number))
    was = row.cell(amendment.position) if row else amendment.before
    table = (row or Row(sheet=amendment.sheet, number=amendment.number)).table_in(file)
    headings, position = table.get("headings", ()), amendment.position
    named = headings[position] if position < len(headings) else ""
    said = (covered_cell(text, table, position) for text in (was, amendment.text))
    return Mended(amendment, file, named or letter_of(position), *said)


def others_at_work(batch: Batch, reader: User) -> bool:
    """Somebody else said something of the draft within the last half hour."""
    return bool(batch.touched_at and batch.touched_by_id != reader.pk and batch.touched_at > timezone.now() - RECENT)
