"""What waits for whom, what happened that concerns whom; and that nobody is told of what lies outside their sight."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.archive.models import ReadEntry
from shanglian.directory import actions as directory
from shanglian.directory.core.rights import Role
from shanglian.directory.queries import system_user, today
from shanglian.imports.actions import (
    IncomingFile,
    commit_batch,
    decide_row,
    discard_batch,
    name_columns,
    preview_batch,
    read_batch,
    receive_file,
    undo_batch,
)
from shanglian.imports.models import Batch
from shanglian.members.actions.memberships import admit, move_membership, profile_of
from shanglian.members.models import Entity
from tests.factories.members import make_entity, make_member
from tests.factories.structure import import_posts
from tests.guards import assert_guarded
from tests.imports.workbooks import csv_bytes, uscc
from tests.little_federation import BEGINNING, LittleFederation, little_federation
from tests.members.roster_steps import LATER, commit, finish, keeper_of, rehearse

pytestmark = pytest.mark.django_db
ON = date(2015, 12, 31)
HEADINGS = ["企业名称", "统一社会信用代码"]
JINSHUI, ERQI = "郑州市金水区工商业联合会", "郑州市二七区工商业联合会"


@pytest.fixture
def federation(settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.POLICY_DIRS = [tmp_path / "policies", *settings.POLICY_DIRS]
    return little_federation()


def a_draft(org, actor, *names: str) -> Batch:
    """A roster as far as its preview; a name stands alone, so its row books a firm."""
    rows = [[name, ""] for name in names or ("示例甲公司",)]
    file = IncomingFile("名册.csv", csv_bytes([HEADINGS, *rows]))
    batch = receive_file(org=org, kind="roster", files=[file], on=ON, actor=actor)
    read_batch(batch=batch, actor=actor)
    preview_batch(batch=batch, actor=actor)
    batch.refresh_from_db()
    return batch


def aged(batch: Batch, **fields: object) -> Batch:
    Batch.objects.filter(pk=batch.pk).update(**fields)
    return batch


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def inbox_of(user) -> list[tuple[str, str, str]]:
    lines = client_of(user).get("/inbox/").context["lines"]
    return [(item.what, item.kind, org) for item, org in lines]


def notices_of(user, show: str = "") -> list[str]:
    return [told.what for _entry, told, _unread in client_of(user).get("/notices/", {"show": show}).context["lines"]]


def counts_of(user) -> tuple[dict[str, int], int]:
    shell = client_of(user).get("/inbox/").context["shell"]
    counted = {entry.url: entry.count for group in shell.nav for entry in group.entries if entry.count}
    return counted, shell.unread


# What waits ------------------------------------------------------------


def test_my_draft_waits_for_me_alone_and_is_counted_beside_both_entries(federation):
    draft = a_draft(federation.jinshui, federation.alice)
    page = client_of(federation.alice).get("/inbox/")
    assert inbox_of(federation.alice) == [("名册.csv: ready to commit", "info", JINSHUI)]
    assert f'href="/imports/{draft.pk}/"' in page.content.decode()
    assert counts_of(federation.alice) == ({"/inbox/": 1, "/imports/": 1}, 1)  # the notice: the appointment
    others = (federation.olivia, federation.bob, federation.sam, federation.rita, federation.lin, federation.adam)
    assert [counts_of(user) for user in others] == [({}, 1)] * 6
    assert [inbox_of(user) for user in others] == [[]] * 6


def test_an_import_that_was_interrupted_or_failed_comes_first(federation):
    a_draft(federation.jinshui, federation.alice)
    aged(a_draft(federation.jinshui, federation.alice), state="committing")
    aged(a_draft(federation.jinshui, federation.alice), failure="database", failure_detail="full")
    aged(a_draft(federation.jinshui, federation.alice), state="read", behind="naming")
    assert [kind for _what, kind, _org in inbox_of(federation.alice)] == ["bad", "bad", "warn", "info"]
    assert {what for what, kind, _org in inbox_of(federation.alice) if kind == "bad"} == {
        "名册.csv: interrupted; start it again",
        "名册.csv: The register refuses this import: full",
    }


def test_what_is_done_or_discarded_waits_no_more(federation):
    commit_batch(batch=a_draft(federation.jinshui, federation.alice), actor=federation.alice)
    discard_batch(batch=a_draft(federation.jinshui, federation.alice), actor=federation.alice)
    assert inbox_of(federation.alice) == []


def test_a_draft_a_colleague_left_waits_after_a_week_for_whoever_may_commit_it(federation):
    draft = a_draft(federation.jinshui, federation.alice)
    colleague, _ = directory.create_user(username="dora", name="Dora", actor=system_user())
    directory.set_first_password(colleague, actor=system_user())
    type(colleague).objects.filter(pk=colleague.pk).update(must_change_password=False)
    directory.appoint(colleague, org=federation.jinshui, role=Role.CLERK, on=BEGINNING, actor=system_user())
    assert inbox_of(colleague) == []
    aged(draft, created_at=timezone.now() - timedelta(days=8))
    assert len(inbox_of(colleague)) == 1
    assert inbox_of(federation.olivia) == inbox_of(federation.bob) == []


def test_a_draft_a_command_handed_in_waits_at_once(federation):
    a_draft(federation.jinshui, system_user())
    assert [len(inbox_of(user)) for user in (federation.alice, federation.bob, federation.olivia)] == [1, 0, 0]


def test_posts_that_have_ended_without_anybody_after_wait_for_their_clerk(federation):
    def lists(name: str, title: str, since: date, until: str = "") -> None:
        rows = [[name, title, "", since.isoformat(), until, "", ""]]
        import_posts(federation.jinshui, federation.alice, rows, on=today())

    ended = today() - timedelta(days=20)
    lists("示例甲", "主席", date(2012, 1, 1), ended.isoformat())
    lists("示例丁", "秘书长", date(2002, 1, 1), "2007-01-01")  # history
    what = "1 post has ended and nobody is recorded after it: hand in the new list of posts"
    assert inbox_of(federation.alice) == [(what, "bad", JINSHUI)]
    assert counts_of(federation.alice)[0] == {"/inbox/": 1, "/posts/": 1}
    assert inbox_of(federation.bob) == []
    lists("示例乙", "主席", ended)
    assert inbox_of(federation.alice) == []


def test_posts_that_end_soon_are_told_before_and_by_the_days_of_the_policy(federation, tmp_path):
    def held(name: str, title: str, days: int) -> None:
        rows = [[name, title, "", "2012-01-01", (today() + timedelta(days=days)).isoformat(), "", ""]]
        import_posts(federation.jinshui, federation.alice, rows, on=today())

    held("示例甲", "主席", 40)
    held("示例乙", "秘书长", 90)
    held("示例丙", "副主席", 91)  # the policy says 90 days
    what = "2 posts end soon and nobody is recorded after them: see to the new list of posts"
    assert inbox_of(federation.alice) == [(what, "warn", JINSHUI)]
    assert counts_of(federation.alice)[0] == {"/inbox/": 1, "/posts/": 1}
    assert (inbox_of(federation.bob), inbox_of(federation.olivia)) == ([], [])
    page = client_of(federation.alice).get("/posts/?org=410105").content.decode()
    assert page.count("ends soon") == 2


def test_columns_nobody_has_looked_at_wait_before_the_rows_they_would_change(federation):
    file = IncomingFile("名册.csv", csv_bytes([[*HEADINGS, "备用一"], ["示例甲公司", "", "甲"]]))
    batch = receive_file(org=federation.jinshui, kind="roster", files=[file], on=ON, actor=federation.alice)
    read_batch(batch=batch, actor=federation.alice)
    preview_batch(batch=batch, actor=federation.alice)
    assert inbox_of(federation.alice) == [("名册.csv: 1 column wants a look", "warn", JINSHUI)]
    said = {(0, "csv", 1): {0: "name", 1: "uscc", 2: ""}}
    name_columns(batch=batch, columns=said, remember=False, actor=federation.alice)
    batch.refresh_from_db()
    assert inbox_of(federation.alice) == [("名册.csv: ready to commit", "info", JINSHUI)]


def test_the_side_bar_counts_what_the_lists_show(federation, tmp_path):
    """For every account: tasks of all rooms, those of each entry, and unread notices."""
    for user, org in ((federation.alice, federation.jinshui), (federation.bob, federation.erqi)):
        a_draft(org, user)
        aged(a_draft(org, user), failure="database", failure_detail="full")
        undo(a_draft(org, user, f"示例{org.code}厂"), federation.olivia)
        for name, title, days in (("示例甲", "主席", -20), ("示例乙", "秘书长", 40)):
            end = (today() + timedelta(days=days)).isoformat()
            import_posts(org, user, [[name, title, "", "2012-01-01", end, "", ""]], on=today())
    (tmp_path / "policies" / "plans").mkdir(parents=True)
    (tmp_path / "policies" / "plans" / "broken.yaml").write_text("no plan", encoding="utf-8")
    waits = {}
    for name, user in vars(federation).items():
        if not hasattr(user, "username"):
            continue
        counted, unread = counts_of(user)
        items = inbox_of(user)
        entries = {url: n for url, n in counted.items() if url != "/inbox/"}
        assert (name, counted.get("/inbox/", 0), unread) == (name, len(items), len(notices_of(user)))
        drafts = sum(what.startswith("名册.csv") for what, *_rest in items)
        posts = sum("post" in what for what, *_rest in items)
        assert (name, entries) == (name, {u: n for u, n in (("/imports/", drafts), ("/posts/", posts)) if n})
        waits |= {name: len(items)} if items else {}
    assert waits == {"adam": 1, "alice": 4, "bob": 4}


def test_a_broken_plan_file_waits_for_the_administrator(federation, tmp_path):
    (tmp_path / "policies" / "plans").mkdir(parents=True)
    (tmp_path / "policies" / "plans" / "broken.yaml").write_text("no plan", encoding="utf-8")
    what = "Plan file broken.yaml has errors and is not used; mend it on the server"
    assert inbox_of(federation.adam) == [(what, "bad", "")]
    assert counts_of(federation.adam)[0] == {"/inbox/": 1}
    assert inbox_of(federation.alice) == []


def test_a_reader_without_any_post_has_an_empty_inbox(federation):
    assert (inbox_of(federation.nobody), notices_of(federation.nobody)) == ([], [])


@pytest.mark.parametrize("url", ["/inbox/", "/notices/"])
def test_a_stranger_is_sent_to_sign_in(federation, url):
    assert_guarded(url, allowed=federation.alice, forbidden=None, elsewhere=None)


@pytest.mark.parametrize("url", ["/inbox/", "/notices/?show=all", "/orgs/"])
def test_pages_ask_as_often_for_many_as_for_few(federation, url):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    client = client_of(federation.alice)
    for number in range(2):
        undo(a_draft(federation.jinshui, federation.alice, f"示例{number}公司"), federation.olivia)
        a_draft(federation.jinshui, federation.alice)
    asked()  # what is kept of the tree
    few = asked()
    for number in range(4):
        undo(a_draft(federation.jinshui, federation.alice, f"示例{number}厂"), federation.olivia)
        a_draft(federation.jinshui, federation.alice)
    assert asked() == few


def test_the_frame_pays_one_query_for_all_counts(federation):
    client = client_of(federation.alice)
    with CaptureQueriesContext(connection) as queries:
        client.get("/orgs/")
    tables = ("imports_batch", "structure_post", "archive_logentry")
    assert [sum(table in one["sql"] for table in tables) for one in queries if "imports_batch" in one["sql"]] == [3]


# What happened ------------------------------------------------------------


def undo(batch: Batch, actor) -> None:
    commit_batch(batch=batch, actor=actor)
    undo_batch(batch=batch, actor=actor)


def test_an_import_of_my_organisation_that_another_committed_or_took_back_is_told(federation):
    undo(a_draft(federation.jinshui, federation.alice), system_user())
    committed, back = "The import 名册.csv was committed", "The import 名册.csv was taken back"
    assert notices_of(federation.alice) == [back, committed, *notices_of_appointment()]
    assert back not in notices_of(federation.bob) + notices_of(federation.olivia) + notices_of(federation.rita)


def notices_of_appointment() -> list[str]:
    return [f"You are County clerk of {JINSHUI} from 2000-01-01 on"]


def test_my_own_doing_is_no_notice(federation):
    undo(a_draft(federation.jinshui, federation.alice), federation.alice)
    assert notices_of(federation.alice) == notices_of_appointment()


def test_of_what_another_said_in_my_draft_the_last_word_is_told(federation):
    draft = a_draft(federation.jinshui, federation.alice)
    for verb in ("import.decide", "import.decide", "import.amend"):
        log(verb, org="410105", subject=draft, actor=federation.olivia)
    assert notices_of(federation.alice)[0] == "A cell was mended in your draft 名册.csv"
    assert len(notices_of(federation.alice)) == 2
    assert notices_of(federation.bob)[0] != notices_of(federation.alice)[0]


def test_a_firm_that_joins_or_moves_elsewhere_is_told_where_it_came_from(federation):
    alice, bob = federation.alice, federation.bob
    member = make_member(federation.jinshui, ON, alice)
    admit(entity=member.entity, org=federation.textile, category="enterprise", profile=profile_of(), on=ON, actor=bob)
    other = make_member(federation.jinshui, ON, alice, entity=make_entity("示例乙"))
    move_membership(membership=other, to=federation.erqi, on=ON, actor=bob)
    assert [what.split(" has moved to ")[0].split(" is now ")[0] for what in notices_of(alice)[:2]] == [
        f"1 firm of {JINSHUI}"
    ] * 2
    assert not [what for what in notices_of(federation.carol) if "firm" in what]


def test_a_roster_tells_the_homes_of_firms_it_shares_once_and_only_when_committed(federation):
    firms = [f"示例甲公司,{uscc(1)}", f"示例乙公司,{uscc(2)}"]
    commit(federation, *firms, org=federation.erqi)
    rehearsed = rehearse(federation, *firms, on=LATER)
    finish(federation, rehearsed)
    told = [what for what in notices_of(federation.bob) if "firm" in what]
    assert told == [f"2 firms of {ERQI} are now members of {JINSHUI} too"]


def test_a_roster_tells_where_the_firms_that_moved_came_from(federation):
    keeper, firm = keeper_of(federation, federation.jinshui), f"示例甲公司,{uscc(1)}"
    commit(federation, firm)
    batch = rehearse(federation, firm, org=federation.erqi, on=LATER)
    decide_row(row=batch.rows().get(), choice="moved", target=Entity.objects.get().pk, reason="示例", actor=keeper)
    finish(federation, batch)


def test_notices_are_unread_until_they_are_marked_and_never_again_after(federation):
    alice = federation.alice
    undo(a_draft(federation.jinshui, alice), system_user())
    assert counts_of(alice)[1] == 3
    page = client_of(alice).get("/notices/")
    assert "Notices: 3 unread" in page.content.decode()
    client_of(alice).post("/notices/read/", {"until": page.context["newest"]})
    client_of(alice).post("/notices/read/", {"until": 1})  # an old page marks nothing back
    assert (notices_of(alice), len(notices_of(alice, "all")), counts_of(alice)[1]) == ([], 3, 0)
    assert client_of(alice).get("/notices/read/").status_code == 405
    assert client_of(alice).post("/notices/read/", {"until": "x"}).status_code == 302


def test_one_notice_is_marked_alone_and_only_if_it_is_the_readers(federation):
    alice, bob = federation.alice, federation.bob
    undo(a_draft(federation.jinshui, alice), system_user())
    back, committed, appointed = notices_of(alice)
    ids = {told.what: entry.pk for entry, told, _unread in client_of(alice).get("/notices/").context["lines"]}
    client_of(bob).post("/notices/read/", {"one": ids[committed]})
    assert not ReadEntry.objects.exists()
    for _twice in range(2):
        answer = client_of(alice).post("/notices/read/?show=all", {"one": ids[committed]})
    assert (answer.headers["Location"], notices_of(alice), counts_of(alice)[1]) == (
        "/notices/?show=all",
        [back, appointed],
        2,
    )
    assert len(notices_of(alice, "all")) == 3
    client_of(alice).post("/notices/read/", {"until": ids[committed]})  # the mark passes it
    assert (notices_of(alice), ReadEntry.objects.count()) == ([back], 0)


def test_notices_come_in_pages(federation):
    draft = a_draft(federation.jinshui, federation.alice)
    for _n in range(40):
        log("import.commit", org="410105", subject=draft, actor=federation.olivia)
    assert (len(notices_of(federation.alice)), counts_of(federation.alice)[1]) == (30, 41)
