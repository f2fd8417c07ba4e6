"""Files that arrive in pieces: the protocol, its limits, two senders at once, crashes, and what nobody hands in."""

import os
import re
import stat
import threading
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from shanglian.archive.models import Document
from shanglian.imports import pages, tasks
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    PieceOutOfPlace,
    append_upload,
    begin_upload,
    give_up_upload,
    receive_file,
    remove_old_uploads,
    take_upload,
    uploading,
)
from shanglian.imports.actions.uploading import MAX_PIECE, MAX_UPLOADS
from shanglian.imports.core import confined, limits
from shanglian.imports.models import Batch, SourceFile, Upload
from tests.guards import assert_guarded
from tests.imports.workbooks import HEADINGS, csv_bytes, firms
from tests.little_federation import little_federation

ROSTER = csv_bytes([HEADINGS, *firms(3)])
SIZE = len(ROSTER)


@pytest.fixture
def client(federation):
    return signed_in(federation.alice)


def signed_in(user, **options):
    client = Client(headers={"accept-language": "en", "accept": "application/json"}, **options)
    client.force_login(user)
    return client


def announce(client, name="名册.csv", size=SIZE, mark="m"):
    return client.post(reverse("imports:uploads"), {"name": name, "size": size, "mark": mark})


def address_of(answer):
    return reverse("imports:upload", args=[answer.json()["id"]])


def put(client, address, at, piece):
    return client.put(f"{address}?from={at}", piece, content_type="application/octet-stream")


def kept(settings):
    """Name → content of what lies in the folder of uploads."""
    root = settings.UPLOAD_ROOT
    return {path.name: path.read_bytes() for path in root.iterdir()} if root.exists() else {}


def told(answer):
    return answer.status_code, answer.json()


def refusal(answer):
    return answer.status_code, answer.json()["code"], answer.json()["detail"]


# The protocol


@pytest.mark.django_db
def test_a_file_arrives_in_pieces_and_is_handed_in(client, settings):
    begun = announce(client)
    address = address_of(begun)
    assert begun.json()["received"] == 0
    assert told(put(client, address, 0, ROSTER[:40])) == (200, {"received": 40})
    assert told(client.get(address)) == (200, {"received": 40})
    assert told(put(client, address, 40, ROSTER[40:])) == (200, {"received": len(ROSTER)})
    assert kept(settings) == {begun.json()["id"]: ROSTER}


@pytest.mark.django_db
def test_what_was_handed_in_is_forgotten_here(client, settings, django_capture_on_commit_callbacks):
    begun = announce(client)
    put(client, address_of(begun), 0, ROSTER)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("imports:new"), {"org": "410105", "on": "2015-12-31", "uploads": begun.json()["id"]}
        )
    assert answer.status_code == 302
    assert SourceFile.objects.get().name == "名册.csv"
    assert (Upload.objects.count(), kept(settings)) == (0, {})


@pytest.mark.django_db
def test_small_and_big_files_are_handed_in_together(client):
    begun = announce(client, name="甲.csv")
    put(client, address_of(begun), 0, ROSTER)
    small = SimpleUploadedFile("乙.csv", csv_bytes([HEADINGS, *firms(2, start=10)]))
    asked = {"org": "410105", "on": "2015-12-31", "uploads": begun.json()["id"], "upload": small}
    client.post(reverse("imports:new"), asked)
    assert list(SourceFile.objects.order_by("position").values_list("name", flat=True)) == ["乙.csv", "甲.csv"]


@pytest.mark.django_db
def test_the_same_file_goes_on_where_it_was(client):
    begun = announce(client)
    put(client, address_of(begun), 0, ROSTER[:40])
    assert announce(client).json() == {"id": begun.json()["id"], "received": 40}


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"name": "别的.csv"}, {"size": len(ROSTER) + 1}, {"mark": "n"}])
def test_another_file_begins_anew(client, other):
    begun = announce(client)
    put(client, address_of(begun), 0, ROSTER[:40])
    again = announce(client, **other).json()
    assert (again["id"] == begun.json()["id"], again["received"]) == (False, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["0", "41", "39", "", "x", "-1", "９"])
def test_a_piece_that_does_not_continue_is_told_the_right_place(client, settings, at):
    address = address_of(announce(client))
    put(client, address, 0, ROSTER[:40])
    answer = put(client, address, at, ROSTER[40:50])
    assert (answer.status_code, answer.json()["code"], answer.json()["received"]) == (409, "out_of_place", 40)
    assert list(kept(settings).values()) == [ROSTER[:40]]


@pytest.mark.django_db
def test_a_file_is_given_up(client, settings, django_capture_on_commit_callbacks):
    address = address_of(announce(client))
    put(client, address, 0, ROSTER[:40])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(address).status_code == 204
    assert (client.get(address).status_code, Upload.objects.count(), kept(settings)) == (404, 0, {})


@pytest.mark.django_db
def test_a_file_is_given_up_by_a_button(client, django_capture_on_commit_callbacks):
    begun = announce(client)
    page = client.post(reverse("imports:give-up", args=[begun.json()["id"]]))
    assert (page.status_code, page.headers["Location"], Upload.objects.count()) == (302, reverse("imports:list"), 0)


# Limits


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_refused_before_a_byte_arrives(client, settings):
    answer = announce(client, size=settings.IMPORT_MAX_BYTES + 1)
    sentence = "名册.csv: the file is too large (limit 50 MB); split it into several."
    assert (refusal(answer), Upload.objects.count()) == ((413, "too_large", sentence), 0)


@pytest.mark.django_db
def test_the_refusal_is_said_in_the_readers_language(client, settings):
    answer = client.post(
        reverse("imports:uploads"),
        {"name": "名册.csv", "size": settings.IMPORT_MAX_BYTES + 1, "mark": "m"},
        headers={"accept-language": "zh-CN"},
    )
    assert answer.json()["detail"] == "名册.csv：文件过大（上限 50 MB），请拆分成几个文件。"


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": "x"}, {"name": ""}, {"mark": ""}, {"mark": "m" * 81}])
def test_a_file_is_announced_properly_or_not_at_all(client, wrong):
    assert announce(client, **wrong).status_code == 422
    assert Upload.objects.count() == 0


@pytest.mark.django_db
def test_nobody_sends_more_than_was_announced(client, settings):
    address = address_of(announce(client, size=10))
    assert refusal(put(client, address, 0, b"x" * 11))[:2] == (422, "upload_too_long")
    assert kept(settings) == {}


@pytest.mark.django_db
def test_a_piece_has_a_limit_of_its_own(client, settings):
    address = address_of(announce(client, size=2 * MAX_PIECE))
    assert put(client, address, 0, bytes(MAX_PIECE)).status_code == 200
    assert refusal(put(client, address, MAX_PIECE, bytes(MAX_PIECE + 1))) == (
        413,
        "piece_too_large",
        "More than 4 MB were sent at once.",
    )


@pytest.mark.django_db
def test_one_person_cannot_fill_the_disk(client, federation, settings):
    for number in range(MAX_UPLOADS):
        assert announce(client, mark=str(number)).status_code == 201
    assert refusal(announce(client, mark="one more"))[:2] == (409, "too_many_uploads")
    assert announce(client, mark="0").status_code == 201
    assert announce(signed_in(federation.bob), mark="one more").status_code == 201


@pytest.mark.django_db
def test_the_sizes_of_one_persons_files_add_up(client, monkeypatch):
    monkeypatch.setattr("shanglian.imports.actions.uploading.MAX_UPLOAD_BYTES", 100)
    assert announce(client, size=60, mark="a").status_code == 201
    assert refusal(announce(client, size=41, mark="b"))[:2] == (409, "too_many_uploads")
    assert announce(client, size=40, mark="c").status_code == 201


@pytest.mark.django_db
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no disk that is always full")
def test_a_full_disk_is_said(client, settings):
    begun = announce(client)
    settings.UPLOAD_ROOT.mkdir()
    (settings.UPLOAD_ROOT / begun.json()["id"]).symlink_to("/dev/full")
    answer = put(client, address_of(begun), 0, ROSTER)
    sentence = "The disk of the server is full, the file was not kept; tell the administrator."
    assert refusal(answer) == (507, "disk_full", sentence)
    assert Upload.objects.get().received == 0


@pytest.mark.django_db
def test_what_lies_there_is_for_us_alone(client, settings):
    put(client, address_of(announce(client)), 0, ROSTER)
    [path] = settings.UPLOAD_ROOT.iterdir()
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (settings.UPLOAD_ROOT, path)]
    assert modes == [0o700, 0o600]


@pytest.mark.django_db
def test_a_request_that_is_too_large_is_refused_unread(client, settings):
    settings.REQUEST_MAX_BYTES = 100
    answer = client.post(reverse("imports:new"), {"upload": SimpleUploadedFile("名册.csv", ROSTER)})
    assert refusal(answer) == (413, "too_large", "Send a smaller file, or split it into several.")


@pytest.mark.django_db
def test_the_form_refuses_a_file_by_its_size(client, settings):
    settings.IMPORT_MAX_BYTES = 50
    answer = client.post(
        reverse("imports:new"),
        {"org": "410105", "on": "2015-12-31", "upload": SimpleUploadedFile("名册.csv", ROSTER)},
    )
    assert answer.context["form"].errors["upload"] == [
        "名册.csv: the file is too large (limit 0 MB); split it into several."
    ]
    assert (answer.status_code, Batch.objects.count(), Document.objects.count()) == (422, 0, 0)


# Handing in


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_not_offered_again(client):
    begun = announce(client, size=4)
    put(client, address_of(begun), 0, b"\x89PNG")
    answer = client.post(reverse("imports:new"), {"org": "410105", "on": "2015-12-31", "uploads": begun.json()["id"]})
    assert answer.status_code == 422
    assert "this is no spreadsheet" in answer.context["form"].errors["upload"][0]
    assert Upload.objects.count() == 0


@pytest.mark.django_db
def test_a_mistake_in_the_form_costs_no_second_sending(client):
    begun = announce(client)
    put(client, address_of(begun), 0, ROSTER)
    answer = client.post(reverse("imports:new"), {"org": "410105", "on": "2999-12-31", "uploads": begun.json()["id"]})
    [box] = answer.context["form"]["uploads"].subwidgets
    assert set(answer.context["form"].errors) == {"on"}
    assert (str(box.data["value"]), box.data["selected"]) == (begun.json()["id"], True)


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["of somebody else", "incomplete", "handed in already"])
def test_only_ones_own_complete_files_are_handed_in(client, federation, case):
    sender = signed_in(federation.bob) if case == "of somebody else" else client
    begun = announce(sender)
    put(sender, address_of(begun), 0, ROSTER[:40] if case == "incomplete" else ROSTER)
    if case == "handed in already":
        give_up_upload(upload=Upload.objects.get(), actor=federation.alice)
    answer = client.post(reverse("imports:new"), {"org": "410105", "on": "2015-12-31", "uploads": begun.json()["id"]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["uploads"] == ["One of the files is not kept any more; choose it again."]


# Who may


@pytest.mark.django_db
def test_only_whoever_may_hand_in_may_send(federation):
    assert_guarded(
        reverse("imports:uploads"),
        allowed=federation.alice,
        forbidden=federation.lin,
        elsewhere=None,
        method="post",
        ok=422,
    )


@pytest.mark.django_db
def test_only_the_sender_sees_an_upload(federation, client):
    address = address_of(announce(client))
    who = {"allowed": federation.alice, "forbidden": federation.lin, "elsewhere": federation.bob}
    assert_guarded(address, **who)
    assert_guarded(address, **who, method="put", ok=409)
    assert_guarded(address.rstrip("/") + "/give-up/", **who, method="post", ok=302)
    address = address_of(announce(client))
    assert_guarded(address, **who, method="delete", ok=204)


@pytest.mark.django_db
def test_pieces_are_protected_against_other_sites(federation):
    address = address_of(announce(signed_in(federation.alice)))
    stranger = signed_in(federation.alice, enforce_csrf_checks=True)
    answers = [announce(stranger), put(stranger, address, 0, ROSTER), stranger.delete(address)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


# Crashes


@pytest.mark.django_db
def test_what_was_written_but_not_noted_is_written_again(client, settings):
    begun = announce(client)
    put(client, address_of(begun), 0, ROSTER[:40])
    with (settings.UPLOAD_ROOT / begun.json()["id"]).open("ab") as file:
        file.write(b"half a piece")
    assert announce(client).json()["received"] == 40
    put(client, address_of(begun), 40, ROSTER[40:])
    assert kept(settings) == {begun.json()["id"]: ROSTER}


@pytest.mark.django_db
def test_what_a_power_cut_took_is_sent_again(client, settings):
    begun = announce(client)
    put(client, address_of(begun), 0, ROSTER[:40])
    os.truncate(settings.UPLOAD_ROOT / begun.json()["id"], 25)
    answer = put(client, address_of(begun), 40, ROSTER[40:])
    assert (answer.status_code, answer.json()["received"]) == (409, 25)
    assert put(client, address_of(begun), 25, ROSTER[25:]).json() == {"received": len(ROSTER)}
    assert kept(settings) == {begun.json()["id"]: ROSTER}


@pytest.mark.django_db
def test_a_complete_file_that_lost_its_end_is_not_taken(federation, settings):
    upload = begin_upload(name="名册.csv", size=len(ROSTER), mark="m", actor=federation.alice)
    append_upload(upload=upload, at=0, piece=ROSTER, actor=federation.alice)
    os.truncate(settings.UPLOAD_ROOT / str(upload.pk), 25)
    with pytest.raises(ImportRefused, match="upload_incomplete"):
        take_upload(upload=upload, actor=federation.alice)
    assert begin_upload(name="名册.csv", size=len(ROSTER), mark="m", actor=federation.alice).received == 25


# Two at once


def _together(*steps):
    """What each step says, all of them begun at the same moment, each on a connection of its own."""
    gate, answers = threading.Barrier(len(steps)), []

    def act(step):
        gate.wait(20)
        try:
            answers.append(step())
        except (ImportRefused, PieceOutOfPlace) as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(answers)


def test_of_two_pieces_for_one_place_one_is_kept(database_clone, settings):
    alice = little_federation().alice
    upload = begin_upload(name="名册.csv", size=8000, mark="m", actor=alice)

    def send(sign, at):
        return f"kept up to {append_upload(upload=upload, at=at, piece=sign * 1000, actor=alice).received}"

    for start in range(0, 8000, 1000):
        answers = _together(partial(send, b"a", start), partial(send, b"b", start))
        assert answers == [f"kept up to {start + 1000}", f"the next piece begins at {start + 1000}"]
    [content] = kept(settings).values()
    assert len(content) == 8000
    assert {content[at : at + 1000] for at in range(0, 8000, 1000)} <= {b"a" * 1000, b"b" * 1000}


def test_of_two_who_hand_in_one_file_one_does(database_clone, settings):
    federation = little_federation()
    alice = federation.alice
    upload = begin_upload(name="名册.csv", size=len(ROSTER), mark="m", actor=alice)
    append_upload(upload=upload, at=0, piece=ROSTER, actor=alice)

    def hand_in():
        file = take_upload(upload=upload, actor=alice)
        receive_file(org=federation.jinshui, kind="fake", files=[file], on=date(2015, 12, 31), actor=alice)
        return "handed in"

    assert _together(hand_in, hand_in) == ["handed in", "upload_gone 名册.csv"]
    assert (Batch.objects.count(), Upload.objects.count(), kept(settings)) == (1, 0, {})


def test_two_windows_do_not_begin_more_than_is_allowed(database_clone):
    alice = little_federation().alice
    for number in range(MAX_UPLOADS - 1):
        begin_upload(name="名册.csv", size=10, mark=str(number), actor=alice)
    answers = _together(
        *(
            lambda mark=mark: begin_upload(name="名册.csv", size=10, mark=mark, actor=alice).name
            for mark in ("this window", "that window")
        )
    )
    assert answers == ["too_many_uploads 4", "名册.csv"]


# Cleaning up


def test_what_nobody_goes_on_with_is_removed_after_two_days(database_clone, settings):
    alice = little_federation().alice
    old, new = (begin_upload(name=f"{name}.csv", size=40, mark="m", actor=alice) for name in ("旧", "新"))
    for upload in (old, new):
        append_upload(upload=upload, at=0, piece=ROSTER[:20], actor=alice)
    stray = settings.UPLOAD_ROOT / "of-no-row"
    stray.write_bytes(b"left by a crash")
    long_ago = timezone.now() - timedelta(days=2, minutes=1)
    os.utime(stray, (long_ago.timestamp(), long_ago.timestamp()))
    Upload.objects.filter(pk=old.pk).update(touched_at=long_ago)
    assert remove_old_uploads() == 1
    assert (list(Upload.objects.all()), set(kept(settings))) == ([new], {str(new.pk)})


@pytest.mark.django_db
def test_the_worker_cleans_up_every_hour(federation):
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic == {"imports.remove_old_uploads": "17 * * * *"}
    tasks.remove_old_uploads(timestamp=0)


def test_an_incoming_file_is_what_arrived(database_clone):
    alice = little_federation().alice
    upload = begin_upload(name="名册.csv", size=len(ROSTER), mark="m", actor=alice)
    append_upload(upload=upload, at=0, piece=ROSTER, actor=alice)
    assert take_upload(upload=upload, actor=alice) == IncomingFile("名册.csv", ROSTER)


# What an administrator is told


def _shown(value):
    if isinstance(value, timedelta):
        return f"{value.days} days"
    for unit, size in (("MB", 1024**2), ("KB", 1024)):
        if value >= 100 * 1024 and value % size == 0:
            return f"{value // size} {unit}"
    return f"{value:,}"


def test_the_limits_are_told_to_operators(settings):
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {
        settings: ["IMPORT_MAX_BYTES", "REQUEST_MAX_BYTES"],
        uploading: ["MAX_PIECE", "MAX_UPLOADS", "MAX_UPLOAD_BYTES", "KEPT_FOR"],
        pages: ["LARGE"],
        limits: [name for name in vars(limits) if name.startswith("MAX_")],
        confined: ["MEMORY", "SECONDS"],
    }
    told = {name: value for value, name in re.findall(r"^\|[^|]*\| ([^|]+) \| `\w+\.(\w+)`", page, re.M)}
    meant = {name: _shown(getattr(module, name)) for module, named in names.items() for name in named}
    assert told == meant | {"SECONDS": f"{confined.SECONDS} s"}
