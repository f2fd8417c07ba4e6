"""Which row of a list did what to an organisation: for its page, and before an import is taken back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shanglian.directory.access import Actor
from shanglian.directory.labels import Label
from shanglian.directory.models import Org, OrgLife, OrgName, OrgPlace
from shanglian.directory.queries import names_on, system_user, today
from shanglian.imports.access import may_batch
from shanglian.imports.models import Batch
from shanglian.imports.pages import headed_cells
from shanglian.structure.actions.organisations import take_back_source
from shanglian.structure.models import OrgSource
from shanglian.structure.org_words import REFERENCES, VERDICTS

_OWN = {OrgName, OrgPlace, OrgLife, OrgSource}  # what an organisation consists of; what refers to it is the rest


def sources_of(batch: Batch) -> Iterator[OrgSource]:
    """The changes of a batch, the last first."""
    found = OrgSource.objects.filter(row__source_file__batch=batch).select_related("org")
    return iter(found.order_by("-change"))


# The page of an organisation ------------------------------------------------------------


@dataclass(frozen=True)
class SourceLine:
    """What a row did, and where it stands; `url` and `cells` only for those who may see the import."""

    what: Label
    file: str
    sheet: str
    number: int
    url: str
    cells: list[tuple[str, str]]
    undone: bool


def source_lines(org: Org, reader: Actor) -> list[SourceLine]:
    """From which files, sheets and rows the organisation came, oldest first."""
    found = list(OrgSource.objects.filter(org=org).select_related("row__source_file__batch__org").order_by("change"))
    batches = {source.row.source_file.batch for source in found}
    places = {(batch.kind, batch.org_id): batch for batch in batches}
    visible = {place for place, batch in places.items() if may_batch(reader, "view", batch)}
    return [_source_line(source, visible) for source in found]


def _source_line(source: OrgSource, visible: Collection[tuple[str, int]]) -> SourceLine:
    row = source.row
    batch = row.source_file.batch
    opens = (batch.kind, batch.org_id) in visible
    return SourceLine(
        what=VERDICTS[source.what],
        file=row.source_file.name,
        sheet=row.sheet,
        number=row.number,
        url=reverse("imports:batch", args=[batch.pk]) if opens else "",
        cells=headed_cells(row) if opens else [],
        undone=batch.state == Batch.State.UNDONE,
    )


# Before taking back ------------------------------------------------------------


def obstacles(batch: Batch) -> list[str]:
    """Why the batch cannot be taken back: one sentence each. It is tried, and rolled back."""
    found: dict[str, None] = {}
    with transaction.atomic():
        actor = system_user()
        for source in sources_of(batch):
            if source.what == OrgSource.What.FOUNDED:
                found |= dict.fromkeys(_references(source.org))
            try:
                take_back_source(source, actor=actor)
            except ValidationError as refusal:
                found |= dict.fromkeys(refusal.messages)
        transaction.set_rollback(True)
    return list(found)


def _references(org: Org) -> Iterator[str]:
    """What anywhere in the system speaks of an organisation that is to be no more."""
    for relation in Org._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not (relation.auto_created and relation.one_to_many) or model in _OWN or not isinstance(model, type):
            continue
        label = model._meta.label_lower
        if label not in REFERENCES:
            continue
        if number := model._default_manager.filter(**{relation.field.name: org}).count():  # type: ignore[union-attr]
            name = names_on([org.pk], today()).get(org.pk, org.code)
            sentence = _("%(org)s: %(n)s %(what)s refer to it. It can be closed, but not taken back.")
            yield sentence % {"org": name, "n": number, "what": REFERENCES[label]}
