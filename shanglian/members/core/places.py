"""Which organisation a cell of an organisation column names: by its code, its name, or its name in short. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shanglian.common.core.names import FEDERATIONS, name_key

# Why a row belongs nowhere; it is not booked.
UNKNOWN: Final = "org_unknown"  # nothing is called so on the day
SEVERAL: Final = "org_several"
NOT_BELOW: Final = "org_not_below"  # it is not among those the roster is for
NOT_YOURS: Final = "org_not_yours"  # whoever imports may not commit there

Index = Sequence[Mapping[str, set[int]]]  # spelling → organisations; what stands first decides first


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation as it is called on the roster's day."""

    org: int
    code: str
    name: str
    short_name: str = ""


def index_of(orgs: Iterable[Named]) -> Index:
    """Codes, whole names, and names in short: the short name, and what stands before 工商业联合会, 工商联 or 总商会."""
    index: tuple[dict[str, set[int]], ...] = ({}, {}, {})
    for one in orgs:
        name, short = name_key(one.name), name_key(one.short_name)
        for spellings, keys in zip(index, ({one.code.lower()}, {name}, {short, bare(name), bare(short)}), strict=True):
            for key in keys - {""}:
                spellings.setdefault(key, set()).add(one.org)
    return index


def bare(key: str) -> str:
    """A name without the word for a federation at its end: the three are the same body."""
    word = next((word for word in FEDERATIONS if key.endswith(word)), "")
    return key.removesuffix(word) or key


def find_place(text: str, index: Index, below: Collection[int]) -> tuple[int | None, str]:
    """(organisation, "") that a cell names among `below`, or (None, why not)."""
    codes, names, shorts = index
    key = name_key(text)
    spelled = (
        codes.get(key.lower(), set()),
        names.get(key, set()),
        shorts.get(key, set()) | shorts.get(bare(key), set()),
    )
    for found in spelled:
        inside = found & set(below)
        if len(inside) == 1:
            return inside.pop(), ""
        if inside:
            return None, SEVERAL
    return None, NOT_BELOW if any(spelled) else UNKNOWN
