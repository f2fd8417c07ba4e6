"""Rows that name a firm named before: duplicates and conflicts, judged in the order of the rows (the later
one loses).

Same code, or a nine-sign code that stands inside a unified code: duplicate. Same name where one side has no
code: duplicate, within one file only. Same name with two different valid codes: conflict. A branch has its
own name and is its own firm.

Only what comes more than once has to be remembered, so rows are judged when all of them have been noted.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shanglian.common.core.codes import subject_code
from shanglian.imports.core.columns import Identity
from shanglian.imports.core.pages import USUAL, Pages, Paging, Store

Place = tuple[str, int]  # sheet and row
Noted = tuple[int, Place, Identity]  # by what the row is found in its file, where it stands, what identifies it
_SLOTS: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Repeat:
    """`reason` is "duplicate" or "same_name_other_id"; `of` is the earlier row."""

    outcome: str
    reason: str
    of: Place
    name_differs: bool = False


Named = tuple[Place, str]  # where, and under which name


class Repeats:
    """The repeats in the files of a batch: first the rows of every file are noted, then all are judged in this order.
    Codes hold for all files, names for one.
    """

    def __init__(self, paging: Paging = USUAL) -> None:
        self._recurring = Recurring()
        self.store = Store(paging, sequences=2)  # also for the rows themselves
        self._noted: list[Pages[Noted]] = []
        self._found: list[Mapping[int, Repeat]] = []

    def begin_file(self) -> int:
        """The number of the file whose rows are noted from now on."""
        if self._found:
            raise ValueError("the rows noted before are judged already")
        self._noted.append(Pages(self.store))
        return len(self._noted) - 1

    def note(self, rows: Sequence[Noted]) -> None:
        """The next rows of the file."""
        self._noted[-1].extend(rows)
        for _, _, identity in rows:
            self._recurring.add(_keys(identity))

    def in_file(self, number: int) -> Mapping[int, Repeat]:
        """Index → repeat, of those rows of a file that are one."""
        if not self._found:
            seen = Seen(self._recurring)
            self._found = [_judged(rows, seen) for rows in self._noted]
        return self._found[number]


def _judged(rows: Sequence[Noted], seen: "Seen") -> dict[int, Repeat]:
    seen.next_file()
    judged = ((index, seen.judge(identity, place)) for index, place, identity in rows)
    return {index: repeat for index, repeat in judged if repeat is not None}


def _keys(identity: Identity) -> set[str]:
    """All by which another row may be the same firm."""
    uscc = identity.uscc
    keys = {identity.name_key, uscc, uscc and subject_code(uscc), identity.org_code, *identity.others}
    keys.discard("")
    return keys


class Recurring:
    """The keys that were added more than once, and by mistake a few others: it takes the same room for any number."""

    def __init__(self) -> None:
        self._once = bytearray(_SLOTS >> 3)
        self._again = bytearray(_SLOTS >> 3)

    def add(self, keys: set[str]) -> None:
        once, again = self._once, self._again
        for key in keys:
            slot = hash(key) % _SLOTS
            place, bit = slot >> 3, 1 << (slot & 7)
            if once[place] & bit:
                again[place] |= bit
            else:
                once[place] |= bit

    def among(self, keys: set[str]) -> list[str]:
        again = self._again
        return [key for key in keys if again[(slot := hash(key) % _SLOTS) >> 3] >> (slot & 7) & 1]


@dataclass(slots=True)
class Seen:
    """The firms named so far, by those of their keys that recur."""

    recurring: Recurring
    unified: dict[str, Named] = field(default_factory=dict)
    inside: dict[str, Named] = field(default_factory=dict)  # organisation codes inside unified codes
    stated: dict[str, Named] = field(default_factory=dict)  # organisation codes as such
    others: dict[str, Named] = field(default_factory=dict)
    names: dict[str, tuple[Place, bool]] = field(default_factory=dict)  # where, and whether with a code

    def next_file(self) -> None:
        self.names.clear()

    def judge(self, identity: Identity, place: Place) -> Repeat | None:
        """None for a firm not named before, which is then remembered."""
        keys = self.recurring.among(_keys(identity))
        if not keys:
            return None
        name = identity.name_key
        known = self._same_code(identity)
        if known is not None:
            return Repeat("duplicate", "duplicate", known[0], name_differs=bool(name) and known[1] != name)
        has_code = bool(identity.uscc or identity.org_code or identity.others)
        repeat = self._same_name(name, has_code)
        if repeat is None and name in keys:
            self.names[name] = (place, has_code)
        if has_code and (repeat is None or repeat.outcome == "conflict"):
            self._remember(identity, (place, name), keys)
        return repeat

    def _same_code(self, identity: Identity) -> Named | None:
        """Two unified codes must be equal throughout; a bare organisation code meets both kinds."""
        known: Named | None = None
        if identity.uscc:
            known = self.unified.get(identity.uscc) or self.stated.get(subject_code(identity.uscc))
        if identity.org_code and known is None:
            known = self.stated.get(identity.org_code)
            if known is None and not identity.uscc:
                known = self.inside.get(identity.org_code)
        for code in identity.others:
            known = known or self.others.get(code)
        return known

    def _same_name(self, name: str, has_code: bool) -> Repeat | None:
        known = self.names.get(name)
        if known is None or not name:
            return None
        of, other_has_code = known
        if has_code and other_has_code:
            return Repeat("conflict", "same_name_other_id", of)
        return Repeat("duplicate", "duplicate", of)

    def _remember(self, identity: Identity, named: Named, keys: Container[str]) -> None:
        uscc = identity.uscc
        for known, key in (
            (self.unified, uscc),
            (self.inside, uscc and subject_code(uscc)),
            (self.stated, identity.org_code),
            *((self.others, code) for code in identity.others),
        ):
            if key in keys:
                known[key] = named
