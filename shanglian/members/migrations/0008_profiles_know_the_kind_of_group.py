"""A profile knows which kind of group member it counts, so that chambers among them can be counted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0007_particulars_are_facts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='profile',
            name='profile_is_interned',
        ),
        migrations.AddField(
            model_name='profile',
            name='group_kind',
            field=models.TextField(blank=True, default='', help_text='kind of group member, a code of policies/members/group_kinds.yaml'),
        ),
        migrations.AlterField(
            model_name='profile',
            name='registration_type',
            field=models.TextField(blank=True, default='', help_text='a code of policies/members/registration_types.yaml'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.UniqueConstraint(fields=('section', 'edition', 'size', 'registration_type', 'attribution', 'group_kind'), name='profile_is_interned'),
        ),
    ]
