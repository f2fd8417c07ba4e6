"""A batch says how far the job is that reads or rehearses it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0005_leavers_and_what_stands_in_their_way")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="progress",
            field=models.JSONField(
                blank=True, default=dict, help_text="how far the job under way is, for the page only"
            ),
        ),
    ]
