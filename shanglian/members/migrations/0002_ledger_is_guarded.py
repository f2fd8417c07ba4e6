"""What the ledger refuses and what follows it, in the database itself."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_register"),
        ("directory", "0003_facts_are_guarded"),
        ("archive", "0001_roles"),
    ]
    operations = [
        migrations.RunSQL(
            (SQL / "spans.sql").read_text("utf-8") + (SQL / "ledger.sql").read_text("utf-8"),
            (SQL / "ledger.reverse.sql").read_text("utf-8"),
        ),
    ]
