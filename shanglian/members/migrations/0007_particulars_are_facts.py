"""What an entity is called and where it is reached changes by facts with two clocks; its columns are their projection."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0004_drafts'),
        ('members', '0006_leavers_name_their_import'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Particular',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.TextField()),
                ('value', models.JSONField()),
                ('since', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('reason', models.TextField(blank=True, default='')),
                ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='particulars', to='members.entity')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='members.particular')),
                ('source_row', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='particulars', to='imports.row')),
            ],
            options={
                'indexes': [models.Index(fields=['entity', 'field'], name='particular_entity_field')],
                'constraints': [models.CheckConstraint(condition=models.Q(('field__in', ['name', 'legal_rep', 'phones', 'address', 'founded_on'])), name='particular_field_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('actor__isnull', True), ('reverses__isnull', True)), models.Q(('actor__isnull', False), ('since__isnull', False)), _connector='OR'), name='particular_has_a_day_and_an_actor'), models.UniqueConstraint(condition=models.Q(('actor__isnull', True)), fields=('entity', 'field'), name='particular_begins_once')],
            },
        ),
        migrations.RunSQL(
            (SQL / "particulars.sql").read_text("utf-8"), (SQL / "particulars.reverse.sql").read_text("utf-8")
        ),
    ]
