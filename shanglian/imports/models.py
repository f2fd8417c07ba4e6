"""What was handed in and what became of it: batches, their files, every row as read. Knows no member.

Files and rows are evidence: only the verdict of a row is written after reading, and nothing of a committed
batch is deleted (sql/evidence.sql).
"""

import secrets
import time
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from shanglian.archive.models import Document
from shanglian.directory.models import Org


def new_batch_id() -> uuid.UUID:
    """A UUID of version 7: ordered by time, so that lists and indexes are too."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


class Batch(models.Model):
    """One import: files of one kind for one organisation, as of one day; committed as a whole or not at
    all.
    """

    ORG_FIELD = "org"

    class State(models.TextChoices):
        RECEIVED = "received"  # files are kept, nothing is read
        READ = "read"  # every row is kept
        PREVIEWED = "previewed"  # the dry run has been made
        COMMITTING = "committing"  # a job has been asked to commit; committing again is harmless
        COMMITTED = "committed"
        UNDONE = "undone"
        FAILED = "failed"  # unreadable: see `failure`

    id = models.UUIDField(primary_key=True, default=new_batch_id, editable=False)
    kind = models.CharField(max_length=40)
    org = models.ForeignKey(Org, models.PROTECT, related_name="batches")
    on_day = models.DateField(help_text="the day whose state the files show")
    complete = models.BooleanField(default=False, help_text="who is not named is no longer a member")
    history = models.BooleanField(default=False, help_text="full join dates are booked as such")
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    preview = models.JSONField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True, default="")
    failure_detail = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-created_at"], name="imports_batch_org_created")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["committed", "undone"], committed_at__isnull=False)
                | (~Q(state__in=["committed", "undone"]) & Q(committed_at__isnull=True)),
                name="imports_batch_committed_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at__isnull=True)),
                name="imports_batch_undone_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def rows(self) -> "models.QuerySet[Row]":
        """Every row of the batch, file by file, in the order of the sheets."""
        return Row.objects.filter(source_file__batch=self).order_by("pk")


class SourceFile(models.Model):
    """One file of a batch. `columns`: per table the headings and which of them were taken for what."""

    ORG_FIELD = "batch__org"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255, help_text="as handed in; the document keeps the first name it had")
    position = models.PositiveSmallIntegerField()
    columns = models.JSONField(default=list)
    encoding = models.CharField(max_length=40, blank=True, default="")
    problems = models.JSONField(default=list, help_text="of the file or a sheet, not of a row")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="imports_sourcefile_position_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    """One row of a sheet: the cells as shown, the clean record, what reading made of it, what the register
    made of it.
    """

    ORG_FIELD = "source_file__batch__org"

    class Outcome(models.TextChoices):
        ACCEPT = "accept"
        REJECT = "reject"
        DUPLICATE = "duplicate"
        CONFLICT = "conflict"

    source_file = models.ForeignKey(SourceFile, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=255)
    number = models.PositiveIntegerField(help_text="as the spreadsheet counts, from 1")
    cells = models.JSONField()
    record = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    warnings = ArrayField(models.CharField(max_length=40), default=list)
    same_as = models.CharField(max_length=300, blank=True, default="", help_text="sheet!row of the earlier row")
    verdict = models.CharField(max_length=40, blank=True, default="")
    verdict_reasons = ArrayField(models.CharField(max_length=60), default=list)
    finding = models.JSONField(null=True, blank=True, help_text="candidates, choices and what the register says")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_file", "sheet", "number"], name="imports_row_place_is_unique"),
            models.CheckConstraint(
                condition=Q(outcome__in=["accept", "reject", "duplicate", "conflict"]),
                name="imports_row_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"


class Decision(models.Model):
    """What a person said of a doubtful row. Until the commit a later word replaces it; then it stays as it is
    (sql/decisions.sql).
    """

    ORG_FIELD = "row__source_file__batch__org"

    class Choice(models.TextChoices):
        SAME = "same"  # it is the one named by `target`
        DIFFERENT = "different"  # it is none of the candidates
        SKIP = "skip"  # nothing is booked from this row

    row = models.OneToOneField(Row, models.CASCADE, related_name="decision")
    choice = models.CharField(max_length=10, choices=Choice)
    target = models.BigIntegerField(null=True, blank=True, help_text="the kind's own id of what the row is")
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="same", target__isnull=False)
                | Q(choice__in=["different", "skip"], target__isnull=True),
                name="imports_decision_same_names_its_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.choice}"
