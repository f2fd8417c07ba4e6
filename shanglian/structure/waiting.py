"""What waits in the structure room: organisations in which a post's term has ended or ends soon and nobody follows."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanglian.common.templatetags.ui import day as day_words
from shanglian.common.waiting import Item, Reach, Waiting
from shanglian.directory.models import FactQuerySet, Org, User
from shanglian.directory.queries import today
from shanglian.structure.models import Post

SOON: Final = timedelta(days=90)
LATELY: Final = timedelta(days=366)  # what ended longer ago is history, not work
RIGHT: Final = "posts.edit"


def ending_posts(reach: Reach) -> FactQuerySet:
    """Posts that ended lately or end soon and whose title nobody of the organisation takes up from then on."""
    day, known = today(), Post.objects.known_at()
    follows = known.filter(
        org=OuterRef("org"), title=OuterRef("title"), during__startswith__gte=OuterRef("during__endswith")
    )
    found = known.filter(org__in=reach[RIGHT], during__endswith__gt=day - LATELY, during__endswith__lte=day + SOON)
    return found.filter(~Exists(follows))


def waiting_orgs(reader: User, reach: Reach) -> QuerySet[Org]:
    return Org.objects.filter(pk__in=ending_posts(reach).values("org"))


def waiting_items(reader: User, reach: Reach) -> list[Item]:
    """One for each organisation: what has ended, or, where nothing has, what ends soon."""
    ends: dict[tuple[int, str], list[date]] = defaultdict(list)
    for org, code, until in ending_posts(reach).values_list("org", "org__code", "during__endswith"):
        ends[org, code].append(until)
    return [_item(org, code, sorted(days)) for (org, code), days in sorted(ends.items())]


def _item(org: int, code: str, days: list[date]) -> Item:
    url = f"{reverse('posts:list')}?{urlencode({'org': code})}"
    if ended := [until for until in days if until <= today()]:
        words = ngettext(
            "%(n)d post has ended and nobody is recorded after it: hand in the new list of posts",
            "%(n)d posts have ended and nobody is recorded after them: hand in the new list of posts",
            len(ended),
        )
        return Item(words % {"n": len(ended)}, "bad", url, org, ended[0])
    words = ngettext("%(n)d post ends soon", "%(n)d posts end soon", len(days))
    first = _("the first on %(day)s") % {"day": day_words(days[0])}
    return Item(words % {"n": len(days)}, "warn", url, org, None, first)


WAITING = Waiting(waiting_items, lambda: (RIGHT,), waiting_orgs, entry="posts:list")
