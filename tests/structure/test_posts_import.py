"""A list of posts, from the file to the register and back: the third kind of import through the same machine."""

from datetime import date
from typing import Any

import pytest

from shanglian.archive.models import LogEntry
from shanglian.common.core.names import name_key
from shanglian.directory.core.rights import Role
from shanglian.imports.access import may_batch
from shanglian.imports.actions import (
    ImportRefused,
    commit_batch,
    decide_absence,
    decide_row,
    preview_batch,
    undo_batch,
)
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import words_of
from shanglian.imports.models import Batch, Row
from shanglian.members.models import Identifier
from shanglian.structure.models import Post
from shanglian.structure.post_labels import time_words
from tests.factories.directory import make_user
from tests.factories.members import make_entity, make_member
from tests.factories.structure import POST_HEADINGS, import_posts, post_batch
from tests.little_federation import LittleFederation, little_federation
from tests.sample_codes import uscc

pytestmark = pytest.mark.django_db
DAY = date(2016, 12, 31)
CHAIR = ["示例甲", "主席", "十七届", "2012年6月", "", "", ""]
VICE = ["示例乙", "副主席、总商会副会长", "十七届", "2012年6月", "", "示例云图有限公司", ""]


@pytest.fixture
def little(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def held(org: Any = None) -> list[tuple[str, str, str, str]]:
    """Who holds or held what, as believed now."""
    posts = Post.objects.known_at().order_by("during", "person", "title")
    posts = posts.filter(org=org) if org else posts
    return [(p.person, p.title, p.since.shown, p.until.shown if p.until else "") for p in posts]


def verdicts(batch: Batch) -> dict[int, str]:
    return dict(batch.rows().values_list("number", "verdict"))


def row_of(batch: Batch, number: int) -> Row:
    return batch.rows().select_related("source_file__batch__org").get(number=number)


def test_a_list_is_booked_with_several_posts_in_one_cell(little):
    batch = post_batch(little.jinshui, little.alice, [CHAIR, VICE])
    assert (batch.preview["counts"], held()) == ({"appointed": 2}, [])
    booking = commit_batch(batch=batch, actor=little.alice)
    assert booking.counts == batch.preview["counts"]
    assert held() == [
        ("示例乙", "vice_chair", "2012-06", ""),
        ("示例乙", "vice_president", "2012-06", ""),
        ("示例甲", "chair", "2012-06", ""),
    ]
    chair = Post.objects.get(title="chair")
    assert (chair.term, chair.source_row.number, chair.batch, chair.actor) == (17, 2, batch, little.alice)
    assert (chair.during.lower, chair.since_precision) == (date(2012, 6, 1), "month")
    links = words_of("posts").links([row_of(batch, 2).pk])
    assert links == {chair.source_row_id: f"/posts/?org=410105#post-{chair.pk}"}


def test_a_dry_run_is_the_commit_rolled_back(little):
    import_posts(little.jinshui, little.alice, [CHAIR])
    rows = [CHAIR, VICE, ["示例丙", "主席", "", "", "", "", ""], ["", "执委", "", "", "", "", ""], VICE]
    batch = post_batch(little.jinshui, little.alice, rows)
    rehearsed = verdicts(batch)
    commit_batch(batch=batch, actor=little.alice)
    assert verdicts(batch) == rehearsed
    assert rehearsed == {2: "already_booked", 3: "appointed", 4: "doubtful", 5: "reject", 6: "duplicate"}


def test_the_same_list_again_changes_nothing(little):
    import_posts(little.jinshui, little.alice, [CHAIR, VICE])
    batch = import_posts(little.jinshui, little.alice, [VICE, CHAIR])
    assert (batch.preview["counts"], Post.objects.count()) == ({"already_booked": 2}, 3)


def test_what_a_list_says_otherwise_is_shown_old_and_new_and_kept_as_a_new_version(little):
    import_posts(little.jinshui, little.alice, [["示例乙", "副主席（兼职）", "", "2012年", "", "示例旧厂", ""]])
    later = [["示例乙", "副主席（专职）", "十七届", "2012年6月15日", "", "示例新厂", ""]]
    batch = import_posts(little.jinshui, little.alice, later)
    assert verdicts(batch) == {2: "changed"}
    changes = [(one["field"], one["old"], one["new"]) for one in row_of(batch, 2).finding["changes"]]
    assert changes == [
        ("since", "2012", "2012-06-15"),
        ("term", "", "17"),
        ("full_time", time_words(False), time_words(True)),
        ("firm", "示例旧厂", "示例新厂"),
    ]
    now = Post.objects.known_at().get()
    assert (now.firm_name, now.full_time, now.term, now.replaces.firm_name) == ("示例新厂", True, 17, "示例旧厂")


def test_an_end_closes_the_post_and_leaves_its_history(little):
    import_posts(little.jinshui, little.alice, [CHAIR])
    batch = import_posts(little.jinshui, little.alice, [["示例甲", "主席", "", "", "2016年5月", "", ""]])
    assert (verdicts(batch), held()) == ({2: "ended"}, [("示例甲", "chair", "2012-06", "2016-05")])


NEW_CHAIR = ["示例丙", "主席", "十七届", "2016-05-20", "", "", ""]


@pytest.mark.parametrize(
    ("choice", "verdict", "after"),
    [
        (
            "different",
            "appointed",
            [("示例甲", "chair", "2012-06", "2016-05-20"), ("示例丙", "chair", "2016-05-20", "")],
        ),
        ("skip", "left_out", [("示例甲", "chair", "2012-06", "")]),
        ("same", "changed", [("示例丙", "chair", "2016-05-20", "")]),
    ],
)
def test_another_holder_of_a_post_of_one_person_is_for_a_person_to_decide(little, choice, verdict, after):
    import_posts(little.jinshui, little.alice, [CHAIR])
    batch = post_batch(little.jinshui, little.alice, [NEW_CHAIR])
    chair, row = Post.objects.get(), row_of(batch, 2)
    assert (row.verdict, row.verdict_reasons) == ("doubtful", ["held_by_another"])
    assert row.finding["candidates"] == [{"target": chair.pk, "reasons": ["same_post", "same_term"]}]
    assert row.finding["choices"] == ["same", "different", "skip"]
    decide_row(row=row, choice=choice, target=chair.pk if choice == "same" else None, actor=little.alice)
    with pytest.raises(ImportRefused, match="decided_since"):
        commit_batch(batch=batch, actor=little.alice)
    preview_batch(batch=batch, actor=little.alice)
    commit_batch(batch=batch, actor=little.alice)
    assert (verdicts(batch), held()) == ({2: verdict}, after)


def test_a_complete_list_asks_about_those_it_does_not_name_and_ends_nobody_by_itself(little):
    import_posts(little.jinshui, little.alice, [CHAIR, VICE])
    batch = post_batch(little.jinshui, little.alice, [CHAIR], complete=True)
    absences = list(batch.absences.order_by("title").values_list("title", "choice"))
    assert [title.split()[0] for title, _choice in absences] == ["示例乙", "示例乙"]
    gone = batch.absences.get(target=Post.objects.known_at().get(title="vice_chair").pk)
    decide_absence(absence=gone, choice="left", reason="届满", actor=little.alice)
    preview_batch(batch=batch, actor=little.alice)
    commit_batch(batch=batch, actor=little.alice)
    assert held() == [
        ("示例乙", "vice_chair", "2012-06", "≤ 2016-12-31"),
        ("示例乙", "vice_president", "2012-06", ""),
        ("示例甲", "chair", "2012-06", ""),
    ]
    undo_batch(batch=batch, actor=little.alice)
    assert [until for *_post, until in held()] == ["", "", ""]


def test_undo_believes_again_what_was_believed_before(little):
    first = import_posts(little.jinshui, little.alice, [CHAIR, VICE])
    before = held()
    second = import_posts(
        little.jinshui, little.alice, [["示例甲", "主席", "十八届", "", "2016年5月", "", ""], NEW_CHAIR]
    )
    assert len(held()) == 4
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=first, actor=little.alice)
    assert (refusal.value.code, "示例甲" in refusal.value.detail) == ("blocked", True)
    assert undo_batch(batch=second, actor=little.alice) == 2
    assert held() == before
    restored = Post.objects.known_at().get(title="chair")
    assert (restored.batch, restored.term, restored.source_row.number) == (first, 17, 2)
    assert undo_batch(batch=first, actor=little.alice) == 3
    assert held() == []
    assert list(LogEntry.objects.filter(verb="import.undo").values_list("detail", flat=True).order_by("pk")) == [
        {"reversed": 2},
        {"reversed": 3},
    ]


def test_a_later_version_in_the_middle_of_a_chain_stands_in_the_way_until_it_is_taken_back(little):
    rows = [[["示例乙", "副主席", "", "2012", "", firm, ""]] for firm in ("示例一厂", "示例二厂", "示例三厂")]
    batches = [import_posts(little.jinshui, little.alice, one) for one in rows]
    blocked = [bool(import_kind("posts").blockers(batch)) for batch in batches]
    assert blocked == [True, True, False]
    undo_batch(batch=batches[2], actor=little.alice)
    undo_batch(batch=batches[1], actor=little.alice)
    assert [post.firm_name for post in Post.objects.known_at()] == ["示例一厂"]
    assert import_kind("posts").blockers(batches[0]) == []


def test_the_firm_is_linked_by_its_number_and_never_by_its_name(little):
    named, numbered = make_entity("示例云图有限公司"), make_entity("示例长城有限公司")
    for entity in (named, numbered):
        make_member(little.jinshui, date(2014, 1, 1), little.alice, entity=entity)
    Identifier.objects.create(entity=numbered, scheme="uscc", value=uscc(7))
    rows = [
        VICE,
        ["示例丁", "执委", "", "2012", "", "示例长城集团", uscc(7)],
        ["示例戊", "执委", "", "2012", "", "无名厂", uscc(8)],
    ]
    batch = import_posts(little.jinshui, little.alice, rows)
    firms = {post.person: (post.firm, post.firm_name) for post in Post.objects.all()}
    assert firms == {
        "示例乙": (None, "示例云图有限公司"),
        "示例丁": (numbered, "示例长城集团"),
        "示例戊": (None, "无名厂"),
    }
    assert [(row.verdict_reasons, (row.finding or {}).get("before")) for row in batch.rows()] == [
        (["firm_known_by_name_only"], None),
        (["firm_has_another_name"], {"firm_has_another_name": "示例长城有限公司"}),
        ([], None),
    ]


def test_a_list_speaks_of_its_organisation_and_its_chambers_and_of_no_other_federation(little):
    headings = ["商会", *POST_HEADINGS]
    rows = [
        ["", *CHAIR],
        ["金水区纺织商会（示例）", "示例己", "会长", "", "2014", "", "", ""],
        ["纺织商会", "示例庚", "理事", "", "2014", "", "", ""],
        ["410105-sh-001", "示例辛", "执委", "", "2014", "", "", ""],
        ["无此商会", "示例壬", "会长", "", "2014", "", "", ""],
        ["", "示例癸", "理事", "", "2014", "", "", ""],
    ]
    batch = import_posts(little.jinshui, little.alice, rows, headings=headings)
    assert held(little.textile) == [("示例己", "president", "2014", ""), ("示例庚", "council_member", "2014", "")]
    refused = {row.number: row.verdict_reasons for row in batch.rows() if row.verdict == "reject"}
    assert refused == {5: ["title_not_here"], 6: ["org_unknown"], 7: ["title_not_here"]}
    city = import_posts(little.zhengzhou, little.olivia, [["金水区", *CHAIR], ["纺织商会", *CHAIR]], headings=headings)
    assert [row.verdict_reasons for row in city.rows()] == [["org_keeps_its_own"], ["org_keeps_its_own"]]


def test_sensitive_columns_are_kept_nowhere_but_in_the_file_and_the_row_as_handed_in(little):
    headings = [*POST_HEADINGS, "身份证号", "出生年月", "政治面貌", "联系电话"]
    secret = ["410105198001011234", "1980年1月", "民建会员", "17000000001"]
    batch = import_posts(little.jinshui, little.alice, [[*CHAIR, *secret]], headings=headings)
    row = row_of(batch, 2)
    assert row.cells[-4:] == secret  # evidence: the row as handed in
    kept = [str(row.record), str(row.finding), str(batch.files.get().columns), str(batch.preview)]
    kept += [str(values) for values in Post.objects.values()] + [str(values) for values in LogEntry.objects.values()]
    assert [text for text in secret if any(text in one for one in kept)] == []
    assert batch.preview["detail"]["sensitive"] == ["身份证号", "出生年月", "政治面貌"]
    (notice,) = words_of("posts").notices(batch.preview["detail"])
    assert notice.names == ["身份证号", "出生年月", "政治面貌"]


def test_the_pages_of_an_import_do_not_show_sensitive_cells(little, client):
    headings = [*POST_HEADINGS, "身份证号", "政治面貌"]
    rows = [[*CHAIR, "410105198001011234", "民建会员"], [*NEW_CHAIR, "410105198001015678", "无党派人士"]]
    batch = post_batch(little.jinshui, little.alice, rows, headings=headings)
    client.force_login(little.alice)
    pages = ("batch", "columns", "problems", "review", "rows")
    for page in pages:
        text = client.get(f"/imports/{batch.pk}/" + ("" if page == "batch" else f"{page}/")).content.decode()
        assert "示例" in text
        assert not [secret for row in rows for secret in row[-2:] if secret in text], page


@pytest.mark.parametrize(
    ("who", "view", "upload", "commit"),
    [("alice", True, True, True), ("olivia", True, False, False), ("lin", True, False, False),
     ("bob", False, False, False), ("adam", False, False, False), ("sam", False, False, False)],
)  # fmt: skip
def test_who_may_import_posts_of_a_county(little, who, view, upload, commit):
    batch = Batch(kind="posts", org=little.jinshui, on_day=DAY)
    user = getattr(little, who)
    found = [bool(may_batch(user, step, batch)) for step in ("view", "upload", "commit")]
    assert found == [view, upload, commit]


def test_a_list_of_several_hundred_is_booked_in_few_statements(little, django_assert_max_num_queries):
    rows = [[f"示例{n}", "执委", "十七届", "2012年6月", "", f"示例{n}厂", ""] for n in range(300)]
    batch = post_batch(little.jinshui, little.alice, rows)
    with django_assert_max_num_queries(40):
        commit_batch(batch=batch, actor=little.alice)
    assert Post.objects.count() == 300


def test_the_key_of_a_name_does_not_know_blanks(little):
    import_posts(little.jinshui, little.alice, [["示　例", "执委", "", "2012", "", "", ""]])
    assert verdicts(post_batch(little.jinshui, little.alice, [["示例", "执委", "", "2012", "", "", ""]])) == {
        2: "already_booked"
    }
    assert Post.objects.get().person_key == name_key("示例")


def test_an_administrator_keeps_no_posts(little):
    admin = make_user(org=little.jinshui, role=Role.ADMIN)
    assert not may_batch(admin, "upload", Batch(kind="posts", org=little.jinshui, on_day=DAY))
