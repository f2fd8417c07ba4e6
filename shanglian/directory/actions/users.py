"""Accounts, passwords and appointments."""

import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from shanglian.archive.actions import log
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Appointment, Org, User

# Without signs that are mistaken for each other when read aloud or from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 16


def generate_password() -> str:
    """About 79 bits, in groups of four."""
    signs = [secrets.choice(_LETTERS) for _place in range(PASSWORD_LENGTH)]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, PASSWORD_LENGTH, 4))


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str | None = None,
    must_change_password: bool = True,
    actor: User,
) -> tuple[User, str]:
    """A new account and its password: the given one, or one made up here. It is stored nowhere in plain."""
    user = User(username=username, name=name, must_change_password=must_change_password)
    if password is None:
        password = generate_password()
    else:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    log("user.create", subject=user, detail={"username": username}, actor=actor)
    return user, password


@transaction.atomic
def set_first_password(user: User, *, actor: User) -> str:
    """A new made-up password that must be changed at the next sign-in; for somebody who forgot theirs."""
    password = generate_password()
    user.set_password(password)
    user.must_change_password = True
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    log("user.set_first_password", subject=user, actor=actor)
    return password


@transaction.atomic
def change_password(user: User, *, password: str, actor: User) -> None:
    """The user's own new password. It must differ from the old one; the account is then no longer held to
    change it.
    """
    if user.check_password(password):
        raise ValidationError(_("The new password must differ from the old one."), code="password_same")
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    log("user.change_password", subject=user, actor=actor)


@transaction.atomic
def deactivate_user(user: User, *, actor: User) -> None:
    """The account can no longer sign in; what it did stays under its name."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    log("user.deactivate", subject=user, actor=actor)


@transaction.atomic
def appoint(user: User, *, org: Org, role: Role, on: date, until: date | None = None, actor: User) -> Appointment:
    """`user` holds `role` in `org` from `on` (up to, not including, `until`). Refused if already held on such
    a day.
    """
    during = DateRange(on, until)
    if Appointment.objects.filter(user=user, org=org, role=role, during__overlap=during).exists():
        raise ValidationError(
            _("%(user)s already holds this role in %(org)s on some of these days."),
            code="already_appointed",
            params={"user": user, "org": org},
        )
    appointment = Appointment.objects.create(user=user, org=org, role=role, during=during)
    detail = {
        "user": user.pk,
        "role": role,
        "on": on.isoformat(),
        "until": until.isoformat() if until else None,
    }
    log("user.appoint", org=org.code, subject=appointment, detail=detail, actor=actor)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: date, actor: User) -> None:
    """The role is no longer held from `on`. An appointment cannot end before its second day."""
    during = appointment.during
    if on <= during.lower or (during.upper is not None and on > during.upper):
        raise ValidationError(
            _("The appointment runs from %(first)s; it cannot end on %(day)s."),
            code="end_outside",
            params={"first": during.lower.isoformat(), "day": on.isoformat()},
        )
    appointment.during = DateRange(during.lower, on)
    appointment.save(update_fields=["during"])
    detail = {"user": appointment.user_id, "role": appointment.role, "on": on.isoformat()}
    log("user.end_appointment", org=appointment.org.code, subject=appointment, detail=detail, actor=actor)
