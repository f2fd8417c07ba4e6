"""Imports over HTTP: the list, and one with its files and what becomes of its rows. Rows stay on the pages."""

from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Router

from shanglian.common.schemas import Code, Limit, Number, moment, paged, window
from shanglian.imports.access import fetch_batch, visible_batches
from shanglian.imports.listing import ListFilter, of_group
from shanglian.imports.models import Batch
from shanglian.imports.pages import figures_of
from shanglian.imports.schemas import BatchesOut, BatchOut

router = Router(tags=["imports"])


@router.get("", response=BatchesOut, summary="Imports, the newest first")
def imports(
    request: HttpRequest,
    state: Literal["drafts", "committed", "undone", "discarded"] | None = None,
    org: Code | None = None,
    kind: Code | None = None,
    page: Number = 1,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Those the reader may look at."""
    allowed, orgs = visible_batches(request.user)
    if not orgs:
        raise PermissionDenied
    asked = ListFilter.of(request.GET)
    batches = of_group(asked.kept(Batch.objects.filter(allowed)), asked.state)
    if org:
        batches = batches.filter(org__code=org)
    shown = batches.select_related("org", "created_by").order_by("-created_at", "-pk")[window(page, limit)]
    return {**paged(batches.count(), page, limit), "imports": [_line(batch) for batch in shown]}


@router.get("/{pk}", response=BatchOut, summary="One import")
def one_import(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    batch = fetch_batch(Batch.objects.select_related("created_by"), request.user, "view", pk=pk)
    figures = figures_of([batch.pk])[batch.pk]
    files = batch.files.select_related("document").order_by("position")
    return {
        **_line(batch),
        "complete": batch.complete,
        "files": [{"name": file.name, "sha256": file.document.sha256} for file in files],
        "rows": dict(figures.fates),
        "rows_total": figures.total,
    }


def _line(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "kind": batch.kind,
        "org": batch.org.code,
        "on": batch.on_day,
        "state": batch.state,
        "created_at": moment(batch.created_at),
        "created_by": str(batch.created_by),
        "committed_at": moment(batch.committed_at),
        "undone_at": moment(batch.undone_at),
    }
