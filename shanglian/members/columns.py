"""The columns a reader may have beside the name in the member list, which they chose, and what stands in them."""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanglian.common.core.numbers import DASH
from shanglian.common.templatetags.ui import day, tag
from shanglian.members.models import Change, Span
from shanglian.members.templatetags.register import area, category, group_kind, section

Row = Span | Change


@dataclass(frozen=True)
class Column:
    """`of`: the text of its cell for a row and the name of the row's organisation; nothing shows as a dash."""

    label: Promise
    of: Callable[[Row, str], Any]
    css: str = ""
    order: str = ""  # key of the order its heading asks for
    chosen: bool = True  # by the reader; else shown by what is asked for


def _since(row: Any, _org: str) -> str:  # what the list works out beside each row
    return day(row.since)


def _changed(row: Any, _org: str) -> str:  # only rows of Change have it, and only their lists ask for it
    return day(row.effective_on)


def _home(row: Row, _org: str) -> SafeString:
    return tag("ok", _("Home")) if row.home else tag("", _("Further"))


COLUMNS = {
    "name": Column(gettext_lazy("Member"), lambda row, _org: row.entity.name, order="name", chosen=False),
    "org": Column(gettext_lazy("Organisation"), lambda _row, org: org, order="org"),
    "category": Column(gettext_lazy("Category"), lambda row, _org: category(row.category), "nw"),
    "section": Column(gettext_lazy("Industry"), lambda row, _org: section(row.profile.section)),
    "group_kind": Column(gettext_lazy("Kind of group member"), lambda row, _org: group_kind(row.profile.group_kind)),
    "county": Column(gettext_lazy("County of business"), lambda row, _org: area(row.county), "nw"),
    "legal_rep": Column(gettext_lazy("Legal representative"), lambda row, _org: row.entity.legal_rep, "nw"),
    "since": Column(gettext_lazy("On the register since"), _since, "num", order="since"),
    "until": Column(gettext_lazy("Until"), lambda row, _org: day(row.until), "num"),
    "home": Column(gettext_lazy("Membership"), _home),
    "changed": Column(gettext_lazy("Day of the change"), _changed, "num", chosen=False),
}
CHOICES = {key: column.label for key, column in COLUMNS.items() if column.chosen}
USUAL = ("org", "category", "section", "since", "home")
_KEPT = "members.columns"


def chosen_columns(query: QueryDict, kept: MutableMapping[str, Any]) -> list[str]:
    """What the address asks for, which is remembered for the session; else what was chosen before; else the usual."""
    if "cols" in query:
        asked = [key for key in CHOICES if key in query.getlist("cols")]
        kept[_KEPT] = asked or list(USUAL)
    return [key for key in kept.get(_KEPT, USUAL) if key in CHOICES]


@dataclass(frozen=True)
class Line:
    """A row as its template wants it: plain texts, which a list of a hundred rows shows fast."""

    number: str
    key: str
    name: str
    sample: bool
    identifiers: SafeString
    cells: SafeString

    @property
    def select(self) -> str:
        return _("Select %(name)s") % {"name": self.name}


def in_lines(rows: Sequence[tuple[Row, str]], keys: Sequence[str], *, first: int) -> list[Line]:
    """Rows, each with the name of its organisation, numbered from `first`, in the columns of these keys; on a phone a
    cell says the heading of its column.
    """
    columns = [(COLUMNS[key].css, str(COLUMNS[key].label), COLUMNS[key].of) for key in keys]
    cell, code = '<td class="{}" data-l="{}">{}</td>', '<span class="mono">{}</span>'
    return [
        Line(
            number=str(number),
            key=str(row.entity_id),
            name=row.entity.name,
            sample=row.entity.sample,
            identifiers=format_html_join(" · ", code, ((one.value,) for one in row.entity.identifiers.all())),
            cells=format_html_join("", cell, ((css, label, of(row, org) or DASH) for css, label, of in columns)),
        )
        for number, (row, org) in enumerate(rows, start=first)
    ]
