"""Who may do what at some organisations, and why: the rules of core/explain.py over today's tree and appointments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from shanglian.directory.core.explain import explain, far_reaching
from shanglian.directory.core.rights import Denied, Grant, Post, Role
from shanglian.directory.grants import GRANTS
from shanglian.directory.labels import DENIED_BECAUSE, GRANTED_BECAUSE, Label
from shanglian.directory.models import Appointment
from shanglian.directory.queries import names_on, paths_today, today


@dataclass(frozen=True)
class Answer:
    """Whether a post has a right, and the rule in a sentence."""

    allowed: bool
    why: Label


@dataclass(frozen=True)
class Holders:
    """One role at one organisation: what its holders may do. `people`: None where only their number may be told."""

    org: str
    role: Role
    number: int
    people: list[str] | None
    answers: list[Answer]


def who_may(
    org_ids: Collection[int], verbs: Sequence[str], *, named_at: Collection[int]
) -> Mapping[int, list[Holders]]:
    """By organisation, whoever holds a post on the way down to it or has one of the rights there today.

    `named_at`: the organisations whose accounts may be called by name.
    """
    day = today()
    above = paths_today(org_ids)
    near = Q(org__code__in={code for path in above.values() for code in path.split("/")[1:-1]})
    held = (
        Appointment.objects.on(day)
        .filter(near | Q(role__in=far_reaching(GRANTS, verbs)), user__is_active=True)
        .order_by("user__name", "user_id")
        .values_list("role", "org_id", "user__name")
    )
    paths = above | paths_today({org_id for _, org_id, _ in held})
    names = names_on(paths, day)
    place = {path: org_id for org_id, path in paths.items()}
    people: dict[Post, list[str]] = {}
    for role, org_id, name in held:
        people.setdefault(Post(Role(role), paths[org_id]), []).append(name)

    def holders(path: str) -> list[Holders]:
        return [
            Holders(
                names.get(place[one.post.path], ""),
                one.post.role,
                len(people[one.post]),
                people[one.post] if place[one.post.path] in named_at else None,
                [_answer(said) for said in one.verdicts.values()],
            )
            for one in explain(GRANTS, people, verbs, path)
        ]

    return {org_id: holders(paths[org_id]) for org_id in org_ids}


def _answer(said: Grant | Denied) -> Answer:
    if isinstance(said, Grant):
        return Answer(True, GRANTED_BECAUSE[said.scope])
    return Answer(False, DENIED_BECAUSE[said.reason])
