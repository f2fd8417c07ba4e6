"""Cleaning what a reader asks the member list for. Nothing is written here."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shanglian.directory.queries import end_of_past_day
from shanglian.members.core.kinds import Count
from shanglian.members.core.roster import SECTIONS, section_words
from shanglian.members.declared import figure_names
from shanglian.members.labels import CATEGORIES
from shanglian.members.reading import area_names, group_kind_names

MOST_PICKED = 500  # rows of a selection


class State(StrEnum):
    """Whom the list shows: members on its day, or who stands in a column of the movement table of a period."""

    MEMBER = "member"
    OPENING = "opening"
    JOINED = "joined"
    MOVED_IN = "moved_in"
    RECLASSIFIED_IN = "reclassified_in"
    LEFT = "left"
    MOVED_OUT = "moved_out"
    RECLASSIFIED_OUT = "reclassified_out"


MEMBER = State.MEMBER
STATES = {
    State.MEMBER: _("Members on the day"),
    State.OPENING: _("Opening of the period"),
    State.JOINED: _("Joined in the period"),
    State.MOVED_IN: _("Moved in within the period"),
    State.RECLASSIFIED_IN: _("Reclassified in within the period"),
    State.LEFT: _("Ended in the period"),
    State.MOVED_OUT: _("Moved out within the period"),
    State.RECLASSIFIED_OUT: _("Reclassified out within the period"),
}
SORTS = ("name", "-name", "since", "-since", "org", "-org")
SIZES = (25, 50, 100)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class MemberFilter(forms.Form):
    """The filters above the member list; every one may be left out. Columns are COLUMNS of columns.py."""

    NARROWING = (
        "q", "category", "section", "group_kind", "county", "state",
        "missing", "measure", "own", "tree", "known", "pick",
    )  # fmt: skip

    q = forms.CharField(
        label=_("Name, initials, number, legal representative"), required=False, max_length=80,
        help_text=_("Two characters anywhere in the name; pinyin initials or a number from the beginning."),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Category"), required=False)
    section = forms.ChoiceField(label=_("Industry"), required=False)
    group_kind = forms.ChoiceField(label=_("Kind of group member"), required=False)
    county = forms.ChoiceField(label=_("County of business"), required=False)
    state = forms.ChoiceField(
        label=_("Membership state"), required=False, choices=[("", STATES[MEMBER]), *list(STATES.items())[1:]]
    )
    since = _day(_("Period from"))
    until = _day(_("Period until"))
    on = _day(_("As of"))
    count = forms.ChoiceField(label=_("Counted"), required=False)
    missing = forms.BooleanField(label=_("Without a valid number"), required=False)
    measure = forms.ChoiceField(required=False)  # whom a figure counts
    own = forms.BooleanField(label=_("Own level only"), required=False)  # these three come with links from figures
    tree = forms.ChoiceField(required=False, choices=[("", ""), ("now", _("summed by today's tree"))])
    known = _day(_("As known at the end of"))
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS])
    per = forms.ChoiceField(label=_("Rows a page"), required=False, choices=[(n, n) for n in SIZES])
    pick = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        choices = {
            "category": [("", _("All categories")), *CATEGORIES.items()],
            "section": [("", _("All industries")), *((letter, section_words(letter)) for letter in SECTIONS)],
            "group_kind": [("", _("All kinds")), *group_kind_names().items()],
            "county": [("", _("All counties")), *area_names().items()],
            "measure": [("", ""), *figure_names().items()],
            "count": [("", _("Members, once at home")), (Count.MEMBERSHIPS.value, _("All memberships"))],
            "pick": [(pk, pk) for pk in query.getlist("pick")[:MOST_PICKED] if pk.isdecimal() and len(pk) < 19],
        }
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).strip()

    def clean_known(self) -> datetime | None:
        return end_of_past_day(self.cleaned_data["known"])

    def clean_per(self) -> int:
        return int(self.cleaned_data["per"] or SIZES[0])

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters that stand behind "More"."""
        return [
            self[name] for name in ("section", "group_kind", "county", "state", "since", "until", "count", "missing")
        ]

    @property
    def more_asked(self) -> bool:
        return any(self.data.get(field.name) for field in self.more)


class ViewForm(forms.Form):
    """The name of a saved view and what it asks for."""

    name = forms.CharField(label=_("Name of the view"), max_length=30)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


class ExportForm(forms.Form):
    """In which format the list is taken away, and what for: the log keeps the reason."""

    reason = forms.CharField(
        label=_("What the list is for"),
        min_length=2,
        max_length=200,
        help_text=_("Kept in the log with your name and the time. Name no person here."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("xlsx", _("Excel workbook (.xlsx)")), ("csv", _("Text table (.csv, UTF-8)"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
