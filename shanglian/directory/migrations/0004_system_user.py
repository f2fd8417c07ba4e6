"""The technical account behind commands and jobs. It has no usable password and cannot sign in."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def add_system_user(apps, schema_editor):
    apps.get_model("directory", "User").objects.create(
        username="system",
        name="系统",
        password=make_password(None),
        is_active=False,
        must_change_password=False,
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_facts_are_guarded")]
    operations = [migrations.RunPython(add_system_user, migrations.RunPython.noop)]
