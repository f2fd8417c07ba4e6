"""From which row of a list an organisation came."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0002_documents_and_log"),
        ("directory", "0004_system_user"),
        ("imports", "0004_drafts"),
        ("structure", "0001_posts"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrgSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("founded", "Founded"),
                            ("renamed", "Renamed"),
                            ("moved", "Moved"),
                            ("closed", "Closed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "change",
                    models.DateTimeField(help_text="stamp of the change: from when its facts are known", unique=True),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="directory.org"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="org_sources",
                        to="imports.row",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["row"], name="structure_orgsource_row")],
                "constraints": [
                    models.UniqueConstraint(fields=("row", "org", "what"), name="structure_orgsource_once"),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["founded", "renamed", "moved", "closed"])),
                        name="structure_orgsource_what_is_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "org_sources.sql").read_text("utf-8"), (SQL / "org_sources_reverse.sql").read_text("utf-8")
        ),
    ]
