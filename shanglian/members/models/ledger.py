"""The ledger every figure is summed from: append-only."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from shanglian.archive.models import Document
from shanglian.directory.models import Org
from shanglian.imports.models import Batch, Row
from shanglian.members.core.kinds import Attribution, Category, Kind, Line
from shanglian.members.core.legs import Counted, LegDraft
from shanglian.members.models.register import Membership
from shanglian.members.models.vocabulary import one_of


class Profile(models.Model):
    """One combination of the counted attributes, stored once and pointed at by the legs."""

    section = models.TextField(blank=True, default="", help_text="industry section, a letter")
    edition = models.TextField(blank=True, default="", help_text="edition of GB/T 4754 the letter belongs to")
    size = models.TextField(blank=True, default="")
    registration_type = models.TextField(
        blank=True, default="", help_text="a code of policies/members/registration_types.yaml"
    )
    attribution = models.TextField(default=Attribution.DIRECT)
    group_kind = models.TextField(
        blank=True, default="", help_text="kind of group member, a code of policies/members/group_kinds.yaml"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "edition", "size", "registration_type", "attribution", "group_kind"],
                name="profile_is_interned",
            ),
            models.CheckConstraint(condition=one_of("attribution", Attribution), name="profile_attribution_is_known"),
        ]

    def __str__(self) -> str:
        return "/".join([self.section, self.size, self.registration_type, self.attribution, self.group_kind])


class Movement(models.Model):
    """One entry of the ledger: what happened (first clock) and when it was recorded (second clock)."""

    kind = models.TextField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source_row = models.OneToOneField(Row, null=True, blank=True, on_delete=models.PROTECT, related_name="movement")
    batch = models.ForeignKey(
        Batch, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # of an entry an import made without a row of its own: a leaver its complete roster does not name
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("kind", Kind), name="movement_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.REVERSAL, reverses__isnull=False)
                | (~Q(kind=Kind.REVERSAL) & Q(reverses__isnull=True)),
                name="movement_reversal_names_what_it_reverses",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(source_row__isnull=True), name="movement_has_one_source"
            ),
        ]
        indexes = [
            models.Index(fields=["recorded_at"], name="movement_recorded_at"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="movement_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on}"


class Leg(models.Model):
    """One side of a movement: what it adds to one membership, organisation, category and profile.

    `memberships` and `heads` are −1, 0 or +1; heads count at the home membership and so add up over a tree.
    The two dates are copies from the movement, checked by the guard, so that sums need no join. The guard also proves
    that all four references exist; foreign keys would prove it
    again, row by row, at a third of the cost of a booking.
    """

    pk = models.CompositePrimaryKey("movement_id", "line", "membership_id")
    movement = models.ForeignKey(
        Movement, on_delete=models.PROTECT, related_name="legs", db_constraint=False, db_index=False
    )  # the primary key begins with it
    line = models.TextField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="legs", db_constraint=False)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    county = models.TextField(blank=True, default="", help_text="area code of the place of business")
    category = models.TextField()
    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    memberships = models.SmallIntegerField()
    heads = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("line", Line), name="leg_line_is_known"),
            models.CheckConstraint(condition=one_of("category", Category), name="leg_category_is_known"),
            models.CheckConstraint(
                condition=Q(memberships__range=(-1, 1), heads__range=(-1, 1))
                & ~Q(memberships=0, heads=0)
                & ~Q(memberships=1, heads=-1)
                & ~Q(memberships=-1, heads=1),
                name="leg_counts_by_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org", "effective_on"],
                include=["category", "profile", "county", "line", "memberships", "heads"],
                name="leg_by_org_and_day",
            ),
            BrinIndex(fields=["recorded_at"], autosummarize=True, name="leg_recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.memberships:+d} {self.heads:+d}"

    def as_draft(self) -> LegDraft:
        """The leg as the arithmetic knows it."""
        counted = Counted(self.category, self.profile_id, self.county)
        return LegDraft(self.line, self.membership_id, self.org_id, counted, self.memberships, self.heads)
