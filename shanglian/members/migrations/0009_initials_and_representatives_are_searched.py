"""Names by the first letters of their syllables, legal representatives and numbers from their beginning."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("members", "0008_profiles_know_the_kind_of_group")]
    operations = [
        migrations.RunSQL(
            (SQL / "search_more.sql").read_text("utf-8"), (SQL / "search_more.reverse.sql").read_text("utf-8")
        ),
    ]
