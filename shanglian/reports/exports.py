"""The home page as a workbook: targets, ranking, movements, each row with what its figure is.

Figures stand as numbers, so that they can be summed; every text is written as text, so that no name runs as a formula.
The sheet of definitions says by which organisation, day, state of knowledge, count and tree they were counted.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import IO

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from shanglian.common.core.numbers import percent
from shanglian.common.workbooks import TextBook, text_book
from shanglian.members.core.statistics import MovementRow
from shanglian.members.labels import CATEGORIES
from shanglian.plans.labels import base_label, soft_word_label, standing_label, state_label, unit_of
from shanglian.reports.below import Line
from shanglian.reports.home import Home, Movements
from shanglian.reports.movement_words import COLUMNS
from shanglian.reports.standing import Standing
from shanglian.reports.words import in_language

Cell = str | int | Fraction | None


def write_progress(target: IO[bytes], home: Home) -> None:
    """Everything the page tells of the organisation on its day, written into `target`."""
    with text_book(target) as book:
        _targets(book, home)
        _ranking(book, home)
        if home.movements:
            _movements(book, home.movements)
        _definitions(book, home)


def _targets(book: TextBook, home: Home) -> None:
    headings = [
        _("Target"), _("Unit"), _("Actual"), _("Numerator"), _("Denominator"), _("Source of the denominator"), _("Due"),
        _("Gap"), _("State"), _("Base"), _("Kind of base"), _("Base day"), _("Register's base"), _("Goal"),
        _("Soft word"), _("Target day"), _("Needed per month"), _("Clause"), _("Standing"),
    ]  # fmt: skip
    sheet = book.add_sheet(_("Targets"), headings, [24, 8, *[12] * 17])
    _write(book, sheet, (_target_row(one) for one in home.targets.values()))


def _target_row(one: Standing) -> list[Cell]:
    status, reading = one.status, one.status.reading
    return [
        in_language(one.indicator.name), unit_of(one.indicator), one.actual, reading.numerator,
        reading.denominator, reading.denominator_source, one.due, one.gap, state_label(status.state), status.base,
        base_label(status.base_kind), status.target.base.day.isoformat(), status.register_base, one.goal,
        soft_word_label(status.target.soft_word), status.target.day.isoformat(), status.pace_needed_per_month,
        status.target.clause, standing_label(status.official),
    ]  # fmt: skip


def _ranking(book: TextBook, home: Home) -> None:
    headings = [
        _("Target"), _("Rank"), _("Code"), _("Organisation"), _("Ranked"), _("Actual"), _("Due"), _("Gap"),
        _("Completion"), _("State"), _("Standing"),
    ]  # fmt: skip
    sheet = book.add_sheet(_("Ranking"), headings, [24, 6, 14, 20, *[12] * 7])
    below = home.below
    rows = [
        *(_ranking_row(line, one, _("yes")) for line in below.counties for one in line.standings.values()),
        *(_ranking_row(line, one, _("no: zone")) for line in below.zones for one in line.standings.values()),
    ]
    _write(book, sheet, rows)


def _ranking_row(line: Line, one: Standing, ranked: str) -> list[Cell]:
    by_this = line.standing is not None and line.standing.indicator == one.indicator
    return [
        in_language(one.indicator.name), line.rank if by_this else None, line.org.code, line.name, ranked, one.actual,
        one.due, one.gap, percent(one.done) if one.is_known else None, state_label(one.status.state),
        standing_label(one.status.official),
    ]  # fmt: skip


def _movements(book: TextBook, moved: Movements) -> None:
    headings = [_("Line"), *(str(CATEGORIES[name]) for name in moved.categories), _("Total")]
    sheet = book.add_sheet(_("Movement"), headings, [16, *[14] * len(headings)])
    columns: list[MovementRow] = [*moved.columns, moved.total]
    _write(
        book, sheet, ([str(label), *(getattr(row, name) for row in columns)] for name, (label, _s) in COLUMNS.items())
    )


def _definitions(book: TextBook, home: Home) -> None:
    sheet = book.add_sheet(_("Definitions"), [_("What"), _("Value")], [28, 60])
    moved = home.movements
    _write(
        book,
        sheet,
        [
            [_("Organisation"), f"{home.org.code} {home.name}"],
            [_("At the end of"), home.day.isoformat()],
            [_("Known on (data version)"), home.known_on.isoformat()],
            [_("Count"), _("heads: members counted once, at their home (heads)")],
            [_("Tree"), _("the organisations below on that day (then)")],
            [_("Movement from"), moved.since.isoformat() if moved else None],
            [_("Movement to"), moved.until.isoformat() if moved else None],
            [_("Plan"), f"{home.plan.id} {home.plan.number}" if home.plan else None],
            [_("Due"), _("interpolated along the plan's path unless the plan prints it; not official unless issued")],
        ],
    )


def _write(book: TextBook, sheet: Worksheet, rows: Iterable[Sequence[Cell]]) -> None:
    """Numbers as numbers, texts as texts; what is not known stays empty."""
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, book.styles.text)
            elif cell is not None:
                exact = int(cell) if Fraction(cell).denominator == 1 else float(cell)
                sheet.write_number(at, column, exact, book.styles.number)
