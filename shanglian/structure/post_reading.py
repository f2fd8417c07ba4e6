"""Titles and headings of posts with the words of this installation, from the policy files.

An installation's own file in $SHANGLIAN_HOME/policies comes before ours.
"""

from functools import cache

from shanglian.common.policy_files import policy, policy_path, policy_text
from shanglian.imports.core.headings import headings_form, one_column_each
from shanglian.imports.core.reading import SheetKind
from shanglian.structure.core.posts import posts_kind
from shanglian.structure.core.titles import Titles, read_titles

TITLES = "posts.yaml"
HEADINGS = "imports/posts.yaml"


@cache
def post_titles() -> Titles:
    """Read once per process. Raises PolicyError for a broken or missing file."""
    return read_titles(policy_text(policy_path(TITLES)))


@cache
def posts_reading() -> SheetKind:
    """The kind of sheet of a list of posts. Read once per process."""
    words = policy(HEADINGS, headings_form(posts_kind({}, post_titles())), one_column_each)
    return posts_kind(words["headings"], post_titles())
