"""The review of doubtful rows: each beside its candidates, decided on the page, kept once committed."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from shanglian.archive.models import LogEntry
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.models import Batch, Decision
from shanglian.members.models import Entity, Movement
from tests.guards import assert_guarded
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import HEADINGS, csv_bytes, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON, LATER = date(2014, 12, 31), date(2015, 12, 31)


def rehearsed(federation, rows, on):
    alice, files = federation.alice, [IncomingFile("名册.csv", csv_bytes([HEADINGS, *rows]))]
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=on, actor=alice)
    return preview_batch(batch=read_batch(batch=batch, actor=alice), actor=alice)


def doubtful(federation, count=1) -> Batch:
    """Members without a number, and a later roster that brings firms of their names with one."""
    names = [f"示例疑似{n}有限公司" for n in range(1, count + 1)]
    commit_batch(
        batch=rehearsed(federation, [[n, name, "", ""] for n, name in enumerate(names, 1)], ON),
        actor=federation.alice,
    )
    return rehearsed(federation, [[n, name, uscc(n), "17000000001"] for n, name in enumerate(names, 1)], LATER)


def test_a_doubtful_row_stands_beside_its_candidate_with_the_reasons(federation):
    batch = doubtful(federation)
    page = text_of(signed_in(federation.alice).get(page_of(batch, "review")))
    entity = Entity.objects.get()
    assert "The register has a member of this name, and nothing proves it is the same" in page
    assert "the name, a member of this organisation, the county" in page
    assert uscc(1) in page
    assert "170****0001" in page
    assert "2014-12-31 郑州市金水区工商业联合会" in page
    assert reverse("members:member", args=[entity.pk]) in page
    for value in (f"same:{entity.pk}", "different", "skip"):
        assert f'name="choice" value="{value}"' in page


@pytest.mark.parametrize(
    ("choice", "verdict", "entities"),
    [("same", "changed", 1), ("different", "joined", 2), ("skip", "left_out", 1)],
)
def test_a_word_on_the_page_is_what_the_commit_does(federation, choice, verdict, entities):
    batch, client = doubtful(federation), signed_in(federation.alice)
    value = f"same:{Entity.objects.get().pk}" if choice == "same" else choice
    said = {"row": batch.rows().get().pk, "choice": value, "reason": "示例：已电话核实"}
    decided = text_of(client.post(page_of(batch, "review"), said, follow=True))
    assert "Row 2 has been decided." in decided
    assert "No row waits for a decision" in decided
    assert batch.rows().get().verdict == verdict
    assert "示例：已电话核实" in text_of(client.get(page_of(batch, "review"), {"show": "decided"}))

    client.post(page_of(batch, "commit"))
    assert Batch.objects.get(pk=batch.pk).state == Batch.State.COMMITTED
    assert (batch.rows().get().verdict, Entity.objects.count()) == (verdict, entities)


def test_a_mind_may_be_changed_until_the_commit(federation):
    batch, client = doubtful(federation), signed_in(federation.alice)
    for choice in ("skip", "different"):
        client.post(page_of(batch, "review"), {"row": batch.rows().get().pk, "choice": choice})
    assert Decision.objects.get().choice == "different"
    assert batch.rows().get().verdict == "joined"
    choices = LogEntry.objects.filter(verb="import.decide").order_by("pk").values_list("detail__choice", flat=True)
    assert list(choices) == ["skip", "different"]


def test_after_the_commit_a_decision_is_refused_and_the_database_keeps_the_old_one(federation):
    batch, client = doubtful(federation), signed_in(federation.alice)
    said = {"row": batch.rows().get().pk, "choice": "skip"}
    client.post(page_of(batch, "review"), said)
    commit_batch(batch=batch, actor=federation.alice)
    page = text_of(client.post(page_of(batch, "review"), said | {"choice": "different"}, follow=True))
    assert "This import has been committed already." in page
    assert 'name="choice"' not in page
    for change in (Decision.objects.all().delete, lambda: Decision.objects.update(choice="different")):
        with pytest.raises(DatabaseError, match="its decisions are kept"), transaction.atomic():
            change()
    assert Decision.objects.get().choice == "skip"


def test_all_at_once_needs_the_box_ticked(federation):
    batch, client = doubtful(federation, 3), signed_in(federation.alice)
    assert "Tick the box to confirm" in text_of(
        client.post(page_of(batch, "review"), {"all": "different"}, follow=True)
    )
    assert Decision.objects.count() == 0
    page = text_of(client.post(page_of(batch, "review"), {"all": "different", "sure": "on"}, follow=True))
    assert "3 rows have been decided." in page
    assert set(batch.rows().values_list("verdict", flat=True)) == {"joined"}


@pytest.mark.parametrize("said", [{"choice": "same:999999"}, {"choice": "same:"}, {"choice": "x"}, {}])
def test_what_was_not_offered_changes_nothing(federation, said):
    batch = doubtful(federation)
    page = signed_in(federation.alice).post(
        page_of(batch, "review"), {"row": batch.rows().get().pk} | said, follow=True
    )
    assert "This cannot be said of this row" in text_of(page)
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("row", ["", "x", "1" * 30, "0"])
def test_a_row_of_another_import_does_not_exist_here(federation, row):
    batch = doubtful(federation)
    assert signed_in(federation.alice).post(page_of(batch, "review"), {"row": row, "choice": "skip"}).status_code == 404


def test_what_was_decided_since_the_dry_run_is_checked_before_the_commit(federation, monkeypatch):
    batch, client = doubtful(federation), signed_in(federation.alice)
    monkeypatch.setattr("shanglian.imports.pages.LARGE", 0)  # as if the file were large: no dry run in the request
    client.post(page_of(batch, "review"), {"row": batch.rows().get().pk, "choice": "skip"})
    assert "The dry run is older than the decisions" in text_of(client.get(page_of(batch, "batch")))
    assert "The dry run is older than these decisions" in text_of(client.get(page_of(batch, "review")))
    monkeypatch.undo()
    page = text_of(client.post(page_of(batch, "commit"), follow=True))
    assert "Something was changed since the dry run; check again first." in page
    client.post(page_of(batch, "check"))
    assert batch.rows().get().verdict == "left_out"


def test_an_import_that_only_adds_a_number_can_be_committed_and_taken_back(federation):
    batch, client = doubtful(federation), signed_in(federation.alice)
    said = {"row": batch.rows().get().pk, "choice": f"same:{Entity.objects.get().pk}"}
    client.post(page_of(batch, "review"), said)
    assert page_of(batch, "commit") in text_of(client.get(page_of(batch, "batch")))
    before = Movement.objects.count()
    client.post(page_of(batch, "commit"))
    assert Entity.objects.get().identifiers.get().value == uscc(1)
    assert page_of(batch, "undo") in text_of(client.get(page_of(batch, "batch")))
    assert Movement.objects.count() == before


def test_the_batch_leads_to_the_review_and_says_how_much_is_open(federation):
    batch = doubtful(federation, 2)
    page = text_of(signed_in(federation.alice).get(page_of(batch, "batch")))
    assert page_of(batch, "review") in page
    assert "To be decided: 2; decided: 0." in page


def test_the_review_is_guarded(federation):
    batch = doubtful(federation)
    who = {"allowed": federation.alice, "forbidden": federation.nobody, "elsewhere": federation.bob}
    assert_guarded(page_of(batch, "review"), **who)
    city = {"forbidden": federation.olivia, "elsewhere": federation.bob, "method": "post"}
    row = f"?show=open&row={batch.rows().get().pk}"
    assert_guarded(
        page_of(batch, "review") + row, allowed=federation.alice, ok=404, **city
    )  # allowed, but names no row
    assert signed_in(federation.alice).get(page_of(batch, "review"), {"show": "nonsense"}).status_code == 404


def test_the_city_reads_the_review_without_buttons_and_with_the_reason(federation):
    batch = doubtful(federation)
    page = text_of(signed_in(federation.olivia).get(page_of(batch, "review")))
    assert "Your role may do this only in your own organisation; this one lies below it." in page
    assert 'name="choice"' not in page


def test_the_review_asks_as_often_for_many_rows_as_for_few(federation, django_assert_num_queries):
    client = signed_in(federation.alice)
    client.get("/imports/")  # from here on the tree is kept
    for count in (1, 9):
        with transaction.atomic():
            batch = doubtful(federation, count)
            with django_assert_num_queries(18):
                client.get(page_of(batch, "review"))
            transaction.set_rollback(True)
