"""Work in the background: how far it is, and that it can be stopped without leaving anything by halves."""

import threading
from datetime import date
from time import monotonic

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import JobAborted

from shanglian.imports import tasks
from shanglian.imports.actions import IncomingFile, preview_batch, read_batch, receive_file, request_commit
from shanglian.imports.models import Batch
from shanglian.imports.pages import Waiting, waiting_for
from shanglian.imports.templatetags.batches import progress_of
from tests.guards import assert_guarded
from tests.imports.workbooks import FAKE, HEADINGS, csv_bytes, firms
from tests.little_federation import little_federation

State = Batch.State
RUNNING = Waiting("running")


def a_batch(federation, *, files=1, rows=5):
    given = [
        IncomingFile(f"名册{n}.csv", csv_bytes([HEADINGS, *firms(rows, start=1000 * n + 1)])) for n in range(files)
    ]
    return receive_file(org=federation.jinshui, kind="fake", files=given, on=date(2015, 12, 31), actor=federation.alice)


def stop_at(number):
    """Says that it is stopped when asked for the n-th time."""
    asked = iter(range(1, number + 1))
    return lambda: next(asked, number) == number


def left_behind(batch):
    batch.refresh_from_db()
    return batch.state, batch.preview, sorted(set(batch.rows().values_list("verdict", flat=True)))


def make_job_run(job):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])


# How far it is


def test_reading_tells_the_file_and_the_rows(database_clone, monkeypatch):
    federation = little_federation()
    monkeypatch.setattr(tasks, "TELL_EVERY", 0)
    batch, told = a_batch(federation, files=2, rows=1500), []
    for number in range(1, 200):
        try:
            tasks.read_batch(str(batch.pk), federation.alice.pk, stop_at(number))
        except JobAborted:
            batch.refresh_from_db()
            with override("en"):
                told.append(progress_of(batch, RUNNING)["sentence"])
        else:
            break
    assert [sentence for sentence in dict.fromkeys(told) if sentence] == [
        "File 1 of 2: 1,000 of 1,500 rows read",
        "File 1 of 2: 1,500 of 1,500 rows read",
        "File 2 of 2: 1,000 of 1,500 rows read",
        "File 2 of 2: 1,500 of 1,500 rows read",
        "3,000 rows have been read and are being kept",
    ]


@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        ({}, {"sentence": ""}),
        ({"stage": "reading", "file": 1, "files": 2, "read": 500, "rows": 1000}, {"value": 500, "of": 2000}),
        ({"stage": "reading", "file": 2, "files": 2, "read": 1000, "rows": 1000}, {"value": 2000, "of": 2000}),
    ],
)
def test_the_bar_shows_the_share_of_all_files(progress, shown):
    assert progress_of(Batch(progress=progress), RUNNING).items() >= shown.items()


# Stopping


def test_wherever_reading_is_stopped_nothing_is_left(database_clone):
    federation = little_federation()
    batch, number = a_batch(federation, files=2), 0
    while batch.state == State.RECEIVED:
        number += 1
        try:
            tasks.read_batch(str(batch.pk), federation.alice.pk, stop_at(number))
        except JobAborted:
            assert left_behind(batch) in ((State.RECEIVED, None, []), (State.READ, None, [""]))
            assert not ProcrastinateJob.objects.exists()
        batch.refresh_from_db()
    assert number > 10


def test_wherever_rehearsing_is_stopped_nothing_is_left(database_clone):
    federation = little_federation()
    batch, number = a_batch(federation), 0
    read_batch(batch=batch, actor=federation.alice)
    batch.refresh_from_db()
    while batch.state == State.READ:
        number += 1
        try:
            tasks.preview_batch(str(batch.pk), federation.alice.pk, stop_at(number))
        except JobAborted:
            assert left_behind(batch) == (State.READ, None, [""])
        batch.refresh_from_db()
    assert number > 5
    assert left_behind(batch)[2] == ["joined"]


@pytest.mark.django_db
def test_what_waits_for_its_turn_is_cancelled_and_says_who_did(federation):
    batch = a_batch(federation)
    tasks.defer_reading(batch, federation.alice)
    assert tasks.stop_work(batch, federation.alice) is True
    batch.refresh_from_db()
    assert ProcrastinateJob.objects.get().status == "cancelled"
    assert (batch.state, batch.failure, batch.failure_detail) == (State.RECEIVED, "cancelled", "Alice")
    assert waiting_for(batch) is None


@pytest.mark.django_db
def test_a_commit_is_stopped_only_before_it_begins(federation):
    batch, alice = a_batch(federation), federation.alice
    read_batch(batch=batch, actor=alice)
    preview_batch(batch=batch, actor=alice)
    tasks.defer_commit(request_commit(batch=batch, actor=alice), alice)
    assert tasks.stop_work(batch, alice) is True
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (State.PREVIEWED, "cancelled")
    tasks.defer_commit(request_commit(batch=batch, actor=alice), alice)
    make_job_run(ProcrastinateJob.objects.get(status="todo"))
    assert tasks.stop_work(batch, alice) is False
    assert Batch.objects.get().state == State.COMMITTING


@pytest.mark.django_db
def test_the_page_of_the_import_stops_its_work(federation):
    batch = a_batch(federation)
    tasks.defer_reading(batch, federation.alice)
    client = Client(headers={"accept-language": "en"})
    client.force_login(federation.alice)
    assert (
        reverse("imports:stop", args=[batch.pk])
        in client.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    )
    page = client.post(reverse("imports:stop", args=[batch.pk]), follow=True).content.decode()
    assert "Alice cancelled the check; nothing was booked, and it can be checked again." in page
    again = client.post(reverse("imports:stop", args=[batch.pk]), follow=True).content.decode()
    assert "Nothing could be cancelled" in again


@pytest.mark.django_db
def test_stopping_is_guarded(federation):
    assert_guarded(
        reverse("imports:stop", args=[a_batch(federation).pk]),
        allowed=federation.alice,
        forbidden=federation.olivia,
        elsewhere=federation.bob,
        method="post",
        ok=302,
    )


def test_a_worker_stops_in_the_middle_of_a_rehearsal(database_clone, monkeypatch):
    """A real worker: told by the database, it ends before its next statement and rolls back."""
    federation = little_federation()
    batch, alice, inside, opened = a_batch(federation), federation.alice, threading.Event(), []
    read_batch(batch=batch, actor=alice)
    tasks.defer_preview(batch, alice)

    def book_for_long(batch, rows, *, actor):
        batch.rows().update(verdict="half")
        opened.append(connection.connection)
        inside.set()
        end = monotonic() + 30
        while monotonic() < end:
            batch.rows().count()
        raise AssertionError("nobody stopped it")

    def work():
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False)

    monkeypatch.setattr(FAKE, "book", book_for_long, raising=False)
    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(30)
    assert tasks.stop_work(batch, alice) is True
    thread.join(30)
    opened[0].close()
    assert ProcrastinateJob.objects.get(task_name="imports.preview_batch").status == "aborted"
    assert left_behind(batch) == (State.READ, None, [""])
    assert (batch.failure, batch.failure_detail) == ("cancelled", "Alice")
