"""A person may say of a row that it has moved here, and from where."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_system_user"),
        ("imports", "0006_batch_progress"),
    ]

    operations = [
        migrations.RemoveConstraint("decision", "imports_decision_same_names_its_target"),
        migrations.AddField(
            model_name="decision",
            name="leaves",
            field=models.ForeignKey(
                help_text="the organisation it has moved away from",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.org",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="choice",
            field=models.CharField(
                choices=[("same", "Same"), ("moved", "Moved"), ("different", "Different"), ("skip", "Skip")],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(choice="same", target__isnull=False, leaves__isnull=True)
                | models.Q(choice="moved", target__isnull=False, leaves__isnull=False)
                | models.Q(choice__in=["different", "skip"], target__isnull=True, leaves__isnull=True),
                name="imports_decision_names_what_it_is_about",
            ),
        ),
    ]
