"""How batches, rows and their codes read in a page."""

from collections import Counter
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanglian.common.core.numbers import thousands
from shanglian.common.templatetags.ui import tag
from shanglian.imports.labels import BOOKED_BY_STATE, DECISIONS, FATES, NOTHING_NEW, STATES, STOPPED, Label, Words
from shanglian.imports.models import Batch
from shanglian.imports.pages import Figures

register = template.Library()
State = Batch.State


@register.simple_tag
def batch_tag(batch: Batch, figures: Figures) -> SafeString:
    """The state of a batch; one that stopped says so whatever step it was at, and one without news says that."""
    kind, icon, word = STATES[batch.state]
    if batch.failure and batch.state != State.FAILED:
        kind, icon, word = STOPPED
    elif batch.state == State.PREVIEWED and not (figures.fates["booked"] or figures.open):
        kind, icon, word = NOTHING_NEW
    return tag(kind, word, icon=icon)


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
    words: dict[str, Label] = {"all": _("All rows"), "problems": _("All"), "remarks": _("Remarks only")}
    return words.get(choice) or FATES[choice][2]


@register.simple_tag
def code_words(words: Words, code: str) -> Label:
    return words.code(code)


@register.simple_tag
def decision_word(choice: str) -> Label:
    return DECISIONS[choice]


@register.simple_tag
def split_of(figures: Figures, fate: str, words: Words) -> str:
    """The verdicts a figure consists of: "opening stock 48, newly joined 2"."""
    parts: Counter[str] = figures.verdicts.get(fate, Counter())
    return _(", ").join(f"{words.verdicts.get(code, code)} {thousands(n)}" for code, n in parts.most_common())


@register.simple_tag
def batch_name(batch: Batch) -> str:
    """The name of its file, or of the first of several."""
    names = [file.name for file in batch.files.all()]
    if len(names) < 2:
        return "".join(names)
    more = len(names) - 1
    return ngettext("%(name)s and %(n)s more", "%(name)s and %(n)s more", more) % {"name": names[0], "n": more}


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
        (_("Columns"), _("which column is what"), page("columns")),
        (_("Problems"), wrong if figures.total else "", page("problems")),
        (_("Preview"), _("%(n)s to be booked") % {"n": thousands(booked)} if previewed else "", page("batch")),
        (_("Commit"), _("can be taken back"), ""),
    ]


def _rows(number: int) -> str:
    return ngettext("%(n)s row", "%(n)s rows", number) % {"n": thousands(number)}


@register.filter
def step_of(batch: Batch) -> int:
    """Which of the five steps the batch's own page shows; 6 when all are done."""
    if batch.state in {State.COMMITTED, State.UNDONE}:
        return 6
    return {State.PREVIEWED: 4, State.COMMITTING: 5}.get(State(batch.state), 2)
