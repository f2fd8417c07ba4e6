"""May this user do this here? Every view and every API function begins with `fetch` or `may`.

Rights always use today's tree. The rule is core/rights.py over the table in grants.py; this file brings the
database.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from shanglian.directory.core.rights import Allowed, Denial, Denied, decide, scopes_of
from shanglian.directory.grants import GRANTS, VERBS, view_verb
from shanglian.directory.kept import covered_by, paths_of, standing_of
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import Org, User

M = TypeVar("M", bound=Model)
Actor = User | AnonymousUser


class Refused(PermissionDenied):
    """Visible, but not allowed. `reason` is the code; the text is a sentence for the user."""

    def __init__(self, reason: Denial) -> None:
        super().__init__(str(DENIALS[reason]))
        self.reason = reason


def may(user: Actor, verb: str, org: Org) -> Allowed | Denied:
    """Whether `user` may do `verb` at `org`; false with a reason. ValueError for an unknown verb."""
    if verb not in VERBS:
        raise ValueError(f"unknown right: {verb}")
    if not isinstance(user, User):
        return Denied(Denial.NOT_SIGNED_IN)
    if not user.is_active:
        return Denied(Denial.INACTIVE)
    standing = standing_of(user)
    return decide(GRANTS, standing.posts, verb, paths_of((org.pk,), standing.day, standing.tree)[org.pk])


def require(user: Actor, verb: str, org: Org) -> None:
    """Passes if allowed; otherwise raises Refused with the reason."""
    answer = may(user, verb, org)
    if isinstance(answer, Denied):
        raise Refused(answer.reason)


def visible_org_ids(user: Actor, verb: str) -> list[int]:
    """Ids of the organisations where `user` may do `verb`, sorted; closed organisations included."""
    return visible_org_ids_of(user, verb)[0]


def visible_org_ids_of(user: Actor, *verbs: str) -> list[list[int]]:
    """`visible_org_ids` of each of several verbs; the posts are read once."""
    if not VERBS.issuperset(verbs):
        raise ValueError(f"unknown right: {sorted(set(verbs) - set(VERBS))}")
    if not isinstance(user, User) or not user.is_active:
        return [[] for _verb in verbs]
    standing = standing_of(user)
    reaches = [tuple(scopes_of(GRANTS, standing.posts, verb)) for verb in verbs]
    return [list(covered_by(reach, standing.day, standing.tree)) for reach in reaches]


def visible_among(user: Actor, verb: str, org_ids: Iterable[int]) -> list[int]:
    """Those of a few organisations where `user` may do `verb`, sorted. As visible_org_ids, but costs these alone."""
    if verb not in VERBS:
        raise ValueError(f"unknown right: {verb}")
    if not isinstance(user, User) or not user.is_active:
        return []
    asked, standing = sorted(set(org_ids)), standing_of(user)
    paths = paths_of(tuple(asked), standing.day, standing.tree)
    return [pk for pk in asked if pk in paths and decide(GRANTS, standing.posts, verb, paths[pk])]


def may_anywhere(user: Actor, verb: str) -> bool:
    """Whether `user` may do `verb` at any organisation at all: for showing the way there, never for letting in."""
    if verb not in VERBS:
        raise ValueError(f"unknown right: {verb}")
    return isinstance(user, User) and user.is_active and bool(scopes_of(GRANTS, standing_of(user).posts, verb))


def scoped(qs: QuerySet[M], user: Actor, verb: str) -> QuerySet[M]:
    """The rows of `qs` whose organisation (the model's ORG_FIELD) `user` may do `verb` at."""
    return qs.filter(**{f"{_org_field(qs)}__in": visible_org_ids(user, verb)})


def fetch(qs: QuerySet[M], user: Actor, verb: str, /, **lookup: Any) -> M:
    """The one row found by `lookup`, if `user` may do `verb` at its organisation.

    What the user may not even see does not exist for them (Http404); what they see but may not touch is
    refused with the reason (Refused, a PermissionDenied).
    """
    row = qs.filter(**lookup).first()
    if row is None:
        raise Http404
    org_id = qs.filter(pk=row.pk).values_list(_org_field(qs), flat=True)[0]
    org = Org.objects.filter(pk=org_id).first()
    if org is None or not may(user, view_verb(verb), org):
        raise Http404
    require(user, verb, org)
    return row


def _org_field(qs: QuerySet[Any]) -> str:
    field: str = qs.model.ORG_FIELD
    return field
