"""Tokens by which programs act for a user: given out once, revoked for good."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shanglian.archive.actions import log
from shanglian.directory.models import ApiToken, User
from shanglian.directory.queries import hash_of_token

LONGEST = 366  # days


@transaction.atomic
def issue_api_token(user: User, *, days: int, actor: User) -> tuple[ApiToken, str]:
    """A new token with all rights of its user, and its text, which is stored nowhere."""
    if not user.is_active or not user.has_usable_password():
        raise ValidationError(_("This account cannot sign in, so no program may act for it."), code="inactive")
    if not 1 <= days <= LONGEST:
        raise ValidationError(_("A token holds for 1 to %(most)s days.") % {"most": LONGEST}, code="days")
    text = f"sl_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user, hash=hash_of_token(text), expires_at=timezone.now() + timedelta(days=days)
    )
    log("token.issue", subject=user, detail={"token": token.pk, "days": days}, actor=actor)
    return token, text


@transaction.atomic
def revoke_api_token(token: ApiToken, *, actor: User) -> ApiToken:
    """From now on the token opens nothing; revoking it again changes nothing."""
    locked = ApiToken.objects.select_for_update().select_related("user").get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        log("token.revoke", subject=locked.user, detail={"token": locked.pk}, actor=actor)
    return locked
