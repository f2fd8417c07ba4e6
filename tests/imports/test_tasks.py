"""Background jobs: deferred with the batch, run to the end, refusals noted where people look."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shanglian.archive.queries import document_path
from shanglian.imports import tasks
from shanglian.imports.actions import ImportRefused, IncomingFile, receive_file, request_commit
from shanglian.imports.labels import failure_sentence
from shanglian.imports.models import Batch
from tests.full_disk import no_room
from tests.imports.workbooks import FAKE, HEADINGS, csv_bytes, firms

pytestmark = pytest.mark.django_db


def a_batch(federation):
    file = IncomingFile("名册.csv", csv_bytes([HEADINGS, *firms(2)]))
    return receive_file(
        org=federation.jinshui, kind="fake", files=[file], on=date(2015, 12, 31), actor=federation.alice
    )


def jobs():
    return list(ProcrastinateJob.objects.order_by("pk").values_list("task_name", "lock"))


def test_reading_goes_on_to_the_dry_run_and_a_commit_waits_for_people(federation):
    batch, actor = a_batch(federation), federation.alice
    tasks.defer_reading(batch, actor)
    tasks.read_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    tasks.preview_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    batch.refresh_from_db()
    lock = f"batch-{batch.pk}"
    assert jobs() == [("imports.read_batch", lock), ("imports.preview_batch", lock)]
    assert batch.state == Batch.State.PREVIEWED


def test_a_commit_job_may_run_twice(federation):
    batch, actor = a_batch(federation), federation.alice
    tasks.read_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    request_commit(batch=batch, actor=actor)
    tasks.commit_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    tasks.commit_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (Batch.State.COMMITTED, "")


def test_a_stored_file_that_was_damaged_is_noted_on_the_batch(federation):
    batch = a_batch(federation)
    document_path(batch.files.get().document.sha256).write_bytes(b"")
    tasks.read_batch(batch_id=str(batch.pk), actor_id=federation.alice.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.failure_detail) == (Batch.State.FAILED, "empty", "名册.csv")


def test_a_refusal_of_the_register_is_noted_and_the_batch_given_back(federation, monkeypatch):
    def refuse(batch, rows, *, actor):
        raise IntegrityError("示例：不平衡 / out of balance\nCONTEXT")

    batch, actor = a_batch(federation), federation.alice
    tasks.read_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    request_commit(batch=batch, actor=actor)
    monkeypatch.setattr(FAKE, "book", refuse, raising=False)
    tasks.commit_batch(batch_id=str(batch.pk), actor_id=actor.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.failure_detail) == (
        Batch.State.READ,
        "database",
        "示例：不平衡 / out of balance",
    )


def test_a_full_temporary_folder_is_said_and_each_step_can_be_done_again(federation, settings, monkeypatch, tmp_path):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    batch, actor = a_batch(federation), federation.alice
    settings.IMPORT_PAGE_ROWS, settings.IMPORT_PAGES_KEPT = 1, 0  # as if the batch were large
    steps = [
        (tasks.read_batch, Batch.State.RECEIVED, Batch.State.READ),
        (tasks.preview_batch, Batch.State.READ, Batch.State.PREVIEWED),
        (tasks.commit_batch, Batch.State.PREVIEWED, Batch.State.COMMITTED),
    ]
    for step, before, after in steps:
        if step is tasks.commit_batch:
            request_commit(batch=batch, actor=actor)
        with no_room():
            step(batch_id=str(batch.pk), actor_id=actor.pk)
        batch.refresh_from_db()
        with translation.override("zh-hans"):
            sentence = failure_sentence(batch)
        assert (batch.state, batch.failure, sentence) == (
            before,
            "no_room",
            "服务器临时空间不足，这一步没有完成，未写入任何数据；请联系管理员腾出磁盘空间，然后重试。",
        )
        step(batch_id=str(batch.pk), actor_id=actor.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.failure) == (after, "")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_file_that_cannot_be_opened_for_want_of_room_is_not_kept(federation, settings):
    settings.IMPORT_PAGE_ROWS, settings.IMPORT_PAGES_KEPT = 1, 0
    with no_room(), pytest.raises(ImportRefused) as refusal:
        a_batch(federation)
    assert (refusal.value.code, Batch.objects.count()) == ("disk_full", 0)


def test_the_worker_knows_the_tasks():
    assert {"imports.read_batch", "imports.preview_batch", "imports.commit_batch"} <= set(app.tasks)
