"""Facts with two clocks may only be closed and added; the tree holds together on every day."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_organisations_and_appointments")]
    operations = [
        migrations.RunSQL(
            (SQL / "facts.sql").read_text("utf-8"), (SQL / "facts_reverse.sql").read_text("utf-8")
        ),
    ]
