"""What the import pages say about members a complete roster does not name: who they are, what keeps one from ending.

Labels and formats only; the rules are in core/leaving.py and actions/leavers.py.
"""

from collections.abc import Collection, Mapping

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports.labels import Known, Label
from shanglian.members.core.leaving import JOINED_THAT_DAY, LATER_ENTRIES, SEVERAL_HOMES
from shanglian.members.models import Identifier, Membership, Span

OBSTACLES: dict[str, Label] = {
    JOINED_THAT_DAY: gettext_lazy("It joined on the very day of this roster; check which of the two is right"),
    LATER_ENTRIES: gettext_lazy("The register has entries of this member for later days; it cannot end on this one"),
    SEVERAL_HOMES: gettext_lazy(
        "Its home is here and it has several other memberships; settle first which becomes home"
    ),
}
# the ends of a membership that charters know: on application, by rule, as a sanction, because the firm is no more
LEAVING: tuple[Label, ...] = (
    gettext_lazy("Withdrew on written application"),
    gettext_lazy("Membership lapsed under the charter"),
    gettext_lazy("Expelled by resolution"),
    gettext_lazy("Deregistered or licence revoked"),
    gettext_lazy("Cannot be reached"),
    gettext_lazy("Moved to another area"),
)


def absentees(ids: Collection[int], reader: User) -> dict[int, Known]:
    """Memberships as the list of possible leavers shows them; linked where the reader may open the member."""
    memberships = (
        Membership.objects.filter(pk__in=list(ids))
        .select_related("entity")
        .prefetch_related(
            Prefetch("entity__identifiers", Identifier.objects.filter(state=Identifier.State.VALID).order_by("scheme")),
            Prefetch("entity__spans", Span.objects.select_related("org").order_by("during")),
        )
    )
    visible = set(visible_org_ids(reader, "members.view"))
    names = names_on({span.org_id for one in memberships for span in one.entity.spans.all()}, today())
    return {one.pk: _absentee(one, visible, names) for one in memberships}


def _absentee(membership: Membership, visible: Collection[int], names: Mapping[int, str]) -> Known:
    spans = list(membership.entity.spans.all())
    own = [span for span in spans if span.membership_id == membership.pk]
    others = {span.org_id: span.org.code for span in spans if span not in own and span.during.upper is None}
    link = reverse("members:member", args=[membership.entity_id]) if membership.org_id in visible else ""
    facts = {
        "number": [number.value for number in membership.entity.identifiers.all()][-1:],
        "since": [f"{own[0].during.lower:%Y-%m-%d}"] if own else [],
        "also": [names.get(org, code) for org, code in others.items()],
    }
    return Known(membership.entity.name, link, facts)
