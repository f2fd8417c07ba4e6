"""Posts as an import kind: how a list is read, what its rows do to the register of posts, how it is taken back."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanglian.directory.models import User
from shanglian.imports.core.columns import SENSITIVE
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.kinds import LEFT, Absent, Booking, Candidate, Change, Finding, ReadRow, Rights
from shanglian.imports.models import Batch
from shanglian.imports.queries import absences_decided, decisions_of
from shanglian.structure.actions.posts import Booked, book_posts, reverse_posts
from shanglian.structure.core.comparing import Doubt
from shanglian.structure.core.holdings import Claim, Holding
from shanglian.structure.post_labels import called, time_words
from shanglian.structure.post_reading import post_titles, posts_reading
from shanglian.structure.post_words import POST_WORDS
from shanglian.structure.queries import later_posts


class PostList:
    """职务名单. Nothing here writes by itself: booking and undoing are actions."""

    key = "posts"
    label = gettext_lazy("List of posts")
    rights = Rights(upload="posts.edit", commit="posts.edit", take="posts.edit")
    options = frozenset({"complete"})
    words = POST_WORDS

    @property
    def reading(self) -> SheetKind:
        return posts_reading()

    def book(self, batch: Batch, rows: Sequence[ReadRow], *, actor: User) -> Booking:
        booked = book_posts(
            batch=batch,
            rows=rows,
            titles=post_titles(),
            decisions=decisions_of(batch),
            partings=absences_decided(batch),
            actor=actor,
        )
        verdicts = dict(booked.outcome.verdicts) | dict.fromkeys(booked.claims.refused, "reject")
        return Booking(
            verdicts,
            dict(Counter(verdicts.values())) | ({LEFT: booked.left} if booked.left else {}),
            {"sensitive": sensitive_headings(batch)},
            _reasons(booked),
            _findings(booked),
            booked.written,
            [_absent(one, batch) for one in booked.absent],
        )

    def blockers(self, batch: Batch) -> list[str]:
        return [
            _("%(person)s, %(title)s: a later import changed this post; take that one back first.")
            % {"person": post.person, "title": called(post_titles().title(post.title))}
            for post in later_posts(batch)
        ]

    def unbook(self, batch: Batch, *, actor: User) -> int:
        return reverse_posts(batch=batch, actor=actor)


def sensitive_headings(batch: Batch) -> list[str]:
    """Headings of the columns that hold sensitive personal data, each once."""
    found = [
        table["headings"][position]
        for file in batch.files.order_by("position")
        for table in file.columns
        for position in table["columns"].get(SENSITIVE, ())
        if position < len(table["headings"])
    ]
    return list(dict.fromkeys(heading for heading in found if heading))


def _reasons(booked: Booked) -> dict[int, tuple[str, ...]]:
    found = dict(booked.claims.refused) | dict(booked.outcome.reasons)
    for row, remarks in booked.claims.remarks.items():
        found[row] = (*found.get(row, ()), *remarks)
    return found


def _findings(booked: Booked) -> dict[int, Finding]:
    """Candidates and choices of doubtful rows (also of decided ones), what each row changes, what the register says."""
    rows = {*booked.outcome.doubts, *booked.outcome.changes, *booked.claims.remarks}
    found = {}
    for row in rows:
        doubts = booked.outcome.doubts.get(row, [])
        choices = [choice for _claim, doubt in doubts for choice in doubt.choices]
        finding = Finding(
            tuple(candidate for claim, doubt in doubts for candidate in _candidates(claim, doubt)),
            tuple(choice for choice in ("same", "different", "skip") if choice in choices),
            {code: before for code, before in booked.claims.remarks.get(row, {}).items() if before},
            _changes(booked, row),
        )
        if finding != Finding():
            found[row] = finding
    return found


def _candidates(claim: Claim, doubt: Doubt) -> list[Candidate]:
    return [Candidate(held.pk, _likeness(claim, held)) for held in doubt.holdings if held.pk]


def _likeness(claim: Claim, held: Holding) -> tuple[str, ...]:
    """In what a holding agrees with the row."""
    agrees = {
        "same_post": held.title == claim.title,
        "same_person": held.key == claim.key,
        "same_term": claim.term is not None and claim.term == held.term,
        "same_firm": bool(claim.firm_key) and claim.firm_key == held.firm_key,
    }
    return tuple(code for code, holds in agrees.items() if holds)


def _changes(booked: Booked, row: int) -> tuple[Change, ...]:
    """What a row changes; where it speaks of several posts, each change says of which."""
    changes = booked.outcome.changes.get(row, [])
    several = len(booked.claims.claims.get(row, ())) > 1
    found = []
    for title, name, old, new in changes:
        prefix = _("%(title)s: ") % {"title": called(post_titles().title(title))} if several else ""
        found.append(Change(name, prefix + _value(name, old) if old else "", prefix + _value(name, new) if new else ""))
    return tuple(found)


def _value(name: str, text: str) -> str:
    """A value as pages show it."""
    if name == "full_time":
        return time_words(text == "full_time")
    return _("co-opted") if name == "co_opted" and text == "yes" else text


def _absent(held: Holding, batch: Batch) -> Absent:
    title = f"{held.person} {called(post_titles().title(held.title))}"
    return Absent(held.pk or 0, title, "" if held.since.day < batch.on_day else "begins_on_this_day")


POSTS = PostList()
