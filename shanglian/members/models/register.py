"""Who is known and who is a member of what; and the views of the list that people keep."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now, Substr

from shanglian.directory.models import Org
from shanglian.imports.models import Row
from shanglian.members.core.kinds import EntityKind
from shanglian.members.core.particulars import Fact, Field
from shanglian.members.models.vocabulary import one_of


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
