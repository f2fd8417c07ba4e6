"""Taking one change of the tree back: it never was, as known from now on. What was believed meanwhile stays readable.

A change is named by its stamp, the moment from which its rows are known (facts.last_stamp); no two changes have the
same. An organisation whose founding is taken back keeps its code, which is never used again.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shanglian.archive.actions import log
from shanglian.directory import facts
from shanglian.directory.models import Org, User
from shanglian.directory.queries import names_on, today


def take_back_change(org: Org, *, change: datetime, reason: str = "", actor: User) -> None:
    """`org` was not founded, renamed, moved or closed by the change with this stamp.

    Refused (ValidationError) when a later change stands on it: the same fact changed again, or organisations stand
    below that would hang in the air. Whether members, posts or accounts refer to `org` is for the caller to know.
    """
    with transaction.atomic():
        stamp = facts.lock_tree()
        if not facts.stands(change):
            raise _refusal("changed_since", _("%(org)s was changed again afterwards; take that back first."), org)
        try:
            with transaction.atomic():
                facts.take_back(change, stamp)
        except IntegrityError as refusal:
            message = _("%(org)s: other organisations stand on this change; move or close them first.")
            raise _refusal("others_stand_on_it", message, org) from refusal
        detail = {"on": today().isoformat(), "reason": reason, "document": None, "change": change.isoformat()}
        log("org.take_back", org=org.code, subject=org, detail=detail, actor=actor)


def _refusal(code: str, message: str, org: Org) -> ValidationError:
    name = names_on([org.pk], today()).get(org.pk, "")
    return ValidationError(message, code=code, params={"org": f"{name} ({org.code})".strip()})
