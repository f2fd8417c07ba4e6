"""Which page of the wizard comes next: the first on which there is something for a person to do."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from shanglian.imports.core.columns import Confirmed
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import words_of
from shanglian.imports.mapping import table_views
from shanglian.imports.models import Batch, ConfirmedHeading, SourceFile
from shanglian.imports.pages import Figures, figures_of
from shanglian.imports.queries import remembered_headings


def next_step(looks: Iterable[int], figures: Figures) -> str:
    """The name of an address. `looks`: per table, how many columns want a look."""
    if any(looks):
        return "imports:columns"
    return "imports:problems" if figures.problems else "imports:batch"


def step_after_upload(batch: Batch) -> str:
    """Where whoever handed the files in should go on. A batch that is not rehearsed yet says so on its own page."""
    current = Batch.objects.select_related("org").get(pk=batch.pk)
    if current.awaits_names:
        return "imports:columns"
    if current.state != Batch.State.PREVIEWED:
        return "imports:batch"
    return _step(current, list(current.files.order_by("position")), figures_of([current.pk])[current.pk])


def onward_of(batch: Batch, files: Sequence[SourceFile], figures: Figures) -> str:
    """The step a draft's own page should lead on to; "" when there is nothing left but to look at the preview."""
    step = _step(batch, files, figures)
    return "" if step == "imports:batch" else step


def _step(batch: Batch, files: Sequence[SourceFile], figures: Figures) -> str:
    return next_step([_looks(batch, files, remembered_headings(batch.org, batch.kind))], figures)


def columns_to_look_at(batches: Collection[Batch]) -> dict[UUID, int]:
    """How many columns of each draft somebody should look at: nobody said yet what they are. One query beside files."""
    said: dict[tuple[int, str], dict[str, str]] = {}
    found = ConfirmedHeading.objects.filter(org__in={batch.org_id for batch in batches})
    for org, kind, heading, column in found.values_list("org", "kind", "heading", "column"):
        said.setdefault((org, kind), {})[heading] = column
    return {one.pk: _looks(one, list(one.files.all()), said.get((one.org_id, one.kind), {})) for one in batches}


def _looks(batch: Batch, files: Sequence[SourceFile], headings: Confirmed) -> int:
    views = table_views(files, import_kind(batch.kind).reading, words_of(batch.kind), headings)
    return sum(table.looks for table in views)
