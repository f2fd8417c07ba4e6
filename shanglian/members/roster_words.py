"""What the import pages say about a roster: its verdicts and problems in words, its grid, and the way to the members.

Labels and formats only; the rules behind the codes are in core/roster.py and actions/rosters.py.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shanglian.common.core.numbers import thousands
from shanglian.common.core.personal import covered_numbers
from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports.labels import Compared, Known, Label, Notice, Shown, Words
from shanglian.members.core.roster import SECTIONS
from shanglian.members.leaver_words import LEAVING, OBSTACLES, absentees
from shanglian.members.models import Entity, Identifier, Leg, Particular, Span
from shanglian.members.reading import area_names

_NUMBERS = ("uscc", "reg_no", "org_code")

VERDICTS: dict[str, Label] = {
    "opening": gettext_lazy("taken over as opening stock"),
    "joined": gettext_lazy("newly joined"),
    "changed": gettext_lazy("particulars changed"),
    "moved": gettext_lazy("moved here"),
    "already_booked": gettext_lazy("a member already"),
    "doubtful": gettext_lazy("to be decided"),
    "left_out": gettext_lazy("left out by decision"),
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
    "registration_type_unknown": gettext_lazy(
        "This registration type is not in the list; the member is counted without one"
    ),
    "group_kind_unknown": gettext_lazy(
        "This kind of group member is not in the list; the name tells the kind, or it is counted without one"
    ),
    "status_note": gettext_lazy("The cell holds a remark on the state of the firm"),
    "numbers_of_several_members": gettext_lazy("Its numbers belong to several entities of the register"),
    "other_unified_code": gettext_lazy("The member with this number has another unified code in the register"),
    "second_row_of_one_member": gettext_lazy("Another row of this roster is the same member"),
    "member_on_other_days": gettext_lazy("The register has this member here, but on other days"),
    "home_on_other_days": gettext_lazy("Its home membership elsewhere begins or ends on a later day"),
    "org_unknown": gettext_lazy(
        "No organisation is called so on the roster's day. Write its name or code as in the register, leave the cell"
        " empty for the organisation of this import, or say in the second step that this column is something else"
    ),
    "org_several": gettext_lazy("Several organisations are called so; write the whole name or the code"),
    "org_not_below": gettext_lazy(
        "This organisation does not lie below the one of this import; the row belongs into a roster of its own"
    ),
    "org_not_yours": gettext_lazy(
        "You may not commit imports at this organisation; somebody who may has to hand this row in"
    ),
    "home_elsewhere": gettext_lazy(
        "Its home membership is at another organisation; it is not known whether it has moved"
    ),
    "same_name_in_register": gettext_lazy("The register has a member of this name, and nothing proves it is the same"),
    "former_name_in_register": gettext_lazy(
        "The register has a member under the former name this row states, and nothing proves it is the same"
    ),
    "same_by_name": gettext_lazy(
        "No number, but the name is that of one member here and nothing else differs: taken for that member"
    ),
    "name_changed": gettext_lazy(
        "The register has this member under another name; it takes this one from the roster's day"
    ),
    "changed_by_another_row": gettext_lazy(
        "An earlier row of this roster is the same member; what this row says otherwise is not taken over"
    ),
    "later_entries_stand": gettext_lazy(
        "The ledger has entries of later days for this member: its category, industry and county stay as they are"
    ),
    "number_added": gettext_lazy("The register did not have this number yet; it is added"),
    "also_elsewhere": gettext_lazy("It is also a member elsewhere; this becomes a further membership"),
}

LIKENESSES: dict[str, Label] = {
    "same_number": gettext_lazy("a number of this row"),
    "same_name": gettext_lazy("the name"),
    "same_earlier_name": gettext_lazy("a name it had before"),
    "same_former_name": gettext_lazy("the former name stated in the row"),
    "same_org": gettext_lazy("a member of this organisation"),
    "same_county": gettext_lazy("the county"),
    "same_legal_rep": gettext_lazy("the legal representative"),
    "same_phone": gettext_lazy("a telephone number"),
}

FIELDS: dict[str, Label] = {
    "name": gettext_lazy("Member's name"),
    "uscc": gettext_lazy("Unified social credit code"),
    "org_code": gettext_lazy("Organisation code"),
    "reg_no": gettext_lazy("Registration number"),
    "legal_rep": gettext_lazy("Legal representative"),
    "phones": gettext_lazy("Telephone numbers"),
    "organisation": gettext_lazy("Organisation of the member"),
    "chamber": gettext_lazy("Chamber"),
    "member_type": gettext_lazy("Category"),
    "join_date": gettext_lazy("Day of joining"),
    "fee_yuan": gettext_lazy("Dues (yuan)"),
    "county": gettext_lazy("County or district"),
    "zone": gettext_lazy("Development zone"),
    "industry": gettext_lazy("Industry"),
    "registration_type": gettext_lazy("Registration type"),
    "group_kind": gettext_lazy("Kind of group member"),
    "address": gettext_lazy("Address"),
    "capital": gettext_lazy("Registered capital"),
    "capital_currency": gettext_lazy("Currency of the capital"),
    "founded": gettext_lazy("Day of founding"),
    "employer": gettext_lazy("Employer"),
    "remark": gettext_lazy("Remark"),
    "status": gettext_lazy("State of the firm"),
    "sensitive": gettext_lazy("Sensitive personal data (not taken over)"),
    "org": gettext_lazy("Home membership"),
}

PROPOSALS: dict[str, Label] = {
    "lookalike": gettext_lazy("With digits for the letters that look like them the check character is right."),
    "doubled": gettext_lazy("One character stands twice; without it the check character is right."),
    "exchanged": gettext_lazy("With two neighbours exchanged the check character is right: %(text)s?"),
    "computed": gettext_lazy("For the other characters the last one would be “%(last)s”; compare it with the licence."),
    "year_exchanged": gettext_lazy("Should it be %(text)s?"),
    "century": gettext_lazy("Should it be %(text)s?"),
    "one_reading": gettext_lazy("It can be read in two ways."),
    "first_of_span": gettext_lazy("The span begins with %(text)s."),
    "without_day": gettext_lazy("The month alone would be %(text)s."),
    "day_and_month_exchanged": gettext_lazy("With day and month exchanged it would be %(text)s."),
    "near_name": gettext_lazy("Known counties are written nearly so."),
    "digits_only": gettext_lazy("The digits alone are a telephone number."),
}

_DATES = ("join_date", "founded")
ABOUT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("org_unknown", "org_several", "org_not_below", "org_not_yours"), ("organisation",)),
    "name_missing": ("name",),
    "same_name_other_id": _NUMBERS,
    "name_differs_for_same_id": ("name",),
    "duplicate": (*_NUMBERS, "name"),
    "same_name_in_register": ("name",),
    "former_name_in_register": ("name",),
    "same_by_name": ("name",),
    "numbers_of_several_members": _NUMBERS,
    "second_row_of_one_member": _NUMBERS,
    "other_unified_code": _NUMBERS,
    "name_changed": ("name",),
    "number_added": _NUMBERS,
    "blank_in_group": ("county", "organisation", "chamber"),
    "county_unknown": ("county",),
    "date_in_future": ("founded", "join_date"),  # a later founding is kept, a later joining left out
    "join_date_missing": ("join_date",),
    "phone_invalid": ("phones",),
    "registration_type_unknown": ("registration_type",),
    "group_kind_unknown": ("group_kind",),
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
    return covered_numbers(record.get("phones") or [])


def _fee(record: Mapping[str, Any]) -> str:
    fee = record.get("fee_yuan")
    return "" if fee is None else f"{fee:,.2f}"


def _county(record: Mapping[str, Any]) -> str:
    """The area's name; the number where no division file names it."""
    code = str(record.get("county_code") or "")
    return area_names().get(code, code)


def _industry(record: Mapping[str, Any]) -> str:
    """The words of the sheet, or the name of the section where it has only the letter."""
    letter = record.get("industry_section")
    return str(record.get("industry") or (f"{letter} {SECTIONS[letter][0]}" if letter in SECTIONS else letter or ""))


COLUMNS = (
    Shown(gettext_lazy("Name"), _value("name"), ("name",), corrects=True),
    Shown(gettext_lazy("Code or number"), _number, _NUMBERS, corrects=True),
    Shown(gettext_lazy("Category as written"), _value("member_type"), ("member_type",)),
    Shown(gettext_lazy("Joined"), _value("join_date"), ("join_date",), corrects=True),
    Shown(gettext_lazy("County"), _county, ("county", "zone")),
    Shown(gettext_lazy("Industry"), _industry, ("industry",)),
    Shown(gettext_lazy("Organisation"), _value("org_name"), ("organisation",)),
    Shown(gettext_lazy("Chamber"), _value("chamber"), ("chamber",)),
    Shown(gettext_lazy("Legal representative"), _value("legal_rep"), ("legal_rep",)),
    Shown(gettext_lazy("Telephone"), _phones, ("phones",)),
    Shown(gettext_lazy("Dues (yuan)"), _fee, ("fee_yuan",), right=True),
    Shown(gettext_lazy("Founded"), _value("founded"), ("founded",), corrects=True),
)


def notices(detail: Mapping[str, Any]) -> list[Notice]:
    """Beside the rows: who is a member elsewhere too. New names stand with the changed rows, old → new."""
    total = detail.get("elsewhere_total", 0)
    if not total:
        return []
    title = ngettext(
        "%(n)s firm of this roster is also a member elsewhere",
        "%(n)s firms of this roster are also members elsewhere",
        total,
    )
    text = _(
        "Each keeps the home it has; here it becomes a further membership and is counted once above. Whoever keeps both"
        " registers can say that one has moved here."
    )
    names = [
        _("%(firm)s: also a member at %(where)s") % {"firm": firm, "where": _(", ").join(where)}
        for firm, where in detail.get("elsewhere", ())
    ]
    return [Notice(title % {"n": thousands(total)}, text, names, total, "also_elsewhere")]


def links(row_ids: Collection[int]) -> dict[int, str]:
    """The page of the member booked or changed from each row; rows nothing was booked from are missing."""
    found = Leg.objects.filter(movement__source_row__in=list(row_ids)).values_list(
        "movement__source_row_id", "membership__entity_id"
    )
    changed = Particular.objects.filter(source_row__in=list(row_ids)).values_list("source_row_id", "entity_id")
    return {row: reverse("members:member", args=[entity]) for row, entity in (*changed, *found)}


def register(org_code: str) -> str:
    return f"{reverse('members:list')}?org={org_code}"


# Doubtful rows ------------------------------------------------------------


def _numbers(record: Mapping[str, Any]) -> str:
    return " ".join(str(record[key]) for key in (*_NUMBERS, "other_code") if record.get(key))


COMPARED = (
    Compared("name", gettext_lazy("Name"), _value("name")),
    Compared("numbers", gettext_lazy("Code or number"), _numbers),
    Compared("org", gettext_lazy("Organisation"), _value("org_name")),
    Compared("county", gettext_lazy("County"), _county),
    Compared("legal_rep", gettext_lazy("Legal representative"), _value("legal_rep")),
    Compared("phones", gettext_lazy("Telephone"), _phones),
    Compared("since", gettext_lazy("Member since"), _value("join_date")),
)


def known(ids: Collection[int], reader: User) -> dict[int, Known]:
    """Entities of the register as candidates; linked where the reader may open them."""
    entities = Entity.objects.filter(pk__in=list(ids)).prefetch_related(
        Prefetch("identifiers", Identifier.objects.filter(state=Identifier.State.VALID)),
        Prefetch("spans", Span.objects.filter(during__endswith__isnull=True).select_related("org").order_by("during")),
    )
    visible = set(visible_org_ids(reader, "members.view"))
    names = names_on({span.org_id for entity in entities for span in entity.spans.all()}, today())
    return {entity.pk: _known(entity, visible, names) for entity in entities}


def _known(entity: Entity, visible: Collection[int], names: Mapping[int, str]) -> Known:
    spans = list(entity.spans.all())
    link = reverse("members:member", args=[entity.pk]) if any(span.org_id in visible for span in spans) else ""
    facts = {
        "name": [entity.name],
        "numbers": [number.value for number in entity.identifiers.all()],
        "county": sorted({_county({"county_code": span.county or span.org.code[:6]}) for span in spans}),
        "legal_rep": [entity.legal_rep] if entity.legal_rep else [],
        "phones": _phones({"phones": entity.phones}).split(),
        "since": [f"{span.during.lower:%Y-%m-%d} {names.get(span.org_id, span.org.code)}" for span in spans],
    }
    return Known(entity.name, link, facts)


ROSTER_WORDS = Words(
    VERDICTS, CODES, ABOUT, COLUMNS, "name", notices, links, register,
    likenesses=LIKENESSES, compared=COMPARED, known=known,
    absentees=absentees, obstacles=OBSTACLES, leaving=LEAVING, fields=FIELDS, proposals=PROPOSALS,
)  # fmt: skip
