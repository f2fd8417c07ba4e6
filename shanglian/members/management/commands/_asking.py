"""Arguments that the commands asking for figures share."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from shanglian.common.commands import add_json, end_of_time_is_now, moment
from shanglian.directory.models import Org
from shanglian.directory.queries import org_by_code
from shanglian.members.core.kinds import Count
from shanglian.members.questions import Question


def add_question(parser: CommandParser) -> None:
    parser.add_argument("--org", required=True, metavar="CODE", help="organisation, with everything below it")
    parser.add_argument("--known-on", type=moment, metavar="TIME", help="as known at this moment (default: now)")
    parser.add_argument("--count", choices=[c.value for c in Count], default=Count.HEADS.value)
    parser.add_argument("--tree", choices=["then", "now"], default="then", help="tree of the day, or today's")
    add_json(parser)


def dimensions(text: str | None, allowed: frozenset[str]) -> list[str]:
    """`--by org,category` → its words; CommandError names the ones that exist."""
    names = [name for name in (text or "").split(",") if name]
    unknown = [name for name in names if name not in allowed]
    if unknown or len(set(names)) != len(names):
        raise CommandError(f"--by {text}: choose from {', '.join(sorted(allowed))}, each once. 可选维度见上，各用一次")
    return names


def question(options: dict[str, Any]) -> Question:
    try:
        org = org_by_code(options["org"])
    except Org.DoesNotExist as error:
        raise CommandError(
            f"organisation {options['org']} is unknown; use its code, like 410105. "
            f"没有代码为 {options['org']} 的组织，请用组织代码，如 410105"
        ) from error
    return Question(org, Count(options["count"]), options["tree"], end_of_time_is_now(options["known_on"]))
