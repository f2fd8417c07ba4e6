"""What a member list is asked for, and the spans that answer it: the same for the page and for the export.

Rights are the caller's: it says for which organisations the reader may have the list.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, QueryDict

from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids, today
from shanglian.members.core.kinds import Count
from shanglian.members.forms import MemberFilter
from shanglian.members.measures import spans_behind
from shanglian.members.models import Span, SpanQuerySet
from shanglian.members.search import matching


@dataclass(frozen=True)
class Listing:
    """`scope`: the organisation asked for (None: all the reader may see); `asked`: the clean filters."""

    form: MemberFilter
    asked: dict[str, Any]
    day: date
    scope: Org | None
    orgs: list[int]
    spans: SpanQuerySet

    @property
    def filtered(self) -> bool:
        return any(self.asked.get(name) for name in ("q", "category", "measure"))

    def in_order(self) -> SpanQuerySet:
        """By name. `since`: the first day of the membership, of which a span may be only the last part."""
        first = Span.objects.filter(entity=OuterRef("entity"), membership=OuterRef("membership")).order_by("during")
        since = Subquery(first.values("during__startswith")[:1])
        return self.spans.annotate(since=since).order_by("entity__sort_key", "entity_id", "org_id")


def listing(query: QueryDict, visible: list[int]) -> Listing:
    """Members of the organisations in `visible`, as far as asked for. Http404 for an organisation out of sight."""
    form = MemberFilter(query)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or today()
    orgs, scope = _scope(query.get("org", ""), visible, day)
    spans = Span.objects.on(day).in_orgs(orgs)
    if asked.get("count") != Count.MEMBERSHIPS:
        spans = spans.home()
    if asked.get("category"):
        spans = spans.filter(category=asked["category"])
    if asked.get("measure"):
        spans = spans.filter(spans_behind(asked["measure"]))
    if asked.get("q"):
        spans = spans.filter(matching(asked["q"]))
    return Listing(form, asked, day, scope, orgs, spans)


def _scope(code: str, visible: list[int], day: date) -> tuple[list[int], Org | None]:
    """The organisations a list covers: those below the one asked for, as far as the reader may see them."""
    if not code:
        return visible, None
    org = Org.objects.filter(code=code, pk__in=visible).first()
    if org is None:
        raise Http404
    below = set(subtree_ids(org, on=day))
    return [pk for pk in visible if pk in below], org
