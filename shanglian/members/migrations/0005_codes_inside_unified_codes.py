"""An organisation code finds the unified code it stands in."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_organisations_outlive_memberships")]
    operations = [
        migrations.AddIndex(
            model_name="identifier",
            index=models.Index(
                django.db.models.functions.text.Substr("value", 9, 9),
                condition=models.Q(("scheme", "uscc")),
                name="identifier_subject_of_uscc",
            ),
        ),
    ]
