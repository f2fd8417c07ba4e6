"""Mended cells: kept beside the file, read by it, taken back in order, evidence once the batch is committed."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from shanglian.archive.models import LogEntry
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    accept_proposals,
    amend_cell,
    commit_batch,
    decide_row,
    preview_batch,
    read_batch,
    receive_file,
    withdraw_amendment,
)
from shanglian.imports.labels import mended_sentence
from shanglian.imports.models import Absence, Amendment, Batch, Decision
from shanglian.imports.pages import headed_cells
from shanglian.imports.queries import fetch_mended
from shanglian.members.roster_words import links
from tests.imports.test_exports import sheets
from tests.imports.workbooks import csv_bytes, uscc, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON, LATER = date(2015, 12, 31), date(2016, 6, 30)
HEADINGS = ["序号", "企业名称", "统一社会信用代码", "入会时间", "联系电话"]
CODE, JOINED, PHONE = 2, 3, 4
Behind = Batch.Behind


def firm(number, code=None, joined="2014-05-07"):
    return [number, f"示例改格{number}有限公司", uscc(number) if code is None else code, joined, "17000000001"]


def read(federation, *rows, on=ON, files=None, **words) -> Batch:
    files = files or [IncomingFile("名册.csv", csv_bytes([HEADINGS, *rows]))]
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=on, actor=federation.alice, **words)
    return again(federation, batch)


def again(federation, batch) -> Batch:
    return preview_batch(batch=read_batch(batch=batch, actor=federation.alice), actor=federation.alice)


def amend(federation, batch, number, position, text, **words) -> Amendment | None:
    row = batch.rows().get(number=number)
    return amend_cell(batch=batch, row=row, position=position, text=text, **{"actor": federation.alice, **words})


def amendment_of_row(number) -> Amendment:
    return Amendment.objects.get(number=number)


def code_of(batch, number=2):
    return batch.rows().get(number=number).record.get("uscc")


# Keeping and reading


def test_a_mended_cell_is_read_instead_of_the_one_in_the_file_which_stays(federation):
    batch = read(federation, firm(1, "91410"))
    made = amend(federation, batch, 2, CODE, uscc(1))
    batch.refresh_from_db()
    assert (batch.behind, batch.revision, batch.touched_by) == (Behind.READING, 1, federation.alice)
    assert (made.before, made.text, made.proposed, made.made_by) == ("91410", uscc(1), False, federation.alice)

    batch = again(federation, batch)
    row = batch.rows().get()
    assert (row.outcome, row.record["uscc"], row.cells[CODE]) == ("accept", uscc(1), "91410")
    assert (batch.behind, batch.revision) == (Behind.NOTHING, 1)


def test_what_was_mended_since_the_reading_is_not_committed(federation):
    batch = read(federation, firm(1), firm(2, "91410"))
    amend(federation, batch, 3, CODE, uscc(2))
    with pytest.raises(ImportRefused, match="decided_since"):
        commit_batch(batch=batch, actor=federation.alice)
    preview_batch(batch=batch, actor=federation.alice)  # a dry run alone does not read the file again
    with pytest.raises(ImportRefused, match="decided_since"):
        commit_batch(batch=batch, actor=federation.alice)


def test_what_is_mended_while_the_files_are_read_makes_the_reading_old(federation):
    batch = read(federation, firm(1), firm(2, "91410"))
    said = []

    def watch(stage, **figures):
        if not said:
            said.append(amend(federation, batch, 3, CODE, uscc(2)))

    read_batch(batch=batch, watch=watch, actor=federation.alice)
    again_previewed = preview_batch(batch=batch, actor=federation.alice)
    assert again_previewed.behind == Behind.READING
    assert batch.rows().get(number=3).outcome == "reject"
    assert again(federation, batch).behind == Behind.NOTHING
    assert batch.rows().get(number=3).outcome == "accept"


def test_a_mended_cell_changes_what_it_means_elsewhere(federation):
    batch = read(federation, firm(1), firm(2, uscc(1)), firm(3, "同上"))
    assert [row.outcome for row in batch.rows()] == ["accept", "duplicate", "duplicate"]
    amend(federation, batch, 3, CODE, uscc(2))
    amend(federation, batch, 4, CODE, uscc(3))
    assert [row.outcome for row in again(federation, batch).rows()] == ["accept"] * 3


def test_mended_cells_of_a_workbook_with_two_sheets_are_kept_apart(federation):
    table = [HEADINGS, firm(1, "91410")]
    files = [IncomingFile("名册.xlsx", xlsx_bytes({"甲": table, "乙": table}))]
    batch = read(federation, files=files)
    row = batch.rows().get(sheet="乙")
    amend_cell(batch=batch, row=row, position=CODE, text=uscc(1), actor=federation.alice)
    outcomes = again(federation, batch).rows().values_list("sheet", "outcome")
    assert list(outcomes) == [("甲", "reject"), ("乙", "accept")]


def test_what_says_so_already_is_no_word(federation):
    batch = read(federation, firm(1))
    assert amend(federation, batch, 2, CODE, f" {uscc(1)} ") is None
    batch.refresh_from_db()
    assert (batch.behind, batch.revision, Amendment.objects.count()) == (Behind.NOTHING, 0, 0)


def test_a_cell_is_emptied(federation):
    batch = read(federation, firm(1, joined="不清楚"))
    amend(federation, batch, 2, JOINED, "")
    assert again(federation, batch).rows().get().warnings == ["join_date_missing"]


def test_nothing_is_ever_kept_of_a_sensitive_column(federation):
    batch = read(federation, firm(1, "91410"))
    file = batch.files.get()
    file.columns[0]["columns"]["sensitive"] = [PHONE]
    file.save(update_fields=["columns"])
    with pytest.raises(ImportRefused, match="no_such_cell"):
        amend(federation, batch, 2, PHONE, "17000000002")


def test_the_log_names_the_place_and_not_what_stands_there(federation):
    batch = read(federation, firm(1, "91410"), firm(2, uscc(2).replace("0", "O", 1)))
    amend(federation, batch, 2, CODE, uscc(1))
    accept_proposals(batch=batch, code="uscc_illegal_char", actor=federation.alice)
    withdraw_amendment(batch=batch, actor=federation.alice)
    entries = LogEntry.objects.filter(verb__in=["import.amend", "import.withdraw_amendment"]).order_by("pk")
    assert [(entry.verb, entry.detail) for entry in entries] == [
        ("import.amend", {"file": 0, "row": 2, "column": CODE, "proposed": False}),
        ("import.amend", {"code": "uscc_illegal_char", "cells": 1, "proposed": True}),
        ("import.withdraw_amendment", {"cells": 1}),
    ]


# Proposals


def test_only_one_sure_proposal_is_accepted_for_many_at_once(federation):
    days = ["2061-05-01", "14.5.7", "14.6.1", "05/07/2014"]
    batch = read(federation, *[firm(n, joined=day) for n, day in enumerate(days, 1)], on=LATER)
    assert accept_proposals(batch=batch, code="date_ambiguous", actor=federation.alice) == 0
    batch.refresh_from_db()
    assert batch.revision == 0
    assert accept_proposals(batch=batch, code="date_two_digit_year", actor=federation.alice) == 2
    assert accept_proposals(batch=batch, code="date_two_digit_year", actor=federation.alice) == 0
    rows = again(federation, batch).rows()
    assert [row.record.get("join_date") for row in rows] == [None, "2014-05-07", "2014-06-01", None]
    assert [row.warnings for row in rows][1:3] == [[], []]
    assert set(Amendment.objects.values_list("proposed", flat=True)) == {True}


def test_a_row_left_out_by_decision_stays_left_out(federation):
    commit_batch(batch=read(federation, firm(1, "")), actor=federation.alice)
    batch = read(federation, firm(1, joined="14.5.7"), on=LATER)
    decide_row(row=batch.rows().get(), choice="skip", actor=federation.alice)
    preview_batch(batch=batch, actor=federation.alice)
    assert accept_proposals(batch=batch, code="date_two_digit_year", actor=federation.alice) == 0


# Taking back


def test_what_was_said_last_is_taken_back_first(federation):
    batch = read(federation, firm(1, "91410"))
    for text in ("1", "2", uscc(1)):
        amend(federation, batch, 2, CODE, text)
    stood = []
    for _ in range(3):
        stood.append(batch.rows().get().cells_read[CODE])
        assert withdraw_amendment(batch=batch, actor=federation.alice) == 1
    assert [*stood, batch.rows().get().cells_read[CODE]] == [uscc(1), "2", "1", "91410"]
    with pytest.raises(ImportRefused, match="nothing_mended"):
        withdraw_amendment(batch=batch, actor=federation.alice)
    assert set(Amendment.objects.values_list("withdrawn_by", flat=True)) == {federation.alice.pk}
    assert again(federation, batch).rows().get().outcome == "reject"


def test_one_amendment_or_those_of_a_row_are_taken_back_and_the_others_stay(federation):
    batch = read(federation, firm(1, "91410"), firm(2, "91410"))
    first = amend(federation, batch, 2, CODE, uscc(1))
    amend(federation, batch, 2, JOINED, "2013")
    amend(federation, batch, 3, CODE, uscc(2))
    withdraw_amendment(batch=batch, amendment=first, actor=federation.alice)
    assert [code_of(again(federation, batch), number) for number in (2, 3)] == [None, uscc(2)]
    row = batch.rows().get(number=2)
    assert row.record["join_date"] == "2013"
    assert withdraw_amendment(batch=batch, row=row, actor=federation.alice) == 1
    assert again(federation, batch).rows().get(number=2).record["join_date"] == "2014-05-07"


# Beside other words


def test_reading_again_keeps_the_decisions_of_the_other_rows(federation):
    commit_batch(batch=read(federation, firm(1, ""), firm(2, "")), actor=federation.alice)
    batch = read(federation, firm(1), firm(2), firm(3, "91410"), on=LATER)
    for row in batch.rows().filter(verdict="doubtful"):
        decide_row(row=row, choice="skip", actor=federation.alice)
    amend(federation, batch, 4, CODE, uscc(3))
    amend(federation, batch, 3, PHONE, "17000000002")
    again(federation, batch)
    assert list(Decision.objects.values_list("row__number", flat=True)) == [2]
    assert [row.verdict for row in batch.rows()] == ["left_out", "doubtful", "joined"]


def test_the_second_of_two_is_told_who_and_when_and_nothing_is_kept(federation):
    batch = read(federation, firm(1, "91410"))
    amend(federation, batch, 2, CODE, uscc(1), seen=0, actor=federation.sam)
    for say in (
        lambda: amend(federation, batch, 2, CODE, uscc(9), seen=0),
        lambda: accept_proposals(batch=batch, code="uscc_bad_length", seen=0, actor=federation.alice),
        lambda: withdraw_amendment(batch=batch, seen=0, actor=federation.alice),
    ):
        with pytest.raises(ImportRefused, match=r"overtaken Sam \d{4}"):
            say()
    assert Amendment.objects.get(withdrawn_at=None).text == uscc(1)
    assert amend(federation, batch, 2, CODE, uscc(2), seen=1).before == uscc(1)


# After the commit


def test_after_the_commit_the_actions_refuse_and_the_database_keeps_what_was_mended(federation):
    batch = read(federation, firm(1, "91410"), firm(2))
    made = amend(federation, batch, 2, CODE, uscc(1))
    commit_batch(batch=again(federation, batch), actor=federation.alice)
    for say in (
        lambda: amend(federation, batch, 2, CODE, uscc(3)),
        lambda: accept_proposals(batch=batch, code="uscc_bad_length", actor=federation.alice),
        lambda: withdraw_amendment(batch=batch, actor=federation.alice),
    ):
        with pytest.raises(ImportRefused, match="already_committed"):
            say()
    another = {"source_file": made.source_file, "sheet": "csv", "number": 3, "position": 2, "made_by": federation.alice}
    for change in (
        lambda: Amendment.objects.create(**another),
        lambda: Amendment.objects.update(text="x"),
        Amendment.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match="its mended cells are kept"), transaction.atomic():
            change()
    assert list(Amendment.objects.values_list("text", flat=True)) == [uscc(1)]


def test_after_the_commit_the_database_keeps_what_was_decided_about_leavers(federation):
    commit_batch(batch=read(federation, firm(1), firm(2)), actor=federation.alice)
    batch = read(federation, firm(1), on=LATER, complete=True)
    Absence.objects.update(title="示例乙")  # as long as it is a draft
    commit_batch(batch=batch, actor=federation.alice)
    for change in (
        lambda: Absence.objects.create(batch=batch, target=3, title="示例"),
        lambda: Absence.objects.update(title="x"),
        Absence.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match="its decisions about leavers are kept"), transaction.atomic():
            change()
    assert Absence.objects.get().batch == batch


# Shown


def test_a_mended_cell_is_shown_as_mended_wherever_the_row_is(federation, client, django_assert_num_queries):
    batch = read(federation, firm(1, "91410"), firm(2, "91410"), firm(3, "91410"))
    amend(federation, batch, 2, CODE, uscc(1))
    amend(federation, batch, 3, CODE, "914101")
    again(federation, batch)
    rows = list(batch.rows().select_related("source_file"))
    with django_assert_num_queries(1):
        fetch_mended(rows)
        cells = [dict(headed_cells(row))["统一社会信用代码"] for row in rows]
    assert cells[::2] == [mended_sentence(amendment_of_row(2), "91410", uscc(1)), "91410"]

    client.force_login(federation.alice)
    answer = client.get(reverse("imports:rejected", args=[batch.pk]))
    (table,) = sheets(b"".join(answer.streaming_content)).values()
    assert [row[CODE] for row in table[1:]] == ["91410", "91410"]  # row 2 is mended; the file's own cells stand here
    assert "914101" in table[1][-1]
    assert "Alice" in table[1][-1]

    commit_batch(batch=batch, actor=federation.alice)
    row = batch.rows().get(number=2)
    (address,) = links([row.pk]).values()
    assert mended_sentence(amendment_of_row(2), "91410", uscc(1)) in client.get(address).content.decode()
