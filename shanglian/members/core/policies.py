"""The form of this room's policy files: areas, registration types, kinds of group members. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from shanglian.common.core import shapes
from shanglian.common.core.policy import Section
from shanglian.common.core.shapes import Fields, optional
from shanglian.members.core.counting import plain

AREA_CODE = r"[0-9a-z]+(-[0-9a-z]+)*"
TYPE_CODE = r"[0-9]{3}"
KIND_CODE = r"[a-z]+(_[a-z0-9]+)*"

DIVISION: Fields = {
    "city": shapes.group(
        {
            "code": shapes.code(AREA_CODE),
            "name": shapes.text,
            "prefixes": shapes.words(least=0),
            "geojson": optional(shapes.text),
        }
    ),
    "areas": shapes.groups(
        {
            "code": shapes.code(AREA_CODE),
            "name": shapes.text,
            "kind": shapes.one_of("city", "county", "zone"),
            "aliases": shapes.words(least=0),
            "tile": optional(shapes.whole_pair),
        },
        unique="code",
    ),
}

REGISTRATION_TYPES: Fields = {
    "official": shapes.flag,
    "counts": shapes.code(KIND_CODE),
    "private": shapes.words(),
    "types": shapes.groups(
        {
            "code": shapes.code(TYPE_CODE),
            "name": shapes.text,
            "english": shapes.text,
            "words": optional(shapes.words(least=0)),
        },
        unique="code",
    ),
    "unclear": shapes.words(least=0),
}

GROUP_KINDS: Fields = {
    "official": shapes.flag,
    "kinds": shapes.groups(
        {
            "code": shapes.code(KIND_CODE),
            "name": shapes.text,
            "english": shapes.text,
            "chamber": shapes.flag,
            "words": optional(shapes.words(least=0)),
            "name_has": optional(shapes.words(least=0)),
            "name_ends": optional(shapes.words(least=0)),
        },
        unique="code",
    ),
    "unclear": optional(shapes.words(least=0)),
}


def types_agree(top: Section) -> None:
    """What is private is a type of the list, and a word stands for one type only."""
    types: list[Mapping[str, Any]] = top.values["types"]  # type: ignore[assignment]
    codes = {one["code"] for one in types}
    private: list[str] = top.values["private"]  # type: ignore[assignment]
    for n, code in enumerate(private):
        if code not in codes:
            shapes.report_at(top, ("private", n), "not_one_of", f"{code} ({' | '.join(sorted(codes))})")
    _word_once(top, "types", types)


def kinds_agree(top: Section) -> None:
    """A word stands for one kind only."""
    _word_once(top, "kinds", top.values["kinds"])  # type: ignore[arg-type]


def _word_once(top: Section, name: str, entries: list[Mapping[str, Any]]) -> None:
    owner: dict[str, str] = {}
    for path, word, code in _spellings(name, entries):
        taken = owner.setdefault(plain(word), code)
        if taken != code:
            shapes.report_at(top, path, "word_taken", f"{word} ({taken})")


def _spellings(name: str, entries: list[Mapping[str, Any]]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for n, one in enumerate(entries):
        yield (name, n, "name"), one["name"], one["code"]
        for m, word in enumerate(one.get("words") or ()):
            yield (name, n, "words", m), word, one["code"]
