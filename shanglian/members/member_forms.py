"""Cleaning what a reader asks one member's pages for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AsKnownForm(forms.Form):
    """The two clocks: the day something held on, and the moment as of which it was known. Both may be left open."""

    on = forms.DateField(
        label=_("Held on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    known = forms.DateTimeField(
        label=_("As known on"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
