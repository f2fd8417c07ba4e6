"""Rows that name a firm named before: duplicates and conflicts, judged in the order of the rows (the later
one loses).

Same code, or a nine-sign code that stands inside a unified code: duplicate. Same name where one side has no
code: duplicate, within one file only. Same name with two different valid codes: conflict. A branch has its
own name and is its own firm.
"""

from dataclasses import dataclass, field

from shanglian.common.core.codes import subject_code
from shanglian.imports.core.columns import Identity

Place = tuple[str, int]  # sheet and row


@dataclass(frozen=True, slots=True)
class Repeat:
    """`reason` is "duplicate" or "same_name_other_id"; `of` is the earlier row."""

    outcome: str
    reason: str
    of: Place
    name_differs: bool = False


Named = tuple[Place, str]  # where, and under which name


@dataclass(slots=True)
class Seen:
    """The firms named so far. Codes hold for all files of a batch, names for one file: call `next_file` between."""

    unified: dict[str, Named] = field(default_factory=dict)
    inside: dict[str, Named] = field(default_factory=dict)  # organisation codes inside unified codes
    stated: dict[str, Named] = field(default_factory=dict)  # organisation codes as such
    others: dict[str, Named] = field(default_factory=dict)
    names: dict[str, tuple[Place, bool]] = field(default_factory=dict)  # where, and whether with a code

    def next_file(self) -> None:
        self.names.clear()

    def judge(self, identity: Identity, place: Place) -> Repeat | None:
        """None for a firm not named before, which is then remembered."""
        name = identity.name_key
        known = self._same_code(identity)
        if known is not None:
            return Repeat("duplicate", "duplicate", known[0], name_differs=bool(name) and known[1] != name)
        has_code = bool(identity.uscc or identity.org_code or identity.others)
        repeat = self._same_name(name, has_code)
        if repeat is None and name:
            self.names[name] = (place, has_code)
        if has_code and (repeat is None or repeat.outcome == "conflict"):
            self._remember(identity, (place, name))
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

    def _remember(self, identity: Identity, named: Named) -> None:
        if identity.uscc:
            self.unified[identity.uscc] = named
            self.inside[subject_code(identity.uscc)] = named
        if identity.org_code:
            self.stated[identity.org_code] = named
        for code in identity.others:
            self.others[code] = named
