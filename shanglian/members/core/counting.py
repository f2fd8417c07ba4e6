"""What members are counted by beside category and area: registration type and kind of group member. Pure.

Both are closed lists (policies/members): a word of a roster becomes a code, or is known to say nothing, or is unknown.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shanglian.members.core.kinds import Attribution


class ProfileKey(NamedTuple):
    """One combination of the counted attributes; the fields are those of the model Profile."""

    section: str = ""
    edition: str = ""
    size: str = ""
    registration_type: str = ""
    attribution: str = Attribution.DIRECT
    group_kind: str = ""


@dataclass(frozen=True)
class RegistrationTypes:
    """`codes`: plain word → code, empty where the word says nothing. `private`: the codes of private enterprises."""

    codes: Mapping[str, str]
    names: Mapping[str, str]
    private: frozenset[str]
    counts: str

    def code_of(self, text: str) -> str | None:
        """The code a roster's word stands for, "" if it tells none, None if the word is not known."""
        whole = plain(text)
        found = self.codes.get(whole)
        return self.codes.get(whole.partition("(")[0]) if found is None else found


@dataclass(frozen=True)
class KindRule:
    code: str
    name_has: tuple[str, ...]
    name_ends: tuple[str, ...]

    def fits(self, name: str) -> bool:
        return name.endswith(self.name_ends) or any(word in name for word in self.name_has)


@dataclass(frozen=True)
class GroupKinds:
    """`rules` in the order in which they are tried; `chambers`: the codes of kinds that are chambers.

    `codes`: plain word of a roster's own column → code, empty where the word says nothing.
    """

    rules: tuple[KindRule, ...]
    names: Mapping[str, str]
    chambers: frozenset[str]
    codes: Mapping[str, str] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, text: str) -> str | None:
        """The code a roster's word stands for, "" if it tells none, None if the word is not known."""
        return self.codes.get(plain(text))

    def kind_of(self, name: str) -> str:
        """The kind a group member's name tells; "" if it tells none."""
        text = plain(name)
        return next((rule.code for rule in self.rules if rule.fits(text)), "")


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def registration_types(data: Mapping[str, Any]) -> RegistrationTypes:
    """From the values of policies/members/registration_types.yaml."""
    codes = dict.fromkeys((plain(word) for word in data["unclear"]), "")
    for one in data["types"]:
        codes |= {plain(word): one["code"] for word in (one["code"], one["name"], *one.get("words", ()))}
    names = {one["code"]: one["name"] for one in data["types"]}
    return RegistrationTypes(codes, names, frozenset(data["private"]), data["counts"])


def group_kinds(data: Mapping[str, Any]) -> GroupKinds:
    """From the values of policies/members/group_kinds.yaml."""
    kinds = data["kinds"]
    words = [[tuple(map(plain, one.get(key, ()))) for key in ("name_has", "name_ends")] for one in kinds]
    codes = dict.fromkeys((plain(word) for word in data.get("unclear", ())), "")
    for one in kinds:
        codes |= {plain(word): one["code"] for word in (one["code"], one["name"], *one.get("words", ()))}
    return GroupKinds(
        tuple(KindRule(one["code"], *has_ends) for one, has_ends in zip(kinds, words, strict=True)),
        {one["code"]: one["name"] for one in kinds},
        frozenset(one["code"] for one in kinds if one["chamber"]),
        codes,
        {one["code"]: one["english"] for one in kinds},
    )
