"""The review of doubtful rows: each beside its candidates, with what may be decided about it.

What the codes and the lines of the comparison are called, the kind says; what may be said of a row, its finding says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shanglian.common.core.numbers import thousands
from shanglian.directory.access import visible_org_ids
from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports import actions, tasks
from shanglian.imports.access import fetch_batch, may_batch, rights_of
from shanglian.imports.actions import ImportRefused
from shanglian.imports.forms import seen_in
from shanglian.imports.kinds import DOUBTFUL
from shanglian.imports.labels import Known, Label, Words, refused_sentence, words_of
from shanglian.imports.models import Batch, Decision, Row
from shanglian.imports.pages import Trouble, doubts_of, figures_of, headed_cells, is_large, offers_of, troubles_of
from shanglian.imports.queries import fetch_mended

SHOWN = 10  # rows on one page
_OPEN = Q(verdict=DOUBTFUL)
State, Choice = Batch.State, Decision.Choice


@dataclass(frozen=True)
class Line:
    """One line of the comparison: the row's text, and per candidate its text and whether both agree (None: unknown)."""

    label: Label
    row: str
    known: list[tuple[str, bool | None]]


@dataclass(frozen=True)
class Suggested:
    """A candidate: its id, what is known of it, in what it agrees with the row, and whether it was decided for."""

    target: int
    known: Known
    likenesses: list[Label]
    chosen: bool
    leaves: str = ""  # the organisation it would leave, if it has moved here
    may_move: bool = False  # the reader may commit imports there and here


@dataclass(frozen=True)
class Doubt:
    """A doubtful row as the review shows it."""

    row: Row
    title: str
    troubles: list[Trouble]
    candidates: list[Suggested]
    lines: list[Line]
    choices: Sequence[str]
    proposed: str
    decision: Decision | None

    @property
    def cells(self) -> list[tuple[str, str]]:
        return headed_cells(self.row)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The doubtful rows of an import, open or decided; a word about one of them, or about all that are open."""
    batch = fetch_batch(Batch.objects.all(), request.user, "commit" if request.method == "POST" else "view", pk=pk)
    show = request.GET.get("show", "open")
    if show not in {"open", "decided", "offered"} or not isinstance(request.user, User):
        raise Http404
    if request.method == "POST":
        _decide(request, batch, request.user)
        return redirect(f"{reverse('imports:review', args=[pk])}?show={show}")
    return render(request, "imports/review.html", _context(request, batch, show, request.user))


# Deciding ------------------------------------------------------------


def _decide(request: HttpRequest, batch: Batch, actor: User) -> None:
    """Keep what was said and, where that is quick, make the dry run again. What is refused, is told."""
    said = request.POST
    try:
        if said.get("all"):
            _decide_all(request, batch, actor)
        else:
            choice, _colon, target = said.get("choice", "").partition(":")
            row = _row(batch, said.get("row", ""))
            known = int(target) if target.isdecimal() and len(target) < 19 else None
            reason, seen = said.get("reason", "")[:500], seen_in(said)
            actions.decide_row(row=row, choice=choice, target=known, reason=reason, seen=seen, actor=actor)
            messages.success(request, _("Row %(row)s has been decided.") % {"row": row.number})
    except ImportRefused as refusal:
        messages.warning(request, refused_sentence(refusal.code, refusal.detail))
        return
    if not is_large(batch):
        tasks.preview_batch(str(batch.pk), actor.pk)


def _decide_all(request: HttpRequest, batch: Batch, actor: User) -> None:
    if request.POST.get("sure") != "on":
        messages.warning(request, _("Tick the box to confirm; nothing has been decided."))
        return
    said = request.POST
    number = actions.decide_open_rows(batch=batch, choice=said["all"], seen=seen_in(said), actor=actor)
    sentence = ngettext("%(n)s row has been decided.", "%(n)s rows have been decided.", number)
    messages.success(request, sentence % {"n": thousands(number)})


def _row(batch: Batch, given: str) -> Row:
    """A row of this batch; a stranger's row does not exist here."""
    rows = batch.rows().select_related("source_file__batch__org")
    row = rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
    if row is None:
        raise Http404
    return row


# Showing ------------------------------------------------------------


def _context(request: HttpRequest, batch: Batch, show: str, reader: User) -> dict[str, Any]:
    rows, figures = doubts_of(batch), figures_of([batch.pk])[batch.pk]
    counts = {"open": figures.open, "decided": figures.decided, "offered": figures.offered}
    page = Paginator(range(counts[show]), SHOWN).get_page(request.GET.get("page"))
    asked = {"open": rows.filter(_OPEN), "decided": rows.exclude(_OPEN), "offered": offers_of(batch)}[show]
    words = words_of(batch.kind)
    allowed = may_batch(reader, "commit", batch)
    tabs = [("open", _("To be decided"), counts["open"]), ("decided", _("Decided"), counts["decided"])]
    if counts["offered"] or show == "offered":
        tabs.append(("offered", _("Further memberships"), counts["offered"]))
    return {
        "batch": batch,
        "words": words,
        "org_name": names_on([batch.org_id], today())[batch.org_id],
        "show": show,
        "page": page,
        "tabs": tabs,
        "doubts": _doubts(asked, slice(max(page.start_index() - 1, 0), page.end_index()), batch, reader),
        "may_decide": bool(allowed) and batch.state == State.PREVIEWED,
        "denial": DENIALS[allowed.reason] if isinstance(allowed, Denied) else "",
        "stale": bool(batch.behind),
        "proposed": rows.filter(_OPEN, decision=None, finding__proposed=Choice.MOVED).count(),
        "different": rows.filter(_OPEN, decision=None, finding__choices__contains=["different"]).count(),
    }


def _doubts(rows: QuerySet[Row], part: slice, batch: Batch, reader: User) -> list[Doubt]:
    found = list(rows.select_related("source_file", "decision__decided_by")[part])
    fetch_mended(found)
    words = words_of(batch.kind)
    suggested = [one for row in found for one in _finding(row).get("candidates", ())]
    known = words.known({one["target"] for one in suggested}, reader) if suggested else {}
    leaves = {one["leaves"] for one in suggested if "leaves" in one}
    names = names_on(leaves, batch.on_day) if leaves else {}
    own = set(visible_org_ids(reader, rights_of(batch.kind).commit)) if leaves else set()
    found_moves = [
        {org: (name, {org, _finding(row).get("lands", batch.org_id)} <= own) for org, name in names.items()}
        for row in found
    ]
    return [_doubt(row, words, known, moves) for row, moves in zip(found, found_moves, strict=True)]


def _doubt(row: Row, words: Words, known: Mapping[int, Known], moves: Mapping[int, tuple[str, bool]]) -> Doubt:
    decision = getattr(row, "decision", None)
    candidates = [
        Suggested(
            one["target"],
            known[one["target"]],
            [words.likenesses.get(code, code) for code in one.get("reasons", ())],
            decision is not None and decision.target == one["target"],
            *moves.get(one.get("leaves"), ()),
        )
        for one in _finding(row).get("candidates", ())
        if one["target"] in known
    ]
    lines = [
        Line(line.label, text, [_beside(text, one.known.facts.get(line.key, ())) for one in candidates])
        for line in words.compared
        for text in [line.write(row.record)]
    ]
    return Doubt(
        row=row,
        title=str(row.record.get(words.title_column) or ""),
        troubles=troubles_of(row, words),
        candidates=candidates,
        lines=[line for line in lines if line.row or any(text for text, _agree in line.known)],
        choices=[*_finding(row).get("choices", ()), *_finding(row).get("offers", ())],
        proposed=_finding(row).get("proposed", ""),
        decision=decision,
    )


def _finding(row: Row) -> Mapping[str, Any]:
    """As actions.preview_batch keeps kinds.Finding: what is empty is missing."""
    return row.finding or {}


def _beside(text: str, facts: Sequence[str]) -> tuple[str, bool | None]:
    """A candidate's text, and whether the row says the same: None where one of them says nothing."""
    own = set(text.split()) | {text}
    agree = bool(own & {part for fact in facts for part in (fact, fact.split(" ", 1)[0])})
    return _(", ").join(facts), agree if text and facts else None
