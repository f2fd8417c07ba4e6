"""Input of this room's pages; forms only clean."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from shanglian.directory.queries import today


class DayForm(forms.Form):
    """The day as of which a page is shown; without one, today."""

    on = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_on(self) -> date:
        day: date | None = self.cleaned_data["on"]
        return day or today()
