"""What waits in the structure room: organisations in which posts have ended and nobody is recorded after them.

Lists say when a post ended, never when it will (ADR 012), so there is nothing to warn of beforehand.
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from shanglian.common.waiting import Item, Reach, Waiting
from shanglian.directory.models import FactQuerySet, Org, User
from shanglian.directory.queries import today
from shanglian.structure.models import Post

LATELY: Final = timedelta(days=366)  # what ended longer ago is history, not work
RIGHT: Final = "posts.edit"


def ended_posts(reach: Reach) -> FactQuerySet:
    """Posts that ended lately and whose title nobody of the organisation takes up from then on."""
    day, known = today(), Post.objects.known_at()
    follows = known.filter(
        org=OuterRef("org"), title=OuterRef("title"), during__startswith__gte=OuterRef("during__endswith")
    )
    found = known.filter(org__in=reach[RIGHT], during__endswith__gt=day - LATELY, during__endswith__lte=day)
    return found.filter(~Exists(follows))


def waiting_orgs(reader: User, reach: Reach) -> QuerySet[Org]:
    return Org.objects.filter(pk__in=ended_posts(reach).values("org"))


def waiting_items(reader: User, reach: Reach) -> list[Item]:
    """One for each organisation, since the first of its posts ended."""
    ended = ended_posts(reach).values("org", "org__code").annotate(n=Count("pk"), since=Min("during__endswith"))
    return [
        Item(_words(n), "bad", f"{reverse('posts:list')}?{urlencode({'org': code})}", org, since)
        for org, code, n, since in ended.order_by("org__code").values_list("org", "org__code", "n", "since")
    ]


def _words(number: int) -> str:
    words = ngettext(
        "%(n)d post has ended and nobody is recorded after it: hand in the new list of posts",
        "%(n)d posts have ended and nobody is recorded after them: hand in the new list of posts",
        number,
    )
    return words % {"n": number}


WAITING = Waiting(waiting_items, lambda: (RIGHT,), waiting_orgs, entry="posts:list")
