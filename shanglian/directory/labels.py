"""The words users read for this room's codes: kinds, roles, refusals, rights and scopes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanglian.directory.core.kinds import KindGroup, OrgKind
from shanglian.directory.core.rights import Denial, Role, Scope

Label = str | Promise

KINDS: dict[OrgKind, Label] = {
    OrgKind.NATION: _("National federation"),
    OrgKind.PROVINCE: _("Provincial federation"),
    OrgKind.CITY: _("City federation"),
    OrgKind.COUNTY: _("County federation"),
    OrgKind.ZONE: _("Functional zone"),
    OrgKind.INDUSTRY_CHAMBER: _("Industry chamber"),
    OrgKind.TOWNSHIP_CHAMBER: _("Township chamber"),
    OrgKind.STREET_CHAMBER: _("Street chamber"),
    OrgKind.VILLAGE_CHAMBER: _("Village chamber"),
    OrgKind.COMMUNITY_CHAMBER: _("Community chamber"),
    OrgKind.CLUSTER_CHAMBER: _("Industrial-cluster chamber"),
    OrgKind.PARK_CHAMBER: _("Park chamber"),
    OrgKind.MARKET_CHAMBER: _("Market chamber"),
    OrgKind.BUILDING_CHAMBER: _("Building chamber"),
    OrgKind.NON_LOCAL_CHAMBER: _("Non-local chamber"),
    OrgKind.OTHER_CHAMBER: _("Other chamber"),
}

KIND_GROUPS: dict[KindGroup, Label] = {
    KindGroup.FEDERATION: _("Federations"),
    KindGroup.ZONE: _("Functional zones"),
    KindGroup.INDUSTRY: _("Industry chambers"),
    KindGroup.NON_LOCAL: _("Non-local chambers"),
    KindGroup.GRASSROOTS: _("Grassroots chambers"),
    KindGroup.OTHER: _("Other chambers"),
}

ROLES: dict[Role, Label] = {
    Role.LEADER: _("Leader"),
    Role.OFFICER: _("Membership officer"),
    Role.CLERK: _("County clerk"),
    Role.SECRETARY: _("Chamber secretary"),
    Role.REVIEWER: _("Provincial reviewer"),
    Role.ADMIN: _("Administrator"),
}

SCOPES: dict[Scope, Label] = {
    Scope.OWN: _("own organisation"),
    Scope.BELOW: _("all below"),
    Scope.OWN_AND_BELOW: _("own organisation and all below"),
    Scope.OWN_AND_ABOVE: _("own organisation and those above"),
    Scope.ALL: _("every organisation"),
}

DENIALS: dict[Denial, Label] = {
    Denial.NOT_SIGNED_IN: _("Please sign in first."),
    Denial.INACTIVE: _("This account is not active."),
    Denial.NO_APPOINTMENT: _("You hold no appointment today. Ask the administrator for one."),
    Denial.NOT_YOUR_ROLE: _("None of your roles has this right."),
    Denial.OWN_ONLY: _("Your role may do this only in your own organisation; this one lies below it."),
    Denial.NOT_OWN: _("Nobody does this for the own organisation; it is up to the level above."),
    Denial.ELSEWHERE: _("This organisation is outside your area of responsibility."),
}

# The same rules, told about somebody else.
GRANTED_BECAUSE: dict[Scope, Label] = {
    Scope.OWN: _("The role has this right in its own organisation, and this is it."),
    Scope.BELOW: _("The role has this right in every organisation below its own, and this one lies there."),
    Scope.OWN_AND_BELOW: _("The role has this right in its own organisation and all below, and this is one of them."),
    Scope.OWN_AND_ABOVE: _("The role has this right in its own organisation and those above, and this is one of them."),
    Scope.ALL: _("The role has this right in every organisation."),
}

DENIED_BECAUSE: dict[Denial, Label] = {
    Denial.NO_APPOINTMENT: _("No appointment is in force today."),
    Denial.NOT_YOUR_ROLE: _("The role does not have this right."),
    Denial.OWN_ONLY: _("The role has this right only in its own organisation; this one lies below it."),
    Denial.NOT_OWN: _("The role has this right only below its own organisation."),
    Denial.ELSEWHERE: _("This organisation lies outside the area of the appointment."),
}

CHANGES: dict[str, Label] = {
    "org.found": _("Founded"),
    "org.found_federation": _("Federation founded"),
    "org.rename": _("Renamed"),
    "org.move": _("Moved"),
    "org.close": _("Closed"),
    "org.absorb": _("Merged"),
    "org.split": _("Split"),
    "org.take_back": _("A change was taken back"),
}
