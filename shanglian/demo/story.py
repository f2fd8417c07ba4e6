"""The life of the demo, 2013 to the middle of 2016, as steps; each is one transaction made of the real actions.

A step notes its name in the log in its own transaction, so a demo that was interrupted goes on where it stopped. The
first clock (when something was true) tells the story; the second (when it was recorded) is never touched and shows
the day the demo was made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from django.conf import settings

from shanglian.demo.chambers import NEW_CHAMBER, WITH_ROSTER, Chamber
from shanglian.demo.desk import BENCHES, Bench, book_posts_of, leave_doubtful_roster
from shanglian.demo.firms import Firm, invent_firm
from shanglian.demo.living import first_day
from shanglian.demo.organisations import found_organisations
from shanglian.demo.rosters import (
    LAST,
    OPENING,
    PLACES,
    YEAR_ENDS,
    Roster,
    firms_of,
    leavers,
    plan_rosters,
    shares,
    write_roster,
    write_sheet,
)
from shanglian.demo.series import write_series
from shanglian.demo.terms import Terms
from shanglian.directory.models import User
from shanglian.directory.queries import org_by_code
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file, undo_batch
from shanglian.imports.models import Batch
from shanglian.members.actions.memberships import end_membership, move_membership, reclassify, reverse_movement
from shanglian.members.core.kinds import Category
from shanglian.members.models import Identifier, Membership, Movement, Span

REASONS_TO_LEAVE = ("自愿退会，已交回会员证", "企业注销", "停业失联，经会议决定按自动退会处理", "迁往外地")
LATE = 12  # rows of the small rosters that tell a story of their own


@dataclass(frozen=True)
class Step:
    """One transaction of the story. `key` is its name in the log, `title` what is shown while it runs."""

    key: str
    title: str
    play: Callable[[User], None]


def steps_of(stage: str, terms: Terms) -> list[Step]:
    """The steps up to and including a stage (orgs, roster, plan, full), in order."""
    found = [Step("organisations", "组织 / organisations", lambda actor: found_organisations(actor=actor))]
    if stage == "orgs":
        return found
    rosters = plan_rosters(terms.members)
    found += _roster_steps(rosters, terms)
    if stage == "roster":
        return found
    found.append(Step("series", "外部数列 / outside series", lambda actor: write_series(settings.HOME)))
    return found if stage == "plan" else [*found, *_desk_steps(_next_number(rosters) + 8 * LATE, terms)]


def steps_after_accounts(stage: str, terms: Terms) -> list[Step]:
    """What is played once the accounts are there."""
    if stage != "full":
        return []
    number = _next_number(plan_rosters(terms.members)) + 16 * LATE
    return [Step(*one) for one in first_day(number, terms)]


def _next_number(rosters: Sequence[Roster]) -> int:
    """The first number that no firm of the large rosters bears."""
    return rosters[-1].first + rosters[-1].count


def _roster_steps(rosters: Sequence[Roster], terms: Terms) -> list[Step]:
    by_key = {roster.key: roster for roster in rosters}
    openings = [roster for roster in rosters if roster.on == OPENING]
    found = [_import_step(roster, terms) for roster in openings]
    found += [_chamber_step(chamber, by_key[f"opening-{chamber.parent}"], terms) for chamber in WITH_ROSTER]
    for end in YEAR_ENDS:
        found += [_import_step(roster, terms) for roster in rosters if roster.on == end]
        found += [_year_step(area, count, end, terms) for area, count in shares(terms.members).items()]
    return found + _incidents(_next_number(rosters), by_key, terms)


def _desk_steps(number: int, terms: Terms) -> list[Step]:
    def doubtful(actor: User) -> None:
        leave_doubtful_roster(number, terms, actor)

    found = [_posts_step(bench, terms) for bench in BENCHES]
    return [*found, Step("doubtful", "有疑问的名册 / a roster with doubts", doubtful)]


def _posts_step(bench: Bench, terms: Terms) -> Step:
    title = f"任职名单 / list of posts {bench.what}"
    return Step(f"posts-{bench.org}", title, lambda actor: book_posts_of(bench, terms, actor))


def _import_step(roster: Roster, terms: Terms) -> Step:
    def play(actor: User) -> None:
        data = write_roster(roster, seed=terms.seed)
        import_file(roster.org, roster.file_name, data, roster.on, actor, history=roster.history_from is not None)

    return Step(roster.key, f"名册 / roster {PLACES[roster.area][0]} {roster.on}", play)


def import_file(org: str, name: str, data: bytes, on: date, actor: User, *, history: bool = False) -> Batch:
    """Receive, read and commit one file, as the import page does."""
    batch = receive_file(
        org=org_by_code(org), kind="roster", files=[IncomingFile(name, data)], on=on, history=history, actor=actor
    )
    batch = read_batch(batch=batch, actor=actor)
    commit_batch(batch=batch, actor=actor)
    batch.refresh_from_db()
    return batch


# Chambers ------------------------------------------------------------


def _chamber_step(chamber: Chamber, above: Roster, terms: Terms) -> Step:
    """Members of the federation above join the chamber too: a further membership, home stays where it was."""

    def play(actor: User) -> None:
        firms = members_of_chamber(chamber, firms_of(above, seed=terms.seed), terms.seed)
        rows = [(firm, "", PLACES[above.area][0]) for firm in firms]
        data = write_sheet(f"{chamber.name}会员名册（示例数据，非真实企业）", rows)
        import_file(chamber.code, f"{chamber.name}会员名册.csv", data, OPENING, actor)

    return Step(f"chamber-{chamber.code}", f"商会名册 / chamber roster {chamber.short_name}", play)


def members_of_chamber(chamber: Chamber, firms: Sequence[Firm], seed: int) -> list[Firm]:
    """Two chambers below one organisation share no member, so that every firm has at most two memberships."""
    firms = [firm for firm in firms if firm.member_type != "团体会员"]
    siblings = [other for other in WITH_ROSTER if other.parent == chamber.parent]
    mixed = Random(f"{seed}:{chamber.parent}").sample(firms, len(firms))  # noqa: S311 - invented data
    start = sum(len(firms) * other.share // 100 for other in siblings[: siblings.index(chamber)])
    return mixed[start : start + max(len(firms) * chamber.share // 100, 1)]


# Year by year ------------------------------------------------------------


def _year_step(area: str, count: int, end: date, terms: Terms) -> Step:
    def play(actor: User) -> None:
        play_year(area, count, end, terms.seed, actor)

    return Step(f"year-{end.year}-{area}", f"变动 / changes {PLACES[area][0]} {end.year}", play)


def play_year(area: str, count: int, end: date, seed: int, actor: User) -> None:
    """Some members leave, some move to the next district, some shops become companies. One action each."""
    chance = Random(f"{seed}:{area}:{end}")  # noqa: S311 - invented data
    start = date(end.year, 1, 1)
    leaving = leavers(count, end.month)
    others = max(leaving // 3, 1)
    candidates = _single_members(area, start)
    chosen = chance.sample(list(candidates), min(leaving + others, len(candidates)))
    memberships = Membership.objects.select_related("entity", "org").in_bulk(chosen)
    for place, pk in enumerate(chosen):
        day = start + timedelta(days=chance.randrange(1, (end - start).days))
        if place < leaving:
            end_membership(membership=memberships[pk], on=day, reason=chance.choice(REASONS_TO_LEAVE), actor=actor)
        else:
            to = org_by_code(_neighbour(area))
            move_membership(membership=memberships[pk], to=to, on=day, reason="企业迁址", actor=actor)
    shops = [pk for pk, kind in candidates.items() if kind == Category.INDIVIDUAL and pk not in memberships][:others]
    for membership in Membership.objects.filter(pk__in=shops).order_by("pk"):
        day = start + timedelta(days=chance.randrange(1, 150))
        reason = "个体工商户转为企业"
        reclassify(membership=membership, category=Category.ENTERPRISE, on=day, reason=reason, actor=actor)


def _single_members(area: str, start: date) -> dict[int, str]:
    """Memberships there since before `start` that are their entity's only one, in a fixed order, with category."""
    spans = Span.objects.filter(org__code=area, home=True, during__upper_inf=True).on(start)
    spans = spans.exclude(category=Category.GROUP)
    elsewhere = Span.objects.filter(org__code__in=[chamber.code for chamber in WITH_ROSTER])
    found = spans.exclude(entity__in=elsewhere.values("entity")).order_by("membership")
    return dict(found.values_list("membership_id", "category"))


def _neighbour(area: str) -> str:
    places = [code for code in PLACES if code != "410100"]
    return places[(places.index(area) + 1) % len(places)] if area in places else places[0]


# Incidents ------------------------------------------------------------


def _incidents(number: int, rosters: dict[str, Roster], terms: Terms) -> list[Step]:
    """What goes wrong in an office and how it is put right. `number`: the first that no firm bears yet."""
    late = Roster("late", "410108", "410108", date(2015, 12, 31), number, LATE, date(2015, 10, 1))
    tower = Roster("tower", "410105", "410105", date(2015, 6, 30), number + LATE, LATE, NEW_CHAMBER.since)
    fresh = Roster("fresh", "410105", "410105", LAST, number + 2 * LATE, LATE, date(2016, 6, 1))
    known = rosters["opening-410103"]
    return [
        Step("tower", "新商会名册 / roster of a new chamber", lambda actor: _tower(tower, terms, actor)),
        Step("undone", "误导入并撤销 / an import taken back", lambda actor: _wrong_county(late, terms, actor)),
        Step("reversed", "冲正 / a correction", lambda actor: _wrong_exit(terms, actor)),
        Step("faulty", "有问题的名册 / a roster with faults", lambda actor: _faulty(known, number, terms, actor)),
        Step("waiting", "待入账的名册 / a roster not yet committed", lambda actor: _waiting(fresh, terms, actor)),
    ]


def _tower(roster: Roster, terms: Terms, actor: User) -> None:
    """Firms that join the new chamber and nothing else: their home is the chamber."""
    data = write_roster(roster, seed=terms.seed)
    import_file(NEW_CHAMBER.code, f"{NEW_CHAMBER.name}首批会员（示例）.csv", data, roster.on, actor, history=True)


def _wrong_county(roster: Roster, terms: Terms, actor: User) -> None:
    """A roster of 惠济区 goes into 上街区 by mistake, is taken back, and goes where it belongs."""
    data = write_roster(roster, seed=terms.seed)
    name = "惠济区补报会员名册（示例）.csv"
    wrong = import_file("410106", name, data, roster.on, actor, history=True)
    undo_batch(batch=wrong, actor=actor)
    import_file("410108", name, data, roster.on, actor, history=True)


def _wrong_exit(terms: Terms, actor: User) -> None:
    """An exit booked for the wrong firm is reversed on its own day."""
    membership = Membership.objects.get(pk=next(iter(_single_members("410182", date(2016, 1, 1)))))
    reason = "自愿退会，已交回会员证"
    booked = end_membership(membership=membership, on=date(2016, 3, 15), reason=reason, actor=actor)
    movement = Movement.objects.get(pk=booked)
    reverse_movement(movement=movement, reason="登记错误：退会的是另一家企业", actor=actor)


def _faulty(known: Roster, number: int, terms: Terms, actor: User) -> None:
    """Six rows: two are good; one has a wrong number, one is named twice, one is a member already, one only by name."""
    first = number + 3 * LATE
    good, other, broken, nameless = (
        invent_firm(n, seed=terms.seed, place="二七区", area="410103", before=date(2015, 1, 1))
        for n in range(first, first + 4)
    )
    member = _still_member(known, terms)
    codes = {broken: broken.uscc[:-1] + ("0" if broken.uscc[-1] != "0" else "1"), nameless: ""}
    firms = [good, other, broken, good, member, nameless]
    rows = [(_with_code(firm, codes.get(firm, firm.uscc)), "2016-04-20", "二七区") for firm in firms]
    data = write_sheet("二七区二季度新会员（示例数据，非真实企业）", rows)
    import_file("410103", "二七区二季度新会员（示例）.csv", data, LAST, actor, history=True)


def _still_member(roster: Roster, terms: Terms) -> Firm:
    """The first firm of an opening roster that has been a member there ever since."""
    open_now = Span.objects.filter(org__code=roster.org, during__upper_inf=True).on(OPENING)
    codes = set(Identifier.objects.filter(entity__in=open_now.values("entity")).values_list("value", flat=True))
    return next(firm for firm in firms_of(roster, seed=terms.seed) if firm.uscc in codes)


def _with_code(firm: Firm, code: str) -> Firm:
    return replace(firm, uscc=code)


def _waiting(roster: Roster, terms: Terms, actor: User) -> None:
    """A roster that has been previewed and waits for somebody to commit it."""
    file = IncomingFile("金水区六月新入会名册（示例）.csv", write_roster(roster, seed=terms.seed))
    org = org_by_code(roster.org)
    batch = receive_file(org=org, kind="roster", files=[file], on=roster.on, history=True, actor=actor)
    preview_batch(batch=read_batch(batch=batch, actor=actor), actor=actor)
