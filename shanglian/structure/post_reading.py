"""Titles and headings of posts with the words of this installation, from the policy files.

An installation's own file in $SHANGLIAN_HOME/policies comes before ours.
"""

from datetime import timedelta
from functools import cache

from shanglian.common.core.policy import PolicyError, Section, read_policy
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.policies import policy, policy_path
from shanglian.structure.core.posts import posts_kind
from shanglian.structure.core.titles import Titles, read_titles

TITLES = "posts.yaml"
HEADINGS = "imports/posts.yaml"
REMINDERS = "reminders.yaml"


@cache
def post_titles() -> Titles:
    """Read once per process. Raises PolicyError for a broken file, FileNotFoundError for a missing one."""
    path = policy_path(TITLES)
    return read_titles(read_policy(path.read_text(encoding="utf-8-sig"), file=str(path)))


@cache
def posts_reading() -> SheetKind:
    """The kind of sheet of a list of posts. Read once per process."""
    return posts_kind(policy(HEADINGS)["headings"], post_titles())


@cache
def told_before_the_end() -> timedelta:
    """How long before its end a post is told of. Read once per process. Raises PolicyError, FileNotFoundError."""
    path = policy_path(REMINDERS)
    top = Section.top(read_policy(path.read_text(encoding="utf-8-sig"), file=str(path)))
    top.take("official")
    top.take("note", needed=False)
    days = top.integer("posts_end_within_days", least=1, most=730)
    top.close()
    if top.problems:
        raise PolicyError(top.problems)
    return timedelta(days=days)
