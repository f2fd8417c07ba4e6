"""Who holds which post in the bodies of a federation or chamber, and how the register came to know it.

A post is a fact with two clocks, as the facts of the tree: `during` (the days on which it is held) and `known` (from
when to when we believed it). A change closes `known` and writes a new row that names the one it replaces; nothing else
is ever updated and nothing is deleted (sql/posts.sql). What titles there are is data (policies/posts.yaml).
"""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from shanglian.directory.models import FactQuerySet, Org
from shanglian.imports.models import Batch, Row
from shanglian.members.models import Entity
from shanglian.structure.core.holdings import Precision, When


class Post(models.Model):
    """A person holds a title in an organisation during some days. Of the person only the name is kept."""

    ORG_FIELD = "org"

    org = models.ForeignKey(Org, models.PROTECT, related_name="posts")
    person = models.CharField(max_length=100, help_text="the name as written")
    person_key = models.CharField(max_length=100, help_text="the name for comparing")
    title = models.CharField(max_length=40, help_text="code of a title in policies/posts.yaml")
    during = DateRangeField(help_text="a month or year stands as its first day: see the precision")
    since_precision = models.CharField(
        max_length=8,
        choices=[(p.value, p.value) for p in Precision],
        help_text="unstated: on that day at the latest",
    )
    until_precision = models.CharField(max_length=8, blank=True, default="", help_text="empty while the post is held")
    term = models.PositiveSmallIntegerField(null=True, blank=True, help_text="number of the term (届)")
    full_time = models.BooleanField(null=True, help_text="专职 or 兼职; nothing where nobody says")
    co_opted = models.BooleanField(default=False, help_text="filled between congresses (增补)")
    session = models.CharField(max_length=60, blank=True, default="", help_text="which filled it, as written")
    firm = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="posts", help_text="proved by a number")
    firm_name = models.CharField(
        max_length=200, blank=True, default="", help_text="whom the person stands for, as written"
    )
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="posts", help_text="which wrote it")
    source_row = models.ForeignKey(Row, models.PROTECT, null=True, related_name="posts")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    known = DateTimeRangeField()

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["org"], condition=Q(known__upper_inf=True), name="structure_post_of_org")]
        constraints = [
            ExclusionConstraint(
                name="structure_post_held_once_at_a_time",
                expressions=[
                    ("org", RangeOperators.EQUAL),
                    ("person_key", RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(person_key=""), name="structure_post_has_a_person"),
            models.CheckConstraint(
                condition=Q(title__regex=r"^[a-z]+(_[a-z]+)*$"), name="structure_post_title_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, known__isempty=False), name="structure_post_ranges_are_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(during__lower_inf=False, known__lower_inf=False), name="structure_post_has_a_beginning"
            ),
            models.CheckConstraint(
                condition=Q(since_precision__in=[p.value for p in Precision])
                & (
                    Q(during__upper_inf=True, until_precision="")
                    | Q(during__upper_inf=False, until_precision__in=[p.value for p in Precision])
                ),
                name="structure_post_says_how_exact_its_days_are",
            ),
            models.CheckConstraint(
                condition=Q(term__isnull=True) | Q(term__gte=1, term__lte=99), name="structure_post_term_is_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.title}"

    @property
    def since(self) -> When:
        return When(self.during.lower, Precision(self.since_precision))

    @property
    def until(self) -> When | None:
        return When(self.during.upper, Precision(self.until_precision)) if self.during.upper else None

    @property
    def recorded_at(self) -> datetime:
        """The second clock's beginning: when the register learnt it."""
        moment: datetime = self.known.lower
        return moment


class OrgSource(models.Model):
    """Which row of a list founded, renamed, moved or closed an organisation; never changed (sql/org_sources.sql)."""

    ORG_FIELD = "org"

    class What(models.TextChoices):
        FOUNDED = "founded"
        RENAMED = "renamed"
        MOVED = "moved"
        CLOSED = "closed"

    org = models.ForeignKey(Org, models.PROTECT, related_name="sources")
    row = models.ForeignKey(Row, models.PROTECT, db_index=False, related_name="org_sources")
    what = models.CharField(max_length=10, choices=What)
    change = models.DateTimeField(unique=True, help_text="stamp of the change: from when its facts are known")

    class Meta:
        indexes = [models.Index(fields=["row"], name="structure_orgsource_row")]
        constraints = [
            models.UniqueConstraint(fields=["row", "org", "what"], name="structure_orgsource_once"),
            models.CheckConstraint(
                condition=Q(what__in=["founded", "renamed", "moved", "closed"]),
                name="structure_orgsource_what_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org_id} {self.what}"
