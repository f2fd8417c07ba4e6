"""Titles and headings of posts with the words of this installation, from the policy files.

An installation's own file in $SHANGLIAN_HOME/policies comes before ours.
"""

from functools import cache

from shanglian.common.core.policy import read_policy
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.policies import policy, policy_path
from shanglian.structure.core.posts import posts_kind
from shanglian.structure.core.titles import Titles, read_titles

TITLES = "posts.yaml"
HEADINGS = "imports/posts.yaml"


@cache
def post_titles() -> Titles:
    """Read once per process. Raises PolicyError for a broken file, FileNotFoundError for a missing one."""
    path = policy_path(TITLES)
    return read_titles(read_policy(path.read_text(encoding="utf-8-sig"), file=str(path)))


@cache
def posts_reading() -> SheetKind:
    """The kind of sheet of a list of posts. Read once per process."""
    return posts_kind(policy(HEADINGS)["headings"], post_titles())
