"""A policy file's values with their lines; everything wrong with it at once."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

import pytest

from shanglian.common.core.policy import PolicyProblem, Section, read_policy


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def problems_of(text: str) -> list[PolicyProblem]:
    return list(read_policy(text, file="x.yaml").problems)


def test_values_are_exact_and_know_their_lines() -> None:
    text = read_policy("a: 0.07\nb:\n  - day: 2017-12-31\n    n: 36500\nc: yes\n", file="x.yaml")
    assert text.values == {"a": Fraction(7, 100), "b": [{"day": date(2017, 12, 31), "n": 36500}], "c": True}
    assert text.lines["a",] == 1
    assert text.lines["b", 0, "n"] == 4


@pytest.mark.parametrize(
    ("text", "line", "field", "code"),
    [
        ("a: 1\nb: [", 2, "", "not_yaml"),
        ("a: 1\na: 2\n", 2, "a", "key_twice"),
        ("a: &x {b: 1}\nc: *x\n", 1, "c", "alias_not_allowed"),
        ("a: 0x1F\n", 1, "a", "number_not_plain"),
        ("a: 010\n", 1, "a", "number_not_plain"),
        ("a: .inf\n", 1, "a", "number_not_plain"),
        ("\na: 2017-02-30\n", 2, "a", "not_a_day"),
        ("a: !!binary aGk=\n", 1, "a", "tag_not_allowed"),
        ("? [a]\n: 1\n", 1, "", "key_not_text"),
        ("a: 1\n---\nb: 2\n", 2, "", "not_yaml"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_line(text: str, line: int, field: str, code: str) -> None:
    found = problems_of(text)
    assert [(p.line, p.field, p.code) for p in found] == [(line, field, code)]


def test_a_bottomless_file_is_a_problem_and_no_crash() -> None:
    assert [p.code for p in problems_of("[" * 20_000)] == ["not_yaml"]
    assert [p.code for p in problems_of("x" * 1_000_001)] == ["file_too_long"]
    assert [p.code for p in problems_of("\x00")] == ["not_yaml"]


def test_a_section_collects_every_problem() -> None:
    top = Section.top(
        read_policy("name: 5\ncode: A b\ncolour: green\nday: soon\nsize: many\nparts: {}\nextra: 1\n", file="x.yaml")
    )
    top.string("name")
    top.code("code", r"[a-z]+")
    top.choice("colour", Colour)
    top.day("day")
    top.number("size")
    list(top.sections("parts"))
    top.integer("absent", least=0, most=9)
    top.section("also_absent").string("inner")
    top.close()
    assert [(p.line, p.field, p.code, p.value) for p in top.problems] == [
        (1, "name", "not_text", "5"),
        (2, "code", "not_a_code", "A b"),
        (3, "colour", "not_one_of", "green (red | blue)"),
        (4, "day", "not_a_day", "soon"),
        (5, "size", "not_a_number", "many"),
        (6, "parts", "not_a_list", "{…}"),
        (1, "absent", "missing", ""),
        (1, "also_absent", "missing", ""),
        (7, "extra", "unknown_key", "extra"),
    ]


def test_a_list_gives_its_mappings_and_names_what_is_none() -> None:
    top = Section.top(read_policy("parts:\n  - n: 1\n  - 7\n  - n: 300\n", file="x.yaml"))
    assert [part.integer("n", least=0, most=99) for part in top.sections("parts")] == [1, 0]
    assert [(p.line, p.field, p.code, p.value) for p in top.problems] == [
        (3, "parts[1]", "not_a_mapping", "7"),
        (4, "parts[2].n", "not_between", "300 (0–99)"),
    ]


def test_what_stood_there_is_shown_short() -> None:
    lines = ["a: [1]", "b: 0.25", f"c: {'x' * 80}", "d: 5", "parts: [!!binary aGk=]"]
    top = Section.top(read_policy("\n".join(lines), file="x.yaml"))
    top.string("a")
    top.string("b")
    top.number("c")
    top.section("d")
    assert [(p.field, p.code, p.value) for p in top.problems] == [
        ("parts[0]", "tag_not_allowed", "tag:yaml.org,2002:binary"),
        ("a", "not_text", "[…]"),
        ("b", "not_text", "0.25"),
        ("c", "not_a_number", "x" * 59 + "…"),
        ("d", "not_a_mapping", "5"),
    ]


def test_a_list_entry_is_named_once() -> None:
    top = Section.top(read_policy("parts:\n  - &a {n: 1}\n  - *a\n  -\n", file="x.yaml"))
    assert len(list(top.sections("parts"))) == 1
    assert [(p.field, p.code) for p in top.problems] == [
        ("parts[1]", "alias_not_allowed"),
        ("parts[2]", "not_a_mapping"),
    ]


def test_a_file_that_is_no_mapping_says_so_once() -> None:
    top = Section.top(read_policy("- a\n", file="x.yaml"))
    assert [p.code for p in top.problems] == ["not_a_mapping"]
    assert [p.code for p in Section.top(read_policy("", file="x.yaml")).problems] == ["not_a_mapping"]
