"""Drafts: what people said of columns, cells and leavers, and files that arrive in pieces."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
import shanglian.imports.models
from django.conf import settings
from django.db import migrations, models


SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_system_user'),
        ('imports', '0003_doubtful_rows_are_decided'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='behind',
            field=models.CharField(blank=True, choices=[('', 'Nothing'), ('dry_run', 'Dry Run'), ('reading', 'Reading')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='batch',
            name='revision',
            field=models.PositiveIntegerField(default=0, help_text='counts what people said of the draft'),
        ),
        migrations.AddField(
            model_name='batch',
            name='touched_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='batch',
            name='touched_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sourcefile',
            name='said',
            field=models.JSONField(default=list, help_text="columns as a person named them: sheet, heading_row, position, column ('' is not read)"),
        ),
        migrations.AlterField(
            model_name='batch',
            name='state',
            field=models.CharField(choices=[('received', 'Received'), ('read', 'Read'), ('previewed', 'Previewed'), ('committing', 'Committing'), ('committed', 'Committed'), ('undone', 'Undone'), ('failed', 'Failed'), ('discarded', 'Discarded')], default='received', max_length=12),
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.BigIntegerField(help_text="the kind's own id of what is not named")),
                ('title', models.TextField(help_text='its name, as the dry run found it')),
                ('choice', models.CharField(blank=True, choices=[('left', 'Left'), ('stays', 'Stays')], default='', max_length=10)),
                ('reason', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='imports.batch')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'target'), name='imports_absence_once'), models.CheckConstraint(condition=models.Q(models.Q(('choice', ''), ('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(models.Q(('choice', ''), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='imports_absence_decided_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(max_length=255)),
                ('number', models.PositiveIntegerField(help_text='row, as the spreadsheet counts, from 1')),
                ('position', models.PositiveIntegerField(help_text='of the cell in its row, from 0')),
                ('before', models.TextField(blank=True, help_text='the cell as it was read until then')),
                ('text', models.TextField(blank=True, help_text='the cell as it is read now')),
                ('proposed', models.BooleanField(default=False, help_text='a proposal that was accepted, not typed')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source_file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='imports.sourcefile')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['source_file', 'sheet', 'number'], name='imports_amendment_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='imports_amendment_withdrawn_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='ConfirmedHeading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('heading', models.CharField(help_text='as written, without blanks, brackets and marks', max_length=60)),
                ('column', models.CharField(blank=True, help_text='key of the column; empty: not read', max_length=40)),
                ('confirmed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.org')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'kind', 'heading'), name='imports_confirmedheading_means_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=shanglian.imports.models.new_batch_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255)),
                ('size', models.BigIntegerField(help_text='bytes, as announced')),
                ('mark', models.CharField(help_text='by which the browser knows its file again', max_length=80)),
                ('received', models.BigIntegerField(default=0, help_text='bytes that are kept')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('touched_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('received__gte', 0), ('received__lte', models.F('size'))), name='imports_upload_is_not_too_long')],
            },
        ),
        migrations.RunSQL((SQL / "drafts.sql").read_text("utf-8"), (SQL / "drafts_reverse.sql").read_text("utf-8")),
    ]
