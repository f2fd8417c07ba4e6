"""Two people commit one batch at the same moment: one of them books, the other is told."""

import threading
from datetime import date

from django.db import connection

from shanglian.imports.actions import ImportRefused, IncomingFile, commit_batch, read_batch, receive_file
from shanglian.imports.models import Batch
from tests.imports.workbooks import FAKE, HEADINGS, csv_bytes, firms
from tests.little_federation import little_federation


def test_the_second_commit_waits_and_is_then_told(database_clone, monkeypatch):
    federation = little_federation()
    file = IncomingFile("名册.csv", csv_bytes([HEADINGS, *firms(5)]))
    batch = receive_file(
        org=federation.jinshui, kind="fake", files=[file], on=date(2015, 12, 31), actor=federation.alice
    )
    read_batch(batch=batch, actor=federation.alice)
    inside, go_on, booked, answers = threading.Event(), threading.Event(), [], []

    def book_slowly(batch, rows, *, actor):
        inside.set()
        go_on.wait(20)
        booked.append(actor.pk)
        return original(batch, rows, actor=actor)

    def commit(actor):
        try:
            commit_batch(batch=Batch.objects.get(pk=batch.pk), actor=actor)
            answers.append("booked")
        except ImportRefused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    original = FAKE.book
    monkeypatch.setattr(FAKE, "book", book_slowly, raising=False)
    first, second = (threading.Thread(target=commit, args=[who]) for who in (federation.alice, federation.olivia))
    first.start()
    assert inside.wait(20)
    second.start()
    go_on.set()
    first.join(20)
    second.join(20)
    assert (sorted(answers), len(booked)) == (["already_committed", "booked"], 1)
