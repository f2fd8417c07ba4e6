"""What a member list is asked for, and the spans that answer it: the same for the page, the export and the API.

Rights are the caller's: it says for which organisations the reader may have the list. Totals come from the roll-up
where it knows them; what has to be counted row by row is counted up to a cap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, Concat, Repeat
from django.http import Http404, QueryDict

from shanglian.common.core.periods import month_end, quarter_end
from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids, subtree_ids_with_closed, today
from shanglian.members.core.kinds import Category, Count
from shanglian.members.forms import MEMBER, MemberFilter, State
from shanglian.members.measures import spans_behind
from shanglian.members.models import Change, ChangeQuerySet, Identifier, OneOf, Span, SpanQuerySet
from shanglian.members.movers import members_as_known, movers
from shanglian.members.queries import MANY, Reach, figures, rows
from shanglian.members.search import CAP, matching, walked, ways

COUNTED = 10_000  # rows counted one by one, at most; so many are sorted for a page without further thought
KEPT_BY_ROLL_UP = ("category", "q", "own", "tree", "known")  # the last three say which organisations, and when
Rows = SpanQuerySet | ChangeQuerySet
ORDERS: Mapping[str, tuple[str, ...]] = {
    "name": ("sort_key", "entity_id", "org_id"),
    "since": ("since", "sort_key", "entity_id"),
    "org": ("org__code", "sort_key", "entity_id"),
}

# filters that ask for one value of a membership
FIELDS = {
    "category": "category",
    "section": "profile__section",
    "group_kind": "profile__group_kind",
    "county": "county",
}


@dataclass(frozen=True)
class Found:
    """One page of a list, which `number` says. `total` is exact unless `capped`: then there are more than that."""

    spans: Sequence[Span | Change]
    number: int
    total: int
    capped: bool = False


@dataclass(frozen=True)
class Listing:
    """`scope`: the organisation asked for (None: all the reader may see); `asked`: the clean filters."""

    form: MemberFilter
    asked: dict[str, Any]
    day: date
    scope: Org | None
    orgs: list[int]
    base: Rows  # everything but the search word

    @property
    def q(self) -> str:
        return self.asked.get("q") or ""

    @property
    def order(self) -> str:
        return self.asked.get("sort") or "name"

    @property
    def filtered(self) -> bool:
        return any(self.asked.get(name) for name in MemberFilter.NARROWING)

    @property
    def spans(self) -> Rows:
        return self.base.filter(matching(self.q)) if self.q else self.base

    def in_order(self, spans: Any = None, *, along_names: bool = False) -> Any:
        """`along_names`: by what the names of the register have an index for, so that the planner walks along it until
        it has enough. Else they are sorted; of changes the key is made of both tables, or it would walk too.
        """
        found = self.spans if spans is None else spans
        name = F("entity__sort_key")
        if found.model is Change:  # of a membership that began and ended on one day no span is left
            first = Span.objects.filter(entity=OuterRef("entity"), membership=OuterRef("membership")).values("since")
            found = found.annotate(
                since=Coalesce(Subquery(first[:1]), F("effective_on")),
                sort_key=name if along_names else Concat(name, Repeat("county", 0, output_field=TextField())),
            )
        first_key, *rest = ORDERS[self.order.lstrip("-")]
        key = name if along_names else F(first_key)
        return found.order_by(key.desc() if self.order.startswith("-") else key.asc(), *rest)

    def page(self, number: int, per: int) -> Found:
        """A page of `per` rows, the last one if there are not so many. Of a common word only the first thousand can be
        walked through.
        """
        if not self.q:
            total, capped = self._total()
            return self._found(self.base, number, per, total=total, capped=capped, size=total)
        ids = self._few()
        if len(ids) <= CAP:
            return self._found(self.base.filter(pk__in=ids), number, per, total=len(ids), size=len(ids))
        common = self.base.filter(walked(self.q))
        return self._found(common, number, per, total=CAP, capped=True, size=self._total()[0])

    def _found(self, spans: Rows, number: int, per: int, *, total: int, capped: bool = False, size: int) -> Found:
        number = max(1, min(number, -(-total // per)))
        start = (number - 1) * per
        rows = self._rows(spans, size, slice(start, min(start + per, total))) if total else []
        return Found(rows, number, total, capped)

    def _rows(self, spans: Rows, size: int, part: slice) -> Sequence[Span | Change]:
        """`size`: among how many of the organisations asked for they are looked for. What only a row shows is not
        worked out for many that have to be sorted: first is asked which, then everything about them.
        """
        ordered = self.in_order(spans)
        if size > COUNTED and self.order.lstrip("-") != "name":
            ids = list(ordered.values_list("pk", flat=True)[part])
            whole: Any = spans if spans.model is Change else Span.objects.all()
            ordered, part = self.in_order(whole.filter(pk__in=ids)), slice(None)
        elif size > COUNTED and (len(self.orgs) > MANY or self._is_most(size)):
            ordered = self.in_order(spans, along_names=True)
        elif size > COUNTED and spans.model is Span and part.stop <= CAP:
            ordered = self.in_order(Span.objects.filter(pk__in=self._first_of_each(spans, part.stop)))
        whole_rows = ordered.select_related("entity", "profile").prefetch_related("entity__identifiers")
        return list(whole_rows[part])

    def _is_most(self, size: int) -> bool:
        """Whether most names of the register are wanted. Where few are, as those of one county, a walk along all names
        may lead past everybody else first, for they begin alike.
        """
        ((names,),) = rows("SELECT reltuples FROM pg_class WHERE oid = 'members_entity'::regclass")
        return bool(2 * size >= names)

    def _first_of_each(self, spans: Rows, number: int) -> QuerySet[Any, int]:
        """Ids of the first by name of each organisation and category, read along the index of both."""
        ordered = self.in_order(spans.filter(org=OuterRef("pk"))).values("pk")
        categories = [self.asked["category"]] if self.asked.get("category") else list(Category)
        firsts = [ArraySubquery(ordered.filter(category=category)[:number]) for category in categories]
        each = Func(*firsts, function="unnest", arg_joiner=" || ", output_field=BigIntegerField())
        return Org.objects.filter(OneOf("id", self.orgs)).values_list(each, flat=True)

    def _few(self) -> set[int]:
        """Ids of the spans the word leads to, each way up to just beyond the cap."""
        first, *more = (
            self.base.filter(entity__in=way).values_list("pk", flat=True)[: CAP + 1] for way in ways(self.q)
        )
        return set(first.union(*more, all=True) if more else first)

    def _total(self) -> tuple[int, bool]:
        if day := self._day_rolled_up:
            count = Count(self.asked.get("count") or Count.HEADS)
            found = figures(Reach(tuple(self.orgs), count, self.asked.get("known")), on=day, by=["category"])
            category = self.asked.get("category")
            return sum(n for (own,), n in found.items() if category in ("", None, own)), False
        number = self.base.values("pk")[: COUNTED + 1].count()
        return min(number, COUNTED), number > COUNTED

    @property
    def _day_rolled_up(self) -> date | None:
        """The day whose members are listed, if the roll-up knows how many: nothing is asked that it does not keep."""
        before = self.asked.get("state") == State.OPENING and self.base.model is Span
        kept = (*KEPT_BY_ROLL_UP, "state") if before else KEPT_BY_ROLL_UP
        if any(self.asked.get(name) for name in MemberFilter.NARROWING if name not in kept):
            return None
        return period_of(self.asked, self.day)[0] - timedelta(days=1) if before else self.day


def listing(query: QueryDict, visible: list[int]) -> Listing:
    """Members of the organisations in `visible`, as far as asked for. Http404 for an organisation out of sight."""
    form = MemberFilter(query)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or today()
    orgs, scope = _scope(query.get("org", ""), visible, asked, day)
    spans = _asked_for(orgs, asked, day)
    for name, field in FIELDS.items():
        if asked.get(name):
            spans = spans.filter(**{field: asked[name]})
    if asked.get("measure"):
        spans = spans.filter(spans_behind(asked["measure"]))
    if asked.get("missing"):
        spans = spans.filter(~Exists(Identifier.objects.filter(entity=OuterRef("entity"), state="valid")))
    if asked.get("pick"):
        spans = spans.filter(entity_id__in=asked["pick"])
    return Listing(form, asked, day, scope, orgs, spans)


def _asked_for(orgs: list[int], asked: Mapping[str, Any], day: date) -> Rows:
    """Members on the day, or what a column of the movement table of a period counts; as known now or at a moment."""
    count, known_on = Count(asked.get("count") or Count.HEADS), asked.get("known")
    state = State(asked.get("state") or MEMBER)
    if state != MEMBER:
        since, until = period_of(asked, day)
        return movers(state, orgs, since=since, until=until, count=count, known_on=known_on)
    if known_on:
        return members_as_known(orgs, on=day, count=count, known_on=known_on)
    spans = Span.objects.in_orgs(orgs).on(day)
    return spans if count == Count.MEMBERSHIPS else spans.home()


def period_of(asked: Mapping[str, Any], day: date) -> tuple[date, date]:
    """The period asked for; without one the quarter of the day, up to the day."""
    until = asked.get("until") or day
    quarter = month_end(quarter_end(until).replace(day=1, month=quarter_end(until).month - 2)).replace(day=1)
    return asked.get("since") or quarter, until


def _scope(code: str, visible: list[int], asked: Mapping[str, Any], day: date) -> tuple[list[int], Org | None]:
    """The organisations a list covers: those below the one asked for, as far as the reader may see them; of a period as
    the movement table has them.
    """
    if not code:
        return visible, None
    org = Org.objects.filter(code=code, pk__in=visible).first()
    if org is None:
        raise Http404
    if asked.get("own"):
        return [org.pk], org
    known_on, state = asked.get("known"), asked.get("state") or MEMBER
    if asked.get("tree") == "now":
        below = set(subtree_ids(org, on=day, tree="now"))
    elif state == MEMBER:
        below = set(subtree_ids(org, on=day, known_on=known_on))
    else:
        below = set(subtree_ids_with_closed(org, on=period_of(asked, day)[1], known_on=known_on))
    return [pk for pk in visible if pk in below], org
