"""Spans carry what lists are put in order by: the sort key of the name and the first day of the membership.

With it an index along which a page of an organisation is read, and two corrections of what the planner does: the index of
the exclusion constraint no longer answers for a day alone, which nearly all spans contain; and a search by a part of a
name, narrowed and capped, stays in one process of the engine.
"""

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
SPANS = (SQL / "spans.sql").read_text("utf-8")
AS_BEFORE = (
    SPANS.replace(", since,\n                                  sort_key)", ")")
    .replace(",\n               min(day) OVER (PARTITION BY membership_id), e.sort_key", "")
    .replace(" JOIN members_entity e ON e.id = entity_id", "")
)
ORDERED_BY = """
    UPDATE members_span s SET since = f.day, sort_key = e.sort_key
      FROM members_entity e,
           (SELECT membership_id, min(lower(during)) AS day FROM members_span GROUP BY membership_id) f
     WHERE e.id = s.entity_id AND f.membership_id = s.membership_id"""
FORGET_NAMES = "DROP TRIGGER entity_moves_its_spans ON members_entity; DROP FUNCTION spans_follow_name();"
DAYS = models.Func(
    models.Func("during", function="lower"), models.Func("during", function="upper"), function="daterange"
)
ONE_HOME = {
    "name": "span_one_home_a_day",
    "condition": models.Q(home=True),
    "deferrable": models.Deferrable.IMMEDIATE,
    "violation_error_message": "an entity has one home on a day 一个主体同一天只能有一个主会籍",
}


class Migration(migrations.Migration):
    dependencies = [("members", "0041_changes_name_what_was_reversed")]

    operations = [
        migrations.AddField("Span", "since", models.DateField(null=True)),
        migrations.AddField("Span", "sort_key", models.TextField(db_collation="C", null=True)),
        migrations.RunSQL([ORDERED_BY, SPANS], AS_BEFORE),
        migrations.RunSQL((SQL / "span_names.sql").read_text("utf-8"), FORGET_NAMES),
        migrations.AlterField("Span", "since", models.DateField(help_text="first day of the membership")),
        migrations.AlterField(
            "Span", "sort_key", models.TextField(db_collation="C", help_text="of the entity's name")
        ),
        migrations.RemoveIndex("Span", "span_org_category"),
        migrations.AddIndex(
            "Span", models.Index(fields=["org", "category", "sort_key", "entity"], name="span_org_category_name")
        ),
        migrations.RemoveConstraint("Span", "span_one_home_a_day"),
        migrations.AddConstraint(
            "Span",
            django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("entity", "="), (DAYS, "&&")], **ONE_HOME
            ),
        ),
        migrations.RunSQL(
            "ALTER FUNCTION bigrams(text) PARALLEL RESTRICTED", "ALTER FUNCTION bigrams(text) PARALLEL SAFE"
        ),
    ]
