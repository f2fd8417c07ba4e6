"""Input of the pages about organisations; forms only clean."""

from datetime import date, datetime
from typing import Any, Literal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from shanglian.directory.labels import KIND_GROUPS
from shanglian.directory.queries import end_of_past_day, today
from shanglian.reports.forms import EARLIEST, LATEST
from shanglian.reports.organisation import Asked


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


class TreeForm(forms.Form):
    """Which organisations of which day."""

    on = _day(_("As of"))
    q = forms.CharField(label=_("Name or code"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All kinds")), *KIND_GROUPS.items()]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        return self.cleaned_data["on"] or today()

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).strip()


class OrgForm(forms.Form):
    """The day an organisation is shown for, the tree it is summed by, and as known when."""

    on = _day(_("As of"))
    tree = forms.ChoiceField(
        label=_("Summed by"), required=False, choices=[("then", _("the tree of that day")), ("now", _("today's tree"))]
    )
    known = _day(_("As known at the end of"))

    def clean_on(self) -> date:
        return self.cleaned_data["on"] or today()

    def clean_tree(self) -> Literal["then", "now"]:
        return "now" if self.cleaned_data["tree"] == "now" else "then"

    def clean_known(self) -> datetime | None:
        return end_of_past_day(self.cleaned_data["known"])

    def asked(self) -> Asked:
        """What a valid form asks."""
        return Asked(self.cleaned_data["on"], self.cleaned_data["tree"], self.cleaned_data["known"])
