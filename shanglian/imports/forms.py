"""Cleaning an upload: which files, whose, of which day. Whether a file can be read is found out by receiving it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanglian.directory.queries import today
from shanglian.imports.actions.refusals import too_large
from shanglian.imports.kinds import ImportKind, import_kind
from shanglian.imports.labels import unreadable_sentence
from shanglian.imports.models import Upload

ACCEPTED = ".xlsx,.xls,.csv"
OPTIONS = ("complete", "history")


def seen_in(said: QueryDict) -> int:
    """The revision of the draft a page was made from, as its forms carry it. A form that says none saw none: -1."""
    given = said.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; always a list."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(one, initial) for one in given or [None]]


if TYPE_CHECKING:
    _UploadsField = forms.ModelMultipleChoiceField[Upload]
else:
    _UploadsField = forms.ModelMultipleChoiceField


class ArrivedField(_UploadsField):
    """Files that have arrived in pieces and are not handed in yet."""

    def label_from_instance(self, obj: Upload) -> str:
        return f"{obj.name} ({filesizeformat(obj.size)})"


class AnnouncedForm(forms.Form):
    """A file that is going to be sent in pieces."""

    name = forms.CharField(max_length=255)
    size = forms.IntegerField(min_value=1)
    mark = forms.CharField(max_length=80)


class UploadForm(forms.Form):
    """A list to take over. `choices`: kind → (code, name) of the organisations the reader may hand such a list in for;
    `arrived`: the reader's files that have been sent in pieces already. What only some kinds know is asked for only
    where the reader may hand such a list in; the kind is asked for where there are several.
    """

    upload = FilesField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # receiving says it in our own words
        widget=_FilesInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy(
            "Excel (.xlsx, .xls) or CSV, several at once if they belong together. The file is kept as it is."
        ),
    )
    uploads = ArrivedField(
        label=gettext_lazy("Files that have arrived"),
        queryset=Upload.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("One of the files is not kept any more; choose it again."),
            "invalid_pk_value": gettext_lazy("One of the files is not kept any more; choose it again."),
        },
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of list"))
    org = forms.ChoiceField(label=gettext_lazy("Organisation"), help_text=gettext_lazy("Whose list it is"))
    on = forms.DateField(
        label=gettext_lazy("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day whose state the list shows"),
    )
    complete = forms.BooleanField(
        label=gettext_lazy("The roster names every member of that day"),
        required=False,
        help_text=gettext_lazy("Members it does not name are listed for a decision; without one nobody is ended."),
    )
    history = forms.BooleanField(
        label=gettext_lazy("Book the dates of joining"),
        required=False,
        help_text=gettext_lazy(
            "A row with a full date is booked as joined on that date; otherwise the date is kept as a particular."
        ),
    )

    def __init__(
        self,
        *args: Any,
        choices: Mapping[str, Sequence[tuple[str, str]]],
        arrived: QuerySet[Upload] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["org"].choices = sorted({org for orgs in choices.values() for org in orgs})  # type: ignore[attr-defined]
        self._offer([import_kind(key) for key in choices])
        self.fields["on"].initial = today
        self.fields["uploads"].queryset = Upload.objects.none() if arrived is None else arrived  # type: ignore[attr-defined]
        self.fields["upload"].required = "uploads" not in self.data

    def clean_upload(self) -> "list[UploadedFile[Any]]":
        """Refuses by size, before anything is read."""
        files: list[UploadedFile[Any]] = [file for file in self.cleaned_data["upload"] if file]
        refused = [too_large(file.name or "") for file in files if (file.size or 0) > settings.IMPORT_MAX_BYTES]
        if refused:
            raise forms.ValidationError([unreadable_sentence(one.name, one.code, one.detail) for one in refused])
        return files

    def _offer(self, kinds: Sequence[ImportKind]) -> None:
        """Only what there is to choose."""
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if len(kinds) < 2:
            del self.fields["kind"]
        for option in OPTIONS:
            if not any(option in kind.options for kind in kinds):
                del self.fields[option]

    def clean(self) -> dict[str, Any]:
        """The kind where there is only one; an organisation and options that fit it."""
        said: dict[str, Any] = super().clean() or {}
        said.setdefault("kind", next(iter(self.choices)) if "kind" not in self.fields else "")
        codes = {code for code, _name in self.choices.get(said["kind"], ())}
        if said["kind"] and "org" in said and said["org"] not in codes:
            self.add_error("org", _("You may not hand in a list of this kind for this organisation."))
        for option in OPTIONS:
            if said.get(option) and said["kind"] and option not in import_kind(said["kind"]).options:
                self.add_error(option, _("This goes with a roster of members only."))
            said.setdefault(option, False)
        return said

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet. Give the day whose state the list shows."))
        return day
