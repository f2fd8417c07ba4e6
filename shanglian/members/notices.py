"""What the log tells a reader of this room: firms of theirs became members elsewhere, too or instead."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from shanglian.archive.models import LogEntry
from shanglian.common.waiting import Notices, Reach, Told
from shanglian.directory.models import Org, User
from shanglian.directory.notices import names_by_code

TELLS: Final = ("members.shared", "members.moved_away")
RIGHT: Final = "members.edit"


def entries(reader: User, reach: Reach) -> Q:
    return Q(verb__in=TELLS, org__in=Org.objects.filter(pk__in=reach[RIGHT]).values("code"))


def told(found: Sequence[LogEntry], reader: User, reach: Reach) -> Mapping[int, Told]:
    names = names_by_code({code for entry in found for code in (entry.org, entry.detail["at"])})
    return {entry.pk: _told(entry, names) for entry in found}


def _told(entry: LogEntry, names: Mapping[str, str]) -> Told:
    number, at = entry.detail["firms"], entry.detail["at"]
    url = f"{reverse('members:list')}?{urlencode({'org': entry.org})}"
    facts = {"n": number, "org": names.get(entry.org, entry.org), "at": names.get(at, at)}
    if entry.verb == "members.shared":
        words = ngettext(
            "%(n)d firm of %(org)s is now a member of %(at)s too",
            "%(n)d firms of %(org)s are now members of %(at)s too",
            number,
        )
        return Told(words % facts, "git-fork", url)
    words = ngettext("%(n)d firm of %(org)s has moved to %(at)s", "%(n)d firms of %(org)s have moved to %(at)s", number)
    return Told(words % facts, "arrows-exchange", url)


NOTICES = Notices(entries, told, TELLS, lambda: (RIGHT,))
