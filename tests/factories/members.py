"""Entities and bookings for tests. Memberships are always made by the real actions."""

from datetime import date
from itertools import count

from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.directory.models import Org, User
from shanglian.members.actions.memberships import admit, profile_of
from shanglian.members.core.kinds import CATEGORY_OF_KIND, EntityKind
from shanglian.members.models import Entity, Membership

_numbers = count(1)


def make_entity(
    name: str | None = None, *, kind: EntityKind = EntityKind.ENTERPRISE, sample: bool = True, **particulars: object
) -> Entity:
    """`particulars`: what it comes in with (legal_rep, phones, address, founded_on)."""
    name = name or f"示例企业{next(_numbers)}"
    keys = {"name_key": name_key(name), "sort_key": sort_key(name)}
    return Entity.objects.create(kind=kind, name=name, **keys, sample=sample, **particulars)


def make_member(org: Org, on: date, actor: User, *, entity: Entity | None = None, **words: object) -> Membership:
    """An entity admitted to `org`; `words` are attributes of its profile (section, size, …)."""
    entity = entity or make_entity()
    return admit(
        entity=entity,
        org=org,
        category=CATEGORY_OF_KIND[EntityKind(entity.kind)],
        profile=profile_of(**words),  # type: ignore[arg-type]
        on=on,
        actor=actor,
    )
