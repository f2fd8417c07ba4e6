"""Cleaning what a reader asks the member list for. Nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanglian.members.core.kinds import Count
from shanglian.members.labels import CATEGORIES, FIGURES


class MemberFilter(forms.Form):
    """The filters above the member list; every one may be left out."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
    category = forms.ChoiceField(label=_("Category"), required=False)
    on = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    count = forms.ChoiceField(label=_("Counted"), required=False)

    measure = forms.ChoiceField(
        required=False, choices=[("", ""), *FIGURES.items()], widget=forms.HiddenInput
    )  # only whom a figure of the home page counts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("All categories")), *CATEGORIES.items()]  # type: ignore[attr-defined]
        self.fields["count"].choices = [  # type: ignore[attr-defined]
            ("", _("Members, once at home")),
            (Count.MEMBERSHIPS.value, _("All memberships")),
        ]

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).strip()


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
