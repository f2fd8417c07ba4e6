"""The dated tree of organisations, users, appointments, failed logins.

Names, places and lives are facts with two clocks: `during` (the days on which the fact holds) and `known`
(from when to when we believed it). A change closes `known` of the old rows and inserts new ones; nothing else
is ever updated (sql/facts.sql). Who may do what is in grants.py; writing is in actions.py.
"""

from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Role

CODE_REGEX = r"^[0-9a-z]+(-[0-9a-z]+)*$"


class UserManager(BaseUserManager["User"]):
    """Finding only; accounts are made by actions.create_user."""


class User(AbstractBaseUser):
    """A person who signs in, or the technical account behind commands and jobs."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"

    reads_only = False  # set for a request that changes nothing: `standing` is then looked up once (kept.py)
    standing: Any = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]*$"),
                name="directory_user_username_is_plain",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class Org(models.Model):
    """An organisation: a federation, a zone (an area first) or a chamber. Everything that changes has its own
    table.
    """

    ORG_FIELD = "pk"

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=24)
    sample = models.BooleanField(default=False, help_text="invented, for demonstration")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=CODE_REGEX), name="directory_org_code_is_plain"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(kind.value for kind in OrgKind)),
                name="directory_org_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class FactQuerySet(models.QuerySet[Any]):
    """Rows of a two-clocked fact table."""

    def known_at(self, moment: datetime | None = None) -> Self:
        """Rows believed at `moment`; without it, those believed now."""
        if moment is None:
            return self.filter(known__upper_inf=True)
        return self.filter(known__contains=moment)

    def on(self, day: date) -> Self:
        return self.filter(during__contains=day)


def _fact_constraints(table: str) -> list[models.BaseConstraint]:
    return [
        ExclusionConstraint(
            name=f"{table}_one_at_a_time",
            expressions=[
                ("org", RangeOperators.EQUAL),
                ("during", RangeOperators.OVERLAPS),
                ("known", RangeOperators.OVERLAPS),
            ],
        ),
        models.CheckConstraint(condition=Q(during__isempty=False), name=f"{table}_during_is_not_empty"),
        models.CheckConstraint(condition=Q(known__isempty=False), name=f"{table}_known_is_not_empty"),
        models.CheckConstraint(
            condition=Q(during__lower_inf=False, known__lower_inf=False), name=f"{table}_has_a_beginning"
        ),
    ]


class OrgName(models.Model):
    """What the organisation is called during some days."""

    org = models.ForeignKey(Org, models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True, default="")
    during = DateRangeField()
    known = DateTimeRangeField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = _fact_constraints("directory_orgname")

    def __str__(self) -> str:
        return self.name


class OrgPlace(models.Model):
    """Where the organisation stands in the tree: its parent and, from the root, the codes down to itself.

    `path` reads like "/410000/410100/410105/": "below X" is a prefix (a range in C order), never a search
    inside.
    """

    org = models.ForeignKey(Org, models.PROTECT, related_name="places")
    parent = models.ForeignKey(Org, models.PROTECT, null=True, related_name="child_places")
    path = models.TextField(db_collation="C")
    during = DateRangeField()
    known = DateTimeRangeField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            *_fact_constraints("directory_orgplace"),
            models.CheckConstraint(
                condition=Q(path__regex=r"^/([0-9a-z]+(-[0-9a-z]+)*/)+$"),
                name="directory_orgplace_path_is_codes",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="directory_orgplace_path")]

    def __str__(self) -> str:
        return self.path


class OrgLife(models.Model):
    """The days on which the organisation exists as a body and can hold members.

    A federation or chamber lives as long as it has a place. A zone has a place as an area; it gets a life
    only when its federation is founded.
    """

    org = models.ForeignKey(Org, models.PROTECT, related_name="lives")
    during = DateRangeField()
    known = DateTimeRangeField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = _fact_constraints("directory_orglife")

    def __str__(self) -> str:
        return f"{self.org_id} {self.during}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: date) -> Self:
        return self.filter(during__contains=day)


class Appointment(models.Model):
    """A user's role in an organisation during some days."""

    ORG_FIELD = "org"

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    org = models.ForeignKey(Org, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=16)
    during = DateRangeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="directory_appointment_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("org", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False), name="directory_appointment_during_is_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(role.value for role in Role)),
                name="directory_appointment_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.org_id}"


class LoginFailure(models.Model):
    """Failed logins counted per user name and per client address, as keyed hashes: no name or address is
    kept.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures}"


class ApiToken(models.Model):
    """What a program shows instead of signing in as its user: kept as a hash, with an end, revocable."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token; the token itself is not kept")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="directory_apitoken_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.user_id}"
