"""What was found about a row, and what a person decided about it."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_rows_are_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="row",
            name="finding",
            field=models.JSONField(
                blank=True, help_text="candidates, choices and what the register says", null=True
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "choice",
                    models.CharField(
                        choices=[("same", "Same"), ("different", "Different"), ("skip", "Skip")], max_length=10
                    ),
                ),
                (
                    "target",
                    models.BigIntegerField(blank=True, help_text="the kind's own id of what the row is", null=True),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decision", to="imports.row"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", "same"), ("target__isnull", False)),
                            models.Q(("choice__in", ["different", "skip"]), ("target__isnull", True)),
                            _connector="OR",
                        ),
                        name="imports_decision_same_names_its_target",
                    )
                ]
            },
        ),
        migrations.RunSQL(
            (SQL / "decisions.sql").read_text("utf-8"), (SQL / "decisions_reverse.sql").read_text("utf-8")
        ),
    ]
