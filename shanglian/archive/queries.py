"""Finding stored content and what the log says about a subject."""

from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Model, QuerySet

from shanglian.archive.models import Document, LogEntry


def document_path(sha256: str) -> Path:
    """Where the content with this hash lies."""
    return Path(settings.DOCUMENT_ROOT) / sha256[:2] / sha256


def open_document(document: Document) -> IO[bytes]:
    """The stored content, opened for reading; the caller closes it."""
    return document_path(document.sha256).open("rb")


def entries_about(subject: Model) -> QuerySet[LogEntry]:
    """What the log says about one thing, oldest first."""
    return (
        LogEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .select_related("actor")
        .order_by("at", "pk")
    )
