"""Every kind of import keeps the contract, and every page asks for the rights its kind names."""

from datetime import date

import pytest
from django.conf import settings as real
from django.test import Client
from django.urls import reverse

from shanglian.directory.grants import VERBS
from shanglian.imports.access import upload_choices, visible_batches
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.core.reading import SheetKind
from shanglian.imports.kinds import import_kind, import_kinds
from shanglian.imports.labels import Words
from shanglian.imports.models import Batch
from tests.guards import assert_guarded
from tests.imports.visits import page_of
from tests.imports.workbooks import HEADINGS as ROSTER
from tests.imports.workbooks import csv_bytes, firms
from tests.little_federation import little_federation

KINDS = dict(real.IMPORT_KINDS)
ON = date(2015, 12, 31)
PAGES = ["batch", "rows", "review", "columns", "problems"]
CHAMBERS = [["商会名称", "类别"], ["示例餐饮商会", "行业"], ["示例不明机构", ""]]


@pytest.fixture(autouse=True)
def _every_kind(settings, fake_kind, tmp_path):
    settings.IMPORT_KINDS = KINDS
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.mark.parametrize("key", KINDS)
def test_a_kind_keeps_the_contract(key):
    kind = import_kind(key)

    assert kind.key == key
    assert str(kind.label)
    assert {kind.rights.view, kind.rights.upload, kind.rights.commit} <= VERBS
    assert kind.options <= {"complete", "history"}
    assert isinstance(kind.words, Words)
    assert isinstance(kind.reading, SheetKind)
    assert [column.key for column in kind.reading.columns if column.required] != []
    assert all(column.headings for column in kind.reading.columns)
    assert callable(kind.book)
    assert callable(kind.blockers)
    assert callable(kind.unbook)


@pytest.mark.parametrize("key", KINDS)
def test_the_columns_a_kind_shows_and_speaks_of_are_columns_of_its_sheet(key):
    kind = import_kind(key)
    known = {column.key for column in kind.reading.columns}

    assert {column for shown in kind.words.columns for column in shown.columns} - known == set()
    assert {column for columns in kind.words.about.values() for column in columns} - known == set()
    assert kind.words.title_column in known


def test_no_heading_means_two_columns_of_one_kind():
    for kind in import_kinds():
        spellings = [heading for column in kind.reading.columns for heading in column.headings]
        assert sorted(spellings) == sorted(set(spellings)), kind.key


# Rights ------------------------------------------------------------


def a_batch(kind, rows, *, org, actor, commit=False) -> Batch:
    files = [IncomingFile("名录.csv", csv_bytes(rows))]
    batch = receive_file(org=org, kind=kind, files=files, on=ON, actor=actor)
    batch = preview_batch(batch=read_batch(batch=batch, actor=actor), actor=actor)
    if commit:
        commit_batch(batch=batch, actor=actor)
    return batch


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_an_import_of_chambers_is_seen_by_those_who_see_such_imports(page):
    little = little_federation()
    batch = a_batch("organisations", CHAMBERS, org=little.jinshui, actor=little.alice)
    assert_guarded(page_of(batch, page), allowed=little.adam, forbidden=little.sam, elsewhere=little.bob)
    assert_guarded(page_of(batch, page), allowed=little.alice, forbidden=little.nobody, elsewhere=little.oscar)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_administrator_sees_chambers_and_no_rosters(page):
    little = little_federation()
    batch = a_batch("roster", [ROSTER, *firms(2)], org=little.jinshui, actor=little.alice)
    assert_guarded(page_of(batch, page), allowed=little.alice, forbidden=little.adam, elsewhere=little.bob)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["check", "commit"])
def test_who_may_only_look_changes_nothing(page):
    little = little_federation()
    batch = a_batch("organisations", CHAMBERS, org=little.jinshui, actor=little.alice)
    assert_guarded(
        page_of(batch, page), allowed=little.adam, forbidden=little.olivia, elsewhere=little.bob, method="post", ok=302
    )


@pytest.mark.django_db
def test_taking_back_asks_for_the_right_to_commit():
    little = little_federation()
    batch = a_batch("organisations", CHAMBERS, org=little.jinshui, actor=little.alice, commit=True)
    assert_guarded(page_of(batch, "undo"), allowed=little.adam, forbidden=little.olivia, elsewhere=little.bob)


@pytest.mark.django_db
def test_the_list_holds_what_the_reader_may_see_of_each_kind():
    little = little_federation()
    roster = a_batch("roster", [ROSTER, *firms(2)], org=little.jinshui, actor=little.alice)
    chambers = a_batch("organisations", CHAMBERS, org=little.jinshui, actor=little.alice)

    def seen(user):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("imports:list")).content.decode()
        return {batch.kind for batch in (roster, chambers) if str(batch.pk) in page}

    assert [seen(user) for user in (little.alice, little.olivia, little.adam)] == [
        {"roster", "organisations"},
        {"roster", "organisations"},
        {"organisations"},
    ]
    assert list(Batch.objects.filter(visible_batches(little.adam)[0])) == [chambers]


@pytest.mark.django_db
def test_who_may_hand_in_what_and_for_whom():
    little = little_federation()
    choices = {user.username: {k: [c for c, _ in v] for k, v in upload_choices(user).items()} for user in
               (little.alice, little.adam, little.lin)}  # fmt: skip

    assert choices["alice"] | {"posts": []} == {"roster": ["410105"], "organisations": ["410105"], "posts": []}
    assert "410105" in choices["adam"]["organisations"]
    assert "roster" not in choices["adam"]
    assert choices["lin"] == {}
