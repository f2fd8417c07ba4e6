"""The users' guide as pages of the system: the very files of docs/guide, which the package carries."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).resolve().parents[1] / "guide"
CHAPTERS = ("README", "leader", "clerk", "officer", "en")
_CHAPTER = re.compile(r"([A-Za-z]+)\.md(#.*)?")
_DROPPED = re.compile(r"[^\w\- ]")


def anchor_of(heading: str) -> str:
    """As repositories print it: small letters, blanks as hyphens, no marks."""
    return _DROPPED.sub("", heading.strip().lower()).replace(" ", "-")


@cache
def chapter(name: str) -> tuple[str, str]:
    """(title, the rest as HTML) of a chapter; KeyError if there is none. HTML in the file would stand as text."""
    if name not in CHAPTERS:
        raise KeyError(name)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    title = tokens[1].content
    body = tokens[3:]
    for before, token in pairwise(body):
        if before.type == "heading_open":
            before.attrSet("id", anchor_of(token.content))
    for token in (inner for one in body for inner in one.children or ()):
        _readdress(token)
    return title, reader.renderer.render(body, reader.options, {})


def anchors(name: str) -> set[str]:
    return set(re.findall(r'<h\d id="([^"]+)"', chapter(name)[1]))


def _readdress(token: Token) -> None:
    """Chapters and pictures are found here; what lies elsewhere in the documentation is not part of the system."""
    if token.type == "image":
        picture = str(token.attrs["src"]).removeprefix("pictures/")
        token.attrSet("src", reverse("guide_picture", args=[picture]))
        token.attrSet("loading", "lazy")
    elif token.type == "link_open":
        found = _CHAPTER.fullmatch(str(token.attrs["href"]))
        if found and found[1] in CHAPTERS:
            token.attrSet("href", reverse("guide", args=[found[1]]) + (found[2] or ""))
        else:
            token.attrs.pop("href")  # the words stay


def picture_path(name: str) -> Path | None:
    """Where a picture of the guide lies; None for any other name."""
    found = FOLDER / "pictures" / name
    return found if found.name == name and found.suffix == ".png" and found.is_file() else None
