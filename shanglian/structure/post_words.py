"""What the import pages say about a list of posts: verdicts and problems in words, its grid, the way to the posts.

Labels and formats only; the rules behind the codes are in core/posts.py and core/comparing.py.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shanglian.common.core.numbers import thousands
from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports.labels import Compared, Known, Label, Notice, Shown, Words
from shanglian.members.roster_words import CODES as ROSTER_CODES
from shanglian.structure.models import Post
from shanglian.structure.post_labels import called, day_words, term_words, time_words
from shanglian.structure.post_reading import post_titles

VERDICTS: dict[str, Label] = {
    "appointed": gettext_lazy("newly in the post"),
    "changed": gettext_lazy("particulars of the post changed"),
    "ended": gettext_lazy("the post ends"),
    "already_booked": gettext_lazy("in the register already"),
    "doubtful": gettext_lazy("to be decided"),
    "left_out": gettext_lazy("left out by decision"),
    "reject": gettext_lazy("wrong"),
    "duplicate": gettext_lazy("named twice"),
    "conflict": gettext_lazy("contradictory"),
}

_OF_A_CODE = (
    "uscc_bad_check", "uscc_bad_length", "uscc_illegal_char", "orgcode_bad_check", "regno_bad_check",
    "resident_number", "uscc_precision_lost", "leading_zero_restored",
)  # fmt: skip
_OF_A_DATE = ("date_unparsable", "date_invalid", "date_ambiguous", "date_range", "date_two_digit_year")
CODES: dict[str, Label] = {
    **{code: ROSTER_CODES[code] for code in (*_OF_A_CODE, *_OF_A_DATE)},
    "duplicate": gettext_lazy("An earlier row names the same person for the same post"),
    "date_in_future": gettext_lazy(
        "The beginning lies after the day of the list, or the end more than ten years after it; it was left out"
    ),
    "person_missing": gettext_lazy("The person's name is missing"),
    "several_persons": gettext_lazy("The cell names several persons; write one row for each"),
    "post_vacant": gettext_lazy("The post is vacant: there is nobody to enter"),
    "title_missing": gettext_lazy("The row does not say which post"),
    "title_unknown": gettext_lazy("This title is not known; choose the nearest one or correct it"),
    "title_elsewhere": gettext_lazy("A post in another organ was left out"),
    "title_elsewhere_only": gettext_lazy("This is a post in another organ, not in a federation or chamber"),
    "title_not_here": gettext_lazy(
        "This organisation has no such post: chairs are for federations, councils for chambers"
    ),
    "org_unknown": gettext_lazy("No organisation of this name or code is here"),
    "org_keeps_its_own": gettext_lazy("This organisation keeps its own posts; it hands in its own list"),
    "term_unreadable": gettext_lazy("The number of the term cannot be read; it was left out"),
    "until_before_since": gettext_lazy("The end lies before the beginning"),
    "since_missing": gettext_lazy("The beginning is missing; the post is entered as held on the day of the list"),
    "firm_known_by_name_only": gettext_lazy(
        "A member has the name of this firm; without its number the two are not linked"
    ),
    "firm_has_another_name": gettext_lazy("The member with this number has another name in the register"),
    "held_by_another": gettext_lazy(
        "Only one person holds this post at a time, and somebody else holds it. A new holder ends the former one's "
        "post on the day on which this one begins"
    ),
    "post_has_ended": gettext_lazy("The register says that this post has ended"),
    "post_on_other_days": gettext_lazy("The register has this post, but on days that do not fit"),
    "beginning_missing": gettext_lazy("The row says when it ended, but nobody knows since when it was held"),
    "second_row_of_one_post": gettext_lazy("An earlier row of this list is the same post; this one is not entered"),
}

ABOUT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("person_missing", "several_persons", "post_vacant", "post_has_ended"), ("person",)),
    **dict.fromkeys(
        ("title_missing", "title_unknown", "title_elsewhere", "title_elsewhere_only", "title_not_here",
         "held_by_another"), ("title",)
    ),
    **dict.fromkeys(("org_unknown", "org_keeps_its_own"), ("organisation",)),
    **dict.fromkeys(("firm_known_by_name_only", "firm_has_another_name"), ("firm_name", "firm_code")),
    **dict.fromkeys(_OF_A_CODE, ("firm_code",)),
    **dict.fromkeys((*_OF_A_DATE, "date_in_future", "post_on_other_days"), ("since", "until")),
    "until_before_since": ("until", "since"),
    "beginning_missing": ("since", "until"),
    "since_missing": ("since",),
    "term_unreadable": ("term",),
    "duplicate": ("person",),
    "second_row_of_one_post": ("person",),
}  # fmt: skip

FIELDS: dict[str, Label] = {
    "person": gettext_lazy("Person's name"),
    "title": gettext_lazy("Post"),
    "organisation": gettext_lazy("Organisation"),
    "term": gettext_lazy("Term"),
    "since": gettext_lazy("In the post since"),
    "until": gettext_lazy("Post ended"),
    "full_time": gettext_lazy("Full-time or part-time"),
    "co_option": gettext_lazy("Co-option"),
    "co_opted": gettext_lazy("Co-option"),
    "firm": gettext_lazy("Firm the person stands for"),
    "firm_name": gettext_lazy("Firm the person stands for"),
    "firm_code": gettext_lazy("Number of the firm"),
    "former": gettext_lazy("Former holder, until"),
    "remark": gettext_lazy("Remarks"),
    "phones": gettext_lazy("Telephone (not taken over)"),
    "firm_position": gettext_lazy("Position in the firm (not taken over)"),
    "elsewhere": gettext_lazy("Posts elsewhere (not taken over)"),
    "sensitive": gettext_lazy("Sensitive personal data (not taken over)"),
}

LIKENESSES: dict[str, Label] = {
    "same_post": gettext_lazy("the post"),
    "same_person": gettext_lazy("the person's name"),
    "same_term": gettext_lazy("the term"),
    "same_firm": gettext_lazy("the firm"),
}


def _value(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda record: str(record.get(key) or "")


def _titles(record: Mapping[str, Any]) -> str:
    return _(", ").join(called(post_titles().title(code)) for code in record.get("titles", ()))


def _term(record: Mapping[str, Any]) -> str:
    return term_words(record.get("term"))


def _time(record: Mapping[str, Any]) -> str:
    said = [record.get("full_time"), *record.get("full_time_of", {}).values()]
    return next((time_words(one) for one in said if one is not None), "")


def _co_option(record: Mapping[str, Any]) -> str:
    return str(record.get("session") or (_("co-opted") if record.get("co_opted") else ""))


def _number(record: Mapping[str, Any]) -> str:
    return next((str(record[key]) for key in ("uscc", "org_code", "reg_no", "other_code") if record.get(key)), "")


COLUMNS = (
    Shown(gettext_lazy("Person's name"), _value("person"), ("person",), corrects=True),
    Shown(gettext_lazy("Post"), _titles, ("title",), corrects=True),
    Shown(gettext_lazy("Organisation"), _value("organisation"), ("organisation",)),
    Shown(gettext_lazy("Term"), _term, ("term",)),
    Shown(gettext_lazy("Since"), _value("since"), ("since",), corrects=True),
    Shown(gettext_lazy("Until"), _value("until"), ("until",), corrects=True),
    Shown(gettext_lazy("Time"), _time, ("full_time",)),
    Shown(gettext_lazy("Co-option"), _co_option, ("co_option",)),
    Shown(gettext_lazy("Firm"), _value("firm_name"), ("firm_name",), corrects=True),
    Shown(gettext_lazy("Number of the firm"), _number, ("firm_code",), corrects=True),
)


def notices(detail: Mapping[str, Any]) -> list[Notice]:
    """Which headings hold personal data that is not taken over."""
    headings = list(detail.get("sensitive", ()))
    if not headings:
        return []
    title = ngettext(
        "Not taken over: %(n)s column of sensitive personal data",
        "Not taken over: %(n)s columns of sensitive personal data",
        len(headings),
    )
    text = _(
        "Of a person only the name is kept. These columns stay in the file as handed in and are not shown on pages; "
        "better delete them before handing a list in."
    )
    return [Notice(title % {"n": thousands(len(headings))}, text, headings, len(headings))]


def links(row_ids: Collection[int]) -> dict[int, str]:
    """The posts of the organisation in which each row booked something; others are missing."""
    found = Post.objects.known_at().filter(source_row__in=list(row_ids)).select_related("org").order_by("pk")
    return {post.source_row_id: f"{register(post.org.code)}#post-{post.pk}" for post in found if post.source_row_id}


def register(org_code: str) -> str:
    return f"{reverse('posts:list')}?org={org_code}"


# Doubtful rows ------------------------------------------------------------


COMPARED = (
    Compared("person", gettext_lazy("Person's name"), _value("person")),
    Compared("title", gettext_lazy("Post"), _titles),
    Compared("term", gettext_lazy("Term"), _term),
    Compared("since", gettext_lazy("Since"), _value("since")),
    Compared("until", gettext_lazy("Until"), _value("until")),
    Compared("firm", gettext_lazy("Firm"), _value("firm_name")),
)


def known(ids: Collection[int], reader: User) -> dict[int, Known]:
    """Posts of the register as candidates; linked where the reader may see them."""
    visible = set(visible_org_ids(reader, "posts.view"))
    posts = list(Post.objects.filter(pk__in=list(ids)).select_related("org"))
    names = names_on({post.org_id for post in posts}, today())
    return {post.pk: _known(post, visible, names) for post in posts}


def _known(post: Post, visible: Collection[int], names: Mapping[int, str]) -> Known:
    link = f"{register(post.org.code)}#post-{post.pk}" if post.org_id in visible else ""
    facts = {
        "person": [post.person],
        "title": [called(post_titles().title(post.title))],
        "term": [term_words(post.term)] if post.term else [],
        "since": [day_words(post.since)],
        "until": [day_words(post.until)] if post.until else [],
        "firm": [post.firm_name] if post.firm_name else [],
        "also": [names.get(post.org_id, post.org.code)],
    }
    return Known(post.person, link, facts)


def absentees(ids: Collection[int], reader: User) -> dict[int, Known]:
    """Holders a complete list does not name, with since when they hold the post."""
    found = known(ids, reader)
    return {pk: Known(one.title, one.link, {"since": one.facts["since"]}) for pk, one in found.items()}


POST_WORDS = Words(
    VERDICTS, CODES, ABOUT, COLUMNS, "person", notices, links, register, subject=gettext_lazy("Holder of the post"),
    likenesses=LIKENESSES, compared=COMPARED, known=known, fields=FIELDS, absentees=absentees,
    obstacles={"begins_on_this_day": gettext_lazy("The post begins on the day of the list; it cannot end on it")},
    leaving=(gettext_lazy("Term of office is over"), gettext_lazy("Took up another post"), gettext_lazy("Resigned")),
    proposals={"nearest_title": gettext_lazy("the nearest title: %(text)s")},
    decided={"different": gettext_lazy("A new holder")},
    asked={
        "link": gettext_lazy("In the list of posts"),
        "same": gettext_lazy("It is the same person"),
        "different": gettext_lazy("It is a new holder"),
    },
)  # fmt: skip
