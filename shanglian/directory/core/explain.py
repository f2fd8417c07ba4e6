"""Why somebody may or may not do something at an organisation: pure, over the grants and the appointments in force.

Holders of one role at one organisation have the same rights, so each such post is explained once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shanglian.directory.core.rights import Denied, Grant, Post, Role, Scope, covers, decide


@dataclass(frozen=True)
class Explained:
    """One post and, by right, the grant that allows it there or the refusal."""

    post: Post
    verdicts: Mapping[str, Grant | Denied]


def because(grants: Iterable[Grant], post: Post, verb: str, path: str) -> Grant | Denied:
    """The grant by which a post may do `verb` at the organisation at `path`, else why not."""
    grants = list(grants)
    answer = decide(grants, [post], verb, path)
    if not answer:
        return answer
    own = [grant for grant in grants if grant.role == post.role and grant.verb == verb]
    return next(grant for grant in own if covers(grant.scope, post.path, path))


def explain(grants: Iterable[Grant], posts: Iterable[Post], verbs: Sequence[str], path: str) -> list[Explained]:
    """Posts on the way from the root down to `path`, and others with a right there; from the top down."""
    grants = list(grants)
    found = [
        Explained(post, {verb: because(grants, post, verb, path) for verb in verbs}) for post in dict.fromkeys(posts)
    ]
    near = [
        one
        for one in found
        if path.startswith(one.post.path) or any(isinstance(said, Grant) for said in one.verdicts.values())
    ]
    return sorted(near, key=lambda one: (one.post.path.count("/"), one.post.path, one.post.role))


def far_reaching(grants: Iterable[Grant], verbs: Sequence[str]) -> set[Role]:
    """Roles that may have one of the rights at an organisation that does not lie at or below their own."""
    far = {Scope.ALL, Scope.OWN_AND_ABOVE}
    return {grant.role for grant in grants if grant.verb in verbs and grant.scope in far}
