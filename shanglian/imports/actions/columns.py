"""What people say of the columns of a draft, and what of it is remembered for the next file of the organisation."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.db import transaction
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.directory.models import Org, User
from shanglian.imports.actions.refusals import ImportRefused
from shanglian.imports.actions.states import draft_of, touch_draft
from shanglian.imports.core.naming import Named, Naming, faults_of, letter_of, worth_remembering
from shanglian.imports.kinds import import_kind
from shanglian.imports.models import Batch, ConfirmedHeading, SourceFile
from shanglian.imports.queries import naming_of, remembered_headings

State, Behind = Batch.State, Batch.Behind
TablePlace: TypeAlias = tuple[int, str, int]  # position of the file, sheet, last row of the headings


def name_columns(
    *,
    batch: Batch,
    columns: Mapping[TablePlace, Naming],
    headless: Mapping[TablePlace, bool] | None = None,
    remember: bool,
    seen: int | None = None,
    actor: User,
) -> Batch:
    """Keep what the columns of these tables are, and, where asked, what their headings mean to the organisation.
    `headless`: tables of which it was said whether their first row is one of data already.

    Every position that is named is kept, also where the reader guessed the same: a later, cleverer guess does not
    change what a person confirmed. Where something is to be read otherwise, the files have to be read anew. Raises
    ImportRefused.
    """
    with transaction.atomic():
        locked = draft_of(batch, {State.READ, State.PREVIEWED}, seen=seen, actor=actor)
        files = list(locked.files.order_by("position"))
        named = _named(locked, files, columns)
        moved = _begun_otherwise(files, headless or {})
        for file in files:
            own = {place[1:]: naming for place, naming in columns.items() if place[0] == file.position}
            _keep(file, own, {place[1:]: row for place, row in moved.items() if place[0] == file.position})
        SourceFile.objects.bulk_update(files, ["said"])
        worth = [one for place, one in zip(columns, named, strict=True) if place not in moved]
        remembered = _remember(locked, worth, actor) if remember else 0
        changed = bool(moved) or any({p: k for p, k in one.naming.items() if k} != one.before for one in named)
        touch_draft(locked, behind=Behind.READING if changed else locked.behind, actor=actor)
        detail = {"tables": len(columns), "changed": changed, "remembered": remembered}
        log("import.columns", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return locked


def _named(batch: Batch, files: Sequence[SourceFile], columns: Mapping[TablePlace, Naming]) -> list[Named]:
    """The tables as they are named now. Raises ImportRefused for what cannot be read so."""
    kind = import_kind(batch.kind).reading
    tables = {(file.position, t["sheet"], t["heading_row"]): (file, t) for file in files for t in file.columns}
    if unknown := columns.keys() - tables.keys():
        raise ImportRefused("no_such_table", min(sheet for _, sheet, _ in unknown))
    for place, naming in columns.items():
        for fault in faults_of(naming, kind):
            raise ImportRefused(fault.code, _where(tables[place][0], place[1], fault.positions))
    for file in files:
        if not any(any(columns.get(p, naming_of(t)).values()) for p, (one, t) in tables.items() if one == file):
            raise ImportRefused("nothing_named", file.name)
    return [
        Named(tables[place][1]["headings"], naming, naming_of(tables[place][1])) for place, naming in columns.items()
    ]


def _where(file: SourceFile, sheet: str, positions: Sequence[int]) -> str:
    """File, sheet and letters of columns, as both languages can say them; a text file has no sheets."""
    place = f"{file.name} {sheet}" if sheet != "csv" else file.name
    return f"{place} {', '.join(letter_of(position, sheet) for position in positions)}".strip()


def _begun_otherwise(files: Sequence[SourceFile], headless: Mapping[TablePlace, bool]) -> dict[TablePlace, int]:
    """The tables whose rows begin elsewhere now: the row above the first, where what were headings are data or the
    other way round.
    """
    were = {
        (file.position, t["sheet"], t["heading_row"]): not any(t["headings"]) for file in files for t in file.columns
    }
    return {place: place[2] + (-1 if now else 1) for place, now in headless.items() if were.get(place, now) != now}


def _keep(file: SourceFile, namings: Mapping[tuple[str, int], Naming], moved: Mapping[tuple[str, int], int]) -> None:
    """Replaces what was said of these tables; of others it stays."""
    said: list[dict[str, Any]] = [one for one in file.said if (one["sheet"], one["heading_row"]) not in namings]
    tables = {(table["sheet"], table["heading_row"]): not any(table["headings"]) for table in file.columns}
    for place, naming in namings.items():
        headless = tables[place] != (place in moved)
        where = {"sheet": place[0], "heading_row": moved.get(place, place[1])} | (
            {"headless": True} if headless else {}
        )
        said += [{**where, "position": position, "column": key} for position, key in sorted(naming.items())]
    file.said = said


def _remember(batch: Batch, named: Sequence[Named], actor: User) -> int:
    kind = import_kind(batch.kind).reading
    worth = worth_remembering(named, kind, remembered_headings(batch.org, batch.kind))
    now = timezone.now()
    ConfirmedHeading.objects.bulk_create(
        [
            ConfirmedHeading(
                org=batch.org, kind=batch.kind, heading=heading, column=key, confirmed_by=actor, confirmed_at=now
            )
            for heading, key in worth.items()
        ],
        update_conflicts=True,
        unique_fields=["org", "kind", "heading"],
        update_fields=["column", "confirmed_by", "confirmed_at"],
    )
    return len(worth)


def forget_heading(*, org: Org, kind: str, heading: str, actor: User) -> bool:
    """The next files of the organisation are read without knowing this heading; whether it was known."""
    with transaction.atomic():
        number, _models = ConfirmedHeading.objects.filter(org=org, kind=kind, heading=heading).delete()
        if number:
            log("import.forget_heading", org=org.code, detail={"kind": kind, "heading": heading}, actor=actor)
    return bool(number)
