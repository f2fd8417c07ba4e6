"""The legs that stand can be listed with their entity."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0012_initials_are_found_faster"),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('county', models.TextField()),
                ('category', models.TextField()),
                ('line', models.TextField()),
                ('effective_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('reversed_at', models.DateTimeField(null=True)),
                ('memberships', models.SmallIntegerField()),
                ('heads', models.SmallIntegerField()),
                ('home', models.BooleanField()),
            ],
            options={
                'db_table': 'members_change',
                'managed': False,
            },
        ),
        migrations.RunSQL((SQL / "changes.sql").read_text("utf-8"), (SQL / "changes.reverse.sql").read_text("utf-8")),
    ]
