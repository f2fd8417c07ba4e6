"""Where signing in (allauth) meets this room: failures are counted in the database, passwords change through
an action.

No self-registration, no e-mail: accounts are made by the administrator.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanglian.directory import actions
from shanglian.directory.core.lockout import Attempt
from shanglian.directory.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count, try, take the count back if it was right. Raises ValidationError when locked or wrong."""
        username, address = str(credentials.get("username", "")), self.get_client_ip(request)
        attempt = actions.begin_attempt(username=username, address=address, actor=None)
        if not attempt.allowed:
            raise _locked(attempt)
        user = super().authenticate(request, **credentials)
        if not isinstance(user, User):
            actions.note_failure(attempt=attempt, actor=None)
            raise _locked(attempt) if attempt.locked_until else _wrong(attempt)
        actions.clear_attempts(username=username, address=address, actor=user)
        return user

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """Django's rules, and not the password the account has already."""
        cleaned: str = super().clean_password(password, user)
        if user is not None and user.check_password(cleaned):
            raise ValidationError(_("The new password must differ from the old one."), code="password_same")
        return cleaned

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        if not isinstance(user, User):
            raise TypeError(user)
        actions.change_password(user, password=password, actor=user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"


def _wrong(attempt: Attempt) -> ValidationError:
    return ValidationError(
        ngettext(
            "User name or password is wrong. %(count)d try is left before signing in is locked.",
            "User name or password is wrong. %(count)d tries are left before signing in is locked.",
            attempt.tries_left,
        ),
        code="wrong",
        params={"count": attempt.tries_left},
    )


def _locked(attempt: Attempt) -> ValidationError:
    minutes = max(attempt.minutes_to_wait(timezone.now()), 1)
    return ValidationError(
        ngettext(
            "Too many wrong passwords. Try again in %(count)d minute.",
            "Too many wrong passwords. Try again in %(count)d minutes.",
            minutes,
        ),
        code="locked",
        params={"count": minutes},
    )
