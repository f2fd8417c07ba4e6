"""Cleaning what a reader asks the page of posts for. Nothing is written here."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayFilter(forms.Form):
    """The day whose posts are shown; without one, today."""

    on = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
