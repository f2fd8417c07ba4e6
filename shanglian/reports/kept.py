"""What the home page tells, kept in the process while nothing it rests on has changed.

Many read it, few write. It rests on the ledger, the facts of the tree and the policy files; their version is asked
for in one small query, and another version is another page. Ledger writers queue for their stamp, and facts are only
added or closed, so neither number ever comes back to an earlier value. Nothing else may flow into it: no reader, no
right, no clock.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from shanglian.directory.models import Org
from shanglian.members.queries import rows
from shanglian.reports.home import Asked, Home, home_of

PAGES = 128
FOLDERS = ("plans", "series", "figures", "members")
_VERSION = """
    SELECT current_database(), (SELECT stamp FROM members_ledgerclock),
           (SELECT (count(*), count(*) FILTER (WHERE NOT upper_inf(known)))::text FROM directory_orgplace),
           (SELECT (count(*), count(*) FILTER (WHERE NOT upper_inf(known)))::text FROM directory_orgname),
           (SELECT (count(*), count(*) FILTER (WHERE NOT upper_inf(known)))::text FROM directory_orglife)"""


def kept_home(org: Org, asked: Asked) -> Home:
    """`home_of`, worked out once for each version of what it rests on."""
    return _told(org, asked, (get_language(), *rows(_VERSION, {})[0], *_files()))


@lru_cache(maxsize=PAGES)
def _told(org: Org, asked: Asked, _version: tuple[Any, ...]) -> Home:
    return home_of(org, asked)


def _files() -> list[tuple[Path, int]]:
    places = [Path(folder) / name for folder in settings.POLICY_DIRS for name in FOLDERS]
    return [(path, path.stat().st_mtime_ns) for place in places for path in sorted(place.glob("*.yaml"))]


def forget() -> None:
    """Start anew: for benchmarks that time the first asking."""
    _told.cache_clear()
