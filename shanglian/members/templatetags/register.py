"""How the register's codes read in a page, and a ledger entry as a line of the timeline."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shanglian.common.templatetags.ui import entry, moment
from shanglian.directory.core.rights import Role
from shanglian.directory.labels import ROLES
from shanglian.members.archive import Line
from shanglian.members.core.roster import section_words
from shanglian.members.labels import ASKED, CATEGORIES, ENTITY_KINDS, LINES, MOVEMENTS, PARTICULARS, SCHEMES
from shanglian.members.portrait import Step
from shanglian.members.reading import area_names, group_kind_names

register = template.Library()


@register.filter
def category(code: str) -> Any:
    return CATEGORIES.get(code, code)


@register.filter
def entity_kind(code: str) -> Any:
    return ENTITY_KINDS.get(code, code)


@register.filter
def line(code: str) -> Any:
    return LINES.get(code, code)


@register.filter
def movement(code: str) -> Any:
    return MOVEMENTS[code][0]


@register.filter
def role(code: Role) -> Any:
    return ROLES[code]


@register.filter
def scheme(code: str) -> Any:
    return SCHEMES.get(code, code)


@register.filter
def section(letter: str) -> str:
    return section_words(letter)


@register.filter
def group_kind(code: str) -> str:
    return group_kind_names().get(code, code)


@register.filter
def area(code: str) -> str:
    return area_names().get(code, code)


@register.filter
def particular(code: str) -> Any:
    return ASKED.get(code, code)


@register.simple_tag(takes_context=True)
def drop_condition(context: Context, key: str) -> str:
    """The address of this list without one condition; without a state its period means nothing either."""
    query = context["request"].GET.copy()
    for name in (key, "page", *(("since", "until") if key == "state" else ())):
        query.pop(name, None)
    return f"?{query.urlencode()}"


@register.simple_block_tag
def change_entry(content: str, step: Step) -> SafeString:
    """What one row changed: its day, which particulars, old and new (content), who recorded it and when."""
    changed = _(", ").join(str(PARTICULARS[one.field]) for one in step.differences)
    title = _("Changed: %(particulars)s") % {"particulars": changed}
    said = {"at": moment(step.recorded_at), "who": step.who}
    by = _("recorded %(at)s by %(who)s") % said if step.who else _("recorded %(at)s") % said
    return entry(content, step.since, title, "info", "edit", by)


@register.simple_block_tag
def movement_entry(content: str, line: Line) -> SafeString:
    """A ledger entry: its day, what happened, the legs (content), who recorded it and when."""
    movement = line.movement
    title, icon, kind = MOVEMENTS[movement.kind]
    by = _("recorded %(at)s by %(who)s · entry %(id)s") % {
        "at": moment(movement.recorded_at),
        "who": movement.actor,
        "id": movement.pk,
    }
    return entry(content, movement.effective_on, title, kind, icon, by)
