"""`shanglian verify_register`: is every figure still the sum of the ledger?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shanglian.common.commands import add_json, write_json
from shanglian.members.verification import verify_register


class Command(BaseCommand):
    help = "Computes every projection again from the ledger and compares. Exit 1 when something differs."

    def add_arguments(self, parser: CommandParser) -> None:
        add_json(parser)

    def handle(self, **options: Any) -> None:
        checks = verify_register()
        ok = all(check.ok for check in checks)
        report = [{"name": c.name, "ok": c.ok, "checked": c.checked, "problems": c.problems} for c in checks]
        write_json(options["json"], {"ok": ok, "checks": report})
        for check in checks:
            self.stderr.write(f"{'ok  ' if check.ok else 'FAIL'} {check.name} ({check.checked:,})")
            for problem in check.problems:
                self.stderr.write(f"     {problem}")
        if not ok:
            raise CommandError("the register does not balance. 台账核对不平，见上")
