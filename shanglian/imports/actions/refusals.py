"""Why something cannot be done with an import.

Codes only; the sentences are in wording.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from shanglian.common.errors import DISK_FULL
from shanglian.imports.core.files import UnreadableFile


class ImportRefused(Exception):
    """The batch is not in a state for this. `code` is a key of wording.REFUSED, `detail` fills its blank."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class FileRefused(Exception):
    """One of the files cannot be used. `code` is a key of wording.UNREADABLE."""

    def __init__(self, name: str, problem: UnreadableFile) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.code = problem.code
        self.detail = problem.detail


class PieceOutOfPlace(Exception):
    """A piece of an upload does not begin where the last one ended: at `received`."""

    def __init__(self, received: int) -> None:
        super().__init__(f"the next piece begins at {received}")
        self.received = received


@contextmanager
def full_disk_refused(code: str = "no_room") -> Iterator[None]:
    """Around work that writes files, also those in which large batches wait: a full disk is refused in words."""
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise ImportRefused(code) from error


def too_large(name: str) -> FileRefused:
    """The refusal of a file for its size, known before anything of it is read."""
    return FileRefused(name, UnreadableFile("too_large", f"{settings.IMPORT_MAX_BYTES // 1024**2} MB"))
