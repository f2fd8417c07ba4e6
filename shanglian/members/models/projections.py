"""What only the ledger's triggers write, summed from its legs; and the legs that stand, one a row (Change)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from shanglian.directory.models import Org
from shanglian.members.core.kinds import Count
from shanglian.members.core.legs import Counted, Seat
from shanglian.members.models.ledger import Movement, Profile
from shanglian.members.models.register import Entity, Membership


class OneOf(models.Func):
    """`column = ANY (ids)`: one value to the driver, where __in is one for each of a thousand organisations."""

    template, arg_joiner, output_field = "(%(expressions)s))", " = ANY (", models.BooleanField()

    def __init__(self, column: str, ids: Iterable[int]) -> None:
        super().__init__(column, models.Value(list(ids), ArrayField(models.BigIntegerField())))


DAYS = models.Func(
    models.Func("during", function="lower"), models.Func("during", function="upper"), function="daterange"
)


class SpanQuerySet(models.QuerySet["Span"]):
    """Filters on the days a membership was open."""

    def on(self, day: date) -> "SpanQuerySet":
        return self.filter(during__contains=day)

    def in_orgs(self, org_ids: Iterable[int]) -> "SpanQuerySet":
        return self.filter(OneOf("org_id", org_ids))

    def home(self) -> "SpanQuerySet":
        return self.filter(home=True)


class Span(models.Model):
    """Days on which a membership was open with one category, profile and home state. Written by the ledger.

    It carries what lists are put in order by: the sort key of the entity's name and the first day of the membership.
    """

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
    since = models.DateField(help_text="first day of the membership")
    sort_key = models.TextField(db_collation="C", help_text="of the entity's name")

    objects = SpanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(during__isempty=False), name="span_has_days"),
            ExclusionConstraint(
                name="span_one_home_a_day",
                # An expression, or the planner would take its index for a day alone, which nearly all spans contain.
                expressions=[("entity", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(home=True),
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message="an entity has one home on a day 一个主体同一天只能有一个主会籍",
            ),
        ]
        indexes = [
            models.Index(fields=["entity"], name="span_entity"),
            models.Index(fields=["org", "category", "sort_key", "entity"], name="span_org_category_name"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.during}"

    @property
    def until(self) -> date | None:
        """The last day; None while it is open."""
        upper: date | None = self.during.upper
        return upper - timedelta(days=1) if upper else None

    @property
    def effective_on(self) -> date:
        """The first day on which it was counted so."""
        first: date = self.during.lower
        return first

    def as_seat(self) -> Seat:
        """The membership on these days as the arithmetic knows it."""
        counted = Counted(self.category, self.profile_id, self.county)
        return Seat(self.membership_id, self.org_id, counted, self.home)


class ChangeQuerySet(models.QuerySet["Change"]):
    """Filters on what is known and what it counts for."""

    def known_at(self, moment: datetime | None) -> "ChangeQuerySet":
        """Recorded by then and not yet reversed; None: as known now."""
        if moment is None:
            return self.filter(reversed_id=None)  # the key of the view's outer join, so that the planner sees none
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
    reversed_id = models.BigIntegerField(null=True)
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
