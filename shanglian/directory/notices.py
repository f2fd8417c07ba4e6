"""What the log tells a reader of this room: that their rights have changed."""

from collections.abc import Mapping, Sequence

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from shanglian.archive.models import LogEntry
from shanglian.common.waiting import Notices, Reach, Told
from shanglian.directory.core.rights import Role
from shanglian.directory.labels import ROLES
from shanglian.directory.models import Appointment, Org, User
from shanglian.directory.queries import names_on, today

TELLS = ("user.appoint", "user.end_appointment")


def entries(reader: User, reach: Reach) -> Q:
    own = Appointment.objects.filter(user=reader).values(as_text=Cast("pk", CharField()))
    return Q(verb__in=TELLS, subject_type=Appointment._meta.label_lower, subject_id__in=own)


def told(found: Sequence[LogEntry], reader: User, reach: Reach) -> Mapping[int, Told]:
    names = names_by_code({entry.org for entry in found})
    return {entry.pk: _told(entry, names.get(entry.org, entry.org)) for entry in found}


def names_by_code(codes: set[str]) -> dict[str, str]:
    """What organisations are called today, by code; the log names them so."""
    ids = dict(Org.objects.filter(code__in=codes).values_list("code", "pk"))
    names = names_on(ids.values(), today())
    return {code: names.get(pk, code) for code, pk in ids.items()}


def _told(entry: LogEntry, org: str) -> Told:
    facts = {"role": ROLES[Role(entry.detail["role"])], "org": org, "day": entry.detail["on"]}
    if entry.verb == "user.appoint":
        return Told(_("You are %(role)s of %(org)s from %(day)s on") % facts, "user-check")
    return Told(_("You are no longer %(role)s of %(org)s from %(day)s on") % facts, "user-minus")


NOTICES = Notices(entries, told, TELLS, tuple)
