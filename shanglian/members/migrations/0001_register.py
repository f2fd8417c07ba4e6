"""The tables of the register and its ledger. What they refuse is added next (0002)."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import shanglian.members.core.kinds
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0002_documents_and_log'),
        ('directory', '0004_system_user'),
        ('imports', '0002_rows_are_evidence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='YearClose',
            fields=[
                ('year', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('closed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Entity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('name_key', models.TextField()),
                ('sort_key', models.TextField(db_collation='C')),
                ('legal_rep', models.TextField(blank=True, default='')),
                ('phones', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('address', models.TextField(blank=True, default='')),
                ('founded_on', models.DateField(blank=True, null=True)),
                ('sample', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('source_row', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='imports.row')),
            ],
        ),
        migrations.CreateModel(
            name='Flow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.TextField()),
                ('month', models.DateField(help_text='first day of the month')),
                ('line', models.TextField()),
                ('memberships', models.BigIntegerField()),
                ('heads', models.BigIntegerField()),
                ('org', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.org')),
            ],
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.TextField(choices=[('uscc', 'Uscc'), ('reg_no', 'Reg No'), ('org_code', 'Org Code'), ('other', 'Other')])),
                ('value', models.TextField()),
                ('state', models.TextField(choices=[('valid', 'Valid'), ('unchecked', 'Unchecked')], default='valid')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identifiers', to='members.entity')),
                ('source_row', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='imports.row')),
            ],
        ),
        migrations.CreateModel(
            name='LedgerClock',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('stamp', models.DateTimeField()),
                ('taken_by', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='ledgerclock_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='members.entity')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='directory.org')),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('effective_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('reason', models.TextField(blank=True, default='')),
                ('actor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.document')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='members.movement')),
                ('source_row', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movement', to='imports.row')),
            ],
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.TextField(blank=True, default='', help_text='industry section, a letter')),
                ('edition', models.TextField(blank=True, default='', help_text='edition of GB/T 4754 the letter belongs to')),
                ('size', models.TextField(blank=True, default='')),
                ('registration_type', models.TextField(blank=True, default='')),
                ('attribution', models.TextField(default=shanglian.members.core.kinds.Attribution['DIRECT'])),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('section', 'edition', 'size', 'registration_type', 'attribution'), name='profile_is_interned'), models.CheckConstraint(condition=models.Q(('attribution__in', ['direct', 'chamber'])), name='profile_attribution_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Leg',
            fields=[
                ('pk', models.CompositePrimaryKey('movement_id', 'line', 'membership_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('line', models.TextField()),
                ('effective_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('county', models.TextField(blank=True, default='', help_text='area code of the place of business')),
                ('category', models.TextField()),
                ('memberships', models.SmallIntegerField()),
                ('heads', models.SmallIntegerField()),
                ('org', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.org')),
                ('membership', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='legs', to='members.membership')),
                ('movement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='legs', to='members.movement')),
                ('profile', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.profile')),
            ],
        ),
        migrations.CreateModel(
            name='Span',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.TextField(blank=True, default='')),
                ('category', models.TextField()),
                ('home', models.BooleanField()),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('entity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='members.entity')),
                ('membership', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='members.membership')),
                ('org', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.org')),
                ('profile', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.profile')),
            ],
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.TextField()),
                ('year', models.SmallIntegerField()),
                ('memberships', models.BigIntegerField()),
                ('heads', models.BigIntegerField()),
                ('org', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.org')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'year', 'category'), name='balance_one_cell')],
            },
        ),
        migrations.AddIndex(
            model_name='entity',
            index=models.Index(fields=['name_key'], name='entity_name_key'),
        ),
        migrations.AddIndex(
            model_name='entity',
            index=models.Index(fields=['sort_key', 'id'], name='entity_sort_key'),
        ),
        migrations.AddConstraint(
            model_name='entity',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['enterprise', 'association', 'person'])), name='entity_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='entity',
            constraint=models.CheckConstraint(condition=models.Q(('name_key', ''), _negated=True), name='entity_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='flow',
            constraint=models.UniqueConstraint(fields=('org', 'month', 'category', 'line'), name='flow_one_cell'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=models.CheckConstraint(condition=models.Q(('scheme__in', ['uscc', 'reg_no', 'org_code', 'other'])), name='identifier_scheme_is_known'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'valid')), fields=('scheme', 'value'), name='identifier_belongs_to_one_entity', violation_error_message='this number already belongs to another entity 该证照号码已登记在其他主体名下'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(fields=['recorded_at'], name='movement_recorded_at'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opening', 'joined', 'left', 'moved', 'rehomed', 'reclassified', 'reversal'])), name='movement_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', shanglian.members.core.kinds.Kind['REVERSAL']), ('reverses__isnull', False)), models.Q(models.Q(('kind', shanglian.members.core.kinds.Kind['REVERSAL']), _negated=True), ('reverses__isnull', True)), _connector='OR'), name='movement_reversal_names_what_it_reverses'),
        ),
        migrations.AddIndex(
            model_name='leg',
            index=models.Index(fields=['org', 'effective_on'], include=('category', 'profile', 'county', 'line', 'memberships', 'heads'), name='leg_by_org_and_day'),
        ),
        migrations.AddIndex(
            model_name='leg',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['recorded_at'], name='leg_recorded_at'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.CheckConstraint(condition=models.Q(('line__in', ['opening', 'joined', 'left', 'moved_in', 'moved_out', 'rehomed_in', 'rehomed_out', 'reclassified_in', 'reclassified_out'])), name='leg_line_is_known'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['enterprise', 'group', 'individual'])), name='leg_category_is_known'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.CheckConstraint(condition=models.Q(('heads__range', (-1, 1)), ('memberships__range', (-1, 1)), models.Q(('heads', 0), ('memberships', 0), _negated=True), models.Q(('heads', -1), ('memberships', 1), _negated=True), models.Q(('heads', 1), ('memberships', -1), _negated=True)), name='leg_counts_by_one'),
        ),
        migrations.AddIndex(
            model_name='span',
            index=models.Index(fields=['entity'], name='span_entity'),
        ),
        migrations.AddIndex(
            model_name='span',
            index=models.Index(fields=['org', 'category'], name='span_org_category'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(('during__isempty', False)), name='span_has_days'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('home', True)), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('entity', '='), ('during', '&&')], name='span_one_home_a_day', violation_error_message='an entity has one home on a day 一个主体同一天只能有一个主会籍'),
        ),
    ]
