"""`shanglian api_token`: a token by which a program reads what its user may read; revoked by its number."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shanglian.common.commands import local_iso
from shanglian.directory.actions import issue_api_token, revoke_api_token
from shanglian.directory.models import ApiToken, User
from shanglian.directory.queries import system_user


class Command(BaseCommand):
    help = "为账号签发接口令牌，只显示一次 / Issue a token for the API; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=90, help="how long it holds; default 90")
        parser.add_argument("--list", action="store_true", help="the tokens of the account that still hold")
        parser.add_argument("--revoke", type=int, metavar="NUMBER", help="revoke a token of the account")

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有账号 {options['username']} / There is no account {options['username']}.")
        if options["list"]:
            for token in user.api_tokens.filter(revoked_at=None).order_by("pk"):
                self.stdout.write(f"{token.pk}\t{local_iso(token.created_at)}\t{local_iso(token.expires_at)}")
        elif options["revoke"] is not None:
            self._revoke(user, options["revoke"])
        else:
            self._issue(user, options["days"])

    def _issue(self, user: User, days: int) -> None:
        try:
            token, text = issue_api_token(user, days=days, actor=system_user())
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        until = local_iso(token.expires_at)
        self.stderr.write(
            f"令牌 {token.pk}，有效至 {until}，只显示这一次 / token {token.pk}, until {until}, shown once:"
        )
        self.stdout.write(text)

    def _revoke(self, user: User, number: int) -> None:
        token = ApiToken.objects.filter(user=user, pk=number).first()
        if token is None:
            raise CommandError(f"该账号没有令牌 {number} / The account has no token {number}; see --list.")
        revoke_api_token(token, actor=system_user())
        self.stderr.write(f"令牌 {number} 已吊销 / token {number} is revoked")
