"""The readers of this room's policy files, so that all of them can be looked at together."""

from collections.abc import Callable

from shanglian.structure.org_reading import organisation_reading
from shanglian.structure.post_reading import post_titles, posts_reading, told_before_the_end


def policy_readers() -> list[Callable[[], object]]:
    return [organisation_reading, post_titles, posts_reading, told_before_the_end]
