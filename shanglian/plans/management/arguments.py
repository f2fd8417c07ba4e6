"""Arguments and plain output shared by this room's commands."""

from collections.abc import Sequence

from django.core.management.base import CommandError, CommandParser, OutputWrapper

from shanglian.common.commands import day, moment
from shanglian.directory.models import Org
from shanglian.directory.queries import org_by_code
from shanglian.plans.wording import org_not_found


def add_clocks(parser: CommandParser) -> None:
    """The two clocks of every figure."""
    parser.add_argument("--on", type=day, metavar="DAY", help="end of this day; default today")
    parser.add_argument("--known-on", type=moment, metavar="TIME", help="what was recorded by then")


def require_org(code: str) -> Org:
    try:
        return org_by_code(code)
    except Org.DoesNotExist as error:
        raise CommandError(org_not_found(code)) from error


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]], stream: OutputWrapper) -> None:
    """Plain text with tabs between columns, for a reader and for `column -t`; stdout is left to JSON."""
    for row in [head, *rows]:
        stream.write("\t".join(row), style_func=str)
