"""The application's database role and what it may do by default.

It runs before every other migration (no dependencies, `run_before`), so that each table made later by the owner is
usable by the application. Tables that are append-only take rights back in their own migrations.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("sessions", "0001_initial"),
        ("procrastinate", "0001_initial"),
        ("account", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            (SQL / "roles.sql").read_text("utf-8"), (SQL / "roles_reverse.sql").read_text("utf-8")
        ),
    ]
