"""Keeping files as a new batch. Nothing of them is read here but whether they can be."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.conf import settings
from django.db import transaction

from shanglian.archive.actions import log, store_document
from shanglian.archive.models import Document
from shanglian.directory.models import Org, User
from shanglian.imports.actions.refusals import FileRefused, ImportRefused, full_disk_refused, too_large
from shanglian.imports.core.files import Book, UnreadableFile
from shanglian.imports.core.reading import check_file
from shanglian.imports.core.said import Said
from shanglian.imports.kinds import import_kind
from shanglian.imports.models import Batch, SourceFile
from shanglian.imports.paging import paging
from shanglian.imports.queries import remembered_headings


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as handed in, before anything of it is kept."""

    name: str
    data: bytes


@full_disk_refused("disk_full")
def receive_file(
    *,
    org: Org,
    kind: str,
    files: Sequence[IncomingFile],
    on: date,
    complete: bool = False,
    history: bool = False,
    by_hand: bool = False,
    actor: User,
) -> Batch:
    """Keep the files as a new batch of `org`, showing the state at the end of `on`. `by_hand`: somebody is there to
    name the columns where no table is recognised.

    Every file is opened before the first is kept: an unusable one leaves nothing behind. Raises
    FileRefused, ImportRefused.
    """
    books = check_files(org, kind, files, by_hand=by_hand)
    with transaction.atomic():
        documents = [store_document(stream=BytesIO(file.data), name=file.name, actor=actor) for file in files]
        batch = new_batch(org, kind, on, complete, history, actor)
        attach_files(batch, files, documents)
        batch.opened = books
        log(
            "import.receive",
            org=org.code,
            subject=batch,
            detail={"kind": kind, "files": len(files)},
            actor=actor,
        )
    return batch


def check_files(org: Org, kind: str, files: Sequence[IncomingFile], *, by_hand: bool = False) -> list[Book]:
    """The files, opened. Raises FileRefused, ImportRefused."""
    if kind not in settings.IMPORT_KINDS:
        raise ImportRefused("unknown_kind", kind)
    if not files:
        raise ImportRefused("no_files")
    reading = import_kind(kind).reading
    contents, books = set[str](), list[Book]()
    said = Said(remembered_headings(org, kind))
    for file in files:
        digest = sha256_of(file.data)
        if digest in contents:
            raise ImportRefused("same_file_twice", file.name)
        contents.add(digest)
        if len(file.data) > settings.IMPORT_MAX_BYTES:
            raise too_large(file.name)
        try:
            books.append(check_file(file.data, file.name, reading, said=said, by_hand=by_hand, paging=paging()))
        except UnreadableFile as problem:
            raise FileRefused(file.name, problem) from problem
    return books


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def new_batch(org: Org, kind: str, on: date, complete: bool, history: bool, actor: User) -> Batch:
    return Batch.objects.create(org=org, kind=kind, on_day=on, complete=complete, history=history, created_by=actor)


def attach_files(batch: Batch, files: Sequence[IncomingFile], documents: Sequence[Document]) -> None:
    SourceFile.objects.bulk_create(
        SourceFile(batch=batch, document=document, name=file.name[-255:], position=position)
        for position, (file, document) in enumerate(zip(files, documents, strict=True))
    )
