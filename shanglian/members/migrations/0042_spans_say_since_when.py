"""Spans say the first day of their membership."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


def as_before() -> str:
    """The projection that knows nothing of first days, out of the file that first made it."""
    ledger = (SQL / "ledger.sql").read_text("utf-8")
    start = ledger.index("CREATE FUNCTION ledger_check_homes_and_project()")
    end = "END $$;"
    return "CREATE OR REPLACE" + ledger[start : ledger.index(end, start) + len(end)].removeprefix("CREATE")


class Migration(migrations.Migration):
    dependencies = [("members", "0041_changes_name_what_was_reversed")]

    operations = [
        migrations.AddField("Span", "since", models.DateField(null=True)),
        migrations.RunSQL((SQL / "spans.sql").read_text("utf-8"), as_before()),
        migrations.AlterField("Span", "since", models.DateField(help_text="first day of the membership")),
    ]
