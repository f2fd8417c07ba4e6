"""Whether a reader may see a member's telephones whole: who keeps the member's record, or may take lists away."""

from shanglian.directory.access import Actor, may, visible_org_ids
from shanglian.directory.core.rights import Denied
from shanglian.directory.models import Org
from shanglian.directory.queries import today
from shanglian.members.models import Entity, Membership, Span

RIGHTS = ("members.edit", "members.export")


def contact_org(reader: Actor, entity: Entity) -> Org | Denied:
    """The organisation at which the reader may, else why not.

    It counts where the entity is a member today; of one that is none any more, where it was.
    """
    at = list(Span.objects.filter(entity=entity).on(today()).order_by("-home", "org").values_list("org", flat=True))
    at = at or list(Membership.objects.filter(entity=entity).order_by("org").values_list("org", flat=True))
    for verb in RIGHTS:
        allowed = set(visible_org_ids(reader, verb))
        for org_id in at:
            if org_id in allowed:
                return Org.objects.get(pk=org_id)
    first = Org.objects.get(pk=at[0])
    answer = may(reader, RIGHTS[-1], first)
    return first if answer else answer
