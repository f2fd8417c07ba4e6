"""What was handed in and what became of it: batches, their files, every row as read. Knows no member.

Files and rows are evidence: only the verdict of a row is written after reading, and nothing of a committed
batch is deleted (sql/evidence.sql).
"""

import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property

from shanglian.archive.models import Document
from shanglian.directory.models import Org
from shanglian.imports.core.files import Book


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
        DISCARDED = "discarded"  # a draft nobody wants any more; it can be taken up again

    class Behind(models.TextChoices):
        """What has to be done before the batch can be committed, mostly because people have said something since."""

        NOTHING = ""
        DRY_RUN = "dry_run"  # a row or a leaver was decided about
        READING = "reading"  # a cell was mended, or a column means something else
        NAMING = "naming"  # of one of its files no table was recognised: a person has to say what its columns are

    id = models.UUIDField(primary_key=True, default=new_batch_id, editable=False)
    kind = models.CharField(max_length=40)
    org = models.ForeignKey(Org, models.PROTECT, related_name="batches")
    on_day = models.DateField(help_text="the day whose state the files show")
    complete = models.BooleanField(default=False, help_text="who is not named is no longer a member")
    history = models.BooleanField(default=False, help_text="full join dates are booked as such")
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    preview = models.JSONField(null=True, blank=True)
    behind = models.CharField(max_length=10, choices=Behind, blank=True, default=Behind.NOTHING)
    revision = models.PositiveIntegerField(default=0, help_text="counts what people said of the draft")
    touched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    touched_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True, default="")
    failure_detail = models.TextField(blank=True, default="")
    progress = models.JSONField(default=dict, blank=True, help_text="how far the job under way is, for the page only")
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

    # Its files as they were opened when received, for whoever reads this very object next.
    opened: Sequence[Book] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def awaits_names(self) -> bool:
        """It was read, and nothing goes on before a person has named the columns of a file."""
        return self.state == self.State.READ and self.behind == self.Behind.NAMING

    def rows(self) -> "models.QuerySet[Row]":
        """Every row of the batch, file by file, in the order of the sheets."""
        return Row.objects.filter(source_file__batch=self).order_by("pk")


class SourceFile(models.Model):
    """One file of a batch. `columns`: per table the headings (all empty of one without any) and which of them were
    taken for what. `said` of a table without headings has "headless", and as its row of headings the one above its
    first.
    """

    ORG_FIELD = "batch__org"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255, help_text="as handed in; the document keeps the first name it had")
    position = models.PositiveSmallIntegerField()
    columns = models.JSONField(default=list)
    said = models.JSONField(
        default=list,
        help_text="columns as a person named them: sheet, heading_row, position, column ('' is not read)",
    )
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

    @property
    def table(self) -> Mapping[str, Any]:
        """The table it stands in, as SourceFile.columns describes it."""
        return self.table_in(self.source_file)

    def table_in(self, file: SourceFile) -> Mapping[str, Any]:
        """The last table of its sheet that begins above it; `file` is its file."""
        tables: list[Mapping[str, Any]] = [table for table in file.columns if table["sheet"] == self.sheet]
        above = [table for table in tables if table.get("heading_row", 0) < self.number]
        return (above or tables or [{}])[-1]

    @cached_property
    def mended(self) -> "Mapping[int, Amendment]":
        """Position → the amendment that holds there. A query for each row; queries.fetch_mended does it for many."""
        standing = Amendment.objects.filter(
            source_file=self.source_file_id, sheet=self.sheet, number=self.number, withdrawn_at=None
        )
        return {one.position: one for one in standing.select_related("made_by").order_by("pk")}

    def cell(self, position: int) -> str:
        """The cell as it stands in the file; a short row has empty ones behind it."""
        return str(self.cells[position]) if position < len(self.cells) else ""

    @property
    def cells_read(self) -> list[str]:
        """The cells with the mended ones in place: what reading goes by."""
        width = max([len(self.cells), *(position + 1 for position in self.mended)])
        cells = [*self.cells, *[""] * (width - len(self.cells))]
        for position, amendment in self.mended.items():
            cells[position] = amendment.text
        return cells


class Decision(models.Model):
    """What a person said of a doubtful row. Until the commit a later word replaces it; then it stays as it is
    (sql/decisions.sql).
    """

    ORG_FIELD = "row__source_file__batch__org"

    class Choice(models.TextChoices):
        SAME = "same"  # it is the one named by `target`
        MOVED = "moved"  # it is that one, and has come from the organisation `leaves`
        DIFFERENT = "different"  # it is none of the candidates
        SKIP = "skip"  # nothing is booked from this row

    row = models.OneToOneField(Row, models.CASCADE, related_name="decision")
    choice = models.CharField(max_length=10, choices=Choice)
    target = models.BigIntegerField(null=True, blank=True, help_text="the kind's own id of what the row is")
    leaves = models.ForeignKey(
        Org, models.PROTECT, null=True, related_name="+", help_text="the organisation it has moved away from"
    )
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="same", target__isnull=False, leaves__isnull=True)
                | Q(choice="moved", target__isnull=False, leaves__isnull=False)
                | Q(choice__in=["different", "skip"], target__isnull=True, leaves__isnull=True),
                name="imports_decision_names_what_it_is_about",
            )
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.choice}"


class Amendment(models.Model):
    """A cell as a person mended it: read instead of the one in the file, which stays as it is.

    Named by place, because rows are written anew whenever the file is read. Withdrawing one brings back what stood
    there before it; once the batch is committed nothing is withdrawn (sql/drafts.sql).
    """

    ORG_FIELD = "source_file__batch__org"

    source_file = models.ForeignKey(SourceFile, models.CASCADE, related_name="amendments")
    sheet = models.CharField(max_length=255)
    number = models.PositiveIntegerField(help_text="row, as the spreadsheet counts, from 1")
    position = models.PositiveIntegerField(help_text="of the cell in its row, from 0")
    before = models.TextField(blank=True, help_text="the cell as it was read until then")
    text = models.TextField(blank=True, help_text="the cell as it is read now")
    proposed = models.BooleanField(default=False, help_text="a proposal that was accepted, not typed")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["source_file", "sheet", "number"], name="imports_amendment_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="imports_amendment_withdrawn_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}:{self.position}"


class ConfirmedHeading(models.Model):
    """What an organisation said a heading means; the next file is read by it. A later word replaces an earlier one."""

    ORG_FIELD = "org"

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    heading = models.CharField(max_length=60, help_text="as written, without blanks, brackets and marks")
    column = models.CharField(max_length=40, blank=True, help_text="key of the column; empty: not read")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "kind", "heading"], name="imports_confirmedheading_means_one_thing")
        ]

    def __str__(self) -> str:
        return f"{self.heading} = {self.column}"


class Absence(models.Model):
    """Whom a complete roster does not name, and what a person decided about it. Undecided, nothing is booked."""

    ORG_FIELD = "batch__org"

    class Choice(models.TextChoices):
        LEFT = "left"  # ends on the roster's day
        STAYS = "stays"  # forgotten by the roster

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="absences")
    target = models.BigIntegerField(help_text="the kind's own id of what is not named")
    title = models.TextField(help_text="its name, as the dry run found it")
    obstacle = models.CharField(
        max_length=40, blank=True, default="", help_text="why this import cannot end it (code of the kind)"
    )
    choice = models.CharField(max_length=10, choices=Choice, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "target"], name="imports_absence_once"),
            models.CheckConstraint(
                condition=Q(choice="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(choice="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="imports_absence_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.choice}".strip()


class Upload(models.Model):
    """A file that arrives in pieces. Its content lies in $SHANGLIAN_HOME/uploads until it is handed in or given up."""

    id = models.UUIDField(primary_key=True, default=new_batch_id, editable=False)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="bytes, as announced")
    mark = models.CharField(max_length=80, help_text="by which the browser knows its file again")
    received = models.BigIntegerField(default=0, help_text="bytes that are kept")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=models.F("size")), name="imports_upload_is_not_too_long"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"
