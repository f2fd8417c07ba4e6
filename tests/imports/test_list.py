"""The list of imports: whose drafts come first, filters, who touched what last, files that are not handed in yet."""

from datetime import date

import pytest
from django.urls import reverse

from shanglian.imports.actions import (
    IncomingFile,
    append_upload,
    begin_upload,
    commit_batch,
    discard_batch,
    preview_batch,
    read_batch,
    receive_file,
    undo_batch,
)
from shanglian.imports.actions.states import touch_draft
from shanglian.imports.models import Batch
from tests.imports.visits import signed_in
from tests.imports.workbooks import HEADINGS, csv_bytes, firms

pytestmark = pytest.mark.django_db
ON = date(2015, 12, 31)


@pytest.fixture(autouse=True)
def _two_kinds(settings, fake_kind):
    settings.IMPORT_KINDS = {"fake": "tests.imports.workbooks.FAKE", "roster": "shanglian.members.sheets.ROSTER"}


def a_batch(name, *, org, actor, kind="fake", end="previewed"):
    """A batch brought to its end: previewed, committed, undone or discarded."""
    file = IncomingFile(f"{name}.csv", csv_bytes([HEADINGS, *firms(2)]))
    batch = receive_file(org=org, kind=kind, files=[file], on=ON, actor=actor)
    read_batch(batch=batch, actor=actor)
    preview_batch(batch=batch, actor=actor)
    if end in {"committed", "undone"}:
        commit_batch(batch=batch, actor=actor)
    if end == "undone":
        undo_batch(batch=batch, actor=actor)
    if end == "discarded":
        discard_batch(batch=batch, actor=actor)
    return batch


@pytest.fixture
def five(federation):
    """In this order: a draft of Alice's, then one of each end; the last by the city's officer."""
    alice, jinshui = federation.alice, federation.jinshui
    for end in ("previewed", "committed", "undone", "discarded"):
        a_batch(end, org=jinshui, actor=alice, end=end)
    a_batch("city", org=federation.zhengzhou, actor=federation.olivia)
    return federation


def page_of(user, **asked):
    return signed_in(user).get(reverse("imports:list"), asked)


def names_on(page):
    return [line.batch.files.all()[0].name.removesuffix(".csv") for line in page.context["lines"]]


def test_my_drafts_come_first_then_the_newest(five):
    assert names_on(page_of(five.alice)) == ["previewed", "discarded", "undone", "committed"]
    assert names_on(page_of(five.olivia)) == ["city", "discarded", "undone", "committed", "previewed"]


def test_a_draft_i_worked_on_is_mine_too(five):
    draft = Batch.objects.get(files__name="previewed.csv")
    touch_draft(draft, behind=Batch.Behind.DRY_RUN, actor=five.olivia)
    assert names_on(page_of(five.olivia))[:2] == ["city", "previewed"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("drafts", ["city", "previewed"]),
        ("committed", ["committed"]),
        ("undone", ["undone"]),
        ("discarded", ["discarded"]),
        ("nonsense", ["city", "discarded", "undone", "committed", "previewed"]),
    ],
)
def test_the_list_is_filtered_by_state(five, state, found):
    assert names_on(page_of(five.olivia, state=state)) == found


def test_the_tabs_count_what_the_other_filters_leave(five):
    counted = {
        code: [(group, n) for group, _word, n in page_of(five.olivia, org=code, state="undone").context["groups"]]
        for code in ("", "410105", "410103")
    }
    assert counted == {
        "": [("", 5), ("drafts", 2), ("committed", 1), ("undone", 1), ("discarded", 1)],
        "410105": [("", 4), ("drafts", 1), ("committed", 1), ("undone", 1), ("discarded", 1)],
        "410103": [("", 0), ("drafts", 0)],
    }


def test_organisations_with_imports_are_offered(five):
    assert [code for code, _name in page_of(five.olivia).context["offered"].orgs] == ["410100", "410105"]
    assert [code for code, _name in page_of(five.alice).context["offered"].orgs] == ["410105"]


def test_the_list_is_filtered_by_kind_where_there_are_several(five):
    assert b'name="kind"' not in page_of(five.alice).content.split(b'id="h-batches"')[1]
    a_batch("another kind", org=five.jinshui, actor=five.alice, kind="roster")
    assert names_on(page_of(five.alice, kind="roster")) == ["another kind"]


def test_nothing_found_says_so(federation):
    a_batch("draft", org=federation.jinshui, actor=federation.alice)
    assert "No import fits these conditions" in page_of(federation.alice, state="undone").content.decode()


def test_the_last_hand_on_each_import_is_named(five):
    draft = Batch.objects.get(files__name="previewed.csv")
    touch_draft(draft, behind=Batch.Behind.DRY_RUN, actor=five.olivia)
    lines = {line.batch.pk: line for line in page_of(five.alice).context["lines"]}
    assert lines[draft.pk].touched == (draft.touched_at, five.olivia)
    undone = Batch.objects.get(files__name="undone.csv")
    assert lines[undone.pk].touched == (undone.undone_at, five.alice)


def test_whoever_may_work_on_a_draft_goes_on_from_here(five):
    draft = Batch.objects.get(files__name="previewed.csv")
    address = reverse("imports:go-on", args=[draft.pk])
    assert page_of(five.alice).content.decode().count("/go-on/") == 1
    assert address in page_of(five.alice).content.decode()
    assert address not in page_of(five.olivia).content.decode()
    answer = signed_in(five.alice).get(address)
    assert (answer.status_code, str(draft.pk) in answer.headers["Location"]) == (302, True)
    assert signed_in(five.bob).get(address).status_code == 404


def test_files_not_handed_in_yet_are_shown_to_their_sender(federation):
    alice = federation.alice
    begun, arrived = (begin_upload(name=f"{name}.csv", size=2048, mark="m", actor=alice) for name in ("甲", "乙"))
    append_upload(upload=begun, at=0, piece=bytes(1024), actor=alice)
    append_upload(upload=arrived, at=0, piece=bytes(2048), actor=alice)
    page = page_of(alice).content.decode()
    assert "1.0\xa0KB of 2.0\xa0KB have arrived. Choose the same file again above" in page
    assert "All 2.0\xa0KB have arrived: tick it above" in page
    assert f'name="uploads" value="{arrived.pk}"' in page
    assert f'value="{begun.pk}"' not in page
    assert reverse("imports:give-up", args=[begun.pk]) in page
    assert "甲.csv" not in page_of(federation.bob).content.decode()


def test_the_list_asks_as_often_for_many_as_for_few(five, django_assert_num_queries):
    alice = five.alice
    client = signed_in(alice)
    client.get("/imports/")  # from here on the tree is kept
    with django_assert_num_queries(15):
        client.get(reverse("imports:list"))
    for number in range(4):
        a_batch(f"more {number}", org=five.jinshui, actor=alice)
        begin_upload(name="甲.csv", size=2048, mark=str(number), actor=alice)
    with django_assert_num_queries(15):
        client.get(reverse("imports:list"))
