"""What the import pages say about a list of organisations: its verdicts and problems, its grid, its candidates.

Labels and formats only; the rules behind the codes are in core/organisations.py and actions/organisations.py.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.labels import KINDS
from shanglian.directory.models import Org, OrgPlace, User
from shanglian.directory.queries import names_on, short_names_on, today
from shanglian.imports.labels import Compared, Known, Label, Shown, Words
from shanglian.structure.models import OrgSource

VERDICTS: dict[str, Label] = {
    "founded": gettext_lazy("founded"),
    "renamed": gettext_lazy("renamed"),
    "moved": gettext_lazy("moved"),
    "closed": gettext_lazy("closed"),
    "already_booked": gettext_lazy("in the tree already"),
    "doubtful": gettext_lazy("to be decided"),
    "left_out": gettext_lazy("left out by decision"),
    "reject": gettext_lazy("not possible"),
    "duplicate": gettext_lazy("named twice"),
    "conflict": gettext_lazy("contradictory"),
}

CODES: dict[str, Label] = {
    "name_missing": gettext_lazy("The name is missing"),
    "name_too_long": gettext_lazy("The name is longer than 200 signs"),
    "short_name_too_long": gettext_lazy("The short name is longer than 40 signs; it was left out"),
    "duplicate": gettext_lazy("An earlier row names the same organisation"),
    "code_not_ours": gettext_lazy("This is no code of this system; it was left out"),
    "kind_unknown": gettext_lazy("This kind is not known"),
    "kind_guessed": gettext_lazy("The kind was read off the name; please check it"),
    "kind_missing": gettext_lazy("The kind is not stated, and the name does not tell it; write it into the column"),
    "founded_missing": gettext_lazy("No founding day; the day of the list is used"),
    "founded_not_to_the_day": gettext_lazy("The founding day is not exact; the day of the list is used"),
    "closed_not_to_the_day": gettext_lazy("The closing day is missing or not exact; the day of the list is used"),
    "closed_and_unknown": gettext_lazy("It is closed, and the register never had it: there is nothing to enter"),
    "parent_unknown": gettext_lazy("There is no organisation of this name to stand under"),
    "parent_unclear": gettext_lazy("Several organisations have this name; write the code of the one meant"),
    "not_yours": gettext_lazy("The list says otherwise, but this organisation is not yours to change"),
    "second_row_of_one_org": gettext_lazy("Another row of this list is the same organisation"),
    "several_of_this_name": gettext_lazy("Several organisations have this name"),
    "nearly_this_name": gettext_lazy("There is an organisation of nearly this name"),
    "same_name_elsewhere": gettext_lazy("An organisation of this name stands elsewhere"),
    "exists_on_other_days": gettext_lazy("An organisation of this name existed, but not on the day of the list"),
    "name_differs": gettext_lazy("The register has it under another name, which stays"),
    "kind_differs": gettext_lazy("The register has it as another kind; a kind does not change"),
    "founded_differs": gettext_lazy("The register has another founding day, which stays"),
    "status_note": gettext_lazy("The row speaks of an end of the organisation; please look"),
    "tree_has_members": gettext_lazy("It still has members"),
    "tree_has_children": gettext_lazy("Other organisations still stand below it"),
    "tree_not_in_place": gettext_lazy("One of the organisations does not exist on all of these days"),
    "tree_kind_not_allowed": gettext_lazy("Such an organisation cannot stand there"),
    "tree_code_taken": gettext_lazy("The code is taken"),
    "tree_cycle": gettext_lazy("It cannot stand under what stands below it"),
    "tree_not_yours": gettext_lazy("It cannot be moved there"),
    "uscc_bad_check": gettext_lazy("The check character of the unified code is wrong"),
    "uscc_bad_length": gettext_lazy("A unified code has 18 characters"),
    "uscc_illegal_char": gettext_lazy("The unified code holds a character that is not allowed"),
    "uscc_precision_lost": gettext_lazy("The spreadsheet cut the code off; write it into the cell as text"),
    "orgcode_bad_check": gettext_lazy("The check character of the organisation code is wrong"),
    "regno_bad_check": gettext_lazy("The check digit of the registration number is wrong"),
    "resident_number": gettext_lazy("This is a person's identity number, not an organisation's code"),
    "leading_zero_restored": gettext_lazy("The leading zero was put back"),
    "date_unparsable": gettext_lazy("The date cannot be read; it was left out"),
    "date_invalid": gettext_lazy("There is no such day; it was left out"),
    "date_ambiguous": gettext_lazy("The date can be read in two ways; it was left out"),
    "date_range": gettext_lazy("The cell holds a span of dates; it was left out"),
    "date_in_future": gettext_lazy("The date lies after the day of the list; it was left out"),
    "date_two_digit_year": gettext_lazy("The year has two digits only; the date was left out"),
}  # fmt: skip

LIKENESSES: dict[str, Label] = {
    "same_name": gettext_lazy("the name"),
    "near_name": gettext_lazy("the name without its place and brackets"),
    "former_name": gettext_lazy("the former name"),
    "old_name": gettext_lazy("a name it once had"),
}

_DATES = ("founded", "closed")
ABOUT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("code_not_ours", "tree_code_taken"), ("code",)),
    **dict.fromkeys(
        ("kind_unknown", "kind_missing", "kind_differs", "kind_guessed", "tree_kind_not_allowed"), ("kind",)
    ),
    **dict.fromkeys(
        ("parent_unknown", "parent_unclear", "same_name_elsewhere", "tree_cycle", "tree_not_yours"), ("parent",)
    ),
    **dict.fromkeys(("founded_missing", "founded_not_to_the_day", "founded_differs"), ("founded",)),
    **dict.fromkeys(("closed_not_to_the_day", "tree_has_members", "tree_has_children"), ("closed", "status")),
    "closed_and_unknown": ("closed", "status"),
    "status_note": ("remark", "status"),
    "short_name_too_long": ("short_name",),
    **dict.fromkeys(
        ("name_missing", "name_too_long", "name_differs", "nearly_this_name", "several_of_this_name"), ("name",)
    ),
    **dict.fromkeys(("exists_on_other_days", "duplicate", "second_row_of_one_org"), ("name",)),
    "tree_not_in_place": ("founded", "parent"),
    **dict.fromkeys(
        ("uscc_bad_check", "uscc_bad_length", "uscc_illegal_char", "uscc_precision_lost", "orgcode_bad_check"),
        ("uscc",),
    ),
    **dict.fromkeys(("regno_bad_check", "resident_number", "leading_zero_restored"), ("uscc",)),
    **dict.fromkeys(
        (
            "date_unparsable",
            "date_invalid",
            "date_ambiguous",
            "date_range",
            "date_in_future",
            "date_two_digit_year",
        ),
        _DATES,
    ),
}

# What may refer to an organisation, as the sentence before taking back calls it.
REFERENCES: dict[str, Label] = {
    "members.membership": gettext_lazy("memberships"),
    "directory.appointment": gettext_lazy("appointments of accounts"),
    "structure.post": gettext_lazy("posts"),
    "imports.batch": gettext_lazy("imports"),
}


def _value(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda record: str(record.get(key) or "")


def _kind(record: Mapping[str, Any]) -> str:
    """The kind's own word; the word of the sheet where it is not known."""
    kind = record.get("kind")
    return str(KINDS[OrgKind(kind)] if kind else record.get("kind_word") or "")


def _end(record: Mapping[str, Any]) -> str:
    return str(record.get("closed") or record.get("ended") or "")


COLUMNS = (
    Shown(gettext_lazy("Name"), _value("name"), ("name",), corrects=True),
    Shown(gettext_lazy("Short name"), _value("short_name"), ("short_name",)),
    Shown(gettext_lazy("Kind"), _kind, ("kind",)),
    Shown(gettext_lazy("Parent"), _value("parent"), ("parent",)),
    Shown(gettext_lazy("Founded"), _value("founded"), ("founded",), corrects=True),
    Shown(gettext_lazy("Closed"), _end, ("closed", "status"), corrects=True),
    Shown(gettext_lazy("Former name"), _value("former_name"), ("former_name",)),
    Shown(gettext_lazy("Code"), _value("code"), ("code",)),
    Shown(gettext_lazy("Unified code"), _value("uscc"), ("uscc",)),
    Shown(gettext_lazy("Remark"), _value("remark"), ("remark",)),
)


FIELDS: dict[str, Label] = {
    "name": gettext_lazy("Name"),
    "short_name": gettext_lazy("Short name"),
    "code": gettext_lazy("Code"),
    "uscc": gettext_lazy("Unified code"),
    "kind": gettext_lazy("Kind"),
    "parent": gettext_lazy("Parent"),
    "founded": gettext_lazy("Founded"),
    "closed": gettext_lazy("Closed from"),
    "status": gettext_lazy("Status"),
    "former_name": gettext_lazy("Former name"),
    "remark": gettext_lazy("Remark"),
}
ASKED: dict[str, Label] = {
    "different": gettext_lazy("It is another organisation"),
    "link": gettext_lazy("The organisation's page"),
    "register": gettext_lazy("To the organisations"),
}
DECIDED: dict[str, Label] = {"different": gettext_lazy("Another organisation")}
UNDOING = gettext_lazy(
    "What this list founded is no more, as if it had not been; names, parents and closings are put back as they were."
)


def links(row_ids: Collection[int]) -> dict[int, str]:
    """The page of the organisation each row founded or changed."""
    found = OrgSource.objects.filter(row__in=list(row_ids)).values_list("row_id", "org__code")
    return {row: reverse("directory:org", args=[code]) for row, code in found}


def register(org_code: str) -> str:
    return reverse("directory:orgs")


# Doubtful rows ------------------------------------------------------------

COMPARED = (
    Compared("name", gettext_lazy("Name"), _value("name")),
    Compared("short_name", gettext_lazy("Short name"), _value("short_name")),
    Compared("code", gettext_lazy("Code"), _value("code")),
    Compared("kind", gettext_lazy("Kind"), _kind),
    Compared("parent", gettext_lazy("Parent"), _value("parent")),
    Compared("since", gettext_lazy("Founded"), _value("founded")),
)


def known(ids: Collection[int], reader: User) -> dict[int, Known]:
    """Organisations as candidates, as they are today; everybody who sees an import of organisations sees the tree."""
    orgs = list(Org.objects.filter(pk__in=list(ids)))
    places = OrgPlace.objects.known_at().filter(org__in=orgs).order_by("during")
    by_org: dict[int, list[OrgPlace]] = {}
    for place in places:
        by_org.setdefault(place.org_id, []).append(place)
    parents = {place.parent_id for place in places if place.parent_id}
    names = names_on({*ids, *parents}, today())
    shorts = short_names_on({*ids, *parents}, today())
    return {org.pk: _known(org, by_org.get(org.pk, []), names, shorts) for org in orgs}


def _known(org: Org, places: list[OrgPlace], names: Mapping[int, str], shorts: Mapping[int, str]) -> Known:
    name, short = names.get(org.pk, org.code), shorts.get(org.pk, "")
    parent = places[-1].parent_id if places else None
    facts = {
        "name": [name],
        "short_name": [short] if short not in {"", name} else [],
        "code": [org.code],
        "kind": [str(KINDS[OrgKind(org.kind)])],
        "parent": list(dict.fromkeys([names[parent], shorts[parent]])) if parent else [],
        "since": [_days(places)] if places else [],
    }
    return Known(name, reverse("directory:org", args=[org.code]), facts)


def _days(places: list[OrgPlace]) -> str:
    """From the first day, and until which where it has ended."""
    first, last = places[0].during.lower, places[-1].during.upper
    return f"{first:%Y-%m-%d}" + (f" – {last:%Y-%m-%d}" if last else "")


ORGANISATION_WORDS = Words(
    VERDICTS, CODES, ABOUT, COLUMNS, "name", links=links, register=register,
    likenesses=LIKENESSES, compared=COMPARED, known=known, fields=FIELDS, asked=ASKED, decided=DECIDED,
    subject=gettext_lazy("Organisation"), undoing=UNDOING,
)  # fmt: skip
