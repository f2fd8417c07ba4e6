"""What the demo's accounts find on their first day: drafts of their own, doubts, notices, posts that end soon.

Played once the accounts are there, by the accounts themselves, for nobody is told of what they did or what came before
them. No head is added: drafts are not committed, what is committed is taken back or is a further membership.
"""

from collections.abc import Callable
from datetime import date, timedelta

from shanglian.demo.accounts import HOLDERS
from shanglian.demo.desk import BENCHES, POST_HEADINGS, as_csv, doubtful_rows, receive, write_posts
from shanglian.demo.firms import Firm, invent_firm
from shanglian.demo.rosters import LAST, OPENING, firms_of, plan_rosters, write_sheet
from shanglian.demo.terms import Terms
from shanglian.directory.core.rights import Role
from shanglian.directory.models import User
from shanglian.directory.queries import today
from shanglian.imports.actions import commit_batch, preview_batch, undo_batch
from shanglian.members.models import Identifier, Span

JINSHUI, CITY = "410105", "410100"
SHARED = 3  # firms of the city that join the county too
ENDING = timedelta(days=45)  # ahead of the day the demo is made: the only thing in it that depends on that day
Play = Callable[[User], None]


def holder(role: Role) -> User:
    return User.objects.get(username=HOLDERS[role][0])


def first_day(number: int, terms: Terms) -> list[tuple[str, str, Play]]:
    """(key, title, what is done) of each step. `number`: the first that no firm of the story bears."""
    return [
        ("desk-shared", "重复入会 / a second membership", lambda actor: _shared(terms)),
        ("desk-columns", "待核对列的名册 / columns to look at", lambda actor: _columns(number, terms)),
        ("desk-doubts", "经办人的疑点 / doubts of a clerk", lambda actor: _doubts(number + 20, terms)),
        ("desk-undone", "导入后撤销 / an import taken back", lambda actor: _undone(number + 40, terms, actor)),
        ("desk-city", "市级草稿 / a draft of the city", lambda actor: _draft(number + 50, terms)),
        *((f"desk-ending-{org}", f"任期将满 / posts ending {org}", _ending(org, terms)) for org in (JINSHUI, CITY)),
    ]


def _firms(number: int, count: int, terms: Terms, place: str = "金水区", area: str = JINSHUI) -> list[Firm]:
    return [
        invent_firm(n, seed=terms.seed, place=place, area=area, before=date(2015, 1, 1))
        for n in range(number, number + count)
    ]


def _rows(firms: list[Firm], place: str = "金水区") -> list[tuple[Firm, str, str]]:
    return [(firm, f"2016-06-{day:02}", place) for day, firm in enumerate(firms, start=3)]


def _shared(terms: Terms) -> None:
    """Firms whose home is the city join the county too; the city hears of it."""
    (roster,) = (one for one in plan_rosters(terms.members) if one.key == f"opening-{CITY}")
    still = Span.objects.filter(org__code=CITY, home=True, during__upper_inf=True).on(OPENING)
    codes = set(Identifier.objects.filter(entity__in=still.values("entity")).values_list("value", flat=True))
    firms = [one for one in firms_of(roster, seed=terms.seed) if one.uscc in codes and one.member_type == "企业会员"]
    clerk = holder(Role.CLERK)
    data = write_sheet("金水区吸收市直会员名册（示例数据，非真实企业）", _rows(firms[-SHARED:]))
    file = "金水区吸收市直会员名册（示例）.csv"
    commit_batch(batch=receive("roster", JINSHUI, file, data, LAST, clerk, history=True), actor=clerk)


def _columns(number: int, terms: Terms) -> None:
    """A draft with columns whose headings nobody of the county has explained yet."""
    sheet = write_sheet("金水区青年企业家名册（示例数据，非真实企业）", _rows(_firms(number, 6, terms)))
    text = sheet.decode("utf-8-sig").replace("法定代表人,", "联络人,").replace("登记注册类型", "所有制情况")
    clerk = holder(Role.CLERK)
    data = b"\xef\xbb\xbf" + text.encode()
    batch = receive("roster", JINSHUI, "金水区青年企业家名册（示例）.csv", data, LAST, clerk, history=True)
    preview_batch(batch=batch, actor=clerk)


def _doubts(number: int, terms: Terms) -> None:
    """A draft of the clerk's own with rows to decide."""
    clerk = holder(Role.CLERK)
    data = write_sheet("金水区楼宇企业名册（示例数据，非真实企业）", doubtful_rows(number, terms)[6:11])
    batch = receive("roster", JINSHUI, "金水区楼宇企业名册（示例）.csv", data, LAST, clerk, history=True)
    preview_batch(batch=batch, actor=clerk)


def _undone(number: int, terms: Terms, actor: User) -> None:
    """A roster handed in twice, by command, is committed and taken back; the clerk hears of both."""
    data = write_sheet("金水区重复报送名册（示例数据，非真实企业）", _rows(_firms(number, 4, terms)))
    batch = receive("roster", JINSHUI, "金水区重复报送名册（示例）.csv", data, LAST, actor, history=True)
    commit_batch(batch=batch, actor=actor)
    batch.refresh_from_db()
    undo_batch(batch=batch, actor=actor)


def _draft(number: int, terms: Terms) -> None:
    """A good roster of the city's officer, looked at and not committed yet."""
    officer = holder(Role.OFFICER)
    rows = _rows(_firms(number, 5, terms, "郑州市", CITY), "郑州市")
    data = write_sheet("市直新入会名册（示例数据，非真实企业）", rows)
    batch = receive("roster", CITY, "市直六月新入会名册（示例）.csv", data, LAST, officer, history=True)
    preview_batch(batch=batch, actor=officer)


def _ending(org: str, terms: Terms) -> Play:
    """The first two of a body's list are said to end some weeks after the demo is made."""

    def play(actor: User) -> None:
        (bench,) = (one for one in BENCHES if one.org == org)
        rows = write_posts(bench, terms).decode("utf-8-sig").splitlines()[2:4]
        end = (today() + ENDING).isoformat()
        lines = [(f"{bench.what}任期届满名单（示例数据，非真实人员）",), (*POST_HEADINGS, "卸任时间")]
        data = as_csv([*lines, *((*row.split(","), end) for row in rows)])
        batch = receive("posts", org, f"{bench.what}任期届满名单（示例）.csv", data, today(), actor)
        commit_batch(batch=batch, actor=actor)

    return play
