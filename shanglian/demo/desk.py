"""What lies on the desks of the demo's offices: lists of posts that were booked, and a roster nobody decided on yet.

Persons have no names but 示例 and a sign; whoever holds a post for a firm is that firm's invented representative.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from shanglian.demo.firms import Firm, invent_firm, invent_person
from shanglian.demo.rosters import LAST, firms_of, plan_rosters, write_sheet
from shanglian.demo.terms import Terms
from shanglian.directory.models import User
from shanglian.directory.queries import org_by_code
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.models import Batch

POST_HEADINGS = ("姓名", "职务", "届次", "任职时间", "专职兼职", "所在企业", "统一社会信用代码")
# (title, how many) of a federation and of a chamber; whoever is full-time holds it for no firm.
_FEDERATION = (("主席", 1), ("常务副主席", 1), ("副主席、总商会副会长", 5), ("秘书长", 1), ("常委", 9), ("执委", 18))
_CHAMBER = (("会长", 1), ("常务副会长", 1), ("副会长", 4), ("秘书长", 1), ("理事", 8), ("监事长", 1))
_FULL_TIME = ("常务副主席", "秘书长")


@dataclass(frozen=True)
class Bench:
    """A list of posts: of an organisation, filled from the roster of an area."""

    org: str
    area: str
    what: str
    titles: tuple[tuple[str, int], ...]
    term: str
    since: date


BENCHES = (
    Bench("410100", "410100", "郑州市工商联", _FEDERATION, "十四届", date(2012, 6, 26)),
    Bench("410105", "410105", "金水区工商联", _FEDERATION, "八届", date(2011, 11, 18)),
    Bench("410181", "410181", "巩义市工商联", _FEDERATION, "九届", date(2011, 12, 8)),
    Bench("410100-sh-001", "410100", "郑州市示例餐饮行业商会", _CHAMBER, "三届", date(2012, 5, 18)),
    Bench("410105-sh-001", "410105", "金水区示例信息技术商会", _CHAMBER, "一届", date(2010, 3, 26)),
)


def book_posts_of(bench: Bench, terms: Terms, actor: User) -> None:
    """One list of posts goes in, as the import page does it."""
    data = write_posts(bench, terms)
    batch = receive("posts", bench.org, f"{bench.what}任职名单（示例）.csv", data, bench.since, actor)
    commit_batch(batch=batch, actor=actor)


def write_posts(bench: Bench, terms: Terms) -> bytes:
    """The list as the office sends it."""
    chance = Random(f"{terms.seed}:posts:{bench.org}")  # noqa: S311 - invented data, nothing secret
    (roster,) = (r for r in plan_rosters(terms.members) if r.key == f"opening-{bench.area}")
    firms = iter([firm for firm in firms_of(roster, seed=terms.seed) if firm.member_type == "企业会员"])
    lines: list[Sequence[str]] = [(f"{bench.what}任职名单（示例数据，非真实人员）",), POST_HEADINGS]
    for title, number in bench.titles:
        for _place in range(number):
            full_time = title in _FULL_TIME
            firm = None if full_time else next(firms, None)
            lines.append(
                (firm.legal_rep if firm else invent_person(chance), title, bench.term, f"{bench.since:%Y年%-m月}",
                 "专职" if full_time else "兼职", firm.name if firm else "", firm.uscc if firm else "")
            )  # fmt: skip
    return as_csv(lines)


def leave_doubtful_roster(number: int, terms: Terms, actor: User) -> None:
    """A roster of 金水区 that waits for its clerk: rows that are good, faulty, and doubtful. `number`: the first that
    no firm bears yet.
    """
    org, on = "410105", LAST
    file = "金水区街道补报会员名册（示例）.csv"
    data = write_sheet("金水区街道补报会员名册（示例数据，非真实企业）", doubtful_rows(number, terms))
    batch = receive("roster", org, file, data, on, actor, history=True)
    preview_batch(batch=batch, actor=actor)


def doubtful_rows(number: int, terms: Terms) -> list[tuple[Firm, str, str]]:
    """Good rows; namesakes of members without a number; a wrong number; a row twice; no name; a day to come."""
    good = [
        invent_firm(n, seed=terms.seed, place="金水区", area="410105", before=date(2015, 1, 1))
        for n in range(number, number + 12)
    ]
    (roster,) = (r for r in plan_rosters(terms.members) if r.key == "opening-410105")
    members = [firm for firm in firms_of(roster, seed=terms.seed)[-9:] if firm.member_type != "团体会员"]
    namesakes = [replace(firm, uscc="", legal_rep="示例某", phone="17000009999") for firm in members[:3]]
    broken = replace(good[8], uscc=good[8].uscc[:-1] + ("0" if good[8].uscc[-1] != "0" else "1"))
    firms = [*good[:8], *namesakes, broken, good[0], replace(good[9], name="")]
    found = [(firm, f"2016-05-{day:02}", "金水区") for day, firm in enumerate(firms, start=3)]
    return [*found, (good[10], "2016-12-01", "金水区"), (good[11], "2016年5月", "金水区郑东")]


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, as Excel saves."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def receive(
    kind: str, org: str, name: str, data: bytes, on: date, actor: User, *, history: bool = False
) -> Batch:  # fmt: skip
    files = [IncomingFile(name, data)]
    batch = receive_file(org=org_by_code(org), kind=kind, files=files, on=on, history=history, actor=actor)
    return read_batch(batch=batch, actor=actor)
