"""Two-character search over names."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("members", "0002_ledger_is_guarded")]
    operations = [
        migrations.RunSQL((SQL / "search.sql").read_text("utf-8"), (SQL / "search.reverse.sql").read_text("utf-8")),
    ]
