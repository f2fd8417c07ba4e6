"""The whole register has a roll-up of its own, by day, so that its figures need no organisations."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0010_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegisterFlow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('category', models.TextField()),
                ('line', models.TextField()),
                ('memberships', models.BigIntegerField()),
                ('heads', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'category', 'line'), name='registerflow_one_cell')],
            },
        ),
        migrations.RunSQL(
            (SQL / "whole_register.sql").read_text("utf-8"), (SQL / "whole_register.reverse.sql").read_text("utf-8")
        ),
    ]
