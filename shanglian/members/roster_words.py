"""What the import pages say about a roster: its verdicts and problems in words, its grid, and the way to the members.

Labels and formats only; the rules behind the codes are in core/roster.py and actions/rosters.py.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shanglian.common.core.numbers import thousands
from shanglian.imports.labels import Label, Notice, Shown, Words
from shanglian.members.core.roster import SECTIONS
from shanglian.members.models import Leg

_NUMBERS = ("uscc", "reg_no", "org_code")

VERDICTS: dict[str, Label] = {
    "opening": gettext_lazy("taken over as opening stock"),
    "joined": gettext_lazy("newly joined"),
    "already_booked": gettext_lazy("a member already"),
    "doubtful": gettext_lazy("to be decided"),
    "reject": gettext_lazy("wrong"),
    "duplicate": gettext_lazy("named twice"),
    "conflict": gettext_lazy("contradictory"),
}

CODES: dict[str, Label] = {
    "name_missing": gettext_lazy("The name is missing"),
    "uscc_bad_check": gettext_lazy("The check character of the unified code is wrong"),
    "uscc_bad_length": gettext_lazy("A unified code has 18 characters"),
    "uscc_illegal_char": gettext_lazy("The unified code holds a character that is not allowed"),
    "orgcode_bad_check": gettext_lazy("The check character of the organisation code is wrong"),
    "regno_bad_check": gettext_lazy("The check digit of the registration number is wrong"),
    "resident_number": gettext_lazy("This is a person's identity number, not a firm's code"),
    "id_missing": gettext_lazy("No code or registration number"),
    "uscc_precision_lost": gettext_lazy("The spreadsheet cut the code off; write it into the cell as text"),
    "leading_zero_restored": gettext_lazy("The leading zero was put back"),
    "county_unknown": gettext_lazy("This county is not known"),
    "join_date_missing": gettext_lazy("The day of joining is missing"),
    "date_unparsable": gettext_lazy("The date cannot be read; it was left out"),
    "date_invalid": gettext_lazy("There is no such day; it was left out"),
    "date_ambiguous": gettext_lazy("The date can be read in two ways; it was left out"),
    "date_range": gettext_lazy("The cell holds a span of dates; it was left out"),
    "date_in_future": gettext_lazy("The date lies after the day of the roster"),
    "date_two_digit_year": gettext_lazy("The year has two digits only; the date was left out"),
    "phone_invalid": gettext_lazy("The telephone number cannot be read"),
    "status_note": gettext_lazy("The cell holds a remark on the state of the firm"),
    "numbers_of_several_members": gettext_lazy("Its numbers belong to several entities of the register"),
    "second_row_of_one_member": gettext_lazy("Another row of this roster is the same member"),
    "member_on_other_days": gettext_lazy("The register has this member here, but on other days"),
    "home_on_other_days": gettext_lazy("Its home membership elsewhere begins or ends on a later day"),
    "same_name_in_register": gettext_lazy("The register has a member of this name, and nothing proves it is the same"),
}

_DATES = ("join_date", "founded")
ABOUT: dict[str, tuple[str, ...]] = {
    "name_missing": ("name",),
    "same_name_other_id": _NUMBERS,
    "name_differs_for_same_id": ("name",),
    "duplicate": (*_NUMBERS, "name"),
    "same_name_in_register": ("name",),
    "numbers_of_several_members": _NUMBERS,
    "second_row_of_one_member": _NUMBERS,
    "county_unknown": ("county",),
    "date_in_future": ("founded", "join_date"),  # a later founding is kept, a later joining left out
    "join_date_missing": ("join_date",),
    "phone_invalid": ("phones",),
    "regno_bad_check": ("reg_no", "uscc", "org_code"),
    "orgcode_bad_check": ("org_code", "uscc", "reg_no"),
    "leading_zero_restored": ("org_code", "uscc", "reg_no"),
    **dict.fromkeys(
        (
            "uscc_bad_check",
            "uscc_bad_length",
            "uscc_illegal_char",
            "uscc_precision_lost",
            "resident_number",
            "id_missing",
        ),
        _NUMBERS,
    ),
    **dict.fromkeys(
        (
            "date_unparsable",
            "date_invalid",
            "date_ambiguous",
            "date_range",
            "date_two_digit_year",
        ),
        _DATES,
    ),
}


def _value(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda record: str(record.get(key) or "")


def _number(record: Mapping[str, Any]) -> str:
    return next((str(record[key]) for key in (*_NUMBERS, "other_code") if record.get(key)), "")


def _phones(record: Mapping[str, Any]) -> str:
    """The middle is covered: the page is for comparing, not for calling."""
    phones = record.get("phones") or []
    return " ".join(f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 10 else phone for phone in phones)


def _fee(record: Mapping[str, Any]) -> str:
    fee = record.get("fee_yuan")
    return "" if fee is None else f"{fee:,.2f}"


def _industry(record: Mapping[str, Any]) -> str:
    """The words of the sheet, or the name of the section where it has only the letter."""
    letter = record.get("industry_section")
    return str(record.get("industry") or (f"{letter} {SECTIONS[letter][0]}" if letter in SECTIONS else letter or ""))


COLUMNS = (
    Shown(gettext_lazy("Name"), _value("name"), ("name",), corrects=True),
    Shown(gettext_lazy("Code or number"), _number, _NUMBERS, corrects=True),
    Shown(gettext_lazy("Category as written"), _value("member_type"), ("member_type",)),
    Shown(gettext_lazy("Joined"), _value("join_date"), ("join_date",), corrects=True),
    Shown(gettext_lazy("County"), _value("county_code"), ("county", "zone")),
    Shown(gettext_lazy("Industry"), _industry, ("industry",)),
    Shown(gettext_lazy("Chamber"), _value("chamber"), ("chamber",)),
    Shown(gettext_lazy("Legal representative"), _value("legal_rep"), ("legal_rep",)),
    Shown(gettext_lazy("Telephone"), _phones, ("phones",)),
    Shown(gettext_lazy("Dues (yuan)"), _fee, ("fee_yuan",), right=True),
    Shown(gettext_lazy("Founded"), _value("founded"), ("founded",), corrects=True),
)


def notices(detail: Mapping[str, Any]) -> list[Notice]:
    """The members a complete roster does not name."""
    total = detail.get("absent_total", 0)
    if not total:
        return []
    title = ngettext(
        "%(n)s member of the register is not in this complete roster",
        "%(n)s members of the register are not in this complete roster",
        total,
    )
    text = _("For a decision: nobody is ended by this import. Ask each, then book the leaving or correct the roster.")
    return [Notice(title % {"n": thousands(total)}, text, list(detail["absent"]), total)]


def links(row_ids: Collection[int]) -> dict[int, str]:
    """The page of the member booked from each row; rows nothing was booked from are missing."""
    found = Leg.objects.filter(movement__source_row__in=list(row_ids)).values_list(
        "movement__source_row_id", "membership__entity_id"
    )
    return {row: reverse("members:member", args=[entity]) for row, entity in found}


def register(org_code: str) -> str:
    return f"{reverse('members:list')}?org={org_code}"


ROSTER_WORDS = Words(VERDICTS, CODES, ABOUT, COLUMNS, "name", notices, links, register)
