"""Finding stored content and what the log says about a subject."""

from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import BigIntegerField, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from shanglian.archive.models import Document, LogEntry, ReadEntry, ReadMark


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


def id_or_none(ids: QuerySet[Any, Any]) -> Coalesce:
    """The one id of a query as a part of another query; 0 where there is none."""
    return Coalesce(Subquery(ids[:1]), Value(0), output_field=BigIntegerField())


def unread_by(user: AbstractBaseUser) -> Q:
    """Entries beyond those up to which the user has read, without what they read singly; as a part of a query."""
    until = id_or_none(ReadMark.objects.filter(user=user.pk).values_list("entry", flat=True))
    return Q(pk__gt=until) & ~Q(Exists(ReadEntry.objects.filter(user=user.pk, entry=OuterRef("pk"))))
