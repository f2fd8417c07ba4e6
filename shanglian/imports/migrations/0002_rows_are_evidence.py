"""Rights and a trigger: rows keep what was read."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_batches_files_rows")]
    operations = [
        migrations.RunSQL(
            (SQL / "evidence.sql").read_text("utf-8"), (SQL / "evidence_reverse.sql").read_text("utf-8")
        ),
    ]
