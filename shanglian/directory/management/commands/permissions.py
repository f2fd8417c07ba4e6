"""Print the matrix of rights as docs/permissions.txt keeps it: `shanglian permissions >
docs/permissions.txt`.
"""

from typing import Any

from django.core.management.base import BaseCommand

from shanglian.directory.matrix import matrix


class Command(BaseCommand):
    help = "Print who may do what, where. 打印权限矩阵。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(matrix(), ending="")
