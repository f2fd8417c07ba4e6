"""`shanglian check`: Django's own checks, and every policy file of the installation with all that is wrong in it."""

from typing import Any

from django.core.management.commands import check

from shanglian.config.policy_words import refuse_broken_policies


class Command(check.Command):
    help = "检查设置和全部政策文件 / Check the settings and read every policy file."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        refuse_broken_policies()
        super().handle(*app_labels, **options)
