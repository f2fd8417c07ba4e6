"""The columns a reader may have beside the name in the member list, and which of them they chose."""

from collections.abc import MutableMapping
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COLUMNS: dict[str, Promise] = {
    "org": _("Organisation"),
    "category": _("Category"),
    "section": _("Industry"),
    "group_kind": _("Kind of group member"),
    "county": _("County of business"),
    "legal_rep": _("Legal representative"),
    "since": _("On the register since"),
    "until": _("Until"),
    "home": _("Membership"),
}
UNCHOSEN: dict[str, Promise] = {"name": _("Member"), "changed": _("Day of the change")}  # shown by what is asked for
USUAL = ("org", "category", "section", "since", "home")
SORTED = {"name": "name", "org": "org", "since": "since"}  # column → key of the order
_KEPT = "members.columns"


def chosen_columns(query: QueryDict, kept: MutableMapping[str, Any]) -> list[str]:
    """What the address asks for, which is remembered for the session; else what was chosen before; else the usual."""
    if "cols" in query:
        asked = [key for key in COLUMNS if key in query.getlist("cols")]
        kept[_KEPT] = asked or list(USUAL)
    return [key for key in kept.get(_KEPT, USUAL) if key in COLUMNS]
