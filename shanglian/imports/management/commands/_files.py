"""What the three commands share: files from disk, and refusals as sentences in both languages."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, OperationalError

from shanglian.imports.actions import FileRefused, ImportRefused, IncomingFile
from shanglian.imports.wording import refused, unreadable


def incoming(paths: Iterable[str]) -> list[IncomingFile]:
    """The content of each file. CommandError for one that cannot be read."""
    return [IncomingFile(Path(path).name, _content(Path(path))) for path in paths]


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(settings.IMPORT_MAX_BYTES + 1)
    except FileNotFoundError:
        raise CommandError("\n".join(unreadable(str(path), "not_found"))) from None
    except OSError as error:
        raise CommandError("\n".join(unreadable(str(path), "no_access", error.strerror or ""))) from None
    if len(data) > settings.IMPORT_MAX_BYTES:
        limit = f"{settings.IMPORT_MAX_BYTES // 1024**2} MB"
        raise CommandError("\n".join(unreadable(str(path), "too_large", limit)))
    return data


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """Turns every refusal into a CommandError (exit code 1) that says what is wrong and what to do."""
    try:
        yield
    except FileRefused as refusal:
        raise CommandError("\n".join(unreadable(refusal.name, refusal.code, refusal.detail))) from None
    except ImportRefused as refusal:
        raise CommandError("\n".join(refused(refusal.code, refusal.detail))) from None
    except (OperationalError, InterfaceError):
        raise  # the console command says that the database went away
    except DatabaseError as refusal:
        first = str(refusal).split("\n", 1)[0]
        raise CommandError(f"未导入任何内容：{first}\nNothing was imported: {first}") from refusal
