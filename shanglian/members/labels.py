"""What the codes of the register are called on a page: one place, the field's own terms."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CATEGORIES: dict[str, Promise] = {
    "enterprise": _("Enterprise member"),
    "group": _("Group member"),
    "individual": _("Individual member"),
}

ENTITY_KINDS: dict[str, Promise] = {
    "enterprise": _("Enterprise"),
    "association": _("Association"),
    "person": _("Person"),
}

# kind of movement → (what the ledger entry says, icon, kind of mark)
MOVEMENTS: dict[str, tuple[Promise, str, str]] = {
    "opening": (_("Taken over with the first roster"), "file-spreadsheet", "info"),
    "joined": (_("Joined"), "user-check", "ok"),
    "left": (_("Left"), "logout", ""),
    "moved": (_("Moved to another organisation"), "arrows-exchange", "info"),
    "rehomed": (_("Home membership changed"), "home", "info"),
    "reclassified": (_("Counted otherwise"), "edit", "info"),
    "reversal": (_("Correction: an earlier entry is reversed"), "rotate-clockwise-2", "warn"),
}

LINES: dict[str, Promise] = {
    "opening": _("opening"),
    "joined": _("joined"),
    "left": _("left"),
    "moved_in": _("moved in"),
    "moved_out": _("moved out"),
    "rehomed_in": _("became home"),
    "rehomed_out": _("no longer home"),
    "reclassified_in": _("counted as"),
    "reclassified_out": _("no longer counted as"),
}

PARTICULARS: dict[str, Promise] = {
    "name": _("Name"),
    "legal_rep": _("Legal representative"),
    "phones": _("Telephone"),
    "address": _("Address"),
    "founded_on": _("Founded"),
}

# facts a file should hold
ASKED: dict[str, Promise] = {
    **PARTICULARS,
    "number": _("Valid number"),
    "section": _("Industry"),
    "county": _("County"),
}

SCHEMES: dict[str, Promise] = {
    "uscc": _("Unified social credit code"),
    "reg_no": _("Registration number"),
    "org_code": _("Organisation code"),
    "other": _("Other number"),
}

# Parts of the register that figures count, as the list names them
FIGURES = {
    "members.private_enterprises": _("Private enterprises"),
    "members.chambers": _("Chambers among group members"),
}
