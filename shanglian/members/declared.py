"""The figures this installation declares beside ours, read anew when a file changes (policies/figures)."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from shanglian.common.core.policy import PolicyError, PolicyProblem
from shanglian.common.policy_files import Version, policy_files, policy_text, read_again
from shanglian.members.core.figures import Declared, read_figures
from shanglian.members.core.roster import SECTIONS
from shanglian.members.labels import FIGURES
from shanglian.members.reading import group_kinds_listed, registration_types_listed

FOLDER = "figures"
OURS = frozenset({"members.heads", "members.memberships", "members.enterprise", "members.group", *FIGURES})


def declared_figures() -> Mapping[str, Declared]:
    """By name of the measure. Raises PolicyError."""
    found: dict[str, Declared] = {}
    for path in policy_files(FOLDER).values():
        for figure in read_again(path, _read):
            if figure.measure in found:
                raise PolicyError([PolicyProblem(str(path), 1, "figures", "twice", figure.measure)])
            found[figure.measure] = figure
    return found


@lru_cache(maxsize=32)
def _read(path: Path, version: Version) -> tuple[Declared, ...]:
    """`version` makes the cache forget a file that was changed."""
    lists = {
        "section": frozenset(SECTIONS),
        "registration_type": frozenset(registration_types_listed().names),
        "group_kind": frozenset(group_kinds_listed().names),
    }
    return read_figures(policy_text(path), expected_id=path.stem, lists=lists, taken=OURS)


def figure_names() -> dict[str, str]:
    """What the member list can be narrowed to, by name of the measure, in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    own = {name: figure.zh if chinese else figure.en for name, figure in declared_figures().items()}
    return {**{name: str(words) for name, words in FIGURES.items()}, **own}
