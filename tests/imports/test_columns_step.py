"""The second step of an import: which column is what, said on the page, kept, remembered, and read by."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shanglian.archive.models import LogEntry
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    commit_batch,
    discard_batch,
    forget_heading,
    name_columns,
    preview_batch,
    read_batch,
    receive_file,
)
from shanglian.imports.models import Batch, ConfirmedHeading, Row
from shanglian.imports.pages import Figures
from shanglian.imports.steps import next_step
from shanglian.imports.tasks import defer_reading
from tests.guards import assert_guarded
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON = date(2015, 12, 31)
ODD = ["序号", "企业名称", "代号", "掌柜", "电话"]
ROWS = [[n, f"示例企业{n}有限公司", uscc(n), f"示例{n}", f"1700000000{n}"] for n in range(1, 4)]
Behind, State = Batch.Behind, Batch.State


def a_draft(federation, content=None, name="名册.csv", **words):
    files = [IncomingFile(name, content or csv_bytes([ODD, *ROWS]))]
    alice = federation.alice
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=alice, **words)
    return preview_batch(batch=read_batch(batch=batch, actor=alice), actor=alice)


def said(batch, *keys, remember="on", table=0, seen=None, **more):
    """What the form of the page sends for the columns of one table, from left to right."""
    now = Batch.objects.get(pk=batch.pk).revision if seen is None else seen
    form = {f"column-0-{table}-{position}": key for position, key in enumerate(keys)}
    return form | more | {"seen": now} | ({"remember": remember} if remember else {})


def lines(client, batch):
    """(letter, heading, key, sign) of every column of every table."""
    tables = client.get(page_of(batch, "columns")).context["tables"]
    return [[(line.letter, line.heading, line.key, str(line.sign)) for line in table.lines] for table in tables]


def headings(org):
    return dict(ConfirmedHeading.objects.filter(org=org).values_list("heading", "column"))


# The page ------------------------------------------------------------


def test_every_column_stands_there_with_what_it_holds_and_how_surely_it_is_known(federation):
    batch, client = a_draft(federation), signed_in(federation.alice)
    assert lines(client, batch) == [
        [
            ("A", "序号", "", "left"),
            ("B", "企业名称", "name", "sure"),
            ("C", "代号", "uscc", "look"),
            ("D", "掌柜", "", "look"),
            ("E", "电话", "phones", "sure"),
        ]
    ]
    page = text_of(client.get(page_of(batch, "columns")))
    assert "示例1; 示例2; 示例3" in page
    assert "170****0001" in page
    assert "17000000001" not in page
    assert "What 2 columns mean is a guess" in page
    assert '<option value="name" selected>Member&#x27;s name *</option>' in page


def test_a_sheet_without_known_headings_is_named_with_what_to_do_and_can_be_named_by_hand(federation):
    book = {"名册": [HEADINGS, *firms(1)], "补": [["甲", "乙"], ["示例丙", uscc(7)]]}
    batch, client = a_draft(federation, xlsx_bytes(book), "名册.xlsx"), signed_in(federation.alice)
    page = text_of(client.get(page_of(batch, "columns")))
    assert "Sheets in which no headings were recognised; none of their rows was read" in page
    assert "not recognised, not imported" in page
    assert [line[:3] for line in lines(client, batch)[1]] == [("A", "甲", ""), ("B", "乙", "")]
    client.post(page_of(batch, "columns"), said(batch, "name", "uscc", table=1))
    assert list(Row.objects.filter(sheet="补").values_list("record__name", "record__uscc")) == [("示例丙", uscc(7))]
    assert batch.files.get().problems == []


def test_tables_beside_each_other_have_the_letters_of_the_sheet(federation):
    row = ["企业名称", "统一社会信用代码"]
    book = {"名册": [[*row, *row], ["示例甲", uscc(1), "示例乙", uscc(2)]]}
    batch = a_draft(federation, xlsx_bytes(book), "名册.xlsx")
    assert [[line[0] for line in table] for table in lines(signed_in(federation.alice), batch)] == [
        ["A", "B"],
        ["C", "D"],
    ]


def test_a_batch_that_is_not_read_yet_shows_its_own_page(federation):
    files = [IncomingFile("名册.csv", csv_bytes([ODD, *ROWS]))]
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=federation.alice)
    answer = signed_in(federation.alice).get(page_of(batch, "columns"))
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(batch, "batch"))


def test_the_page_asks_as_often_for_many_tables_as_for_one(federation, django_assert_num_queries):
    client = signed_in(federation.alice)
    one = a_draft(federation)
    book = {f"表{n}": [HEADINGS, *firms(2, start=10 * n)] for n in range(1, 9)}
    many = a_draft(federation, xlsx_bytes(book), "名册.xlsx")
    client.get("/imports/")  # from here on the tree is kept
    for batch in (one, many):
        with django_assert_num_queries(11):
            client.get(page_of(batch, "columns"))


# Who may ------------------------------------------------------------


def test_the_page_and_its_words_are_guarded(federation):
    batch = a_draft(federation)
    assert_guarded(
        page_of(batch, "columns"), allowed=federation.alice, forbidden=federation.nobody, elsewhere=federation.bob
    )
    for name in ("columns", "forget-heading"):
        assert_guarded(
            page_of(batch, name), allowed=federation.alice, forbidden=federation.olivia, elsewhere=federation.bob,
            method="post", ok=302,
        )  # fmt: skip


def test_who_may_not_change_anything_sees_the_columns_and_the_reason(federation):
    batch = a_draft(federation)
    page = text_of(signed_in(federation.olivia).get(page_of(batch, "columns")))
    assert "Your role may do this only in your own organisation; this one lies below it." in page
    assert "掌柜" in page
    assert "<select" not in page


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        (commit_batch, "This import has been committed already."),
        (discard_batch, "This import was discarded; check it again if it is needed after all."),
        (defer_reading, "This import is being worked on; wait until that is done."),
    ],
)
def test_of_a_batch_that_is_no_draft_the_columns_can_be_read_only(federation, finish, reason):
    batch, client = a_draft(federation), signed_in(federation.alice)
    finish(batch, federation.alice) if finish is defer_reading else finish(batch=batch, actor=federation.alice)
    page = text_of(client.get(page_of(batch, "columns")))
    assert reason in page
    assert "<select" not in page
    told = text_of(
        client.post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "legal_rep", "phones"), follow=True)
    )
    assert reason in told
    assert batch.files.get().said == []


# What a word does ------------------------------------------------------------


def test_a_named_column_is_read_kept_and_remembered(federation):
    batch, client = a_draft(federation), signed_in(federation.alice)
    answer = client.post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "legal_rep", "phones"))
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(batch, "problems"))
    batch.refresh_from_db()
    assert (batch.state, batch.behind, batch.revision, batch.touched_by) == (
        State.PREVIEWED,
        Behind.NOTHING,
        1,
        federation.alice,
    )
    assert [row.record["legal_rep"] for row in batch.rows()] == ["示例1", "示例2", "示例3"]
    assert batch.files.get().said == [
        {"sheet": "csv", "heading_row": 1, "position": position, "column": key}
        for position, key in enumerate(["", "name", "uscc", "legal_rep", "phones"])
    ]
    assert headings(federation.jinshui) == {"序号": "", "代号": "uscc", "掌柜": "legal_rep"}
    assert [sign for _letter, _heading, _key, sign in lines(client, batch)[0]] == ["left", *["sure"] * 4]
    assert LogEntry.objects.filter(verb="import.columns").get().detail == {
        "tables": 1,
        "changed": True,
        "remembered": 3,
    }


def test_a_draft_is_kept_and_left(federation):
    batch = a_draft(federation)
    form = said(batch, "", "name", "uscc", "legal_rep", "phones", then="list")
    answer = signed_in(federation.alice).post(page_of(batch, "columns"), form)
    assert answer.headers["Location"] == reverse("imports:list")
    assert batch.files.get().columns[0]["columns"]["legal_rep"] == [3]


def test_the_next_file_of_the_organisation_is_read_by_the_remembered_headings(federation):
    client = signed_in(federation.alice)
    first = a_draft(federation)
    client.post(page_of(first, "columns"), said(first, "", "name", "uscc", "legal_rep", "phones"))
    other = ["掌柜", "备考二", "代号", "企业名称"]
    second = a_draft(federation, csv_bytes([other, ["示例某", "老会员", uscc(8), "示例八有限公司"]]))
    assert second.files.get().columns[0]["columns"] == {"legal_rep": [0], "uscc": [2], "name": [3]}
    assert [line[3] for line in lines(client, second)[0]] == ["sure", "look", "sure", "sure"]


def test_headings_are_not_remembered_where_the_box_is_not_ticked(federation):
    batch = a_draft(federation)
    keys = ("", "name", "uscc", "legal_rep", "phones")
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, *keys, remember=""))
    assert headings(federation.jinshui) == {}
    assert batch.rows().first().record["legal_rep"] == "示例1"


def test_a_known_heading_that_gave_way_to_a_better_one_is_not_remembered_as_left_out(federation):
    head = ["企业名称", "统一社会信用代码", "法定代表人", "负责人"]
    batch = a_draft(federation, csv_bytes([head, ["示例甲公司", uscc(1), "示例某", "示例另"]]))
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, "name", "uscc", "legal_rep", ""))
    assert headings(federation.jinshui) == {}
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, "name", "uscc", "", "legal_rep"))
    assert headings(federation.jinshui) == {"法定代表人": ""}
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, "name", "uscc", "legal_rep", ""))
    assert headings(federation.jinshui) == {"法定代表人": "legal_rep", "负责人": ""}


def test_a_heading_with_two_meanings_and_an_empty_one_are_not_remembered(federation):
    head = ["企业名称", "统一社会信用代码", "别的", "别的", ""]
    batch = a_draft(federation, csv_bytes([head, ["示例甲公司", uscc(1), "示例某", "一路一号", "x"]]))
    keys = ("name", "uscc", "legal_rep", "address", "chamber")
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, *keys))
    assert headings(federation.jinshui) == {}
    record = batch.rows().get().record
    assert (record["legal_rep"], record["address"], record["chamber"]) == ("示例某", "一路一号", "x")


def test_confirming_what_was_guessed_reads_nothing_anew(federation):
    batch = a_draft(federation)
    before = list(batch.rows().values_list("pk", flat=True))
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "", "phones"))
    batch.refresh_from_db()
    assert (list(batch.rows().values_list("pk", flat=True)), batch.behind, batch.revision) == (before, "", 1)


def test_a_confirmed_column_stays_when_a_later_guess_is_another(federation):
    batch = a_draft(federation)
    signed_in(federation.alice).post(
        page_of(batch, "columns"), said(batch, "", "name", "uscc", "", "phones", remember="")
    )
    ConfirmedHeading.objects.create(
        org=federation.jinshui, kind="roster", heading="掌柜", column="legal_rep", confirmed_by=federation.alice
    )
    read_batch(batch=batch, actor=federation.alice)
    assert batch.files.get().columns[0]["columns"] == {"name": [1], "uscc": [2], "phones": [4]}


def test_a_sheet_can_be_left_out_and_taken_in_again(federation):
    book = {"今年": [HEADINGS, *firms(1)], "去年": [HEADINGS, *firms(2, start=5)]}
    batch, client = a_draft(federation, xlsx_bytes(book), "名册.xlsx"), signed_in(federation.alice)
    client.post(page_of(batch, "columns"), said(batch, "", "", "", "", table=1))
    assert set(batch.rows().values_list("sheet", flat=True)) == {"今年"}
    assert "left out" in text_of(client.get(page_of(batch, "columns")))
    client.post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "phones", table=1))
    assert batch.rows().filter(sheet="去年").count() == 2


def test_a_large_file_is_read_anew_in_the_background(federation, monkeypatch):
    monkeypatch.setattr("shanglian.imports.pages.LARGE", 10)
    batch = a_draft(federation)
    keys = ("", "name", "uscc", "legal_rep", "phones")
    answer = signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, *keys))
    assert answer.headers["Location"] == page_of(batch, "batch")
    assert ProcrastinateJob.objects.get().task_name == "imports.read_batch"
    batch.refresh_from_db()
    assert batch.behind == Behind.READING


# What is refused ------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "sentence", "field"),
    [
        (
            ("", "name", "uscc", "name", "phones"),
            "名册.csv B, D: these columns are given to one field that takes only one",
            "“Member&#x27;s name” may be one column only; it was chosen for B, D.",
        ),
        (
            ("", "", "uscc", "", "phones"),
            "名册.csv: a required field (marked *) has no column",
            "No column is “Member&#x27;s name”; say which one it is.",
        ),
        (("", "", "", "", ""), "名册.csv: no column of it is imported", ""),
        (("", "name", "nonsense", "", ""), "名册.csv C: there is no such field any more", "Choose again for C."),
    ],
)
def test_a_naming_that_cannot_be_read_is_refused_with_the_remedy_and_shown_again(federation, keys, sentence, field):
    batch = a_draft(federation)
    answer = signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, *keys))
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert field in page
    assert tuple(line.key for line in answer.context["tables"][0].lines) == keys
    assert (batch.files.get().said, headings(federation.jinshui)) == ([], {})


def test_several_columns_of_telephones_are_one_field(federation):
    batch = a_draft(federation)
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "phones", "phones"))
    assert batch.files.get().columns[0]["columns"]["phones"] == [3, 4]


def test_the_second_of_two_people_is_told_and_nothing_is_kept(federation):
    batch = a_draft(federation)
    keys = ("", "name", "uscc", "legal_rep", "phones")
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, *keys, remember=""))
    with pytest.raises(ImportRefused, match="overtaken Alice"):
        name_columns(batch=batch, columns={(0, "csv", 1): {1: "name"}}, remember=True, seen=0, actor=federation.adam)
    assert len(batch.files.get().said) == 5
    Batch.objects.filter(pk=batch.pk).update(touched_by=federation.adam)
    page = text_of(
        signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, *keys[:3], "", "", seen=0), follow=True)
    )
    assert "Adam" in page
    assert "changed this import after you opened the page" in page
    assert len(batch.files.get().columns[0]["columns"]) == 4


def test_a_table_that_is_not_there_any_more_is_refused(federation):
    with pytest.raises(ImportRefused, match="no_such_table"):
        name_columns(
            batch=a_draft(federation), columns={(0, "csv", 9): {1: "name"}}, remember=True, actor=federation.alice
        )


# Forgetting ------------------------------------------------------------


def test_a_remembered_heading_is_listed_and_can_be_forgotten(federation):
    batch, client = a_draft(federation), signed_in(federation.alice)
    client.post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "legal_rep", "phones"))
    page = text_of(client.get(page_of(batch, "columns")))
    assert "Forget “掌柜”" in page
    assert "Alice" in page
    page = text_of(client.post(page_of(batch, "forget-heading"), {"heading": "掌柜"}, follow=True))
    assert "“掌柜” has been forgotten." in page
    assert headings(federation.jinshui) == {"序号": "", "代号": "uscc"}
    assert LogEntry.objects.filter(verb="import.forget_heading").count() == 1


def test_headings_belong_to_one_organisation(federation):
    batch = a_draft(federation)
    signed_in(federation.alice).post(page_of(batch, "columns"), said(batch, "", "name", "uscc", "legal_rep", "phones"))
    assert headings(federation.erqi) == {}
    assert not forget_heading(org=federation.erqi, kind="roster", heading="掌柜", actor=federation.bob)
    assert len(headings(federation.jinshui)) == 3


# Where somebody lands ------------------------------------------------------------


def upload(client, *rows):
    file = SimpleUploadedFile("名册.csv", csv_bytes(rows))
    return client.post(reverse("imports:new"), {"org": "410105", "on": "2015-12-31", "kind": "roster", "upload": file})


@pytest.mark.parametrize(
    ("rows", "step"),
    [
        ([HEADINGS, *firms(2)], "batch"),
        ([HEADINGS, *firms(2), [3, "示例丙公司", "错", ""]], "problems"),
        ([ODD, *ROWS], "columns"),
    ],
)
def test_after_an_upload_one_lands_where_there_is_something_to_do(federation, rows, step):
    answer = upload(signed_in(federation.alice), *rows)
    assert answer.headers["Location"] == page_of(Batch.objects.get(), step)


def test_the_rule_of_the_next_step():
    clean, wrong = Figures(), Figures(remarks=1)
    assert [next_step([0, 0], clean), next_step([0], wrong), next_step([0, 1], wrong)] == [
        "imports:batch",
        "imports:problems",
        "imports:columns",
    ]
