"""Initials of names by a loop instead of a regular expression."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("members", "0011_the_whole_register_by_day")]
    operations = [
        migrations.RunSQL((SQL / "initials.sql").read_text("utf-8"), (SQL / "initials.reverse.sql").read_text("utf-8")),
    ]
