"""Components and number formats for templates. Built in: no `{% load %}` needed. See docs/design.md.

    {% icon "users" %}   {% icon "eye" label=_("Show") %}
    {% tag "ok" _("Active") %}   {% tag "" _("Draft") icon="pencil" %}    kinds: ok warn bad info ""
    {% state "behind" %}         ahead met near behind overdue unknown in_progress not_started
    {% figure 32318 %}           3.23万 with a small unit; {% figure ratio style="percent" %}
    {% bullet actual target due=due low=True label=sentence %}   wide bar of a target card
    {% bar actual due low=True %}                                bar in a table, the tick at 90 %
    {% goal name=… value=… state="behind" target=… due=… base=… note=… href=… parts=… about=… %}
    {% kpi label value unit=… note=… kind="warn" icon="alert-triangle" href=… %}    inside <div class="kpis">
    {% behind figure url %}                                      a number that leads to what it counts
    {% crumbs _("Members") members_url member.name %}            label url label url … last without url
    {% steps items current=2 %}                                  items: (name, note) pairs
    {% pager page %}                                             keeps the query of the page
    {% field form.name %}   {% error_summary form %}
    {% note "warn" title=_("…") %}text{% endnote %}
    {% empty_box title=_("…") icon="inbox" %}why it matters, and the action{% endempty_box %}
    {% error_box title=_("…") code=request.request_id %}what is shown instead{% enderror_box %}
    <ol class="tl">{% entry day=… title=… kind="ok" icon="user-plus" by=… %}body{% endentry %}</ol>
    {% vendor "bootstrap/bootstrap.min.css" %}                   the address of a vendored file
    filters: thousands money wan percent signed signed_percent points day long_day moment quarter close_up

Arithmetic is in common/core/numbers.py; nothing here knows what is being counted.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.core.files.storage import storages
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shanglian.common.core import numbers

register = template.Library()

MANIFEST = Path(__file__).resolve().parents[2] / "static" / "vendor" / "manifest.json"
NOTHING = (numbers.DASH, "0", "")  # nothing is behind them
KIND_ICONS = {"ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle", "info": "info-circle"}
STATES: dict[str, tuple[str, str, Any]] = {
    "ahead": ("ok", "trending-up", gettext_lazy("Ahead")),
    "met": ("ok", "circle-check", gettext_lazy("On plan")),
    "near": ("warn", "alert-triangle", gettext_lazy("Nearly on plan")),
    "behind": ("bad", "trending-down", gettext_lazy("Behind")),
    "overdue": ("bad", "clock", gettext_lazy("Overdue")),
    "unknown": ("", "minus", gettext_lazy("No data")),
    "in_progress": ("info", "hourglass", gettext_lazy("In progress")),
    "not_started": ("", "minus", gettext_lazy("Not started")),
}


# --- icons, tags, states --------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _sprite(storage: Any) -> str:
    """The address of the icons, looked up once for each storage there is: a page asks some sixty times."""
    return str(storage.url("img/icons.svg"))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is an ornament for the eye only."""
    return _drawn(_sprite(storages["staticfiles"]), name, str(label), css)


@lru_cache(maxsize=2048)
def _drawn(sprite: str, name: str, label: str, css: str) -> SafeString:
    use = f"{sprite}#{name}"
    return format_html('<svg class="{}" {}><use href="{}"/></svg>', f"ic {css}".strip(), _said(label), use)


@register.simple_tag
def tag(kind: str, word: Any, icon: str = "") -> SafeString:
    """A state tag: colour, icon and word, always all three. Neutral tags (kind "") may go without an icon."""
    name = icon or KIND_ICONS.get(kind, "")
    return format_html('<span class="{}">{}{}</span>', f"tag {kind}".strip(), _icon_or_nothing(name), word)


@register.simple_tag
def state(code: str) -> SafeString:
    """The tag of a progress state; an unknown code shows as no data."""
    kind, name, word = STATES.get(code, STATES["unknown"])
    return tag(kind, word, icon=name)


def _icon_or_nothing(name: str) -> SafeString:
    return icon(name) if name else SafeString("")


@cache
def _vendored() -> dict[str, str]:
    found = {}
    for package in json.loads(MANIFEST.read_text(encoding="utf-8")):
        for path in package["files"]:
            found[f"{package['name']}/{path.rsplit('/', 1)[-1]}"] = path
    return found


@register.simple_tag
def vendor(path: str) -> str:
    """The address of a vendored file named "package/file"; the version is looked up in the manifest."""
    return static(_vendored()[path])


# --- numbers --------------------------------------------------------------------------------------


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def wan_text(value: numbers.Number | None, places: int = 2) -> tuple[str, str]:
    """(digits, unit): 万 exists in Chinese; other languages write the figure in full. A small one keeps its decimal."""
    figure_ = numbers.wan(value, places)
    if not figure_.in_wan:
        return figure_.text, ""
    return (figure_.text, "万") if _chinese() else (numbers.thousands(value), "")


def _given(value: Any) -> Any:
    """A template turns what is missing into ""; that is not reported, not a fault of the reader."""
    return None if value == "" else value


def _filter(write: Callable[..., str]) -> None:
    register.filter(write.__name__, lambda value, *places: write(_given(value), *places))


for _write in (
    numbers.thousands,
    numbers.money,
    numbers.percent,
    numbers.signed,
    numbers.signed_percent,
    numbers.quarter,
):
    _filter(_write)


@register.filter
def wan(value: numbers.Number | None) -> str:
    return "".join(wan_text(_given(value)))


@register.filter
def points(difference: numbers.Number | None) -> str:
    """A difference of shares with its word: +0.2 percentage points."""
    if _given(difference) is None:
        return numbers.DASH
    return _("%(value)s percentage points") % {"value": numbers.points(difference)}


@register.simple_tag
def figure(value: numbers.Number | None, style: str = "count", unit: Any = "") -> SafeString:
    """A big figure with its small unit. `style` is "count" (万 from 10,000 on) or "percent" (a ratio)."""
    value = _given(value)
    if style == "percent":
        digits, own = numbers.share(value), "%" if value is not None else ""
    else:
        digits, own = wan_text(value)
    words = f"{own}{unit}" if value is not None else ""
    return format_html('{}<span class="unit">{}</span>', digits, words) if words else format_html("{}", digits)


@register.filter
def day(value: date | None) -> str:
    """For tables: 2016-07-04."""
    return value.isoformat()[:10] if value else numbers.DASH


@register.filter
def close_up(text: str) -> str:
    """Chinese sentences follow each other without the space that the lines of a template leave between them."""
    return SafeString(re.sub(r"(?<=[，。；：、）])\s+", "", str(text)).strip()) if _chinese() else str(text)


@register.filter
def long_day(value: date | None) -> str:
    """For sentences: 2016年6月30日, 30 June 2016."""
    if not value:
        return numbers.DASH
    return formats.date_format(value, "Y年n月j日" if _chinese() else "j F Y")


@register.filter
def moment(value: datetime | None) -> str:
    """Local time to the minute: 2016-07-02 16:40."""
    if not value:
        return numbers.DASH
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%Y-%m-%d %H:%M")


# --- bars and figures on cards --------------------------------------------------------------------


def _said(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')


@register.simple_tag
def bullet(
    value: numbers.Number | None,
    target: numbers.Number,
    due: numbers.Number | None = None,
    low: bool = False,
    label: str = "",
) -> SafeString:
    """From 0 to the target (or beyond, if passed); the tick is what is due now. `low` paints it as behind."""
    value, due = _given(value), _given(due)
    full = max(numbers.exact(n) for n in (target, value or 0, due or 0))
    tick = format_html('<rect class="pl" x="{}" y="0" width="2" height="16"/>', numbers.position(due, full))
    return format_html(
        '<svg class="bullet" {} preserveAspectRatio="none">'
        '<rect class="bg" x="0" y="4" width="100%" height="8" rx="2"/>'
        '<rect class="{}" x="0" y="4" width="{}" height="8" rx="2"/>{}</svg>',
        _said(label),
        "fg low" if low else "fg",
        numbers.position(value, full),
        tick if due is not None else "",
    )


@register.simple_tag
def bar(value: numbers.Number | None, due: numbers.Number, low: bool = False) -> SafeString:
    """A row's bar: what is due stands at 90 % of the width, so that being ahead shows too."""
    full = numbers.exact(_given(due) or 0) / numbers.exact(0.9)
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect class="bg" y="3" width="100%" height="6"/>'
        '<rect class="{}" y="3" width="{}" height="6"/>'
        '<rect class="pl" x="90%" width="1.5" height="12"/></svg>',
        "fg low" if low else "fg",
        numbers.position(_given(value), full),
    )


def _short_percent(ratio: numbers.Number) -> str:
    """A target as plans print it: 50%, not 50.0%."""
    whole = (numbers.exact(ratio) * 100).denominator == 1
    return numbers.percent(ratio, 0 if whole else 1)


@register.inclusion_tag("components/goal.html")
def goal(
    *,
    name: Any,
    value: numbers.Number | None,
    state: str,
    target: numbers.Number | None,
    base: numbers.Number | None = None,
    due: numbers.Number | None = None,
    style: str = "count",
    unit: Any = "",
    note: Any = "",
    href: str = "",
    soft: Any = "",
    base_mark: Any = "",
    parts: Iterable[tuple[Any, str, Any]] = (),
    about: Iterable[str] = (),
) -> dict[str, Any]:
    """A target card. `style` as in `figure`; base, due and target are of the same measure as the value.

    `soft`: the plan's word beside the target ("about"); `base_mark`: where the base comes from, if not given;
    `parts`: what a share is made of, each (text, address, what it is); `about`: its definition, in sentences.
    """
    value, base, due, target = _given(value), _given(base), _given(due), _given(target)
    write = _short_percent if style == "percent" else wan
    return {
        "name": name,
        "value": value,
        "state": state,
        "target": target,
        "due": due,
        "style": style,
        "unit": unit,
        "note": note,
        "href": href,
        "soft": soft,
        "base_mark": base_mark,
        "parts": list(parts),
        "about": list(about),
        "low": state in {"behind", "overdue"},
        "base_text": write(base) if base is not None else "",
        "target_text": write(target) if target is not None else "",
        "value_text": write(value) if value is not None else numbers.DASH,
        "due_text": write(due) if due is not None else "",
    }


@register.inclusion_tag("components/kpi.html")
def kpi(
    label: Any, value: Any, unit: Any = "", note: Any = "", kind: str = "", icon: str = "", href: str = ""
) -> dict[str, Any]:
    """One cell of a row of figures; `value` is text already (use the filters), `href` leads to what it counts."""
    named, leads = icon or KIND_ICONS.get(kind, ""), href if value not in NOTHING else ""
    return {"label": label, "value": value, "unit": unit, "note": note, "kind": kind, "icon": named, "href": leads}


@register.simple_tag
def behind(figure: int | None, url: str) -> SafeString:
    """A number that leads to what it counts; one that is not known or counts nothing leads nowhere."""
    return linked(numbers.thousands(figure), url)


@register.simple_tag
def linked(text: Any, url: str) -> SafeString:
    """A figure in words as a link to what is behind it; a dash and 0 stand alone."""
    return format_html('<a href="{}">{}</a>' if url and text not in NOTHING else "{1}", url, text)


# --- ways through the page ------------------------------------------------------------------------


@register.simple_tag
def crumbs(*parts: Any) -> SafeString:
    """Label, address, label, address …; a last label without address is the page itself."""
    pairs = [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]
    links = format_html_join(
        "",
        "<li>{}</li>",
        ((format_html('<a href="{}">{}</a>', url, label) if url else label,) for label, url in pairs),
    )
    return format_html('<nav class="crumb" aria-label="{}"><ol>{}</ol></nav>', _("Breadcrumb"), links)


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[tuple[Any, ...]], current: int) -> dict[str, Any]:
    """Steps of a long piece of work, each (name, note) or (name, note, address); `current` counts from 1."""
    return {
        "steps": [
            {"number": n, "name": name, "note": note, "link": link, "done": n < current, "current": n == current}
            for n, (name, note, link) in enumerate(((*item, "")[:3] for item in items), start=1)
        ]
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Where we are in a list and the way to the other pages (`?page=`)."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "pages": list(pages), "gap": page.paginator.ELLIPSIS, "request": context["request"]}


# --- forms ----------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: Any = "", hint: bool = True, mark: bool = True, css: str = "") -> dict[str, Any]:
    """Label above, "(required)" in words, help, error with icon; all tied to the control for screen readers.

    `hint=False` leaves out the help, `mark=False` the word "(required)" (where all fields are).
    """
    widget = bound.field.widget
    password = isinstance(widget, forms.PasswordInput)
    grouped = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    single = isinstance(widget, forms.CheckboxInput)
    helped, wrong = bool(hint and bound.help_text), bool(bound.errors)
    about = " ".join(f"{bound.auto_id}_{part}" for part, there in (("help", helped), ("error", wrong)) if there)
    attrs: dict[str, Any] = {"class": f"{_control_class(widget)} {'is-invalid' if wrong else ''}".strip()}
    attrs |= {"aria-describedby": about} if about else {}
    attrs |= {"aria-invalid": "true"} if wrong else {}
    attrs |= {"placeholder": False} if password or not hint else {}  # the label says it already
    return {
        "bound": bound,
        "label": label or bound.label,
        "grouped": grouped,
        "single": single,
        "required": mark and bound.field.required and not single,
        "control": bound.as_widget(attrs=attrs) if not grouped else "",
        "password": password,
        "helped": helped,
        "about": about,
        "css": css,
    }


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """What has to be changed, on top of the form, a link to each field; takes the focus after a submit."""
    fields = [bound for bound in form if bound.errors and not bound.is_hidden] if form.is_bound else []
    general = list(form.non_field_errors()) if form.is_bound else []
    return {"fields": fields, "general": general, "count": len(fields) + len(general)}


# --- boxes ----------------------------------------------------------------------------------------


@register.simple_block_tag
def note(content: str, kind: str = "info", title: Any = "", icon: str = "") -> SafeString:
    """A remark in the page. "bad" is announced at once, "ok" when convenient."""
    role = {"bad": SafeString('role="alert"'), "ok": SafeString('role="status"')}.get(kind, SafeString(""))
    head = format_html("<b>{}</b><br>", title) if title else ""
    name = icon or KIND_ICONS.get(kind, "info-circle")
    html = '<div class="note-box {}" {}>{}<div class="grow">{}{}</div></div>'
    return format_html(html, kind, role, _icon_or_nothing(name), head, content)


@register.simple_block_tag
def empty_box(content: str, title: Any, icon: str = "inbox") -> SafeString:
    """Nothing yet, or nothing found: why it matters and what to do about it."""
    return _box(content, title, icon)


@register.simple_block_tag
def error_box(content: str, title: Any, code: str = "", icon: str = "cloud-off") -> SafeString:
    """Something could not be had: what is shown instead, the number to quote, how to try again."""
    if not code:
        return _box(content, title, icon)
    number = format_html('<div class="sm">{} <span class="mono">{}</span></div>', _("Number to quote:"), code)
    return _box(format_html("{}{}", content, number), title, icon)


def _box(content: str, title: Any, name: str) -> SafeString:
    html = '<div class="empty">{}<p class="h3">{}</p><div class="sm">{}</div></div>'
    return format_html(html, _icon_or_nothing(name), title, content)


@register.simple_block_tag
def entry(
    content: str, day: date | None, title: Any, kind: str = "", icon: str = "circle-check", by: Any = ""
) -> SafeString:
    """One line of a timeline: day, icon, fact, the body (old and new, source), who and on what basis."""
    shown = numbers.DASH if day is None else day.isoformat()[:10]
    when = format_html('<time datetime="{}">{}</time>', shown, shown) if day else format_html("<time>{}</time>", shown)
    mark = format_html('<span class="{}">{}</span>', f"sev {kind}".strip(), _icon_or_nothing(icon))
    who = format_html('<div class="who-by">{}</div>', by) if by else ""
    html = '<li>{}{}<div class="bd"><div class="row-x"><b>{}</b></div>{}{}</div></li>'
    return format_html(html, when, mark, title, content, who)
