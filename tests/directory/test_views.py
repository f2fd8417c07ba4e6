"""The pages of the directory."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from shanglian.directory import actions
from shanglian.directory.core.kinds import OrgKind
from tests.factories.directory import make_org
from tests.guards import assert_guarded

ORGS = "/orgs/"


def test_the_pages_are_guarded(little):
    assert_guarded(ORGS, allowed=little.alice, forbidden=little.nobody, elsewhere=None)
    assert_guarded("/orgs/410105/", allowed=little.bob, forbidden=little.nobody, elsewhere=None)


def test_an_unknown_organisation_is_not_found(client, little):
    client.force_login(little.alice)
    assert client.get("/orgs/999999/").status_code == 404


def rows(client, day: str) -> dict[str, bool]:
    """Code → whether the organisation is a body on that day, in the order of the page."""
    response = client.get(ORGS, {"on": day})
    return {line.org.code: line.alive for line, _kind in response.context["lines"]}


def test_the_tree_of_a_day(client, little):
    client.force_login(little.alice)
    actions.close_org(little.textile, on=date(2015, 1, 1), actor=little.adam)
    assert list(rows(client, "2014-12-31")) == [
        "410000",
        "410100",
        "410100-hkg",
        "410100-sh-001",
        "410103",
        "410105",
        "410105-sh-001",
        "410200",
        "410202",
        "410221",
    ]
    assert "410105-sh-001" not in rows(client, "2015-01-01")
    assert rows(client, "1990-01-01") == {}


@pytest.mark.parametrize(("day", "alive"), [("2020-09-06", False), ("2020-09-07", True)])
def test_the_airport_zone_before_and_after_its_federation(client, little, day, alive):
    client.force_login(little.alice)
    assert rows(client, day)["410100-hkg"] is alive


def test_a_day_that_is_none_is_a_bad_request(client, little):
    client.force_login(little.alice)
    assert client.get(ORGS, {"on": "2014-02-30"}).status_code == 400


def test_the_page_of_an_organisation_shows_its_history(client, little):
    client.force_login(little.alice)
    actions.rename_org(little.erqi, name="二七新名", on=date(2016, 1, 1), reason="更名决定", actor=little.adam)
    actions.move_org(little.erqi, to=little.kaifeng, on=date(2017, 1, 1), actor=little.adam)
    page = client.get(reverse("directory:org", args=["410103"])).content.decode()
    for said in (
        "郑州市二七区工商业联合会",
        "二七新名",
        "更名决定",
        "郑州市工商业联合会",
        "开封市工商业联合会",
        "2017-01-01",
    ):
        assert said in page


def test_a_zone_without_a_federation_says_so(client, little):
    make_org(code="410100-gxq", kind=OrgKind.ZONE, parent=little.zhengzhou)
    client.force_login(little.alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "No federation is recorded" in client.get("/orgs/410100-gxq/").content.decode()
    assert "No federation is recorded" not in client.get("/orgs/410100-hkg/").content.decode()
