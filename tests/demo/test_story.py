"""What the demo tells, looked at once it is told; then what a second run does and does not do."""

import json
import re
import stat
from collections import Counter
from datetime import date
from hashlib import sha256

from django.contrib.auth import authenticate
from django.db.models import Q

from shanglian.archive.models import LogEntry
from shanglian.demo.accounts import accounts_path
from shanglian.demo.chambers import NEW_CHAMBER
from shanglian.demo.rosters import OPENING, YEAR_ENDS
from shanglian.demo.series import FILE
from shanglian.demo.story import steps_of
from shanglian.demo.terms import Terms
from shanglian.directory.core.kinds import CHAMBERS, OrgKind
from shanglian.directory.models import Appointment, Org, OrgName, User
from shanglian.directory.queries import org_by_code, subtree_ids
from shanglian.imports.models import Batch
from shanglian.members.models import Entity, Movement, Span
from shanglian.members.queries import Reach, figures
from shanglian.members.verification import verify_register
from shanglian.plans.core.series import read_series
from shanglian.structure.models import Post
from tests.demo.conftest import Told


def heads(on: date) -> int:
    city = org_by_code("410100")
    return figures(Reach(tuple(subtree_ids(city, on=on))), on=on)[()]


def test_it_opens_with_the_members_asked_for_and_grows_as_the_plan_asks(told: Told):
    assert heads(date(2013, 12, 31)) == told.members
    assert heads(date(2014, 12, 31)) >= 1.05 * told.members
    assert heads(date(2015, 12, 31)) >= 1.05 * heads(date(2014, 12, 31))
    assert heads(date(2016, 6, 30)) > heads(date(2015, 12, 31))


def test_the_register_balances(told: Told):
    assert [check.name for check in verify_register() if not check.ok] == []


def test_everything_is_marked_as_a_sample(told: Told):
    assert not Org.objects.filter(sample=False).exists()
    assert not Entity.objects.filter(Q(sample=False) | ~Q(name__contains="示例")).exists()
    chambers = OrgName.objects.filter(org__kind__in=CHAMBERS)
    assert chambers.exists()
    assert not chambers.exclude(name__contains="示例").exists()


def test_everything_a_roster_brought_walks_back_to_its_row(told: Told):
    assert not Movement.objects.filter(kind__in=["opening", "joined"], source_row=None).exists()


def test_every_kind_of_movement_occurs(told: Told):
    kinds = set(Movement.objects.values_list("kind", flat=True))

    assert kinds == {"opening", "joined", "left", "moved", "reclassified", "reversal"}


def test_the_second_clock_shows_when_the_demo_was_made(told: Told):
    assert Movement.objects.earliest("recorded_at").recorded_at >= told.begun
    assert Movement.objects.latest("effective_on").effective_on <= date(2016, 6, 30)


def _first_day():
    """The first batch after the accounts were opened (test_first_day.py)."""
    return Batch.objects.get(files__name="金水区吸收市直会员名册（示例）.csv").pk


def test_one_import_was_taken_back_and_two_wait_for_somebody_to_commit_them(told: Told):
    story = Batch.objects.exclude(state=Batch.State.COMMITTED).exclude(pk__gte=_first_day())
    found = story.order_by("pk").values_list("org__code", "state")

    assert list(found) == [("410106", "undone"), ("410105", "previewed"), ("410105", "previewed")]


def test_the_clerk_finds_a_roster_with_doubts_and_problems(told: Told):
    waiting = Batch.objects.get(files__name="金水区街道补报会员名册（示例）.csv")

    assert Counter(waiting.rows().values_list("verdict", flat=True)) == {
        "joined": 10,
        "doubtful": 3,
        "reject": 2,
        "duplicate": 1,
    }


def test_federations_and_chambers_have_people_in_their_posts(told: Told):
    held = Counter(Post.objects.values_list("org__code", flat=True))

    assert set(held) == {"410100", "410105", "410181", "410100-sh-001", "410105-sh-001"}
    assert not Post.objects.exclude(person__startswith="示例").exists()


def test_the_private_enterprises_of_the_demo_are_sample_figures(told: Told):
    text = (told.home / FILE).read_text(encoding="utf-8")
    (city, *counties) = [
        f for f in read_series(text, file=FILE.name, expected_id=FILE.stem).figures if f.day == OPENING
    ]

    assert (city.org, city.value, len(counties)) == ("410100", 52_000, 12)
    assert set(re.findall(r"quality: (\w+)", text)) == {"sample"}


def test_private_enterprises_and_chambers_are_counted_from_the_rosters(told: Told):
    found = figures(Reach(None), on=OPENING, by=["category", "registration_type"])
    types = {code: n for (category, code), n in found.items() if category == "enterprise"}

    assert types.pop("173") > 0.5 * sum(types.values())
    assert "" not in types


def test_a_hundred_chambers_stand_in_the_tree(told: Told):
    assert Org.objects.filter(kind__in=CHAMBERS).count() == 104


def test_the_same_seed_tells_the_same_figures(told: Told):
    """A change of the story changes this sum; nothing else may."""
    days = [date(2013, 12, 31), *YEAR_ENDS]
    found = [figures(Reach(None), on=day, by=["org", "category"]) for day in days]
    codes = dict(Org.objects.values_list("pk", "code"))
    lines = sorted(f"{day} {codes[org]} {category} {n}" for day, own in zip(days, found, strict=True)
                   for (org, category), n in own.items())  # fmt: skip

    assert sha256("\n".join(lines).encode()).hexdigest()[:16] == "293f1abfccf5cff6"


def test_one_entry_was_corrected_by_a_reversal(told: Told):
    corrections = Movement.objects.filter(kind="reversal", reverses__kind="left")

    assert corrections.get().effective_on == date(2016, 3, 15)


def test_the_roster_with_faults_shows_each_of_them(told: Told):
    batch = Batch.objects.get(files__name="二七区二季度新会员（示例）.csv")

    assert list(batch.rows().values_list("verdict", flat=True)) == [
        "joined",
        "joined",
        "reject",
        "duplicate",
        "already_booked",
        "joined",
    ]


def test_a_firm_may_be_a_member_of_its_county_and_of_a_chamber_but_is_counted_once(told: Told):
    chamber = org_by_code("410105-sh-001")
    here = Span.objects.filter(org=chamber).on(date(2016, 6, 30))

    assert here.exists()
    assert not here.home().exists()


def test_a_chamber_founded_while_the_plan_runs_has_members_of_its_own(told: Told):
    members = Span.objects.filter(org__code=NEW_CHAMBER.code).on(date(2016, 6, 30))

    assert members.home().count() == members.count() == 12


def test_zones_hold_no_members_yet(told: Told):
    assert not Span.objects.filter(org__kind=OrgKind.ZONE).exists()


def test_steps_have_names_of_their_own():
    keys = [step.key for step in steps_of("roster", Terms(seed=1, members=3000))]

    assert len(keys) == len(set(keys))
    assert [step.key for step in steps_of("orgs", Terms(seed=1, members=3000))] == ["organisations"]


def accounts(told: Told) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(accounts_path(told.home).read_text(encoding="utf-8"))
    return found


def test_there_is_one_account_per_role_and_nobody_else_can_read_the_passwords(told: Told):
    assert [(a["username"], a["role"], a["org"]) for a in accounts(told)] == [
        ("leader", "leader", "410100"),
        ("officer", "officer", "410100"),
        ("clerk", "clerk", "410105"),
        ("secretary", "secretary", "410105-sh-001"),
        ("reviewer", "reviewer", "410000"),
        ("admin", "admin", "410100"),
    ]
    assert stat.S_IMODE(accounts_path(told.home).stat().st_mode) == 0o600


def test_the_accounts_hold_their_posts_and_need_not_change_the_password(told: Told):
    appointed = Appointment.objects.values_list("user__username", "role", "org__code")

    assert set(appointed) == {(a["username"], a["role"], a["org"]) for a in accounts(told)}
    assert not User.objects.filter(username__in=dict(appointed.values_list("user__username", "role"))).filter(
        must_change_password=True
    )


def test_the_passwords_open_the_accounts(told: Told):
    (clerk,) = [account for account in accounts(told) if account["role"] == "clerk"]

    assert authenticate(username="clerk", password=clerk["password"]) == User.objects.get(username="clerk")


def test_a_second_run_changes_nothing(told: Told):
    before = (Movement.objects.count(), LogEntry.objects.count(), accounts(told))

    told.again("--seed", "2", "--members", "5000")

    assert (Movement.objects.count(), LogEntry.objects.count(), accounts(told)) == before


def test_lost_passwords_are_made_anew(told: Told):
    before = accounts(told)
    accounts_path(told.home).unlink()

    told.again()

    after = accounts(told)
    assert [a["username"] for a in after] == [a["username"] for a in before]
    assert {a["password"] for a in after}.isdisjoint(a["password"] for a in before)
    assert all(authenticate(username=a["username"], password=a["password"]) for a in after)
