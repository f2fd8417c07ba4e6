"""The possible leavers of a complete roster on their page, the preview of changes around them, and discarded drafts."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from shanglian.archive.models import LogEntry
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    commit_batch,
    decide_absence,
    decide_absences,
    preview_batch,
    read_batch,
    receive_file,
)
from shanglian.imports.models import Absence, Batch
from shanglian.imports.pages import waiting_for
from shanglian.members.models import Entity, Movement, Span
from tests.guards import assert_guarded
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON, LATER = date(2014, 12, 31), date(2015, 12, 31)
SECOND, THIRD = "示例企业2有限公司", "示例企业3有限公司"
State = Batch.State


def rehearsed(federation, rows, on=LATER, complete=True) -> Batch:
    alice, files = federation.alice, [IncomingFile("名册.csv", csv_bytes([HEADINGS, *rows]))]
    terms = {"org": federation.jinshui, "kind": "roster", "files": files, "on": on, "complete": complete}
    batch = receive_file(**terms, actor=alice)
    return preview_batch(batch=read_batch(batch=batch, actor=alice), actor=alice)


def missing(federation, count=2) -> Batch:
    """A complete roster of the first of `count` + 1 members."""
    first = rehearsed(federation, firms(count + 1), ON, complete=False)
    commit_batch(batch=first, actor=federation.alice)
    return rehearsed(federation, firms(1))


def said_of(batch, name, choice, reason="示例：注销") -> dict[str, object]:
    absence = batch.absences.get(title=name)
    seen = Batch.objects.get(pk=batch.pk).revision
    return {"absence": absence.pk, "choice": choice, "reason": reason, "seen": seen}


def choices_of(batch) -> list[tuple[str, str, str]]:
    return list(batch.absences.order_by("title").values_list("title", "choice", "reason"))


# Deciding


def test_each_missing_member_stands_in_the_list_with_its_day_and_its_page(federation):
    batch = missing(federation)
    page = text_of(signed_in(federation.alice).get(page_of(batch, "leavers")))
    entity = Entity.objects.get(name=SECOND)
    assert reverse("members:member", args=[entity.pk]) in page
    for shown in (SECOND, uscc(2), "2014-12-31", "Deregistered or licence revoked", "Not named by the list: 2."):
        assert shown in page
    assert "示例企业1有限公司" not in page


def test_a_word_on_the_page_is_what_the_commit_does_and_the_undo_takes_back(federation):
    batch, client = missing(federation), signed_in(federation.alice)
    client.post(page_of(batch, "leavers"), said_of(batch, SECOND, "left"))
    client.post(page_of(batch, "leavers"), said_of(batch, THIRD, "stays", ""))
    assert choices_of(batch) == [(SECOND, "left", "示例：注销"), (THIRD, "stays", "")]
    preview = text_of(client.get(page_of(batch, "batch")))
    assert "Would be booked: ended 1." in preview
    assert "Undecided: 0; have left: 1; stay: 1." in preview

    committed = text_of(client.post(page_of(batch, "commit"), follow=True))
    assert "Booked: ended 1." in committed
    assert set(Span.objects.on(LATER).values_list("entity__name", flat=True)) == {"示例企业1有限公司", THIRD}
    assert "; ended as of" in text_of(client.get(page_of(batch, "leavers")))

    asked = text_of(client.get(page_of(batch, "undo")))
    assert "Will be taken back: <b>ended 1</b>." in asked
    assert "Taken back: 1 entry reversed." in text_of(client.post(page_of(batch, "undo"), follow=True))
    assert Span.objects.on(LATER).count() == 3


def test_the_members_page_says_which_import_ended_it(federation):
    batch, client = missing(federation), signed_in(federation.alice)
    client.post(page_of(batch, "leavers"), said_of(batch, SECOND, "left"))
    client.post(page_of(batch, "commit"))
    page = text_of(client.get(reverse("members:member", args=[Entity.objects.get(name=SECOND).pk])))
    assert "The complete roster 名册.csv does not name it" in page
    assert page_of(batch, "batch") in page
    assert "示例：注销" in page


def test_a_leaving_needs_its_reason(federation):
    batch, client = missing(federation), signed_in(federation.alice)
    page = text_of(client.post(page_of(batch, "leavers"), said_of(batch, SECOND, "left", " "), follow=True))
    assert "A leaving needs its reason; nothing was kept." in page
    assert choices_of(batch) == [(SECOND, "", ""), (THIRD, "", "")]


def test_a_decision_can_be_taken_back_until_the_commit(federation):
    batch, client = missing(federation), signed_in(federation.alice)
    for choice in ("left", "open", "stays", "left"):
        client.post(page_of(batch, "leavers"), said_of(batch, SECOND, choice))
    assert choices_of(batch)[0] == (SECOND, "left", "示例：注销")
    found = (
        LogEntry.objects.filter(verb="import.decide_absence").order_by("pk").values_list("detail__choice", flat=True)
    )
    assert list(found) == ["left", "", "stays", "left"]


def test_all_that_are_open_at_once_need_the_box_ticked(federation):
    batch, client = missing(federation, 4), signed_in(federation.alice)
    client.post(page_of(batch, "leavers"), said_of(batch, SECOND, "stays"))
    assert "Tick the box to confirm" in text_of(client.post(page_of(batch, "leavers"), {"all": "left"}, follow=True))
    said = {"all": "left", "sure": "on", "reason": "示例：失联"}
    assert "3 have been decided." in text_of(client.post(page_of(batch, "leavers"), said, follow=True))
    assert Batch.objects.get(pk=batch.pk).preview["counts"] == {"already_booked": 1, "left": 3}
    assert choices_of(batch)[0] == (SECOND, "stays", "示例：注销")


@pytest.mark.parametrize("said", [{"choice": "gone"}, {}])
def test_what_was_not_offered_changes_nothing(federation, said):
    batch = missing(federation)
    given = {"absence": batch.absences.first().pk, "reason": "示例"} | said
    page = text_of(signed_in(federation.alice).post(page_of(batch, "leavers"), given, follow=True))
    assert "This cannot be said of this row" in page
    assert not batch.absences.exclude(choice="").exists()


@pytest.mark.parametrize("absence", ["", "x", "1" * 30, "0"])
def test_somebody_of_another_import_does_not_exist_here(federation, absence):
    batch = missing(federation)
    given = {"absence": absence, "choice": "stays"}
    assert signed_in(federation.alice).post(page_of(batch, "leavers"), given).status_code == 404


def test_the_second_of_two_people_is_told_and_nothing_of_theirs_is_kept(federation):
    batch = missing(federation)
    absence = batch.absences.get(title=SECOND)
    decide_absence(absence=absence, choice="stays", seen=0, actor=federation.alice)
    for action in (
        lambda: decide_absence(absence=absence, choice="left", reason="示例", seen=0, actor=federation.olivia),
        lambda: decide_absences(batch=batch, choice="left", reason="示例", seen=0, actor=federation.olivia),
    ):
        with pytest.raises(ImportRefused) as refusal:
            action()
        assert (refusal.value.code, refusal.value.detail[:5]) == ("overtaken", "Alice")
    assert choices_of(batch) == [(SECOND, "stays", ""), (THIRD, "", "")]


def test_a_preview_somebody_else_has_changed_since_is_not_committed(federation):
    batch = missing(federation)
    decide_absence(absence=batch.absences.get(title=SECOND), choice="left", reason="示例", actor=federation.olivia)
    preview_batch(batch=batch, actor=federation.olivia)
    page = text_of(signed_in(federation.alice).post(page_of(batch, "commit"), {"seen": 0}, follow=True))
    assert "Olivia" in page
    assert "changed this import after you opened the page" in page
    assert Batch.objects.get(pk=batch.pk).state == State.PREVIEWED


def test_a_decision_makes_the_dry_run_old_and_an_old_one_is_not_offered_for_commit(federation, monkeypatch):
    batch, client = missing(federation), signed_in(federation.alice)
    monkeypatch.setattr("shanglian.imports.pages.LARGE", 0)  # as if the file were large: no dry run in the request
    client.post(page_of(batch, "leavers"), said_of(batch, SECOND, "left"))
    page = text_of(client.get(page_of(batch, "batch")))
    assert "The dry run is older than the decisions" in page
    assert 'form="commit"' not in page
    with pytest.raises(ImportRefused, match="decided_since"):
        commit_batch(batch=batch, actor=federation.alice)


def test_after_the_commit_nothing_is_changed_on_the_page_or_in_the_database(federation):
    batch, client = missing(federation), signed_in(federation.alice)
    client.post(page_of(batch, "leavers"), said_of(batch, SECOND, "stays"))
    commit_batch(batch=batch, actor=federation.alice)
    page = text_of(client.post(page_of(batch, "leavers"), said_of(batch, THIRD, "left"), follow=True))
    assert "This import has been committed already." in page
    assert 'name="choice"' not in page
    for change in (Absence.objects.all().delete, lambda: Absence.objects.update(title="示例")):
        with pytest.raises(DatabaseError, match="decisions about leavers are kept"), transaction.atomic():
            change()
    assert Movement.objects.filter(kind="left").count() == 0


def test_the_leavers_are_guarded(federation):
    batch = missing(federation)
    who = {"allowed": federation.alice, "forbidden": federation.nobody, "elsewhere": federation.bob}
    assert_guarded(page_of(batch, "leavers"), **who)
    city = {"forbidden": federation.olivia, "elsewhere": federation.bob, "method": "post"}
    assert_guarded(page_of(batch, "leavers"), allowed=federation.alice, ok=404, **city)  # allowed, but names nobody
    assert signed_in(federation.alice).get(page_of(batch, "leavers"), {"show": "nonsense"}).status_code == 404


def test_the_city_reads_the_leavers_without_buttons_and_with_the_reason(federation):
    page = text_of(signed_in(federation.olivia).get(page_of(missing(federation))))
    assert "Your role may do this only in your own organisation; this one lies below it." in page
    assert 'name="choice"' not in page


def test_the_leavers_ask_as_often_for_many_members_as_for_few(federation, django_assert_num_queries):
    client = signed_in(federation.alice)
    client.get("/imports/")  # from here on the tree is kept
    for count in (2, 25):
        with transaction.atomic():
            batch = missing(federation, count)
            with django_assert_num_queries(16):
                client.get(page_of(batch, "leavers"))
            transaction.set_rollback(True)


# The preview of changes


def test_the_preview_shows_what_is_new_what_changes_and_what_stays(federation):
    commit_batch(batch=rehearsed(federation, firms(3), ON, complete=False), actor=federation.alice)
    renamed = [2, "示例更名有限公司", uscc(2), "17000000002"]
    batch = rehearsed(federation, [*firms(1), renamed, *firms(1, start=9)])
    client = signed_in(federation.alice)
    found = client.get(page_of(batch, "batch"))
    assert [(part.key, part.total) for part in found.context["sections"]] == [("new", 1), ("changed", 1)]
    page = text_of(found)
    assert f'<span class="t3">{SECOND}</span> → <b>示例更名有限公司</b>' in page
    assert "newly joined 1" in page
    assert "1 in the register is not named by this complete list" in page
    for show in ("new", "changed", "already"):
        assert f"{page_of(batch, 'rows')}?show={show}" in page
        assert [view.row.number for view in client.get(page_of(batch, "rows"), {"show": show}).context["rows"]] == [
            {"new": 4, "changed": 3, "already": 2}[show]
        ]


def test_rows_of_one_remark_can_be_looked_at_alone(federation):
    batch = rehearsed(federation, [*firms(2), [3, THIRD, "", ""]])
    client = signed_in(federation.alice)
    found = client.get(page_of(batch, "rows"), {"code": "id_missing"}).context["rows"]
    assert [view.row.number for view in found] == [4]
    assert client.get(page_of(batch, "rows"), {"code": "no_such_code"}).context["rows"] == []


# Discarding


def test_a_draft_is_discarded_and_can_be_taken_up_again(federation):
    batch, client = rehearsed(federation, firms(2)), signed_in(federation.alice)
    assert "Discard this draft?" in text_of(client.get(page_of(batch, "discard")))
    assert Batch.objects.get().state == State.PREVIEWED
    assert "The draft has been discarded." in text_of(client.post(page_of(batch, "discard"), follow=True))
    batch.refresh_from_db()
    assert (batch.state, waiting_for(batch)) == (State.DISCARDED, None)
    page = text_of(client.get(page_of(batch, "batch")))
    assert "This draft was discarded" in page
    assert page_of(batch, "commit") not in page
    with pytest.raises(ImportRefused, match="discarded"):
        commit_batch(batch=batch, actor=federation.alice)
    client.post(page_of(batch, "check"))
    assert Batch.objects.get().state == State.PREVIEWED


def test_what_is_committed_is_not_discarded(federation):
    batch, client = rehearsed(federation, firms(2)), signed_in(federation.alice)
    commit_batch(batch=batch, actor=federation.alice)
    for answer in (client.get(page_of(batch, "discard")), client.post(page_of(batch, "discard"))):
        assert answer.headers["Location"] == page_of(batch, "batch")
    assert Batch.objects.get().state == State.COMMITTED


def test_discarding_is_guarded(federation):
    batch = rehearsed(federation, firms(1))
    city = {"forbidden": federation.olivia, "elsewhere": federation.bob}
    assert_guarded(page_of(batch, "discard"), allowed=federation.alice, **city)
    assert_guarded(page_of(batch, "discard"), allowed=federation.alice, ok=302, method="post", **city)


# The command


@pytest.mark.parametrize("commit", [False, True])
def test_the_command_says_how_many_a_complete_roster_does_not_name_and_ends_none(federation, tmp_path, capsys, commit):
    commit_batch(batch=rehearsed(federation, firms(3), ON, complete=False), actor=federation.alice)
    path = tmp_path / "全量名册.csv"
    path.write_bytes(csv_bytes([HEADINGS, *firms(1)]))
    options = {"org": "410105", "on": LATER, "complete": True, "commit": commit}
    call_command("import_roster", str(path), json="-", **options)
    out, err = capsys.readouterr()
    assert (json.loads(out)["counts"], json.loads(out)["absent"]) == ({"already_booked": 1}, 2)
    assert "members the list does not name: 2, none ended" in err
    assert Span.objects.on(LATER).count() == 3
    assert Absence.objects.filter(choice="").count() == (2 if commit else 0)
