"""Choices are written as Django's own templates would write them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from shanglian.common.forms import Renderer

PLAIN = [("", "All"), ("a<b", "A & B"), (3, "three")]
GROUPED = [("", "All"), ("Fruit & veg", [("p", "Pear"), ("q", "Quince")])]


@pytest.mark.parametrize("value", ["", "a<b", 3, "p", None, "elsewhere"])
@pytest.mark.parametrize("choices", [PLAIN, GROUPED, []])
@pytest.mark.parametrize("attrs", [{}, {"class": "form-select", "required": True, "disabled": False, "title": '"x"'}])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_choices_are_written_as_djangos_templates_write_them(widget, attrs, choices, value):
    select = widget(attrs=attrs, choices=choices)
    given = [value] if widget is forms.SelectMultiple else value
    written = select.render("kind", given, renderer=Renderer())
    assert parse_html(written) == parse_html(select.render("kind", given, renderer=DjangoTemplates()))


def test_other_controls_stay_djangos():
    box = forms.TextInput()
    assert box.render("name", "A & B", renderer=Renderer()) == box.render("name", "A & B", renderer=DjangoTemplates())
