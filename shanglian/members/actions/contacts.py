"""Showing what is covered on pages: the log keeps who looked at whose telephones."""

from django.db import transaction

from shanglian.archive.actions import log
from shanglian.directory.models import Org, User
from shanglian.members.models import Entity


@transaction.atomic
def show_phones(*, entity: Entity, org: Org, actor: User) -> list[str]:
    """An entity's telephones as they are. `org`: by whose record the actor may see them."""
    phones = list(entity.phones)
    log("members.show_phones", org=org.code, subject=entity, detail={"numbers": len(phones)}, actor=actor)
    return phones
