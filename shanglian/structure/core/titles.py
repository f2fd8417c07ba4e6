"""The titles of posts as a policy file has them, and how lists write them: several in a cell, with prefixes, remarks.

"工商联（总商会）副主席（专职）、总商会副会长" are two posts, one full-time. A title in another organ (政协、人大)
is none of ours. What is no title is never guessed; the nearest ones are proposed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from shanglian.common.core.policy import PolicyError, PolicyText, Section

CODE: Final = r"[a-z]+(_[a-z]+)*"


@dataclass(frozen=True, slots=True)
class Body:
    code: str
    name: str
    english: str


@dataclass(frozen=True, slots=True)
class Title:
    """`spellings`: how lists write it, the printed name first; `rank`: its place in the file."""

    code: str
    name: str
    english: str
    spellings: tuple[str, ...]
    body: Body
    held_in: str  # federation, chamber or both
    single: bool
    rank: int

    def fits(self, *, chamber: bool) -> bool:
        return self.held_in in {"both", "chamber" if chamber else "federation"}


@dataclass(frozen=True)
class Named:
    """What a cell says of titles: codes in its order, which are said to be full-time, its term, and what else.

    `unknown`: parts that are no title; `elsewhere`: a title in another organ was left out.
    """

    codes: tuple[str, ...] = ()
    full_time: Mapping[str, bool] = field(default_factory=dict)
    term: int | None = None
    co_opted: bool = False
    elsewhere: bool = False
    unknown: tuple[str, ...] = ()


_NUMERAL = r"[一二三四五六七八九十\d]{1,3}"
_TERM = re.compile(rf"第?({_NUMERAL})届")
_DIGITS: Final = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}
_SECOND_NAME = re.compile(r"(?<=[联会])\((?:总商会|商会)\)")
_BETWEEN = re.compile(r"[、,，;；/\n\r()（）\[\]【】+&]|兼(?!职)|(?<=[席长员委记事])[和与及]")
_FULL_TIME = re.compile(r"专职|驻会")
_PART_TIME = re.compile(r"兼职|不驻会")
_CO_OPTED = re.compile(r"增补|替补|递补|届中调整")
_ASIDE = re.compile(rf"(?:不?驻会|专职|兼职|挂职|增补|替补|递补|届中调整|现任|当选|拟任|第?{_NUMERAL}届|任)(?:的|为)?")
_OF_WHOM = re.compile(
    r"(?:.*(?:工商联|工商业联合会|总商会|商会|协会|联合会|学会|本会|机关))?"
    r"(?:执行委员会|执委会|常务委员会|常委会|理事会|监事会|秘书处)?"
)


def term_of(text: str) -> int | None:
    """第十七届, 17届, 十七届二次会议 → 17; a bare number is a term, too."""
    plain = _plain(text)
    found = _TERM.search(plain) or re.fullmatch(rf"第?({_NUMERAL})", plain)
    return _number(found[1]) if found else None


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 99 else None
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or any(sign not in _DIGITS for sign in tens + ones):
        return None
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + (_DIGITS[ones] if ones else 0)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Titles:
    """All titles of the policy, by code and by spelling."""

    titles: tuple[Title, ...]
    elsewhere: tuple[str, ...]

    @cached_property
    def by_code(self) -> dict[str, Title]:
        return {title.code: title for title in self.titles}

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        return {_plain(spelling): title.code for title in self.titles for spelling in title.spellings}

    def title(self, code: str) -> Title:
        """The title with this code; one that the policy no longer has stands last, under its code."""
        other = Body(code, code, code)
        return self.by_code.get(code) or Title(code, code, code, (code,), other, "both", False, len(self.titles))

    @cached_property
    def single(self) -> frozenset[str]:
        return frozenset(title.code for title in self.titles if title.single)

    def nearest(self, text: str) -> list[str]:
        """Printed names a text that is no title may have meant, the likeliest first."""
        close = get_close_matches(_plain(text), list(self.by_spelling), n=6, cutoff=0.4)
        return list(dict.fromkeys(self.by_code[self.by_spelling[spelling]].name for spelling in close))[:3]

    def named_in(self, text: str) -> Named:
        """Every title a cell names."""
        plain = _SECOND_NAME.sub("", unicodedata.normalize("NFKC", text).strip())
        whole = _plain(plain)
        parts = [_plain(part) for part in _BETWEEN.split(plain) if part.strip()]
        if len(parts) == 1 and self._code_of(whole) is None:
            parts = plain.split()
        return self._gathered(parts, whole)

    def _gathered(self, parts: Sequence[str], whole: str) -> Named:
        codes: dict[str, bool | None] = {}
        unknown, elsewhere, last = [], False, ""
        for part in parts:
            bare, said = _ASIDE.sub("", part), _time_of(part)
            code = self._code_of(bare) if bare else None
            if code:
                codes.setdefault(code, said)
                last = code
            elif not bare:
                codes |= {last: said} if last and said is not None else {}
            elif any(word in part for word in self.elsewhere):
                elsewhere = True
            else:
                unknown.append(part)
        full_time = {code: said for code, said in codes.items() if said is not None}
        term = term_of(whole) if _TERM.search(whole) else None
        return Named(tuple(codes), full_time, term, bool(_CO_OPTED.search(whole)), elsewhere, tuple(unknown))

    def _code_of(self, part: str) -> str | None:
        """The title a part names; in front of it may stand whose it is, but not that of another organ."""
        bare = _ASIDE.sub("", part)
        for start in range(len(bare)):
            code = self.by_spelling.get(bare[start:])
            if code and (start == 0 or _OF_WHOM.fullmatch(bare[:start])):
                return None if any(word in bare[:start] for word in self.elsewhere) else code
        return None


def _time_of(part: str) -> bool | None:
    if _PART_TIME.search(part):
        return False
    return True if _FULL_TIME.search(part) else None


# The policy file ------------------------------------------------------------


def read_titles(text: PolicyText) -> Titles:
    """Titles in the order of the file. Raises PolicyError with everything that is wrong."""
    top = Section.top(text)
    top.take("official")
    top.flag("official")
    top.string("note")
    bodies: dict[str, Body] = {}
    for section in top.sections("bodies"):
        body = _body(section)
        if body.code in bodies:
            section.report("code", "twice", body.code)
        bodies[body.code] = body
    titles = tuple(_titles(top, bodies))
    elsewhere = tuple(_texts(top, "elsewhere"))
    top.close()
    if top.problems:
        raise PolicyError(sorted(top.problems, key=lambda problem: problem.line))
    return Titles(titles, elsewhere)


def _body(section: Section) -> Body:
    body = Body(section.code("code", CODE), section.string("name"), section.string("english"))
    section.close()
    return body


def _titles(top: Section, bodies: Mapping[str, Body]) -> Iterator[Title]:
    codes: set[str] = set()
    spellings: set[str] = set()
    for rank, section in enumerate(top.sections("titles")):
        code, name, body = section.code("code", CODE), section.string("name"), section.string("body")
        names = (name, *_texts(section, "names"))
        held_in = section.string("for")
        if held_in not in {"federation", "chamber", "both"}:
            section.report("for", "not_one_of", f"{held_in} (federation | chamber | both)")
        if body not in bodies:
            section.report("body", "not_one_of", f"{body} ({' | '.join(bodies)})")
        if code in codes or spellings & set(names):
            section.report("code", "twice", code)
        codes.add(code)
        spellings.update(names)
        single = section.flag("single")
        english = section.string("english")
        section.close()
        yield Title(code, name, english, names, bodies.get(body, Body(body, body, body)), held_in, single, rank)


def _texts(section: Section, name: str) -> list[str]:
    """A list of texts, which may be missing."""
    values = section.take(name, needed=False)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        section.report(name, "not_a_list")
        return []
    return [value.strip() for value in values]
