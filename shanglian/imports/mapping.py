"""The tables of a draft as the columns page shows them: what each column holds, what it is taken for, and how surely.

Reads only; the rules are in core/naming.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shanglian.imports.core.columns import Confirmed, SheetKind
from shanglian.imports.core.naming import Fault, Naming, Sign, faults_of, letter_of, sign_of
from shanglian.imports.labels import Label, Words
from shanglian.imports.models import SourceFile
from shanglian.imports.queries import naming_of

Place = tuple[int, str, int]  # position of the file, sheet, last row of the headings


@dataclass(frozen=True)
class ColumnLine:
    """One column of a table. `name`: of its control; `key`: what it is taken for, "" for nothing; `label` says it."""

    name: str
    letter: str
    heading: str
    samples: Sequence[str]
    key: str
    label: Label
    sign: Sign
    wrong: bool


@dataclass(frozen=True)
class TableView:
    """A table of one of the files. `headless`: its first row is one of data already, as `begins` (its control) says.
    `unread`: nothing of it was recognised; `faults`: why it cannot be read so."""

    number: int
    file: SourceFile
    sheet: str
    heading_row: int
    unread: bool
    headless: bool
    begins: str
    lines: list[ColumnLine] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def looks(self) -> int:
        """How many of its columns somebody should look at; what was not recognised at all is asked for elsewhere."""
        return 0 if self.unread else sum(line.sign == Sign.LOOK for line in self.lines)

    @property
    def used(self) -> int:
        return sum(bool(line.key) for line in self.lines)

    @property
    def unused(self) -> int:
        return len(self.lines) - self.used


def fields_of(kind: SheetKind, words: Words) -> list[tuple[str, Label, bool]]:
    """(key, what it is called, whether required) of every column the kind knows, in its order."""
    return [
        (column.key, words.fields.get(column.key) or (*column.headings, column.key)[0], column.required)
        for column in kind.columns
    ]


def table_views(
    files: Sequence[SourceFile],
    kind: SheetKind,
    words: Words,
    confirmed: Confirmed,
    chosen: Mapping[Place, Naming] | None = None,
    beginnings: Mapping[Place, bool] | None = None,
) -> list[TableView]:
    """Every table of the files. `chosen` and `beginnings`: what somebody has just chosen and may be wrong; without it,
    as it is read.
    """
    labels = {key: label for key, label, _required in fields_of(kind, words)}
    views: list[TableView] = []
    for file in files:
        said = {(one["sheet"], one["heading_row"], one["position"]) for one in file.said}
        for index, table in enumerate(file.columns):
            place = (file.position, table["sheet"], table["heading_row"])
            naming = (chosen or {}).get(place) or naming_of(table)
            faults = faults_of(naming, kind) if chosen else []
            lines = _lines(file, index, naming, said, kind, confirmed, labels, faults)
            unread = not table["columns"] and not any(key[:2] == place[1:] for key in said)
            sentences = [_fault_sentence(fault, table["sheet"], labels) for fault in faults]
            headless = (beginnings or {}).get(place, not any(table["headings"]))
            views.append(
                TableView(
                    len(views) + 1, file, *place[1:], unread, headless, begins_name(file, index), lines, sentences
                )
            )
    return views


def _lines(
    file: SourceFile,
    index: int,
    naming: Naming,
    said: Collection[tuple[str, int, int]],
    kind: SheetKind,
    confirmed: Confirmed,
    labels: Mapping[str, Label],
    faults: Sequence[Fault],
) -> list[ColumnLine]:
    table = file.columns[index]
    wrong = {position for fault in faults for position in fault.positions}
    found = []
    for position, heading, samples in _columns(table):
        key = naming.get(position, "")
        spoken = (table["sheet"], table["heading_row"], position) in said
        sign = sign_of(heading, key, samples, kind, confirmed, said=spoken)
        letter, label = letter_of(position, table["sheet"]), labels.get(key, key)
        name = control_name(file, index, position)
        found.append(ColumnLine(name, letter, heading, samples, key, label, sign, position in wrong))
    return found


def _columns(table: Mapping[str, Any]) -> list[tuple[int, str, list[str]]]:
    """(position, heading, samples) of every column with a heading, with content or with a meaning."""
    headings, samples, used = table["headings"], table.get("samples", []), naming_of(table)
    width = max(len(headings), len(samples), max(used, default=-1) + 1)
    columns = [
        (n, headings[n] if n < len(headings) else "", samples[n] if n < len(samples) else []) for n in range(width)
    ]
    return [column for column in columns if column[1] or column[2] or column[0] in used]


def control_name(file: SourceFile, table: int, position: int) -> str:
    return f"column-{file.position}-{table}-{position}"


def begins_name(file: SourceFile, table: int) -> str:
    return f"begins-{file.position}-{table}"


def chosen_beginnings(post: QueryDict, files: Sequence[SourceFile]) -> dict[Place, bool]:
    """Whether the first row of a table is one of data already, of every table of which a form says it."""
    return {
        (file.position, table["sheet"], table["heading_row"]): post[begins_name(file, index)] == "data"
        for file in files
        for index, table in enumerate(file.columns)
        if begins_name(file, index) in post
    }


def chosen_columns(post: QueryDict, files: Sequence[SourceFile]) -> dict[Place, dict[int, str]]:
    """What a form of the page says of every table; a column it does not speak of stays as it is."""
    return {
        (file.position, table["sheet"], table["heading_row"]): {
            position: post.get(control_name(file, index, position), naming_of(table).get(position, ""))
            for position, _heading, _samples in _columns(table)
        }
        for file in files
        for index, table in enumerate(file.columns)
    }


def _fault_sentence(fault: Fault, sheet: str, labels: Mapping[str, Label]) -> str:
    label = labels.get(fault.key, fault.key)
    if fault.code == "column_missing":
        return _("No column is “%(field)s”; say which one it is.") % {"field": label}
    letters = _(", ").join(letter_of(position, sheet) for position in fault.positions)
    if fault.code == "column_twice":
        sentence = _("“%(field)s” may be one column only; it was chosen for %(columns)s.")
        return sentence % {"field": label, "columns": letters}
    return _("Choose again for %(columns)s.") % {"columns": letters}
