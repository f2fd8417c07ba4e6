"""The form of the files that say under which headings a list writes what it holds (policies/imports). Pure."""

from collections.abc import Mapping, Sequence

from shanglian.common.core import shapes
from shanglian.common.core.policy import Section
from shanglian.common.core.shapes import Fields
from shanglian.imports.core.columns import SheetKind, plain_heading


def headings_form(kind: SheetKind) -> Fields:
    """`headings` by column of that kind of sheet, and those that count only where nothing better is found."""
    keys = [column.key for column in kind.columns]
    needed = [column.key for column in kind.columns if column.required]
    return {
        "headings": shapes.by_key(keys, shapes.words(), needed=needed),
        "weak_headings": shapes.optional(shapes.by_key(keys, shapes.words())),
    }


def one_column_each(top: Section) -> None:
    """A heading under two columns would make the reader guess."""
    by_column: Mapping[str, Sequence[str]] = top.section("headings").values  # type: ignore[assignment]
    owner: dict[str, str] = {}
    for column, words in by_column.items():
        for n, word in enumerate(words):
            taken = owner.setdefault(plain_heading(word), column)
            if taken != column:
                shapes.report_at(top, ("headings", column, n), "heading_taken", f"{word} ({taken})")
