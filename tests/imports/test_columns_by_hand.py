"""A file in which no table is recognised waits for a person to name its columns, and nothing goes on before."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shanglian.archive.models import Document
from shanglian.imports import tasks
from shanglian.imports.actions import (
    FileRefused,
    ImportRefused,
    IncomingFile,
    commit_batch,
    preview_batch,
    receive_file,
    rehearse_files,
)
from shanglian.imports.models import Absence, Batch
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON = date(2015, 12, 31)
STRANGE = [["某年某地的表"], ["天", "地", "玄"], [1, "示例甲", uscc(1)], [2, "示例乙", uscc(2)]]
State, Behind = Batch.State, Batch.Behind


def upload(client, *files, **more):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    form = {"org": "410105", "on": "2015-12-31", "kind": "roster", "upload": given}
    return client.post(reverse("imports:new"), form | more, follow=True)


def named(batch, *keys, file=0):
    form = {f"column-{file}-0-{position}": key for position, key in enumerate(keys)}
    return form | {"seen": Batch.objects.get(pk=batch.pk).revision}


def test_it_is_kept_as_a_draft_whose_columns_page_shows_the_likeliest_table(federation):
    answer = upload(signed_in(federation.alice), ("表.csv", csv_bytes(STRANGE)))
    batch, page = Batch.objects.get(), text_of(answer)
    assert answer.redirect_chain[-1][0] == page_of(batch, "columns")
    assert (batch.state, batch.behind, batch.failure, batch.rows().count()) == (State.READ, Behind.NAMING, "", 0)
    (table,) = answer.context["tables"]
    assert (table.heading_row, [line.heading for line in table.lines]) == (2, ["天", "地", "玄"])
    assert [list(line.samples) for line in table.lines][1] == ["示例甲", "示例乙"]
    for words in ("Say which column is what", "to be named by hand", "Columns to be named", "<details open>"):
        assert words in page


def test_named_it_goes_on_like_any_other(federation):
    client = signed_in(federation.alice)
    upload(client, ("表.xlsx", xlsx_bytes({"甲": STRANGE})))
    batch = Batch.objects.get()
    answer = client.post(page_of(batch, "columns"), named(batch, "", "name", "uscc"), follow=True)
    batch.refresh_from_db()
    assert answer.redirect_chain[-1][0] == page_of(batch, "problems")
    assert (batch.state, batch.behind, batch.files.get().problems) == (State.PREVIEWED, Behind.NOTHING, [])
    assert [(row.number, row.verdict) for row in batch.rows()] == [(3, "opening"), (4, "opening")]


@pytest.mark.parametrize("keys", [("", "", ""), ("", "", "uscc")])
def test_named_by_halves_it_waits_on(federation, keys):
    client = signed_in(federation.alice)
    upload(client, ("表.csv", csv_bytes(STRANGE)))
    batch = Batch.objects.get()
    assert client.post(page_of(batch, "columns"), named(batch, *keys)).status_code == 422
    assert Batch.objects.get().awaits_names


def test_its_own_page_and_the_list_say_what_it_waits_for(federation):
    client = signed_in(federation.alice)
    upload(client, ("表.csv", csv_bytes(STRANGE)))
    batch = Batch.objects.get()
    page = text_of(client.get(page_of(batch, "batch")))
    assert "Its columns have to be named first" in page
    assert page.count(f'href="{page_of(batch, "columns")}"') >= 2
    assert "Columns to be named" in text_of(client.get(reverse("imports:list")))
    again = client.post(page_of(batch, "check"), follow=True)
    assert "Its columns have to be named first" in text_of(again)


def test_nothing_goes_on_before_also_not_the_leavers_of_a_complete_roster(federation):
    upload(signed_in(federation.alice), ("表.csv", csv_bytes(STRANGE)), complete="on")
    batch = Batch.objects.get()
    for go_on in (preview_batch, commit_batch):
        with pytest.raises(ImportRefused, match="nothing_named"):
            go_on(batch=batch, actor=federation.alice)
    assert (Batch.objects.get().preview, Absence.objects.count()) == (None, 0)


def test_of_two_files_it_is_enough_that_one_is_not_recognised(federation):
    client = signed_in(federation.alice)
    upload(client, ("一.csv", csv_bytes([HEADINGS, *firms(1)])), ("二.csv", csv_bytes(STRANGE)))
    batch = Batch.objects.get()
    assert (batch.awaits_names, batch.rows().count()) == (True, 1)
    client.post(page_of(batch, "columns"), named(batch, "", "name", "uscc", file=1))
    batch.refresh_from_db()
    assert (batch.state, [row.outcome for row in batch.rows()]) == (State.PREVIEWED, ["accept", "duplicate", "accept"])


def test_in_the_background_it_is_read_and_not_rehearsed(federation):
    file = IncomingFile("表.csv", csv_bytes(STRANGE))
    batch = receive_file(
        org=federation.jinshui, kind="roster", files=[file], on=ON, by_hand=True, actor=federation.alice
    )
    tasks.read_batch(str(batch.pk), federation.alice.pk)
    assert (Batch.objects.get().awaits_names, ProcrastinateJob.objects.count()) == (True, 0)


def test_where_nobody_is_there_to_name_them_it_is_refused(federation, tmp_path):
    terms = {"org": federation.jinshui, "kind": "roster", "on": ON, "actor": federation.alice}
    for take in (receive_file, rehearse_files):
        with pytest.raises(FileRefused, match="no_table"):
            take(files=[IncomingFile("表.csv", csv_bytes(STRANGE))], **terms)
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(STRANGE))
    for command in (["read_roster", str(path)], ["import_roster", str(path), "--org", "410105", "--commit"]):
        with pytest.raises(CommandError, match="天、地、玄") as caught:
            call_command(*command)
        assert caught.value.returncode == 1
    assert (Batch.objects.count(), Document.objects.count()) == (0, 0)


@pytest.mark.parametrize("content", [csv_bytes([["甲"], ["乙"]]), b"\x00", csv_bytes([["", ""]])])
def test_a_file_without_anything_that_may_be_a_table_is_refused_and_leaves_nothing(federation, content):
    answer = upload(signed_in(federation.alice), ("表.csv", content))
    assert (answer.status_code, Batch.objects.count(), Document.objects.count()) == (422, 0, 0)


HEADLESS = [["示例甲", "李一", "x"], ["示例乙", "李二", "y"], ["示例丙", "李三", "z"]]


def test_a_table_without_headings_is_read_from_its_first_row_once_somebody_says_so(federation):
    client = signed_in(federation.alice)
    page = text_of(upload(client, ("表.xlsx", xlsx_bytes({"甲": HEADLESS}))))
    batch = Batch.objects.get()
    assert "This table has no heading row: its first row is data already" in page
    form = named(batch, "name", "legal_rep", "") | {"begins-0-0": ["headings", "data"]}
    client.post(page_of(batch, "columns"), form)
    batch.refresh_from_db()
    assert batch.state == State.PREVIEWED
    assert [(row.number, row.record["name"]) for row in batch.rows()] == [(1, "示例甲"), (2, "示例乙"), (3, "示例丙")]
    again = client.get(page_of(batch, "columns"))
    assert "without headings, data from row 1 on" in text_of(again)
    assert [line.key for line in again.context["tables"][0].lines] == ["name", "legal_rep", ""]
    assert again.context["remembered"] == []


def test_the_word_can_be_taken_back(federation):
    client = signed_in(federation.alice)
    upload(client, ("表.xlsx", xlsx_bytes({"甲": HEADLESS})))
    batch = Batch.objects.get()
    client.post(page_of(batch, "columns"), named(batch, "name", "", "") | {"begins-0-0": "data"})
    client.post(page_of(batch, "columns"), named(batch, "name", "", "") | {"begins-0-0": "headings"})
    assert [row.number for row in batch.rows()] == [2, 3]
    assert Batch.objects.get().state == State.PREVIEWED


def test_a_recognised_table_without_headings_can_be_said_to_have_some(federation):
    client = signed_in(federation.alice)
    upload(client, ("表.csv", csv_bytes(firms(3))))
    batch = Batch.objects.get()
    assert [row.number for row in batch.rows()] == [1, 2, 3]
    page = client.get(page_of(batch, "columns"))
    assert [line.key for line in page.context["tables"][0].lines] == ["", "name", "uscc", "phones"]
    client.post(page_of(batch, "columns"), named(batch, "", "name", "uscc", "phones") | {"begins-0-0": "headings"})
    assert [row.number for row in batch.rows()] == [2, 3]


def test_a_word_about_the_first_row_survives_a_refused_choice(federation):
    client = signed_in(federation.alice)
    upload(client, ("表.xlsx", xlsx_bytes({"甲": HEADLESS})))
    batch = Batch.objects.get()
    answer = client.post(page_of(batch, "columns"), named(batch, "", "", "county") | {"begins-0-0": "data"})
    assert (answer.status_code, answer.context["tables"][0].headless) == (422, True)


def test_rows_of_numbers_that_may_be_a_table_wait_for_a_person_too(federation):
    rows = [[n, f"示例甲{n}", f"1370000000{n}"] for n in (1, 2, 3)]
    client = signed_in(federation.alice)
    upload(client, ("表.csv", csv_bytes(rows)))
    batch = Batch.objects.get()
    assert batch.awaits_names
    client.post(page_of(batch, "columns"), named(batch, "", "name", "phones"))
    assert [(row.number, row.record["phones"]) for row in batch.rows()] == [(n, [f"1370000000{n}"]) for n in (1, 2, 3)]
