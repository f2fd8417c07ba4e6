"""Cleaning what a reader asks the home page for. Nothing is decided here."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)
QUARTER, YEAR = "quarter", "year"


class DayForm(forms.Form):
    """The day whose end the page tells of; without one, the page chooses."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


class ReadForm(forms.Form):
    """Up to which notice the reader has read: the newest one their page knew of; or one of them alone."""

    until = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    one = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
