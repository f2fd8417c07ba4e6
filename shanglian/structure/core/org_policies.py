"""The form of the file by which lists of organisations are read (policies/imports/organisations.yaml). Pure."""

from shanglian.common.core import shapes
from shanglian.common.core.shapes import Fields
from shanglian.directory.core.kinds import CHAMBERS, OrgKind
from shanglian.imports.core.columns import SheetKind
from shanglian.imports.core.headings import headings_form

PLACES = ("provinces", "cities", "counties", "regions")


def organisations_form(kind: SheetKind) -> Fields:
    """Headings, the words for each kind of organisation, and what names are judged by."""
    return {
        **headings_form(kind),
        "kinds": shapes.by_key(list(OrgKind), shapes.words()),
        "before_chamber": shapes.by_key(sorted(CHAMBERS), shapes.words(least=0)),
        "other_words": shapes.words(least=0),
        "places": shapes.by_key(PLACES, shapes.words(least=0)),
    }
