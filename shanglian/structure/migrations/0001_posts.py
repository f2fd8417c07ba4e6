"""Posts: facts with two clocks, guarded as those of the tree."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0004_system_user'),
        ('imports', '0004_drafts'),
        ('members', '0006_leavers_name_their_import'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(help_text='the name as written', max_length=100)),
                ('person_key', models.CharField(help_text='the name for comparing', max_length=100)),
                ('title', models.CharField(help_text='code of a title in policies/posts.yaml', max_length=40)),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField(help_text='a month or year stands as its first day: see the precision')),
                ('since_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year'), ('unstated', 'unstated')], help_text='unstated: on that day at the latest', max_length=8)),
                ('until_precision', models.CharField(blank=True, default='', help_text='empty while the post is held', max_length=8)),
                ('term', models.PositiveSmallIntegerField(blank=True, help_text='number of the term (届)', null=True)),
                ('full_time', models.BooleanField(help_text='专职 or 兼职; nothing where nobody says', null=True)),
                ('co_opted', models.BooleanField(default=False, help_text='filled between congresses (增补)')),
                ('session', models.CharField(blank=True, default='', help_text='which filled it, as written', max_length=60)),
                ('firm_name', models.CharField(blank=True, default='', help_text='whom the person stands for, as written', max_length=200)),
                ('known', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(help_text='which wrote it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='imports.batch')),
                ('firm', models.ForeignKey(help_text='proved by a number', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='members.entity')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='directory.org')),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='structure.post')),
                ('source_row', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='imports.row')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('known__upper_inf', True)), fields=['org'], name='structure_post_of_org')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('org', '='), ('person_key', '='), ('title', '='), ('during', '&&'), ('known', '&&')], name='structure_post_held_once_at_a_time'), models.CheckConstraint(condition=models.Q(('person_key', ''), _negated=True), name='structure_post_has_a_person'), models.CheckConstraint(condition=models.Q(('title__regex', '^[a-z]+(_[a-z]+)*$')), name='structure_post_title_is_a_code'), models.CheckConstraint(condition=models.Q(('during__isempty', False), ('known__isempty', False)), name='structure_post_ranges_are_not_empty'), models.CheckConstraint(condition=models.Q(('during__lower_inf', False), ('known__lower_inf', False)), name='structure_post_has_a_beginning'), models.CheckConstraint(condition=models.Q(('since_precision__in', ['day', 'month', 'year', 'unstated']), models.Q(models.Q(('during__upper_inf', True), ('until_precision', '')), models.Q(('during__upper_inf', False), ('until_precision__in', ['day', 'month', 'year', 'unstated'])), _connector='OR')), name='structure_post_says_how_exact_its_days_are'), models.CheckConstraint(condition=models.Q(('term__isnull', True), models.Q(('term__gte', 1), ('term__lte', 99)), _connector='OR'), name='structure_post_term_is_plausible')],
            },
        ),
        migrations.RunSQL((SQL / "posts.sql").read_text("utf-8"), (SQL / "posts_reverse.sql").read_text("utf-8")),
    ]
