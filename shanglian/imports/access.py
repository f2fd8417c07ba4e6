"""Who may look at an import, hand one in, commit it: the rights its kind names, asked at the organisation of the batch.

The rule itself is directory/access.py over the one table of grants; here only which verb is asked for.
"""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404

from shanglian.directory.access import Actor, may, require, visible_org_ids
from shanglian.directory.core.rights import Allowed, Denied
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on, today
from shanglian.imports.kinds import Rights, import_kind, import_kinds
from shanglian.imports.models import Batch

Step = Literal["view", "upload", "commit", "take"]
Choices = Mapping[str, list[tuple[str, str]]]  # kind → (code, name) of organisations


def rights_of(kind: str) -> Rights:
    """The rights the steps of this kind of import need."""
    return import_kind(kind).rights


def fetch_batch(batches: QuerySet[Batch], user: Actor, step: Step, /, *, pk: UUID) -> Batch:
    """The batch, if `user` may take this step with it.

    What the user may not even look at does not exist for them (Http404); what they see but may not touch is refused
    with the reason (Refused, a PermissionDenied). As directory.access.fetch, with the verbs of the batch's kind.
    """
    batch = batches.select_related("org").filter(pk=pk, kind__in=settings.IMPORT_KINDS).first()
    if batch is None or not may_batch(user, "view", batch):
        raise Http404
    if step != "view":
        require(user, _verb(batch.kind, step), batch.org)
    return batch


def may_batch(user: Actor, step: Step, batch: Batch) -> Allowed | Denied:
    """Whether `user` may take this step with the batch; false with a reason."""
    return may(user, _verb(batch.kind, step), batch.org)


def _verb(kind: str, step: Step) -> str:
    rights = rights_of(kind)
    return {"view": rights.view, "upload": rights.upload, "commit": rights.commit, "take": rights.take}[step]


def visible_batches(user: Actor) -> tuple[Q, list[int]]:
    """Which batches the user may look at, and the organisations at which there may be some."""
    kinds: dict[str, list[str]] = {}
    for kind in import_kinds():
        kinds.setdefault(kind.rights.view, []).append(kind.key)
    orgs = {verb: visible_org_ids(user, verb) for verb in kinds}
    found = Q(pk__in=[])
    for verb, keys in kinds.items():
        found |= Q(kind__in=keys, org__in=orgs[verb])
    return found, sorted(set().union(*orgs.values()))


def upload_choices(user: Actor) -> Choices:
    """Kind → (code, name) of the organisations the user may hand such a list in for; kinds without any are missing."""
    ids = {verb: set(visible_org_ids(user, verb)) for verb in {kind.rights.upload for kind in import_kinds()}}
    every = set().union(*ids.values())
    names = names_on(every, today())
    orgs = [org for org in Org.objects.filter(pk__in=every).order_by("code") if org.pk in names]
    found = {
        kind.key: [(org.code, names[org.pk]) for org in orgs if org.pk in ids[kind.rights.upload]]
        for kind in import_kinds()
    }
    return {key: choices for key, choices in found.items() if choices}
