"""What waits in the structure room: organisations in which posts have ended, or end soon, and nobody is recorded after
them. An end ahead is one a list states; none is derived from a term (ADR 012).
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from shanglian.common.templatetags.ui import long_day
from shanglian.common.waiting import Item, Reach, Waiting
from shanglian.directory.models import FactQuerySet, Org, User
from shanglian.directory.queries import today
from shanglian.structure.models import Post
from shanglian.structure.post_reading import told_before_the_end

LATELY: Final = timedelta(days=366)  # what ended longer ago is history, not work
RIGHT: Final = "posts.edit"


def posts_without_heir(reach: Reach, after: date, until: date) -> FactQuerySet:
    """Posts that end in these days (the last one included) and whose title nobody of the organisation takes up then."""
    known = Post.objects.known_at()
    follows = known.filter(
        org=OuterRef("org"), title=OuterRef("title"), during__startswith__gte=OuterRef("during__endswith")
    )
    found = known.filter(org__in=reach[RIGHT], during__endswith__gt=after, during__endswith__lte=until)
    return found.filter(~Exists(follows))


def ended_posts(reach: Reach) -> FactQuerySet:
    return posts_without_heir(reach, today() - LATELY, today())


def ending_posts(reach: Reach) -> FactQuerySet:
    return posts_without_heir(reach, today(), today() + told_before_the_end())


def _orgs_of(posts: Callable[[Reach], FactQuerySet]) -> Callable[[User, Reach], QuerySet[Org]]:
    return lambda reader, reach: Org.objects.filter(pk__in=posts(reach).values("org"))


def _by_org(posts: FactQuerySet) -> Iterator[tuple[int, str, int, date]]:
    """(organisation, address of its posts, how many, the first end)."""
    found = posts.values("org", "org__code").annotate(n=Count("pk"), first=Min("during__endswith"))
    for org, code, n, first in found.order_by("org__code").values_list("org", "org__code", "n", "first"):
        yield org, f"{reverse('posts:list')}?{urlencode({'org': code})}", n, first


def ended_items(reader: User, reach: Reach) -> list[Item]:
    """One for each organisation, since the first of its posts ended."""
    words = ngettext_lazy(
        "%(n)d post has ended and nobody is recorded after it: hand in the new list of posts",
        "%(n)d posts have ended and nobody is recorded after them: hand in the new list of posts",
        "n",
    )
    return [Item(words % {"n": n}, "bad", url, org, first) for org, url, n, first in _by_org(ended_posts(reach))]


def ending_items(reader: User, reach: Reach) -> list[Item]:
    """One for each organisation, with the first day on which a post ends."""
    words = ngettext_lazy(
        "%(n)d post ends soon and nobody is recorded after it: see to the new list of posts",
        "%(n)d posts end soon and nobody is recorded after them: see to the new list of posts",
        "n",
    )
    return [
        Item(words % {"n": n}, "warn", url, org, None, _("the first on %(day)s") % {"day": long_day(first)})
        for org, url, n, first in _by_org(ending_posts(reach))
    ]


WAITING = Waiting(ended_items, lambda: (RIGHT,), _orgs_of(ended_posts), entry="posts:list")
ENDING = Waiting(ending_items, lambda: (RIGHT,), _orgs_of(ending_posts), entry="posts:list")
