"""Deciding over grants: pure, over roles, paths and scopes. The table of grants itself is in grants.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    LEADER = "leader"
    OFFICER = "officer"
    CLERK = "clerk"
    SECRETARY = "secretary"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Scope(StrEnum):
    """On which organisations a grant holds, seen from the organisation of the appointment."""

    OWN = "own"
    BELOW = "below"
    OWN_AND_BELOW = "own_and_below"
    OWN_AND_ABOVE = "own_and_above"
    ALL = "all"


class Denial(StrEnum):
    NOT_SIGNED_IN = "not_signed_in"
    INACTIVE = "inactive"
    NO_APPOINTMENT = "no_appointment"
    NOT_YOUR_ROLE = "not_your_role"
    OWN_ONLY = "own_only"
    NOT_OWN = "not_own"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Grant:
    """This role may do this (`verb`) on organisations within this scope."""

    role: Role
    verb: str
    scope: Scope


@dataclass(frozen=True)
class Post:
    """An appointment in force: a role at the organisation with this path in today's tree."""

    role: Role
    path: str


@dataclass(frozen=True)
class Allowed:
    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Denied:
    reason: Denial

    def __bool__(self) -> Literal[False]:
        return False


def covers(scope: Scope, own: str, path: str) -> bool:
    """Does `scope`, seen from the organisation at path `own`, include the organisation at `path`?"""
    match scope:
        case Scope.ALL:
            return True
        case Scope.OWN:
            return path == own
        case Scope.BELOW:
            return path.startswith(own) and path != own
        case Scope.OWN_AND_BELOW:
            return path.startswith(own)
        case Scope.OWN_AND_ABOVE:
            return own.startswith(path)


def scopes_of(grants: Iterable[Grant], posts: Iterable[Post], verb: str) -> list[tuple[Scope, str]]:
    """The (scope, own path) pairs under which somebody holding `posts` may do `verb`."""
    table = [grant for grant in grants if grant.verb == verb]
    return [(grant.scope, post.path) for post in posts for grant in table if grant.role == post.role]


def decide(grants: Iterable[Grant], posts: Iterable[Post], verb: str, path: str) -> Allowed | Denied:
    """May somebody holding `posts` do `verb` at the organisation at `path`? The refusal names the nearest
    reason.
    """
    posts = list(posts)
    if not posts:
        return Denied(Denial.NO_APPOINTMENT)
    scopes = scopes_of(grants, posts, verb)
    if not scopes:
        return Denied(Denial.NOT_YOUR_ROLE)
    if any(covers(scope, own, path) for scope, own in scopes):
        return Allowed()
    if any(scope is Scope.BELOW and path == own for scope, own in scopes):
        return Denied(Denial.NOT_OWN)
    if any(scope is Scope.OWN and path.startswith(own) for scope, own in scopes):
        return Denied(Denial.OWN_ONLY)
    return Denied(Denial.ELSEWHERE)
