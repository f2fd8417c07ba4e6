"""Cleaning an upload: which files, whose, of which day. Whether a file can be read is found out by receiving it."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanglian.directory.queries import today

ACCEPTED = ".xlsx,.xls,.csv"


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; always a list."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(one, initial) for one in given or [None]]


class UploadForm(forms.Form):
    """A roster to take over. `orgs`: (code, name) of the organisations the reader may upload for."""

    upload = FilesField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # receiving says it in our own words
        widget=_FilesInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy(
            "Excel (.xlsx, .xls) or CSV, several at once if they belong together. The file is kept as it is."
        ),
    )
    org = forms.ChoiceField(label=gettext_lazy("Organisation"), help_text=gettext_lazy("Whose roster it is"))
    on = forms.DateField(
        label=gettext_lazy("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day whose state the roster shows"),
    )
    complete = forms.BooleanField(
        label=gettext_lazy("The roster names every member of that day"),
        required=False,
        help_text=gettext_lazy("Members it does not name are listed for a decision; nobody is ended by the import."),
    )
    history = forms.BooleanField(
        label=gettext_lazy("Book the dates of joining"),
        required=False,
        help_text=gettext_lazy(
            "A row with a full date is booked as joined on that date; otherwise the date is kept as a particular."
        ),
    )

    def __init__(self, *args: Any, orgs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = orgs  # type: ignore[attr-defined]
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet. Give the day whose state the roster shows."))
        return day
