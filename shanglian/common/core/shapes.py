"""The form a policy file must have, told as data: which keys, and what stands under each. Pure.

A `Check` looks at one key of a `Section` and notes what is wrong there. `values` gives the plain values of a file whose
form is right, so that whoever uses them need not look again. For files that are lists of words and codes; files with
rules between their figures have readers of their own.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from shanglian.common.core.policy import Path, PolicyError, PolicyText, Section, shown

Check = Callable[[Section, str], object]
Fields = Mapping[str, Check]


def values(text: PolicyText, fields: Fields, also: Callable[[Section], None] | None = None) -> Mapping[str, Any]:
    """The values of a file of that form. `also` looks at what keys say together, once their form is right.

    Raises PolicyError with all that is wrong.
    """
    top = Section.top(text)
    _fields(top, fields)
    if also is not None and not top.problems:
        also(top)
    if top.problems:
        raise PolicyError(sorted(top.problems, key=lambda problem: problem.line))
    return top.values


def _fields(section: Section, fields: Fields) -> None:
    for name, check in fields.items():
        check(section, name)
    section.close()


def text(section: Section, name: str) -> None:
    section.string(name)


def flag(section: Section, name: str) -> None:
    section.take(name)
    section.flag(name)


def day(section: Section, name: str) -> None:
    section.day(name)


def integer(*, least: int, most: int) -> Check:
    """A whole number within these."""
    return lambda section, name: section.integer(name, least=least, most=most) and None


def code(pattern: str) -> Check:
    """A text of a given form."""
    return lambda section, name: section.code(name, pattern)


def one_of(*words: str) -> Check:
    def check(section: Section, name: str) -> None:
        found = section.string(name)
        if found and found not in words:
            section.report(name, "not_one_of", f"{found} ({' | '.join(words)})")

    return check


def optional(check: Check) -> Check:
    """The key may be left out."""

    def asked(section: Section, name: str) -> None:
        section.asked.add(name)
        if section.has(name):
            check(section, name)

    return asked


def words(known: Collection[str] | None = None, *, least: int = 1) -> Check:
    """A list of texts, each once. `known`: only these. `least` 0: it may be empty."""

    def check(section: Section, name: str) -> None:
        found = section.take(name)
        if found is None:
            return
        if not isinstance(found, list) or len(found) < least:
            section.report(name, "not_a_list", shown(found))
            return
        seen: set[str] = set()
        for n, word in enumerate(found):
            where = (*section.path, name, n)
            if not isinstance(word, str) or not word.strip():
                report_at(section, where, "not_text", shown(word))
            elif word in seen:
                report_at(section, where, "twice", word)
            elif known is not None and word not in known:
                report_at(section, where, "not_one_of", f"{word} ({' | '.join(sorted(known))})")
            else:
                seen.add(word)

    return check


def whole_pair(section: Section, name: str) -> None:
    """Two whole numbers from 0 to 11: a place on a grid."""
    found = section.take(name)
    if found is not None and not (
        isinstance(found, list) and len(found) == 2 and all(type(n) is int and 0 <= n < 12 for n in found)
    ):
        section.report(name, "not_a_pair", shown(found))


def group(fields: Fields) -> Check:
    """A group of keys."""
    return lambda section, name: _fields(section.section(name), fields)


def by_key(keys: Collection[str], check: Check, *, needed: Collection[str] = ()) -> Check:
    """A group whose keys are some of these, the needed ones among them, each with the same form under it."""

    def checked(section: Section, name: str) -> None:
        below = section.section(name)
        for key in keys:
            if key in needed or key in below.values:
                check(below, key)
        below.close()

    return checked


def groups(fields: Fields, *, unique: str = "") -> Check:
    """A list of groups; what stands under `unique` stands there once."""

    def check(section: Section, name: str) -> None:
        seen: set[object] = set()
        for one in section.sections(name):
            _fields(one, fields)
            own = one.values.get(unique) if unique else None
            if isinstance(own, str) and own in seen:
                one.report(unique, "twice", own)
            elif isinstance(own, str):
                seen.add(own)

    return check


def report_at(section: Section, path: Path, code: str, value: str) -> None:
    """A problem of an entry below, on that entry's line."""
    Section(section.text, path, {}, section.problems).report("", code, value)
