"""What the name of an organisation tells: its kind, and the place it begins with. Pure.

Names follow habits, not rules, so a kind that was guessed is always said to be a guess.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shanglian.common.core.names import FEDERATIONS, name_key
from shanglian.directory.core.kinds import OrgKind
from shanglian.imports.core.cells import Cell

_ENDS = ("商会", "协会", "联合会", "促进会", "公会", "学会", "联谊会")
_BRACKETS = re.compile(r"\([^()]*\)")
_SUFFIX = r"(?:省|市|县|区|自治区|自治州|地区|籍|旅\w)?"


@dataclass(frozen=True)
class NameWords:
    """`before_chamber`: kind → words directly before 商会; `others`: words of no kind; `places`: whose people found
    chambers elsewhere; `own`: names of our own areas, which say where a chamber stands.
    """

    before_chamber: Mapping[OrgKind, Sequence[str]] = field(default_factory=dict)
    others: Sequence[str] = ()
    places: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    @cached_property
    def endings(self) -> list[tuple[str, OrgKind]]:
        """Words before 商会, the longest first."""
        pairs = [(word, OrgKind(kind)) for kind, words in self.before_chamber.items() for word in words]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    @cached_property
    def place(self) -> re.Pattern[str]:
        """A place with nothing but its 省, 市, 县 before 商会, and what stands in front."""
        names = "|".join(sorted(map(re.escape, self.places), key=len, reverse=True)) or "(?!)"
        return re.compile(rf"(?P<before>.*?)(?P<place>{names})(?P<suffix>{_SUFFIX})(?:同乡|商会)")

    @cached_property
    def own_in_front(self) -> re.Pattern[str]:
        names = "|".join(sorted(map(re.escape, self.own), key=len, reverse=True)) or "(?!)"
        return re.compile(rf"(?:{names})+")


def plain_name(key: str) -> str:
    """A name key without brackets and their content, and without （示例）."""
    return _BRACKETS.sub("", key) or key


def looks_like_organisation(cell: Cell) -> bool:
    """Recognises a column of names where no heading helps."""
    if not isinstance(cell, str):
        return False
    plain = plain_name(name_key(cell))
    return len(plain) > 3 and plain.endswith((*_ENDS, *FEDERATIONS))


def is_federation(key: str) -> bool:
    """Whether the name is that of a federation, whatever its level."""
    return plain_name(key).endswith(FEDERATIONS)


def guessed_kind(key: str, words: NameWords) -> OrgKind | None:
    """The kind a chamber's name speaks of; None for federations, whose level no name tells, and for anything else."""
    name = plain_name(key)
    if is_federation(name) and not any(word in name for word in words.others):
        return None
    if not name.endswith(_ENDS):
        return None
    if _is_of_a_place(name, words):
        return OrgKind.NON_LOCAL_CHAMBER
    if any(word in name for word in words.others):
        return OrgKind.OTHER_CHAMBER
    head = re.sub(r"(?:基层|联合|分)?商会$", "", name)
    if head != name:
        for word, kind in words.endings:
            if head.endswith(word):
                return kind
    trade = words.own_in_front.sub("", re.sub(r"(?:行业)?(?:商会|协会|公会)$", "", name), count=1)
    is_trade = name.endswith(("商会", "协会", "公会")) and bool(trade.strip("市区县省"))
    return OrgKind.INDUSTRY_CHAMBER if is_trade else OrgKind.OTHER_CHAMBER


def _is_of_a_place(name: str, words: NameWords) -> bool:
    """郑州市温州商会, 南阳江苏商会, 温州商会; not 新密市商会, whose place is its own."""
    found = words.place.match(name)
    if found is None:
        return False
    if found["place"] not in words.own:
        return True
    return bool(found["before"]) and not found["suffix"]


def split_name(key: str, places: Mapping[str, str]) -> tuple[str, str]:
    """The last of the places a name begins with, as a code ("" for none), and the rest: 郑州市金水区餐饮商会 →
    410105 and 餐饮商会. Names go from the large to the small.
    """
    name, found = plain_name(key), ""
    spellings = sorted(places, key=len, reverse=True)
    while (place := next((p for p in spellings if name.startswith(p) and len(name) > len(p)), None)) is not None:
        found = places[place]
        name = name.removeprefix(place)
    return found, name


def place_names(short_names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Spelling → code of every federation's or zone's place: 郑州市 and 郑州, 金水区 and 金水."""
    found: dict[str, str] = {}
    for code, short in short_names:
        spellings = {short, short[:-1]} if len(short) > 2 and short[-1] in "省市区县" else {short}
        found |= {spelling: code for spelling in spellings if len(spelling) > 1}
    return found
