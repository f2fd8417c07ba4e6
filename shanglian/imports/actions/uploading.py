"""Files that arrive in pieces, kept until they are handed in or given up.

The protocol, in short (its addresses are in views/uploads.py):

    POST   /imports/uploads/              name, size, mark → {id, received}: begins, or finds the same file again
    PUT    /imports/uploads/<id>/?from=N  a piece of at most 4 MB → {received}; 409 with {received} if N is not it
    GET    /imports/uploads/<id>/         {received}
    DELETE /imports/uploads/<id>/         gives it up

The content lies in UPLOAD_ROOT/<id>. Pieces of one file come one after another under the lock of its row. The row says
how much of the file counts: what was written beyond it before a crash is cut off with the next piece, and where a power
cut has eaten the end of the file, the file goes on from what is left.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.directory.models import User
from shanglian.imports.actions.receiving import IncomingFile
from shanglian.imports.actions.refusals import ImportRefused, PieceOutOfPlace, full_disk_refused, too_large
from shanglian.imports.models import Upload

MAX_PIECE: Final = 4 * 1024**2  # bytes of one request
MAX_UPLOADS: Final = 4  # of one person that are not handed in yet, and
MAX_UPLOAD_BYTES: Final = 200 * 1024**2  # bytes they may announce together
KEPT_FOR: Final = timedelta(days=2)  # without a new piece


def begin_upload(*, name: str, size: int, mark: str, actor: User) -> Upload:
    """Announce a file, or find the same one of the same person again. Raises FileRefused, ImportRefused."""
    if size > settings.IMPORT_MAX_BYTES:
        raise too_large(name)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # counts before the next one begins
        known = Upload.objects.filter(created_by=actor, name=name[-255:], size=size, mark=mark).first()
        if known is not None:
            return _healed(_locked(known))
        _check_share(size, actor)
        upload = Upload.objects.create(name=name[-255:], size=size, mark=mark, created_by=actor)
        log("import.begin_upload", subject=upload, detail={"size": size}, actor=actor)
    return upload


def append_upload(*, upload: Upload, at: int, piece: bytes, actor: User) -> Upload:
    """Keep the next piece. Raises PieceOutOfPlace if it does not begin where the last one ended, ImportRefused."""
    if len(piece) > MAX_PIECE:
        raise ImportRefused("piece_too_large", f"{MAX_PIECE // 1024**2} MB")
    with transaction.atomic():
        locked = _healed(_locked(upload))
        if at != locked.received:
            raise PieceOutOfPlace(locked.received)
        if at + len(piece) > locked.size:
            raise ImportRefused("upload_too_long")
        with _opened(locked.pk) as file:
            if file.seek(0, os.SEEK_END) > at:
                file.truncate(at)
            file.seek(at)
            file.write(piece)
        locked.received, locked.touched_at = at + len(piece), timezone.now()
        locked.save(update_fields=["received", "touched_at"])
    return locked


def give_up_upload(*, upload: Upload, actor: User) -> None:
    """Forget a file that was not handed in, and its content."""
    with transaction.atomic():
        locked = _locked(upload)
        log("import.give_up_upload", subject=locked, detail={"received": locked.received}, actor=actor)
        _forget(locked)


def take_upload(*, upload: Upload, actor: User) -> IncomingFile:
    """A file that has arrived, to be handed in within the caller's transaction, which also forgets it.

    Raises ImportRefused: "upload_incomplete", or "upload_gone" for one that is handed in already or was given up.
    """
    with transaction.atomic():
        locked = _locked(upload)
        data = _content(locked)
        if len(data) < locked.size:
            raise ImportRefused("upload_incomplete", locked.name)
        _forget(locked)
    return IncomingFile(locked.name, data)


def remove_old_uploads(*, actor: User | None = None) -> int:
    """Forget files that had no new piece for KEPT_FOR, and content that belongs to none; how many rows that were."""
    before = timezone.now() - KEPT_FOR
    with transaction.atomic():
        old = list(Upload.objects.select_for_update(skip_locked=True).filter(touched_at__lt=before))
        for upload in old:
            _forget(upload)
        if old:
            log("import.remove_old_uploads", detail={"files": len(old)}, actor=actor)
    kept = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    for path in _root().iterdir() if _root().exists() else ():
        if path.name not in kept and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    return len(old)


# Rows ------------------------------------------------------------


def _locked(upload: Upload) -> Upload:
    """The upload as it is now, its row locked until the transaction ends."""
    found = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if found is None:
        raise ImportRefused("upload_gone", upload.name)
    return found


def _healed(upload: Upload) -> Upload:
    """Where the file is shorter than its row says, the row follows it."""
    there = _length(upload.pk)
    if there < upload.received:
        upload.received = there
        upload.save(update_fields=["received"])
    return upload


def _check_share(size: int, actor: User) -> None:
    others = Upload.objects.filter(created_by=actor)
    announced = others.aggregate(total=Sum("size"))["total"] or 0
    if others.count() >= MAX_UPLOADS or announced + size > MAX_UPLOAD_BYTES:
        raise ImportRefused("too_many_uploads", str(MAX_UPLOADS))


def _forget(upload: Upload) -> None:
    """The row now, the content once that is certain."""
    transaction.on_commit(partial(_path(upload.pk).unlink, missing_ok=True))
    upload.delete()


# Content ------------------------------------------------------------


def _root() -> Path:
    return Path(settings.UPLOAD_ROOT)


def _path(pk: UUID) -> Path:
    return _root() / str(pk)


def _length(pk: UUID) -> int:
    with suppress(FileNotFoundError):
        return _path(pk).stat().st_size
    return 0


def _content(upload: Upload) -> bytes:
    """What has arrived, without what may have been written beyond it."""
    with suppress(FileNotFoundError):
        return _path(upload.pk).read_bytes()[: upload.received]
    return b""


@contextmanager
def _opened(pk: UUID) -> Iterator[IO[bytes]]:
    """The file for writing, readable by us alone. A full disk is refused in words."""
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        full_disk_refused("disk_full"),
        os.fdopen(os.open(_path(pk), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file,
    ):
        yield file
