"""Organisations over HTTP: the tree of a day, and one of them with its history."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Router

from shanglian.common.schemas import Code, Day, Known, moment
from shanglian.directory.access import fetch, visible_org_ids
from shanglian.directory.models import Org
from shanglian.directory.queries import (
    children_on,
    history_of,
    is_alive,
    names_on,
    parent_on,
    subtree_ids,
    today,
    tree_on,
)
from shanglian.directory.schemas import OrgOut, OrgsOut

router = Router(tags=["organisations"])


@router.get("", response=OrgsOut, summary="The tree of a day")
def organisations(request: HttpRequest, on: Day | None = None, under: Code | None = None) -> dict[str, Any]:
    """All organisations the reader may see, or one with everything below it."""
    ids = set(visible_org_ids(request.user, "orgs.view"))
    if not ids:
        raise PermissionDenied
    day = on or today()
    if under:
        ids &= set(subtree_ids(fetch(Org.objects.all(), request.user, "orgs.view", code=under), on=day))
    lines = [
        {
            "code": line.org.code,
            "name": line.name,
            "short_name": line.short_name,
            "kind": line.org.kind,
            "depth": line.depth,
            "since": line.alive_since,
            "sample": line.org.sample,
        }
        for line in tree_on(day, ids=ids)
    ]
    return {"on": day, "organisations": lines}


@router.get("/{code}", response=OrgOut, summary="One organisation")
def organisation(
    request: HttpRequest, code: Code, on: Day | None = None, known_on: Known | None = None
) -> dict[str, Any]:
    """Where it stands on a day and its history, as known at a moment."""
    org = fetch(Org.objects.all(), request.user, "orgs.view", code=code)
    day, history = on or today(), history_of(org, known_on=known_on)
    parent = parent_on(org, day, known_on=known_on)
    return {
        "code": org.code,
        "name": names_on([org.pk], day).get(org.pk, org.code),
        "kind": org.kind,
        "sample": org.sample,
        "on": day,
        "alive": is_alive(org, day, known_on=known_on),
        "parent": parent.code if parent else None,
        "children": [child.code for child in children_on(org, day, known_on=known_on)],
        "names": [{"name": line.what, "since": line.start, "until": line.end} for line in history.names],
        "places": [
            {"parent": line.org.code if line.org else None, "since": line.start, "until": line.end}
            for line in history.places
        ],
        "lives": [{"since": line.start, "until": line.end} for line in history.lives],
        "changes": [
            {
                "what": entry.verb.removeprefix("org."),
                "on": date.fromisoformat(entry.detail["on"]),
                "reason": entry.detail["reason"],
                "recorded_at": moment(entry.at),
            }
            for entry in history.changes
            if "on" in entry.detail
        ],
    }
