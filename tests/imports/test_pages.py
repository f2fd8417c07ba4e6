"""The pages of an import: a roster goes in, is looked at, committed and taken back; who may not, is told why."""

import errno
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shanglian.imports.actions import (
    IncomingFile,
    commit_batch,
    preview_batch,
    read_batch,
    receive_file,
    request_commit,
)
from shanglian.imports.models import Batch, Row
from shanglian.imports.pages import headed_cells, waiting_for
from shanglian.imports.tasks import defer_reading
from shanglian.imports.tasks import read_batch as read_batch_job
from shanglian.members.actions.memberships import end_membership
from shanglian.members.models import Entity, Membership, Movement, Span
from tests.guards import assert_guarded
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON = date(2015, 12, 31)
WRONG = uscc(9)[:-1] + ("0" if uscc(9)[-1] != "0" else "1")
BAD_CODE = [9, "示例错码有限公司", WRONG, "17000009999"]
State = Batch.State


def upload(client, content=None, name="名册.csv", **words):
    content = csv_bytes([HEADINGS, *firms(3), BAD_CODE]) if content is None else content
    asked = {"org": "410105", "on": "2015-12-31", "upload": SimpleUploadedFile(name, content)} | words
    return client.post(reverse("imports:new"), asked)


def a_batch(federation, *rows, state=State.PREVIEWED, **words):
    """A batch of Jinshui's clerk, brought up to `state`."""
    files = [IncomingFile("名册.csv", csv_bytes([HEADINGS, *(rows or [*firms(3), BAD_CODE])]))]
    alice = federation.alice
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=alice, **words)
    if state != State.RECEIVED:
        batch = read_batch(batch=batch, actor=alice)
    if state in {State.PREVIEWED, State.COMMITTED}:
        batch = preview_batch(batch=batch, actor=alice)
    if state == State.COMMITTED:
        commit_batch(batch=batch, actor=alice)
        batch.refresh_from_db()
    return batch


# The whole way


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_roster_goes_in_is_committed_and_taken_back(federation, suffix):
    client = signed_in(federation.alice)
    table = [HEADINGS, *firms(3), BAD_CODE]
    content = csv_bytes(table) if suffix == "csv" else xlsx_bytes({"会员": table})

    upload(client, content, f"名册.{suffix}")
    batch = Batch.objects.get()
    preview = text_of(client.get(page_of(batch)))
    assert "Would be booked: taken over as opening stock 3." in preview
    assert "1 row is not booked as it is" in preview
    assert page_of(batch, "problems") in preview
    assert Movement.objects.count() == 0

    committed = text_of(client.post(page_of(batch, "commit"), follow=True))
    assert "3 rows have been booked." in committed
    assert "Booked: taken over as opening stock 3." in committed
    assert "The check character of the unified code is wrong" in committed
    assert WRONG in committed
    assert reverse("members:member", args=[Entity.objects.get(name="示例企业1有限公司").pk]) in committed
    assert "/members/?org=410105" in committed
    assert Span.objects.filter(org=federation.jinshui).count() == 3

    asked = text_of(client.get(page_of(batch, "undo")))
    assert "Will be taken back: <b>taken over as opening stock 3</b>." in asked
    undone = text_of(client.post(page_of(batch, "undo"), follow=True))
    assert "Taken back: 3 entries reversed." in undone
    assert Span.objects.filter(org=federation.jinshui).count() == 0


@pytest.mark.parametrize("day", ["2015-12-31", "2016-06-30"])
def test_handing_the_same_roster_in_again_finds_everything_booked(federation, day):
    a_batch(federation, state=State.COMMITTED)
    client = signed_in(federation.alice)
    upload(client, on=day)
    page = text_of(client.get(page_of(Batch.objects.latest("created_at"))))
    assert "There is nothing to commit." in page
    assert "What this file says is in the register already" in page


def test_a_complete_roster_names_whom_it_leaves_out_and_ends_nobody(federation):
    a_batch(federation, state=State.COMMITTED)
    client = signed_in(federation.alice)
    content = csv_bytes([HEADINGS, *firms(2)])
    upload(client, content, complete="on")
    batch = Batch.objects.latest("created_at")
    page = text_of(client.get(page_of(batch)))
    assert "1 in the register is not named by this complete list" in page
    assert page_of(batch, "leavers") in page
    assert Span.objects.filter(org=federation.jinshui).on(ON).count() == 3


# What is refused


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("名册.csv", b"", "the file is empty"),
        ("名册.xlsx", b"PK\x03\x04 cut off", "the file is cut off"),
        ("名册.xls", csv_bytes([HEADINGS, *firms(1)]), "the extension does not fit the content, which is csv"),
        ("名册.csv", "一\r\n1\r\n".encode(), "no row of headings was found"),
        ("图.csv", b"\x89PNG\r\n", "this is no spreadsheet"),
    ],
)
def test_an_unusable_file_is_refused_at_its_field_and_nothing_is_kept(federation, name, content, sentence):
    response = upload(signed_in(federation.alice), content, name)
    assert response.status_code == 422
    assert sentence in response.context["form"].errors["upload"][0]
    assert 'id="id_upload_error"' in text_of(response)
    assert Batch.objects.count() == 0


def test_the_reason_is_given_in_the_readers_language(federation):
    client = Client()
    client.force_login(federation.alice)
    assert "文件是空的" in text_of(upload(client, b""))


def test_a_day_to_come_and_somebody_elses_organisation_are_refused(federation):
    response = upload(signed_in(federation.alice), on="2999-01-01", org="410103")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"on", "org"}
    assert Batch.objects.count() == 0


def test_without_a_file_the_form_says_so(federation):
    response = signed_in(federation.alice).post(reverse("imports:new"), {"org": "410105", "on": "2015-12-31"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"upload"}


def test_whoever_commits_second_is_told_who_was_first(federation):
    batch = a_batch(federation, state=State.COMMITTED)
    page = text_of(signed_in(federation.alice).post(page_of(batch, "commit"), follow=True))
    assert "Alice committed this import at" in page
    assert Movement.objects.count() == 3


def test_taking_back_twice_is_told(federation):
    batch = a_batch(federation, state=State.COMMITTED)
    client = signed_in(federation.alice)
    client.post(page_of(batch, "undo"))
    assert "Alice took this import back at" in text_of(client.post(page_of(batch, "undo"), follow=True))


def test_what_builds_on_an_import_stands_in_the_way_of_taking_it_back(federation):
    batch = a_batch(federation, state=State.COMMITTED)
    _end_somebody(federation)
    client = signed_in(federation.alice)
    asked = text_of(client.get(page_of(batch, "undo")))
    assert "This import cannot be taken back as it is" in asked
    assert "示例企业1有限公司" in asked
    assert client.post(page_of(batch, "undo")).status_code == 409
    assert Batch.objects.get().state == State.COMMITTED


def _end_somebody(federation):
    membership = Membership.objects.get(entity__name="示例企业1有限公司")
    end_membership(membership=membership, on=date(2016, 5, 1), actor=federation.alice)


# Large files


def test_a_large_file_waits_for_the_worker_and_says_when_there_is_none(federation, monkeypatch):
    monkeypatch.setattr("shanglian.imports.views.batches.LARGE", 10)
    client = signed_in(federation.alice)
    page = text_of(client.get(upload(client).headers["Location"]))
    assert "The files are being read" in page
    assert "Nobody is doing the background work" in page
    assert Batch.objects.get().state == State.RECEIVED

    batch, job = Batch.objects.get(), ProcrastinateJob.objects.get()
    assert client.get(page_of(batch, "progress")).status_code == 200
    assert client.get(page_of(batch, "progress") + "?known=received-no_worker").status_code == 204
    read_batch_job(**job.args)
    assert Batch.objects.get().state == State.READ


def test_an_interrupted_import_says_so_and_can_be_started_again(federation):
    batch = a_batch(federation, state=State.RECEIVED)
    client = signed_in(federation.alice)
    assert "This work was interrupted" in text_of(client.get(page_of(batch)))
    client.post(page_of(batch, "check"))
    assert "Would be booked: taken over as opening stock 3." in text_of(client.get(page_of(batch)))


def test_a_commit_that_lost_its_process_is_committed_again(federation):
    batch = a_batch(federation)
    request_commit(batch=batch, actor=federation.alice)
    assert waiting_for(Batch.objects.get()).stage == "lost"
    page = text_of(signed_in(federation.alice).post(page_of(batch, "commit"), follow=True))
    assert "3 rows have been booked." in page


def test_while_a_job_is_under_way_nobody_commits(federation):
    batch = a_batch(federation)
    defer_reading(batch, federation.alice)
    page = text_of(signed_in(federation.alice).post(page_of(batch, "commit"), follow=True))
    assert "This import is being worked on already" in page
    assert Movement.objects.count() == 0


def test_progress_ends_by_loading_the_page(federation):
    answer = signed_in(federation.alice).get(page_of(a_batch(federation), "progress"))
    assert answer.headers["HX-Refresh"] == "true"


# Rows and files


def test_rows_are_filtered_by_what_becomes_of_them(federation):
    a_batch(federation, *firms(1), state=State.COMMITTED)
    twice = [7, "示例企业2有限公司", uscc(2), ""]
    batch = a_batch(federation, *firms(2), twice, BAD_CODE)
    client = signed_in(federation.alice)
    found = {}
    for show in ("all", "booked", "already", "doubtful", "rejected"):
        rows = client.get(page_of(batch, "rows"), {"show": show}).context["rows"]
        found[show] = [view.row.number for view in rows]
    assert found == {"all": [2, 3, 4, 5], "booked": [3], "already": [2], "doubtful": [], "rejected": [4, 5]}
    assert client.get(page_of(batch, "rows"), {"show": "nonsense"}).status_code == 404


def test_htmx_gets_only_the_rows(federation):
    batch = a_batch(federation)
    headers = {"HX-Request": "true", "HX-Target": "rows"}
    part = text_of(signed_in(federation.alice).get(page_of(batch, "rows"), headers=headers))
    assert part.strip().startswith('<section class="card long print-wide" id="rows"')


def test_cells_stand_under_their_headings(federation):
    a_batch(federation, [1, "示例企业1有限公司", uscc(1)])
    assert headed_cells(Row.objects.get()) == [
        ("序号", "1"),
        ("企业名称", "示例企业1有限公司"),
        ("统一社会信用代码", uscc(1)),
        ("联系电话", ""),
    ]


def test_a_cell_without_a_heading_goes_by_its_letter(federation):
    a_batch(federation, [1, "示例企业1有限公司", uscc(1), "17000000001", "老会员"])
    assert headed_cells(Row.objects.get())[-1] == ("E", "老会员")


def test_a_full_disk_is_told_at_the_field_and_nothing_is_kept(federation, settings, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = upload(signed_in(federation.alice))
    assert answer.status_code == 507
    assert "The disk of the server is full, the file was not kept; tell the administrator." in text_of(answer)
    assert not Batch.objects.exists()


def test_the_page_leads_on_to_the_step_that_waits_and_says_how_columns_stand(federation):
    rows = [[*HEADINGS, "代号"], *([*firm, "x"] for firm in firms(2))]
    client = signed_in(federation.alice)
    page = text_of(client.get(page_of(a_batch(federation))))
    assert f'href="{page_of(Batch.objects.latest("created_at"), "problems")}">To the problems' in page
    assert f"{len(HEADINGS) - 1} columns known" in page
    upload(client, csv_bytes(rows))
    unsure = Batch.objects.latest("created_at")
    assert f'href="{page_of(unsure, "columns")}">To the columns' in text_of(client.get(page_of(unsure)))


def test_the_original_is_a_download_of_the_very_bytes(federation):
    content = csv_bytes([HEADINGS, *firms(3), BAD_CODE])
    batch = a_batch(federation)
    answer = signed_in(federation.alice).get(page_of(batch, "file", 0))
    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert signed_in(federation.alice).get(page_of(batch, "file", 1)).status_code == 404


def test_the_original_is_for_those_who_see_the_import(federation):
    batch = a_batch(federation)
    address = page_of(batch, "file", 0)
    assert Client().get(address).status_code == 302
    assert signed_in(federation.nobody).get(address).status_code == 404
    assert signed_in(federation.bob).get(address).status_code == 404


# Who may


def test_the_pages_are_guarded(federation):
    batch = a_batch(federation, state=State.COMMITTED)
    who = {"allowed": federation.alice, "forbidden": federation.nobody, "elsewhere": federation.bob}
    assert_guarded(reverse("imports:list"), allowed=federation.alice, forbidden=federation.nobody, elsewhere=None)
    assert_guarded(page_of(batch), **who)
    assert_guarded(page_of(batch, "rows"), **who)
    assert_guarded(page_of(batch, "progress"), **who)
    assert_guarded(page_of(batch, "undo"), **who)
    assert_guarded(
        page_of(batch, "undo"), allowed=federation.alice, forbidden=federation.olivia, elsewhere=federation.carol
    )


def test_what_changes_something_is_guarded(federation):
    batch = a_batch(federation)
    city = {"forbidden": federation.olivia, "elsewhere": federation.bob, "method": "post"}
    assert_guarded(page_of(batch, "check"), allowed=federation.alice, ok=302, **city)
    assert_guarded(page_of(batch, "commit"), allowed=federation.alice, ok=302, **city)
    assert_guarded(page_of(batch, "undo"), allowed=federation.alice, ok=302, **city)
    assert_guarded(
        reverse("imports:new"),
        allowed=federation.alice,
        forbidden=federation.lin,
        elsewhere=None,
        method="post",
        ok=422,
    )


def test_a_look_does_not_commit(federation):
    batch = a_batch(federation)
    assert signed_in(federation.alice).get(page_of(batch, "commit")).status_code == 405
    assert Batch.objects.get().state == State.PREVIEWED


def test_the_city_sees_a_countys_import_without_buttons_and_with_the_reason(federation):
    batch = a_batch(federation)
    client = signed_in(federation.olivia)
    page = text_of(client.get(page_of(batch)))
    assert "Your role may do this only in your own organisation; this one lies below it." in page
    assert page_of(batch, "commit") not in page
    assert batch.files.get().name in text_of(client.get(reverse("imports:list")))


def test_everybody_sees_the_imports_of_their_area_and_no_others(federation):
    a_batch(federation)
    seen = {
        user.username: len(signed_in(user).get(reverse("imports:list")).context["lines"])
        for user in (federation.alice, federation.olivia, federation.lin, federation.rita, federation.bob)
    }
    assert seen == {"alice": 1, "olivia": 1, "lin": 1, "rita": 1, "bob": 0}


def test_the_list_follows_the_organisation_looked_at(federation):
    a_batch(federation)
    client = signed_in(federation.olivia)
    shown = [len(client.get(reverse("imports:list"), {"org": code}).context["lines"]) for code in ("410105", "410103")]
    assert shown == [1, 0]
    assert client.get(reverse("imports:list"), {"org": "410200"}).status_code == 404


# The cost


def test_a_batch_asks_as_often_for_many_rows_as_for_few(federation, django_assert_num_queries):
    client = signed_in(federation.alice)
    client.get("/imports/")  # from here on the tree is kept
    small = a_batch(federation, *firms(1), BAD_CODE, state=State.COMMITTED)
    large = a_batch(federation, *firms(30, start=100), BAD_CODE, state=State.COMMITTED)
    for batch in (small, large):
        with django_assert_num_queries(16):
            client.get(page_of(batch))
