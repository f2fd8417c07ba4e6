"""档案完整度: which of the facts a file should hold are known. What counts is policy. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from shanglian.common.core.policy import PolicyError, PolicyText, Section, shown
from shanglian.members.core.kinds import EntityKind


class Asked(StrEnum):
    """What a file may be asked for."""

    NUMBER = "number"
    LEGAL_REP = "legal_rep"
    PHONES = "phones"
    ADDRESS = "address"
    FOUNDED_ON = "founded_on"
    SECTION = "section"
    COUNTY = "county"


@dataclass(frozen=True)
class Completeness:
    """`missing`: in the order of the policy; `asked`: how many facts count."""

    asked: int
    missing: tuple[Asked, ...]

    @property
    def share(self) -> Fraction:
        return Fraction(self.asked - len(self.missing), self.asked)


def completeness(asked: Collection[Asked], known: Collection[str]) -> Completeness:
    """How much of what is asked is known."""
    return Completeness(len(asked), tuple(fact for fact in asked if fact not in known))


def read_asked(text: PolicyText) -> Mapping[EntityKind, tuple[Asked, ...]]:
    """What is asked of each kind, as a policy file says it. Raises PolicyError with all that is wrong."""
    top = Section.top(text)
    top.flag("official")
    top.string("note", needed=False)
    found = {kind: _facts(top, kind) for kind in EntityKind}
    top.close()
    if top.problems:
        raise PolicyError(top.problems)
    return found


def _facts(top: Section, kind: EntityKind) -> tuple[Asked, ...]:
    names = top.take(kind)
    if names is None:
        return ()
    if not isinstance(names, list) or not names:
        top.report(kind, "not_a_list", shown(names))
        return ()
    for n, name in enumerate(names):
        if name not in list(Asked):
            top.report(kind, "not_one_of", f"{shown(name)} ({' | '.join(Asked)})")
        elif name in names[:n]:
            top.report(kind, "twice", name)
    return tuple(Asked(name) for name in names if name in list(Asked))
