"""Figures by registration type and kind of group have a roll-up, so that they need no legs but those of a month begun."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0020_changes_are_listed"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttributeFlow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.TextField()),
                ("attribute", models.TextField()),
                ("code", models.TextField()),
                ("month", models.DateField(help_text="first day of the month")),
                ("memberships", models.BigIntegerField()),
                ("heads", models.BigIntegerField()),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.org",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org", "attribute", "category", "month", "code"), name="attributeflow_one_cell"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttributeBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.TextField()),
                ("attribute", models.TextField()),
                ("code", models.TextField()),
                ("year", models.SmallIntegerField()),
                ("memberships", models.BigIntegerField()),
                ("heads", models.BigIntegerField()),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.org",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org", "attribute", "category", "year", "code"), name="attributebalance_one_cell"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "attributes.sql").read_text("utf-8"), (SQL / "attributes.reverse.sql").read_text("utf-8")
        ),
    ]
