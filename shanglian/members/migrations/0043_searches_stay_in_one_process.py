"""A search by a part of a name is done by one process of the engine.

It is narrowed by an index and capped, so that starting helpers costs more than they bring: a third of the time of a
common word. A function they may not run keeps the planner from it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0042_spans_say_since_when")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION bigrams(text) PARALLEL RESTRICTED", "ALTER FUNCTION bigrams(text) PARALLEL SAFE"
        ),
    ]
