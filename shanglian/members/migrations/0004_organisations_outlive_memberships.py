"""An organisation does not end under its members."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("members", "0003_names_are_searched")]
    operations = [
        migrations.RunSQL((SQL / "lives.sql").read_text("utf-8"), (SQL / "lives.reverse.sql").read_text("utf-8")),
    ]
