"""Organisations, their dated facts, and appointments."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_users")]
    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Org",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=24)),
                ("sample", models.BooleanField(default=False, help_text="invented, for demonstration")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9a-z]+(-[0-9a-z]+)*$")),
                        name="directory_org_code_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "building_chamber",
                                    "city",
                                    "cluster_chamber",
                                    "community_chamber",
                                    "county",
                                    "industry_chamber",
                                    "market_chamber",
                                    "nation",
                                    "non_local_chamber",
                                    "other_chamber",
                                    "park_chamber",
                                    "province",
                                    "street_chamber",
                                    "township_chamber",
                                    "village_chamber",
                                    "zone",
                                ],
                            )
                        ),
                        name="directory_org_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=16)),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="directory.org",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("user", "="), ("org", "="), ("role", "="), ("during", "&&")],
                        name="directory_appointment_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)),
                        name="directory_appointment_during_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["admin", "clerk", "leader", "officer", "reviewer", "secretary"])
                        ),
                        name="directory_appointment_role_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrgLife",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("known", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lives", to="directory.org"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("org", "="), ("during", "&&"), ("known", "&&")],
                        name="directory_orglife_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)),
                        name="directory_orglife_during_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known__isempty", False)),
                        name="directory_orglife_known_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__lower_inf", False), ("known__lower_inf", False)),
                        name="directory_orglife_has_a_beginning",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrgName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(blank=True, default="", max_length=40)),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("known", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="names", to="directory.org"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("org", "="), ("during", "&&"), ("known", "&&")],
                        name="directory_orgname_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)),
                        name="directory_orgname_during_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known__isempty", False)),
                        name="directory_orgname_known_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__lower_inf", False), ("known__lower_inf", False)),
                        name="directory_orgname_has_a_beginning",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrgPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.TextField(db_collation="C")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("known", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="directory.org"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_places",
                        to="directory.org",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["path"], name="directory_orgplace_path")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("org", "="), ("during", "&&"), ("known", "&&")],
                        name="directory_orgplace_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)),
                        name="directory_orgplace_during_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known__isempty", False)),
                        name="directory_orgplace_known_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__lower_inf", False), ("known__lower_inf", False)),
                        name="directory_orgplace_has_a_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__regex", "^/([0-9a-z]+(-[0-9a-z]+)*/)+$")),
                        name="directory_orgplace_path_is_codes",
                    ),
                ],
            },
        ),
    ]
