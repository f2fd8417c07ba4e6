"""The readers of this room's policy files, so that all of them can be looked at together."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from shanglian.common.policy_files import policy_files, raw_text
from shanglian.directory.core.orgfile import OrgEntry, parse_organisations


def read_organisations(path: Path) -> tuple[OrgEntry, ...]:
    """The organisations of a file. Raises PolicyError."""
    return parse_organisations(raw_text(path), file=str(path))


def policy_readers() -> list[Callable[[], object]]:
    return [partial(read_organisations, path) for path in policy_files("organisations").values()]
