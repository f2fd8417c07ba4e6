"""`shanglian open_account`: the first accounts of an installation, before anybody can sign in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from shanglian.directory.actions import appoint, create_user
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org
from shanglian.directory.queries import org_by_code, system_user, today


class Command(BaseCommand):
    help = "开通账号并任职，初始密码只显示一次 / Open an account with a post; its first password is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="lower-case letters, digits and . _ -")
        parser.add_argument("--name", required=True, help="the person's name, as pages show it")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--org", required=True, metavar="CODE")

    def handle(self, **options: Any) -> None:
        try:
            org = org_by_code(options["org"])
        except Org.DoesNotExist as error:
            raise CommandError(
                f"没有代码为 {options['org']} 的组织；请先用 found_organisations 建立。"
                f"There is no organisation {options['org']}; found it first with found_organisations."
            ) from error
        try:
            password = _open(options["username"], options["name"], Role(options["role"]), org)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stderr.write("初始密码（首次登录时须修改）/ first password, to be changed at the first sign-in:")
        self.stdout.write(password)


@transaction.atomic
def _open(username: str, name: str, role: Role, org: Org) -> str:
    who = system_user()
    user, password = create_user(username=username, name=name, actor=who)
    appoint(user, org=org, role=role, on=today(), actor=who)
    return password
