"""Figures an installation declares for its plans (policies/figures/*.yaml): which members are counted. Pure.

A figure counts members of one category or all, and of one counted attribute only some codes of its closed list.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shanglian.common.core import shapes
from shanglian.common.core.policy import PolicyError, PolicyText, Section
from shanglian.members.core.kinds import Category, Count

FORMAT = 1
ID = r"[a-z0-9]+(-[a-z0-9]+)*"
NAME = r"[a-z_]+(\.[a-z0-9_]+)+"


@dataclass(frozen=True)
class Declared:
    """`attribute` "": every member of the category; else only those with one of the codes."""

    measure: str
    zh: str
    en: str
    count: Count
    category: Category | None
    attribute: str
    codes: frozenset[str]


def read_figures(
    text: PolicyText, *, expected_id: str, lists: Mapping[str, Collection[str]], taken: Collection[str]
) -> tuple[Declared, ...]:
    """The figures of a file. `lists`: by counted attribute, its codes; `taken`: names that are given already.

    Raises PolicyError with all problems.
    """
    top = Section.top(text)
    top.integer("format", least=FORMAT, most=FORMAT)
    found_id = top.code("id", ID)
    if found_id and found_id != expected_id:
        top.report("id", "id_is_not_file_name", found_id)
    seen = set(taken)
    figures = []
    for section in top.sections("figures"):
        figure = _figure(section, lists)
        if figure.measure in seen:
            section.report("measure", "twice", figure.measure)
        seen.add(figure.measure)
        figures.append(figure)
    top.close()
    if top.problems:
        raise PolicyError(sorted(top.problems, key=lambda problem: problem.line))
    return tuple(figures)


def _figure(section: Section, lists: Mapping[str, Collection[str]]) -> Declared:
    attributes = [key for key in lists if section.has(key)]
    for key, known in lists.items():
        shapes.optional(shapes.words(known))(section, key)
    for key in attributes[1:]:
        section.report(key, "one_attribute", attributes[0])
    attribute = attributes[0] if attributes else ""
    codes = section.values.get(attribute)
    name = section.section("name")
    figure = Declared(
        measure=section.code("measure", NAME),
        zh=name.string("zh"),
        en=name.string("en"),
        count=section.choice("count", Count, needed=False) or Count.HEADS,
        category=section.choice("category", Category, needed=False),
        attribute=attribute,
        codes=frozenset(map(str, codes)) if isinstance(codes, list) else frozenset(),
    )
    name.close()
    section.close()
    return figure
