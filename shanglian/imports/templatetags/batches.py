"""How batches, rows and their codes read in a page."""

from collections.abc import Sized
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanglian.common.core.numbers import thousands
from shanglian.common.templatetags.ui import tag
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import (
    BOOKED_BY_STATE,
    DECISIONS,
    FATES,
    NAMELESS,
    NOTHING_NEW,
    PARTINGS,
    STATES,
    STOPPED,
    Label,
    Words,
)
from shanglian.imports.models import Batch
from shanglian.imports.pages import Figures, Waiting, known_progress

register = template.Library()
_NARROW = 8  # signs that stand in one line below a number
State = Batch.State


@register.simple_tag
def batch_tag(batch: Batch, figures: Figures) -> SafeString:
    """The state of a batch; one that stopped says so whatever step it was at, and one without news says that."""
    kind, icon, word = STATES[batch.state]
    if batch.failure and batch.state != State.FAILED:
        kind, icon, word = STOPPED
    elif batch.awaits_names:
        kind, icon, word = NAMELESS
    elif batch.state == State.PREVIEWED and not (figures.fates["booked"] or figures.open or _beside_rows(batch)):
        kind, icon, word = NOTHING_NEW
    return tag(kind, word, icon=icon)


def _beside_rows(batch: Batch) -> int:
    """How much is written that is not a row's own: numbers that are added, members that are ended."""
    return int((batch.preview or {}).get("recorded", 0))


@register.simple_tag
def fate_tag(fate: str, state: str, word: Label = "") -> SafeString:
    """What becomes (or became) of a row, in the kind's own word if it has one."""
    kind, icon, own = FATES[fate]
    return tag(kind, word or (BOOKED_BY_STATE.get(state, own) if fate == "booked" else own), icon=icon)


@register.simple_tag
def choice_word(choice: str, state: str) -> Label:
    """The word on a tab."""
    if choice == "booked":
        return BOOKED_BY_STATE.get(state, FATES["booked"][2])
    words: dict[str, Label] = {
        "all": _("All rows"),
        "problems": _("All"),
        "unbooked": _("Not booked"),
        "remarks": _("Remarks only"),
        "new": _("New"),
        "changed": _("Changed"),
        "moved": _("Moved"),
    }
    return words.get(choice) or FATES[choice][2]


@register.simple_tag
def code_words(words: Words, code: str) -> Label:
    return words.code(code)


@register.simple_tag
def decision_word(choice: str, words: Words) -> Label:
    return words.decided.get(choice) or DECISIONS[choice]


@register.simple_tag
def parting_word(choice: str) -> Label:
    return PARTINGS[choice]


@register.simple_tag
def obstacle_words(words: Words, code: str) -> Label:
    return words.obstacles.get(code, code)


@register.simple_tag
def split_of(figures: Figures, choice: str, words: Words, left: int = 0) -> str:
    """The verdicts a figure consists of: "opening stock 48, newly joined 2"; `left`: members ended beside the rows."""
    parts = [f"{words.verdicts.get(code, code)} {thousands(n)}" for code, n in figures.split(choice).most_common()]
    return _(", ").join([*parts, *([_("ended %(n)s") % {"n": thousands(left)}] if left else [])])


@register.simple_tag
def rows_figure(figures: Figures, choice: str, address: str) -> SafeString | str:
    """How many rows there are of a kind, leading to them; nothing is behind 0."""
    number = thousands(figures.count(choice))
    return format_html('<a href="{}?show={}">{}</a>', address, choice, number) if figures.count(choice) else number


@register.simple_tag
def batch_name(batch: Batch) -> str:
    """The name of its file, or of the first of several."""
    names = [file.name for file in batch.files.all()]
    if len(names) < 2:
        return "".join(names)
    more = len(names) - 1
    return ngettext("%(name)s and %(n)s more", "%(name)s and %(n)s more", more) % {"name": names[0], "n": more}


@register.simple_tag
def row_place(sheet: str, file: str, files: Sized) -> SafeString | str:
    """Below the number of a row: its sheet, and its file where there are several. A text file has no sheets."""
    place = " · ".join([*([file] if len(files) > 1 else []), *([sheet] if sheet != "csv" else [])])
    wrap = "" if len(place) > _NARROW else " nw"
    return format_html('<span class="xs t3 d-block{}">{}</span>', wrap, place) if place else ""


@register.simple_tag
def batch_steps(batch: Batch, figures: Figures) -> list[tuple[Any, Any, str]]:
    """The five steps with a short word on each, and the page of each that can be gone back to."""
    draft = batch.state in {State.READ, State.PREVIEWED}
    open_, booked = figures.problems, figures.fates["booked"]
    wrong = ngettext("%(n)s row with problems", "%(n)s rows with problems", open_) % {"n": thousands(open_)}
    previewed = batch.state in {State.PREVIEWED, State.COMMITTED, State.UNDONE}

    def page(name: str) -> str:
        return reverse(f"imports:{name}", args=[batch.pk]) if draft else ""

    return [
        (_("Upload"), _rows(figures.total) if figures.total else "", ""),
        (_("Columns"), _("to be named by hand") if batch.awaits_names else _columns(batch), page("columns")),
        (_("Problems"), wrong if figures.total else "", page("problems")),
        (_("Preview"), _("%(n)s to be booked") % {"n": thousands(booked)} if previewed else "", page("batch")),
        (_("Commit"), _("can be taken back"), ""),
    ]


def _columns(batch: Batch) -> str:
    """How many columns are known, or how many tables wait for somebody to name theirs."""
    tables = [table for file in batch.files.all() for table in file.columns or ()]
    left_out = {said["sheet"] for file in batch.files.all() for said in file.said}
    unnamed = sum(not table["columns"] and table["sheet"] not in left_out for table in tables)
    if unnamed:
        return ngettext("%(n)s sheet to be named", "%(n)s sheets to be named", unnamed) % {"n": thousands(unnamed)}
    known = sum(len(positions) for table in tables for positions in table["columns"].values())
    return ngettext("%(n)s column known", "%(n)s columns known", known) % {"n": thousands(known)} if known else ""


def _rows(number: int) -> str:
    return ngettext("%(n)s row", "%(n)s rows", number) % {"n": thousands(number)}


@register.filter
def step_of(batch: Batch) -> int:
    """Which of the five steps the batch's own page shows; 6 when all are done."""
    if batch.state in {State.COMMITTED, State.UNDONE}:
        return 6
    return {State.PREVIEWED: 4, State.COMMITTING: 5}.get(State(batch.state), 2)


@register.simple_tag
def kind_label(batch: Batch) -> Label:
    return import_kind(batch.kind).label


@register.filter
def known(batch: Batch, waiting: Waiting) -> str:
    return known_progress(batch, waiting)


@register.simple_tag
def progress_of(batch: Batch, waiting: Waiting) -> dict[str, Any]:
    """How far the job under way is: a sentence, and a share of the whole where it is known."""
    far: dict[str, Any] = batch.progress if waiting.stage == "running" else {}
    stage, read, rows = far.get("stage"), far.get("read", 0), far.get("rows", 0)
    number = {key: thousands(far.get(key, 0)) for key in ("file", "files", "read", "rows")}
    if stage == "reading" and not rows:
        return {"sentence": _("File %(file)s of %(files)s is being opened") % number}
    if stage == "reading":
        sentence = _("File %(file)s of %(files)s: %(read)s of %(rows)s rows read") % number
        return {"sentence": sentence, "value": round(1000 * (far["file"] - 1 + read / rows)), "of": 1000 * far["files"]}
    if stage == "keeping":
        return {"sentence": _("%(rows)s rows have been read and are being kept") % number}
    return {"sentence": _("The rows are being compared with the register") if stage == "rehearsing" else ""}
