"""A movement of an import that has no row of its own names the import."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0002_documents_and_log'),
        ('imports', '0004_drafts'),
        ('members', '0005_codes_inside_unified_codes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='movement',
            name='batch',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='imports.batch'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='movement_batch'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('batch__isnull', True), ('source_row__isnull', True), _connector='OR'), name='movement_has_one_source'),
        ),
    ]
