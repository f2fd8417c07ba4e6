"""The register: who is known, who is a member of what, and the ledger every figure is summed from.

The ledger tables (Movement, Leg) and what hangs on them (Membership, Profile) are append-only. Span, Flow,
RegisterFlow, Balance, AttributeFlow, AttributeBalance, YearClose and LedgerClock are projections that only the
ledger's triggers write (members/sql/ledger.sql, whole_register.sql, attributes.sql); `verify_register` rebuilds and
compares them. Nothing here is counted in any other way. What an entity is called and where it is reached changes by
Particular, append-only too; the columns of Entity are its projection (members/sql/particulars.sql).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now, Substr

from shanglian.archive.models import Document
from shanglian.directory.models import Org
from shanglian.imports.models import Batch, Row
from shanglian.members.core.kinds import Attribution, Category, Count, EntityKind, Kind, Line
from shanglian.members.core.legs import Counted, LegDraft, Seat
from shanglian.members.core.particulars import Fact, Field


def one_of(field: str, vocabulary: Iterable[str]) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in vocabulary]})


class Entity(models.Model):
    """An enterprise, association or person (主体) that is, was or might become a member.

    It comes in with what its source row says; from then on its columns change only by facts (Particular).
    """

    kind = models.TextField()
    name = models.TextField()
    name_key = models.TextField()
    sort_key = models.TextField(db_collation="C")
    legal_rep = models.TextField(blank=True, default="")
    phones = ArrayField(models.TextField(), default=list, blank=True)
    address = models.TextField(blank=True, default="")
    founded_on = models.DateField(null=True, blank=True)
    sample = models.BooleanField(default=False)
    source_row = models.ForeignKey(
        Row, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )  # rows of a committed batch cannot be deleted (imports/sql/evidence.sql)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("kind", EntityKind), name="entity_kind_is_known"),
            models.CheckConstraint(condition=~Q(name_key=""), name="entity_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["name_key"], name="entity_name_key"),
            models.Index(fields=["sort_key", "id"], name="entity_sort_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Particular(models.Model):
    """事项: what an entity is called or where it is reached, since a day (first clock), as recorded (second clock).

    The first fact of a field brings along the one before it: what the entity came with, from its own source row,
    without an actor and since the day of its roster (NULL: nobody knows since when). `value` is text, a list of
    telephones, an ISO day or null, for a name {"name", "key", "sort"}.
    """

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="particulars", db_index=False)
    field = models.TextField()
    value = models.JSONField()
    since = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    source_row = models.ForeignKey(Row, null=True, blank=True, on_delete=models.PROTECT, related_name="particulars")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True, default="")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("field", Field), name="particular_field_is_known"),
            models.CheckConstraint(
                condition=Q(actor__isnull=True, reverses__isnull=True) | Q(actor__isnull=False, since__isnull=False),
                name="particular_has_a_day_and_an_actor",
            ),
            models.UniqueConstraint(
                fields=["entity", "field"], condition=Q(actor__isnull=True), name="particular_begins_once"
            ),
        ]
        indexes = [models.Index(fields=["entity", "field"], name="particular_entity_field")]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.field} {self.since or ''}".strip()

    def as_fact(self) -> Fact:
        """The fact as the arithmetic knows it."""
        return Fact(self.pk, self.field, self.value, self.since, self.recorded_at, self.reverses_id)


class Identifier(models.Model):
    """A number an authority gave to an entity. Two entities never hold the same valid one."""

    class Scheme(models.TextChoices):
        USCC = "uscc"
        REG_NO = "reg_no"
        ORG_CODE = "org_code"
        OTHER = "other"

    class State(models.TextChoices):
        VALID = "valid"
        UNCHECKED = "unchecked"

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.TextField(choices=Scheme.choices)
    value = models.TextField()
    state = models.TextField(choices=State.choices, default=State.VALID)
    source_row = models.ForeignKey(
        Row, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )  # rows of a committed batch cannot be deleted (imports/sql/evidence.sql)

    class Meta:
        indexes = [
            models.Index(Substr("value", 9, 9), condition=Q(scheme="uscc"), name="identifier_subject_of_uscc"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=one_of("scheme", ["uscc", "reg_no", "org_code", "other"]),
                name="identifier_scheme_is_known",
            ),
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=Q(state="valid"),
                name="identifier_belongs_to_one_entity",
                violation_error_message="this number already belongs to another entity 该证照号码已登记在其他主体名下",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class Membership(models.Model):
    """会籍: the relation of one entity to one organisation. Its days are in Span; this row never changes."""

    ORG_FIELD = "org"

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="memberships")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="memberships")

    def __str__(self) -> str:
        return f"{self.entity_id} @ {self.org_id}"


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


class SpanQuerySet(models.QuerySet["Span"]):
    """Filters on the days a membership was open."""

    def on(self, day: date) -> "SpanQuerySet":
        return self.filter(during__contains=day)

    def in_orgs(self, org_ids: Iterable[int]) -> "SpanQuerySet":
        return self.filter(org_id__in=list(org_ids))

    def home(self) -> "SpanQuerySet":
        return self.filter(home=True)


class Span(models.Model):
    """Days on which a membership was open with one category, profile and home state. Written by the ledger."""

    ORG_FIELD = "org"

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="spans", db_constraint=False)
    entity = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="spans", db_index=False, db_constraint=False
    )
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    county = models.TextField(blank=True, default="")
    category = models.TextField()
    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    home = models.BooleanField()
    during = DateRangeField()

    objects = SpanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(during__isempty=False), name="span_has_days"),
            ExclusionConstraint(
                name="span_one_home_a_day",
                expressions=[("entity", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(home=True),
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message="an entity has one home on a day 一个主体同一天只能有一个主会籍",
            ),
        ]
        indexes = [
            models.Index(fields=["entity"], name="span_entity"),
            models.Index(fields=["org", "category"], name="span_org_category"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.during}"

    @property
    def until(self) -> date | None:
        """The last day; None while it is open."""
        upper: date | None = self.during.upper
        return upper - timedelta(days=1) if upper else None

    def as_seat(self) -> Seat:
        """The membership on these days as the arithmetic knows it."""
        counted = Counted(self.category, self.profile_id, self.county)
        return Seat(self.membership_id, self.org_id, counted, self.home)


class ChangeQuerySet(models.QuerySet["Change"]):
    """Filters on what is known and what it counts for."""

    def known_at(self, moment: datetime | None) -> "ChangeQuerySet":
        """Recorded by then and not yet reversed; None: as known now."""
        if moment is None:
            return self.filter(reversed_at=None)
        return self.filter(Q(reversed_at=None) | Q(reversed_at__gt=moment), recorded_at__lte=moment)

    def counting(self, count: Count) -> "ChangeQuerySet":
        return self.exclude(**{count.value: 0})


class Change(models.Model):
    """变动: a leg that stands, with its entity: what a cell of the movement table counts. A view; nothing is written.

    Its fields are named as those of Span, so that a list can show either. `reversed_at`: when it was reversed, if ever.
    """

    ORG_FIELD = "org"

    id = models.BigIntegerField(primary_key=True)
    movement = models.ForeignKey(Movement, on_delete=models.DO_NOTHING, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.DO_NOTHING, related_name="+")
    entity = models.ForeignKey(Entity, on_delete=models.DO_NOTHING, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.DO_NOTHING, related_name="+")
    county = models.TextField()
    category = models.TextField()
    profile = models.ForeignKey(Profile, on_delete=models.DO_NOTHING, related_name="+")
    line = models.TextField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    memberships = models.SmallIntegerField()
    heads = models.SmallIntegerField()
    home = models.BooleanField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "members_change"

    def __str__(self) -> str:
        return f"{self.membership_id} {self.line} {self.effective_on}"

    @property
    def until(self) -> date | None:
        """The last day on which it was counted so; None for a gain."""
        return self.effective_on - timedelta(days=1) if self.memberships < 0 or self.heads < 0 else None


class Flow(models.Model):
    """Monthly roll-up of the legs: organisation × category × month × line. Written by the ledger."""

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.TextField()
    month = models.DateField(help_text="first day of the month")
    line = models.TextField()
    memberships = models.BigIntegerField()
    heads = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "month", "category", "line"], name="flow_one_cell")]

    def __str__(self) -> str:
        return f"{self.org_id} {self.category} {self.month:%Y-%m} {self.line}"


class RegisterFlow(models.Model):
    """Daily roll-up of the legs of the whole register: day × category × line. Written by the ledger."""

    day = models.DateField()
    category = models.TextField()
    line = models.TextField()
    memberships = models.BigIntegerField()
    heads = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "category", "line"], name="registerflow_one_cell")]

    def __str__(self) -> str:
        return f"{self.category} {self.day} {self.line}"


class Balance(models.Model):
    """Closing balance of an organisation and category at the end of a closed year. Written by the ledger."""

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.TextField()
    year = models.SmallIntegerField()
    memberships = models.BigIntegerField()
    heads = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "year", "category"], name="balance_one_cell")]

    def __str__(self) -> str:
        return f"{self.org_id} {self.category} {self.year}"


class AttributeFlow(models.Model):
    """Monthly roll-up of the legs by one attribute: organisation × category × attribute × code × month.

    Written by the ledger. An attribute is a field of Profile with a closed list of codes; "" is: not recorded.
    """

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.TextField()
    attribute = models.TextField()
    code = models.TextField()
    month = models.DateField(help_text="first day of the month")
    memberships = models.BigIntegerField()
    heads = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "attribute", "category", "month", "code"], name="attributeflow_one_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.org_id} {self.category} {self.attribute} {self.code} {self.month:%Y-%m}"


class AttributeBalance(models.Model):
    """Closing balance by one attribute at the end of a closed year. Written by the ledger."""

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.TextField()
    attribute = models.TextField()
    code = models.TextField()
    year = models.SmallIntegerField()
    memberships = models.BigIntegerField()
    heads = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "attribute", "category", "year", "code"], name="attributebalance_one_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.org_id} {self.category} {self.attribute} {self.code} {self.year}"


class YearClose(models.Model):
    """A year whose year-end balances exist. Written by the ledger."""

    year = models.SmallIntegerField(primary_key=True)
    closed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.year)


class LedgerClock(models.Model):
    """One row: the last stamp given to a writer and the transaction that took it. Written by ledger_stamp()."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.DateTimeField()
    taken_by = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ledgerclock_is_one_row")]

    def __str__(self) -> str:
        return self.stamp.isoformat()


class SavedView(models.Model):
    """视图: what a person asks the member list for, under a name of their own. No fact; it may be changed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member_views")
    name = models.CharField(max_length=30)
    query = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="savedview_one_name_a_person")]

    def __str__(self) -> str:
        return self.name


class Bigrams(Func):
    """SQL function bigrams(text): the two-character pieces of a name, for the search index."""

    function = "bigrams"
    output_field = ArrayField(models.TextField())
