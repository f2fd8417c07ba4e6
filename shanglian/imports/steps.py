"""Which page of the wizard comes next: the first on which there is something for a person to do."""

from collections.abc import Iterable

from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import words_of
from shanglian.imports.mapping import table_views
from shanglian.imports.models import Batch
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
    files, kind = list(current.files.order_by("position")), import_kind(current.kind).reading
    tables = table_views(files, kind, words_of(current.kind), remembered_headings(current.org, current.kind))
    return next_step([table.looks for table in tables], figures_of([current.pk])[current.pk])
