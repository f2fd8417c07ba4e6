"""Stored files, the log, and how far users have read what concerns them. All are written only by archive/actions.py.

An organisation is named here by its code as plain text, because this room lies below the directory.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Document(models.Model):
    """A file kept for ever under the hash of its content; the same content is stored once."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField(db_default=Now())
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="archive_document_sha256_is_hex"
            ),
            models.CheckConstraint(condition=models.Q(size__gte=0), name="archive_document_size_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class LogEntry(models.Model):
    """Who did what to which subject, when. Append-only: the database refuses every change."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=64)
    org = models.CharField(max_length=40, blank=True, default="")
    subject_type = models.CharField(max_length=64, blank=True, default="")
    subject_id = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="archive_logentry_subject"),
            models.Index(fields=["org", "at"], name="archive_logentry_org_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_type} {self.subject_id}".strip()


class ReadMark(models.Model):
    """How far a user has read of what the log tells them: up to this entry, and singly what ReadEntry says."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    entry = models.BigIntegerField(help_text="id of the last entry that was there to read")

    def __str__(self) -> str:
        return f"{self.user_id} {self.entry}"


class ReadEntry(models.Model):
    """An entry beyond the mark that a user has read by itself; gone once the mark has passed it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    entry = models.BigIntegerField(help_text="id of the entry")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "entry"], name="archive_readentry_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.entry}"
