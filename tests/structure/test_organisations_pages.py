"""The pages of a list of chambers: from the upload to taking back, and the page of an organisation it made."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shanglian.directory.queries import names_on, org_by_code
from shanglian.imports.actions import undo_batch
from shanglian.imports.models import Batch
from tests.imports.workbooks import csv_bytes
from tests.little_federation import LittleFederation, little_federation
from tests.structure.chamber_lists import HEADINGS, ON, committed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_files(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.fixture
def little(db) -> LittleFederation:
    return little_federation()


def test_the_page_of_an_organisation_shows_the_row_to_those_who_may_see_it(client, little):
    batch = committed([[1, "示例餐饮商会", "行业商会", "2011-03-05"]], org=little.jinshui, actor=little.alice)
    address, cells = reverse("imports:batch", args=[batch.pk]), "<dt>成立日期</dt><dd>2011-03-05</dd>"

    def page_for(user):
        client.force_login(user)
        return client.get("/orgs/410105-sh-002/").content.decode()

    assert (address in page_for(little.alice), cells in page_for(little.alice)) == (True, True)
    assert "商会名录.csv" in page_for(little.bob)
    assert (address in page_for(little.bob), cells in page_for(little.bob)) == (False, False)


def test_the_page_of_an_organisation_that_never_was_says_so(client, little):
    batch = committed([[1, "示例餐饮商会", "行业商会", ""]], org=little.jinshui, actor=little.alice)
    undo_batch(batch=batch, actor=little.alice)
    client.force_login(little.alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/orgs/410105-sh-002/").content.decode()

    assert "This organisation is not in the tree" in page
    assert "A change was taken back" in page
    assert "410105-sh-002" not in client.get("/orgs/").content.decode()


def test_a_list_of_chambers_goes_the_whole_way_by_its_pages(client, little):
    client.force_login(little.alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    rows = [HEADINGS, [1, "示例餐饮商会", "行业商会", "2011-03-05"], [2, "金水区纺织商会", "", ""]]
    asked = {"kind": "organisations", "org": "410105", "on": "2014-12-31"}
    upload = SimpleUploadedFile("名录.csv", csv_bytes(rows))
    client.post(reverse("imports:new"), {**asked, "upload": upload})
    batch = Batch.objects.get()

    assert "It is another organisation" in client.get(reverse("imports:review", args=[batch.pk])).content.decode()
    committed_page = client.post(reverse("imports:commit", args=[batch.pk]), follow=True).content.decode()
    assert "/orgs/410105-sh-002/" in committed_page
    assert "What this list founded is no more" in client.get(reverse("imports:undo", args=[batch.pk])).content.decode()
    client.post(reverse("imports:undo", args=[batch.pk]))
    assert names_on([org_by_code("410105-sh-002").pk], ON) == {}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"kind": "organisations", "complete": "on"}, "This goes with a roster of members only."),
        ({"kind": "organisations", "org": "410103"}, "Select a valid choice"),
        ({"kind": "nonsense"}, "Select a valid choice"),
    ],
)
def test_what_does_not_go_together_is_said_at_the_field(client, little, asked, sentence):
    client.force_login(little.alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    upload = SimpleUploadedFile("名录.csv", csv_bytes([HEADINGS]))
    answer = client.post(reverse("imports:new"), {"org": "410105", "on": "2014-12-31", "upload": upload} | asked)

    assert (answer.status_code, Batch.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_who_may_hand_in_one_kind_only_is_not_asked_for_it(client, little):
    client.force_login(little.adam)
    page = client.get(reverse("imports:list")).content.decode()
    assert 'name="upload"' in page
    assert 'name="kind"' not in page
    assert 'name="complete"' not in page
