"""Storing files and writing the log. Files lie under DOCUMENT_ROOT/ab/<sha256>, each content once."""

import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model

from shanglian.archive.models import Document, LogEntry, ReadEntry, ReadMark
from shanglian.archive.queries import document_path

CHUNK = 1024 * 1024


def store_document(
    *, stream: IO[bytes] | None = None, path: Path | None = None, name: str, actor: AbstractBaseUser | None
) -> Document:
    """Keep a file's content for ever and return its document; the same content again gives the document of
    the first.

    Exactly one of `stream` (read from where it stands) and `path`. The file is complete on disk before the
    row exists: after a crash there may be a file without a row, never a row without its file.
    """
    if (stream is None) == (path is None):
        raise ValueError("give either a stream or a path")
    if stream is not None:
        return _store(stream, name, actor)
    with path.open("rb") as opened:  # type: ignore[union-attr]  # one of the two is given
        return _store(opened, name, actor)


@transaction.atomic
def _store(stream: IO[bytes], name: str, actor: AbstractBaseUser | None) -> Document:
    sha256, size = _keep_content(stream)
    document, created = Document.objects.get_or_create(
        sha256=sha256,
        defaults={
            "name": Path(name).name[:255],
            "size": size,
            "media_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "stored_by_id": actor.pk if actor else None,
        },
    )
    if created:
        log("document.store", subject=document, detail={"sha256": sha256, "size": size}, actor=actor)
    return document


def log(
    verb: str,
    *,
    org: str | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
    actor: AbstractBaseUser | None,
) -> LogEntry:
    """Append an entry. `org` is an organisation's code; `detail` holds plain JSON values and nothing
    personal.
    """
    return LogEntry.objects.create(
        actor_id=actor.pk if actor else None,
        verb=verb,
        org=org or "",
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail or {},
    )


def mark_read(*, until: int, actor: AbstractBaseUser) -> None:
    """The user has read what concerns them up to this entry; a mark never goes back. Worth no line in the log."""
    with transaction.atomic():
        mark, created = ReadMark.objects.select_for_update().get_or_create(user_id=actor.pk, defaults={"entry": until})
        if not created and mark.entry < until:
            mark.entry = until
            mark.save(update_fields=["entry"])
        ReadEntry.objects.filter(user_id=actor.pk, entry__lte=mark.entry).delete()


def mark_one_read(*, entry: LogEntry, actor: AbstractBaseUser) -> None:
    """The user has read this entry, and nothing is said of others. Worth no line in the log."""
    ReadEntry.objects.get_or_create(user_id=actor.pk, entry=entry.pk)


def _keep_content(stream: IO[bytes]) -> tuple[str, int]:
    """Write the stream beside its final place, then rename: a reader never sees half a file."""
    root = Path(settings.DOCUMENT_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(prefix=".incoming-", dir=root)
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in _chunks(stream):
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        final = document_path(digest.hexdigest())
        final.parent.mkdir(exist_ok=True)
        Path(temporary).replace(final)
        _sync_directory(final.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest(), size


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
