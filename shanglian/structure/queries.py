"""Reads about posts: who holds what on a day, who held it before, where each comes from, what builds on an import."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from shanglian.directory.models import FactQuerySet, Org
from shanglian.imports.core.columns import SENSITIVE
from shanglian.imports.models import Batch, Row
from shanglian.imports.pages import headed_cells
from shanglian.imports.queries import fetch_mended
from shanglian.structure.core.titles import Body, Title, Titles
from shanglian.structure.models import Post

_LATER = """
    WITH RECURSIVE later(id) AS (
        SELECT id FROM structure_post WHERE batch_id = %(batch)s
        UNION
        SELECT post.id FROM structure_post post JOIN later ON post.replaces_id = later.id
    )
    SELECT post.id FROM later JOIN structure_post post USING (id)
    WHERE upper_inf(post.known) AND post.batch_id IS DISTINCT FROM %(batch)s ORDER BY post.id
"""
_BEFORE = """
    WITH RECURSIVE before(start_id, id, depth) AS (
        SELECT id, id, 0 FROM structure_post WHERE id = ANY(%(ids)s)
        UNION ALL
        SELECT before.start_id, post.replaces_id, before.depth + 1
        FROM before JOIN structure_post post ON post.id = before.id WHERE post.replaces_id IS NOT NULL
    )
    SELECT start_id, id FROM before ORDER BY start_id, depth
"""


@dataclass(frozen=True)
class Source:
    """The row of a list a version of a post came from; `cells`: the mapped ones under their headings, none that is
    sensitive. `row` None: a complete list that did not name the person.
    """

    post: Post
    batch: Batch | None
    file: str = ""
    sheet: str = ""
    number: int = 0
    row: int | None = None
    cells: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One post as the page shows it, with every version's source, the last first."""

    post: Post
    title: Title
    sources: list[Source]


@dataclass(frozen=True)
class Group:
    body: Body
    lines: list[Line]


def posts_on(org: Org, day: date, titles: Titles) -> list[Group]:
    """Who holds which post on a day, by body and rank, as believed now."""
    return _grouped(_posts(org).on(day), titles)


def former_posts(org: Org, day: date, titles: Titles) -> list[Line]:
    """Who held a post before the day and no longer did on it, the latest first."""
    posts = _posts(org).filter(during__endswith__lte=day).order_by("-during__endswith", "pk")
    return _lines(posts, titles)


def has_posts(org: Org) -> bool:
    """Whether anything is known of the organisation's posts, on whatever day."""
    return Post.objects.known_at().filter(org=org).exists()


def _posts(org: Org) -> FactQuerySet:
    return Post.objects.known_at().filter(org=org).select_related("firm", "org")


def _grouped(posts: Iterable[Post], titles: Titles) -> list[Group]:
    lines = sorted(_lines(posts, titles), key=lambda line: (line.title.rank, line.post.during.lower, line.post.pk))
    bodies = list(dict.fromkeys(title.body for title in titles.titles))
    known = [*bodies, *(line.title.body for line in lines if line.title.body not in bodies)]
    groups = [Group(body, [line for line in lines if line.title.body == body]) for body in dict.fromkeys(known)]
    return [group for group in groups if group.lines]


def _lines(posts: Iterable[Post], titles: Titles) -> list[Line]:
    found = list(posts)
    sources = _sources([post.pk for post in found])
    return [Line(post, titles.title(post.title), sources.get(post.pk, [])) for post in found]


def _sources(ids: Sequence[int]) -> dict[int, list[Source]]:
    """By post: the source of each of its versions, the last first; two queries and one for mended cells."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"ids": list(ids)})
        chains: list[tuple[int, int]] = cursor.fetchall()
    related = ("batch", "source_row__source_file", "actor")
    versions = Post.objects.select_related(*related).in_bulk({version for _start, version in chains})
    fetch_mended([post.source_row for post in versions.values() if post.source_row])
    found: dict[int, list[Source]] = {}
    for start, version in chains:
        found.setdefault(start, []).append(_source(versions[version]))
    return found


def _source(post: Post) -> Source:
    row = post.source_row
    if row is None:
        return Source(post, post.batch)
    return Source(post, post.batch, row.source_file.name, row.sheet, row.number, row.pk, mapped_cells(row))


def mapped_cells(row: Row) -> list[tuple[str, str]]:
    """(heading, cell) of the columns that were taken for something, without the sensitive ones."""
    columns: Mapping[str, Collection[int]] = row.table.get("columns", {})
    headings: Sequence[str] = row.table.get("headings", ())
    shown = {headings[n] for key, own in columns.items() if key != SENSITIVE for n in own if n < len(headings)}
    return [(heading, cell) for heading, cell in headed_cells(row) if heading in shown]


def later_posts(batch: Batch) -> list[Post]:
    """Posts as believed now that another import wrote on top of what this one wrote."""
    with connection.cursor() as cursor:
        cursor.execute(_LATER, {"batch": batch.pk})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Post.objects.filter(pk__in=ids).order_by("pk"))
