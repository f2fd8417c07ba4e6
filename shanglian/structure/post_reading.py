"""Titles and headings of posts with the words of this installation, from the policy files.

An installation's own file in $SHANGLIAN_HOME/policies comes before ours.
"""

from datetime import timedelta
from functools import cache

from shanglian.common.core import shapes
from shanglian.common.policy_files import policy, policy_path, policy_text
from shanglian.imports.core.headings import headings_form, one_column_each
from shanglian.imports.core.reading import SheetKind
from shanglian.structure.core.posts import posts_kind
from shanglian.structure.core.titles import Titles, read_titles

TITLES = "posts.yaml"
HEADINGS = "imports/posts.yaml"
REMINDERS = "reminders.yaml"
DAYS = "posts_end_within_days"


@cache
def post_titles() -> Titles:
    """Read once per process. Raises PolicyError for a broken or missing file."""
    return read_titles(policy_text(policy_path(TITLES)))


@cache
def posts_reading() -> SheetKind:
    """The kind of sheet of a list of posts. Read once per process."""
    words = policy(HEADINGS, headings_form(posts_kind({}, post_titles())), one_column_each)
    return posts_kind(words["headings"], post_titles())


@cache
def told_before_the_end() -> timedelta:
    """How long before its end a post is told of. Read once per process. Raises PolicyError."""
    form = {"official": shapes.flag, "note": shapes.optional(shapes.text), DAYS: shapes.integer(least=1, most=730)}
    return timedelta(days=policy(REMINDERS, form)[DAYS])
