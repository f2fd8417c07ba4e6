"""The import machine: received, read, rehearsed, committed, undone; each step whole or not at all."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from shanglian.archive.models import Document, LogEntry
from shanglian.archive.queries import document_path
from shanglian.imports.actions import (
    FileRefused,
    ImportRefused,
    IncomingFile,
    commit_batch,
    note_failure,
    preview_batch,
    read_batch,
    receive_file,
    rehearse_files,
    request_commit,
    undo_batch,
)
from shanglian.imports.models import Batch, Row
from shanglian.imports.queries import file_summaries, read_rows
from tests.imports.workbooks import FAKE, HEADINGS, csv_bytes, firms, uscc

pytestmark = pytest.mark.django_db
ON = date(2015, 12, 31)
State = Batch.State


def a_file(*rows, name="名册.csv"):
    return IncomingFile(name, csv_bytes([HEADINGS, *rows]))


def receive(federation, *files, **words):
    return receive_file(
        org=federation.jinshui, kind="fake", files=files or [a_file(*firms(3))], on=ON, actor=federation.alice, **words
    )


def read(federation, *files, **words):
    return read_batch(batch=receive(federation, *files, **words), actor=federation.alice)


def state_of(batch):
    return Batch.objects.get(pk=batch.pk).state


# Receiving


def test_a_received_file_is_kept_and_logged(federation):
    batch = receive(federation)
    (file,) = batch.files.all()
    assert (batch.state, batch.org, batch.on_day, batch.created_by) == (
        State.RECEIVED,
        federation.jinshui,
        ON,
        federation.alice,
    )
    assert (file.name, file.position) == ("名册.csv", 0)
    assert document_path(file.document.sha256).read_bytes() == csv_bytes([HEADINGS, *firms(3)])
    entry = LogEntry.objects.get(verb="import.receive")
    assert (entry.org, entry.subject_id, entry.detail) == ("410105", str(batch.pk), {"kind": "fake", "files": 1})


def test_batches_are_ordered_by_time(federation):
    first, second = receive(federation), receive(federation)
    assert first.pk < second.pk
    assert first.pk.version == 7


def test_an_unusable_file_leaves_nothing_behind_not_even_the_good_ones(federation, settings):
    with pytest.raises(FileRefused) as caught:
        receive(federation, a_file(*firms(1)), IncomingFile("坏.xlsx", b"PK\x03\x04..."))
    assert (caught.value.name, caught.value.code) == ("坏.xlsx", "truncated")
    assert (Batch.objects.count(), Document.objects.count(), settings.DOCUMENT_ROOT.exists()) == (0, 0, False)


@pytest.mark.parametrize(
    ("files", "code"),
    [([], "no_files"), ([IncomingFile("a.csv", csv_bytes([HEADINGS, *firms(1)]))] * 2, "same_file_twice")],
)
def test_a_batch_needs_different_files(federation, files, code):
    with pytest.raises(ImportRefused) as caught:
        receive_file(org=federation.jinshui, kind="fake", files=files, on=ON, actor=federation.alice)
    assert caught.value.code == code


def test_a_file_over_the_limit_is_refused(federation, settings):
    settings.IMPORT_MAX_BYTES = 10
    with pytest.raises(FileRefused) as caught:
        receive(federation)
    assert caught.value.code == "too_large"


# Reading


def test_every_row_is_kept_as_shown_and_as_understood(federation):
    batch = read(federation, a_file([1, "示例甲", uscc(1), 17000000001.0], [2, "", "17", ""]))
    good, bad = batch.rows()
    assert (good.sheet, good.number, good.outcome, good.verdict) == ("csv", 2, "accept", "")
    assert good.cells == ["1", "示例甲", uscc(1), "17000000001"]
    assert good.record == {"name": "示例甲", "name_key": "示例甲", "uscc": uscc(1)}
    assert (bad.outcome, bad.reasons, bad.verdict) == ("reject", ["name_missing", "uscc_bad_length"], "reject")
    assert batch.state == State.READ
    samples = [["1", "2"], ["示例甲"], [uscc(1), "17"], ["170****0001"]]
    described = {"sheet": "csv", "heading_row": 1, "headings": HEADINGS, "samples": samples, "beginnings": []}
    assert batch.files.get().columns == [described | {"columns": {"name": [1], "uscc": [2]}}]


def test_reading_again_writes_the_same_rows_anew(federation):
    batch = read(federation)
    before = [(row.number, row.record) for row in batch.rows()]
    again = read_batch(batch=batch, actor=federation.alice)
    assert [(row.number, row.record) for row in again.rows()] == before


def test_the_files_are_opened_once_and_read_alike_by_whoever_has_only_the_batch(federation):
    batch = receive(federation)
    assert [book.format for book in batch.opened] == ["csv"]
    read_batch(batch=batch, actor=federation.alice)
    assert batch.opened == ()
    before = [(row.number, row.cells, row.record) for row in batch.rows()]
    read_batch(batch=Batch.objects.get(pk=batch.pk), actor=federation.alice)
    assert [(row.number, row.cells, row.record) for row in batch.rows()] == before


def test_a_repeat_names_the_earlier_row_also_from_file_to_file(federation):
    batch = read(federation, a_file(*firms(2)), a_file([1, "示例改名", uscc(2), ""], name="二.csv"))
    assert [(row.outcome, row.same_as) for row in batch.rows()] == [
        ("accept", ""),
        ("accept", ""),
        ("duplicate", "csv!3"),
    ]


def test_signs_that_cost_other_programs_their_rows_are_kept(federation):
    name = '示例"甲"\\N\t{}, 䶮𠮷\'(公司)'
    batch = read(federation, IncomingFile("a.csv", f'企业名称\n"{name.replace(chr(34), chr(34) * 2)}"\n'.encode()))
    assert batch.rows().get().cells == [name]


def test_rows_handed_to_a_kind_come_file_by_file_in_order(federation):
    batch = read(federation, a_file(*firms(2)), a_file(*firms(2, start=3), name="二.csv"))
    rows = read_rows(batch)
    assert [(row.file, row.number, row.record["uscc"]) for row in rows] == [
        (0, 2, uscc(1)),
        (0, 3, uscc(2)),
        (1, 2, uscc(3)),
        (1, 3, uscc(4)),
    ]


# Dry run


def test_a_dry_run_keeps_its_result_and_nothing_else(federation):
    batch = preview_batch(batch=read(federation), actor=federation.alice)
    assert (batch.state, batch.preview["counts"], batch.preview["detail"]) == (
        State.PREVIEWED,
        {"joined": 3, "already_booked": 0},
        {"sum": 3},
    )
    assert [row.verdict for row in batch.rows()] == ["joined"] * 3


def test_what_a_kind_writes_in_a_dry_run_is_rolled_back(federation, monkeypatch):
    def book_and_write(batch, rows, *, actor):
        Batch.objects.filter(pk=batch.pk).update(failure="written by the kind")
        return original(batch, rows, actor=actor)

    original = FAKE.book
    monkeypatch.setattr(FAKE, "book", book_and_write, raising=False)
    batch = preview_batch(batch=read(federation), actor=federation.alice)
    assert Batch.objects.get(pk=batch.pk).failure == ""


def test_a_rehearsal_of_files_leaves_no_trace(federation, settings):
    entries = LogEntry.objects.count()
    rehearsal = rehearse_files(
        org=federation.jinshui, kind="fake", files=[a_file(*firms(3), [4, "", "", ""])], on=ON, actor=federation.alice
    )
    (file,) = rehearsal.files
    assert (file.accept, file.already_booked, rehearsal.booking.counts["joined"]) == (3, 0, 3)
    assert (Batch.objects.count(), Row.objects.count(), Document.objects.count()) == (0, 0, 0)
    assert LogEntry.objects.count() == entries
    assert not settings.DOCUMENT_ROOT.exists()


# Commit


def test_a_commit_saves_verdicts_state_and_log_together(federation):
    batch = read(federation)
    booking = commit_batch(batch=batch, actor=federation.olivia)
    batch.refresh_from_db()
    assert dict(booking.counts) == {"joined": 3, "already_booked": 0}
    assert (batch.state, batch.committed_by) == (State.COMMITTED, federation.olivia)
    assert [row.verdict for row in batch.rows()] == ["joined"] * 3
    assert LogEntry.objects.get(verb="import.commit").detail == {"counts": {"joined": 3, "already_booked": 0}}


def test_a_commit_that_fails_leaves_the_batch_as_it_was(federation, monkeypatch):
    def book_and_break(batch, rows, *, actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    batch = read(federation)
    monkeypatch.setattr(FAKE, "book", book_and_break, raising=False)
    with pytest.raises(DatabaseError):
        commit_batch(batch=batch, actor=federation.alice)
    assert (state_of(batch), {row.verdict for row in batch.rows()}) == (State.READ, {""})


def test_the_same_file_again_books_nothing_and_says_so(federation):
    commit_batch(batch=read(federation), actor=federation.alice)
    again = read(federation)
    commit_batch(batch=again, actor=federation.alice)
    (summary,) = file_summaries(again)
    assert (summary.accept, summary.already_booked) == (0, 3)


def test_a_batch_left_committing_is_committed_again(federation):
    batch = read(federation)
    request_commit(batch=batch, actor=federation.alice)
    commit_batch(batch=batch, actor=federation.alice)
    assert state_of(batch) == State.COMMITTED


@pytest.mark.parametrize(
    ("steps", "then", "code"),
    [
        ([], commit_batch, "not_read"),
        ([], preview_batch, "not_read"),
        ([], undo_batch, "not_committed"),
        ([commit_batch], commit_batch, "already_committed"),
        ([commit_batch], preview_batch, "already_committed"),
        ([commit_batch], read_batch, "already_committed"),
        ([commit_batch, undo_batch], undo_batch, "undone"),
        ([commit_batch, undo_batch], commit_batch, "undone"),
    ],
)
def test_each_step_has_its_time(federation, steps, then, code):
    batch = read(federation) if steps else receive(federation)
    for step in steps:
        step(batch=batch, actor=federation.alice)
    batch.refresh_from_db()
    with pytest.raises(ImportRefused) as caught:
        then(batch=batch, actor=federation.alice)
    assert caught.value.code == code


def test_a_noted_failure_gives_the_batch_back(federation):
    batch = preview_batch(batch=read(federation), actor=federation.alice)
    request_commit(batch=batch, actor=federation.alice)
    note_failure(batch=batch, code="database", detail="示例", actor=federation.alice)
    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.failure_detail) == (State.PREVIEWED, "database", "示例")


# Undo


def test_an_undo_says_how_much_it_reversed(federation):
    batch = read(federation)
    commit_batch(batch=batch, actor=federation.alice)
    assert undo_batch(batch=batch, actor=federation.olivia) == 3
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by) == (State.UNDONE, federation.olivia)


def test_an_undo_with_something_built_on_it_is_refused_with_reasons(federation):
    batch = read(federation, complete=True)
    commit_batch(batch=batch, actor=federation.alice)
    with pytest.raises(ImportRefused) as caught:
        undo_batch(batch=batch, actor=federation.alice)
    assert (caught.value.code, caught.value.detail, state_of(batch)) == ("blocked", "示例理由", State.COMMITTED)


# Evidence


@pytest.mark.parametrize("column", ["cells", "record", "outcome", "number"])
def test_the_application_cannot_change_what_was_read(federation, column):
    batch = read(federation)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE imports_row SET {column} = {column}")
    assert batch.rows().count() == 3


def test_rows_of_a_committed_batch_are_not_deleted(federation):
    batch = read(federation)
    commit_batch(batch=batch, actor=federation.alice)
    with pytest.raises(DatabaseError, match="its rows are kept"), transaction.atomic():
        batch.rows().order_by()._raw_delete("default")
    assert batch.rows().count() == 3
