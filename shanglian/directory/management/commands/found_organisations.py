"""`shanglian found_organisations FILE`: the organisations of a policy file into the tree, by the real action."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shanglian.common.core.policy import PolicyError
from shanglian.directory.actions import found_tree
from shanglian.directory.core.orgfile import OrgEntry
from shanglian.directory.models import Org
from shanglian.directory.policies import read_organisations
from shanglian.directory.queries import system_user
from shanglian.directory.wording import policy_message


class Command(BaseCommand):
    help = "按组织文件建立组织（可重复执行）/ Found the organisations of a file; what exists already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a path, or the name of a shipped file such as 410100")

    def handle(self, **options: Any) -> None:
        entries = _entries(_path(options["file"]))
        before = set(Org.objects.values_list("code", flat=True))
        found_tree(entries, actor=system_user())
        new = [entry.code for entry in entries if entry.code not in before]
        self.stderr.write(f"新建组织 {len(new)} 个，原有 {len(entries) - len(new)} 个")
        self.stderr.write(f"{len(new)} organisations founded, {len(entries) - len(new)} were there already")


def _path(name: str) -> Path:
    shipped = [Path(folder) / "organisations" / f"{name}.yaml" for folder in settings.POLICY_DIRS]
    for path in [Path(name), *shipped]:
        if path.is_file():
            return path
    raise CommandError(f"找不到组织文件 {name}。There is no file of organisations {name}.")


def _entries(path: Path) -> tuple[OrgEntry, ...]:
    try:
        return read_organisations(path)
    except PolicyError as error:
        raise CommandError(policy_message(error)) from error
