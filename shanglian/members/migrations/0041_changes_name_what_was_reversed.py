"""The view of changes names the movement that was reversed."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0040_attributes_have_a_roll_up"),
    ]

    operations = [
        migrations.RunSQL(
            (SQL / "changes_reversed.sql").read_text("utf-8"),
            "DROP VIEW members_change;\n" + (SQL / "changes.sql").read_text("utf-8"),
        ),
    ]
