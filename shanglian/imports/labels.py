"""What this room's codes are called on a page, and the words a kind of import adds for its own.

Generic codes only: what "opening" or "unified code" mean belongs to the room of the kind. Sentences about whole
files and refusals are in wording.py, where the commands find them too.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shanglian.directory.models import User
from shanglian.imports.kinds import import_kind
from shanglian.imports.models import Absence, Amendment, Batch, Decision
from shanglian.imports.wording import REFUSED, UNREADABLE, Pair, refused, unreadable

Label = str | Promise
State = Batch.State

# state → (kind of tag, icon, word)
STATES: dict[str, tuple[str, str, Label]] = {
    State.RECEIVED: ("info", "hourglass", gettext_lazy("Waiting to be read")),
    State.READ: ("info", "hourglass", gettext_lazy("Being checked")),
    State.PREVIEWED: ("warn", "clock", gettext_lazy("To be committed")),
    State.COMMITTING: ("info", "hourglass", gettext_lazy("Being committed")),
    State.COMMITTED: ("ok", "circle-check", gettext_lazy("Committed")),
    State.UNDONE: ("", "rotate-clockwise-2", gettext_lazy("Taken back")),
    State.FAILED: ("bad", "file-alert", gettext_lazy("Unreadable")),
    State.DISCARDED: ("", "x", gettext_lazy("Discarded")),
}
STOPPED = ("bad", "alert-circle", gettext_lazy("Stopped, nothing booked"))
NAMELESS = ("warn", "columns-3", gettext_lazy("Columns to be named"))
NOTHING_NEW = ("", "equal", gettext_lazy("Nothing to book"))

# the four things that can become of a row → (kind of tag, icon, word on a tab)
FATES: dict[str, tuple[str, str, Label]] = {
    "booked": ("ok", "circle-check", gettext_lazy("To be booked")),
    "already": ("info", "info-circle", gettext_lazy("Already in the register")),
    "doubtful": ("warn", "alert-triangle", gettext_lazy("Doubtful")),
    "rejected": ("bad", "circle-x", gettext_lazy("Rejected")),
}
BOOKED_BY_STATE: dict[str, Label] = {
    State.COMMITTED: gettext_lazy("Booked"),
    State.UNDONE: gettext_lazy("Booked, then taken back"),
}

DECISIONS: dict[str, Label] = {
    Decision.Choice.SAME: gettext_lazy("The same"),
    Decision.Choice.MOVED: gettext_lazy("Has moved here"),
    Decision.Choice.DIFFERENT: gettext_lazy("Another firm"),
    Decision.Choice.SKIP: gettext_lazy("Left out"),
}

PARTINGS: dict[str, Label] = {
    Absence.Choice.LEFT: gettext_lazy("Has left"),
    Absence.Choice.STAYS: gettext_lazy("Stays"),
}

CODES: dict[str, Label] = {
    "duplicate": gettext_lazy("An earlier row names the same firm"),
    "same_name_other_id": gettext_lazy("An earlier row has this name with another number"),
    "name_differs_for_same_id": gettext_lazy("The earlier row with this number has another name"),
    "values_differ": gettext_lazy("Two columns for the same thing say different things"),
    "decision_outdated": gettext_lazy("The register has changed since this row was decided; decide again"),
    "blank_in_group": gettext_lazy("Blank, and only the first row of its group says it"),
    "no_headings": gettext_lazy("No row of headings was found in this sheet; none of its rows was read"),
}


PROPOSALS: dict[str, Label] = {"group_above": gettext_lazy("The first row of the group says %(text)s.")}


@dataclass(frozen=True)
class Shown:
    """A column of the preview grid. `write` makes its text from a clean record; `columns`: sheet columns behind it.

    `corrects`: where the cell as handed in differs, the grid marks it as corrected and says what it was.
    """

    label: Label
    write: Callable[[Mapping[str, Any]], str]
    columns: tuple[str, ...]
    right: bool = False
    corrects: bool = False


@dataclass(frozen=True)
class Notice:
    """Something the dry run found beside the rows: a heading, a sentence, names (the first of `total`), the code its
    rows carry.
    """

    title: str
    text: str
    names: list[str]
    total: int
    code: str = ""


@dataclass(frozen=True)
class Compared:
    """A line of the comparison of a doubtful row with its candidates. `write` makes the row's side from its record."""

    key: str
    label: Label
    write: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Known:
    """A candidate as the review shows it: key of a line → texts, of which one may equal the row's; "" for no link."""

    title: str
    link: str
    facts: Mapping[str, Sequence[str]]


FIRM = gettext_lazy("Firm")


@dataclass(frozen=True)
class Words:
    """What a kind (its attribute `words`) tells the pages; without it they show the codes.

    `verdicts`, `codes`: code → what it is called. `about`: code → the sheet columns it is about, likeliest first.
    `notices` reads Booking.detail; `links`: row ids → address of what was booked from each; `register`: an
    organisation's code → address of its register. For the review of doubtful rows: `likenesses` (code → in what a
    candidate agrees), `compared` (the lines) and `known` (candidates by id, as a reader may see them). `fields`: key of
    a column, and of a particular that a row changes → its name. For whom a complete list does not name: `absentees`
    (targets by id, facts "number", "since", "also"), `obstacles` (code → why the import cannot end it), `leaving`
    (reasons that are offered).
    `proposals`: why a cell may be mended so, with %(text)s for the whole and %(last)s for its last sign.
    `asked`: choice (also "link", to a candidate, and "register") → what its button says; `decided`: choice → what it
    is called then.
    `subject`: what a row is about; `undoing`: what taking back means, where it is no ledger that is reversed.
    """

    verdicts: Mapping[str, Label] = field(default_factory=dict)
    codes: Mapping[str, Label] = field(default_factory=dict)
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[Shown, ...] = ()
    title_column: str = "name"
    notices: Callable[[Mapping[str, Any]], list[Notice]] = lambda detail: []
    links: Callable[[Collection[int]], Mapping[int, str]] = lambda ids: {}
    register: Callable[[str], str] = lambda org_code: ""
    likenesses: Mapping[str, Label] = field(default_factory=dict)
    compared: tuple[Compared, ...] = ()
    known: Callable[[Collection[int], User], Mapping[int, Known]] = lambda ids, reader: {}
    fields: Mapping[str, Label] = field(default_factory=dict)
    absentees: Callable[[Collection[int], User], Mapping[int, Known]] = lambda ids, reader: {}
    obstacles: Mapping[str, Label] = field(default_factory=dict)
    leaving: tuple[Label, ...] = ()
    proposals: Mapping[str, Label] = field(default_factory=dict)
    asked: Mapping[str, Label] = field(default_factory=dict)
    decided: Mapping[str, Label] = field(default_factory=dict)
    subject: Label = FIRM
    undoing: Label = ""

    def code(self, code: str) -> Label:
        return self.codes.get(code) or CODES.get(code, code)


def words_of(kind: str) -> Words:
    """What this kind tells the pages."""
    return import_kind(kind).words


# Sentences ------------------------------------------------------------

EMPTY = gettext_lazy("(empty)")
HIDDEN = gettext_lazy("(personal; not taken over, not shown)")
MENDED = gettext_lazy("as handed in: %(cell)s; mended to %(text)s by %(who)s")


def mended_sentence(amendment: Amendment, cell: str, text: str, write: Callable[[Label], str] = str) -> str:
    """A mended cell in one line: what stands in the file, what is read instead (both as they may be shown), who mended
    it. `write`: in which language.
    """
    empty = write(EMPTY)
    return write(MENDED) % {"cell": cell or empty, "text": text or empty, "who": amendment.made_by}


def said(pair: Pair) -> str:
    """The reader's half of a sentence that exists in both languages."""
    return pair[0] if (get_language() or "zh").startswith("zh") else pair[1]


def unreadable_sentence(name: str, code: str, detail: str) -> str:
    return said(unreadable(name, code, detail)) if code in UNREADABLE else f"{name}: {code}"


def refused_sentence(code: str, detail: str = "") -> str:
    if code in REFUSED:
        return said(refused(code, detail))
    if code == "database":
        return _("The register refuses this import: %(reason)s") % {"reason": detail}
    return f"{code} {detail}".strip()


def failure_sentence(batch: Batch) -> str:
    """Why the batch stopped. A failure of reading names its file on the first line of the detail."""
    if batch.failure not in UNREADABLE:
        return refused_sentence(batch.failure, batch.failure_detail)
    name, _line, detail = batch.failure_detail.partition("\n")
    return unreadable_sentence(name, batch.failure, detail)
