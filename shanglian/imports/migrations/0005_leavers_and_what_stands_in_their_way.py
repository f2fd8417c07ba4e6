"""A possible leaver says what stands in the way of ending it by the import."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_drafts")]

    operations = [
        migrations.AddField(
            model_name="absence",
            name="obstacle",
            field=models.CharField(
                blank=True, default="", help_text="why this import cannot end it (code of the kind)", max_length=40
            ),
        ),
    ]
