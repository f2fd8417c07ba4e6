"""What titles, bodies and days of posts are called on a page."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanglian.structure.core.holdings import When
from shanglian.structure.core.titles import Body, Title


def called(one: Title | Body) -> str:
    """Its name in the reader's language, as the policy file has it."""
    return one.name if (get_language() or "zh").startswith("zh") else one.english


def day_words(when: When | None) -> str:
    """A beginning or an end as exact as it is known: 2016-05-20, 2016-05, 2016, at the latest 2016-05-20."""
    if when is None:
        return ""
    return when.text or _("by %(day)s at the latest") % {"day": when.day.isoformat()}


def term_words(term: int | None) -> str:
    return _("Term %(number)s") % {"number": term} if term else ""


def time_words(full_time: bool | None) -> str:
    if full_time is None:
        return ""
    return _("full-time") if full_time else _("part-time")
