"""What the accounts of the demo find on their first day, and that every number of their pages leads to its members."""

import html
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from shanglian.archive.models import LogEntry
from shanglian.directory.models import User
from tests.demo.conftest import Told
from tests.reports.test_links import LINK


@pytest.fixture
def signed_in(settings: Any, told: Told) -> Any:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}

    def browser(username: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(username=username))
        return client

    return browser


def tasks(client: Client) -> list[tuple[str, str]]:
    lines = client.get("/inbox/").context["lines"]
    return sorted((item.kind, re.sub(r"^.*（示例）\.csv: ", "", item.what)) for item, _org in lines)


def notices(client: Client) -> list[str]:
    return [told.what for _entry, told, _unread in client.get("/notices/").context["lines"]]


def test_the_clerk_has_drafts_doubts_columns_and_posts_to_see_to(signed_in: Any):
    assert Counter(tasks(signed_in("clerk"))) == {
        ("info", "ready to commit"): 1,
        ("warn", "2 columns want a look"): 1,
        ("warn", "3 doubtful rows to decide"): 2,
        ("warn", "2 posts end soon and nobody is recorded after them: see to the new list of posts"): 1,
    }


def test_the_officer_has_a_draft_and_hears_of_a_second_membership(signed_in: Any):
    officer = signed_in("officer")
    assert tasks(officer) == [
        ("info", "ready to commit"),
        ("warn", "2 posts end soon and nobody is recorded after them: see to the new list of posts"),
    ]
    assert [what for what in notices(officer) if "firms" in what] == [
        "2 firms of 郑州市工商业联合会 are now members of 郑州市金水区工商业联合会 too"
    ]


def test_the_clerk_hears_of_an_import_that_was_taken_back(signed_in: Any):
    back, committed = (what for what in notices(signed_in("clerk")) if "重复报送" in what)
    assert (back.split()[-3:], committed.split()[-2:]) == (["was", "taken", "back"][-3:], ["was", "committed"])


@pytest.mark.parametrize("username", ["secretary", "leader", "reviewer", "admin"])
def test_who_keeps_no_register_has_no_task_and_hears_of_the_appointment(signed_in: Any, username: str):
    client = signed_in(username)
    assert tasks(client) == []
    assert notices(client)[-1].startswith("You are ")


def test_a_second_run_plays_nothing_of_it_again(told: Told):
    before = LogEntry.objects.count()
    told.again()
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize(
    "page", ["/?on=2016-06-30", "/?on=2015-12-31", "/?on=2014-12-31&by=group&chart=group",
             "/orgs/410100/?on=2015-12-31", "/orgs/410105/?on=2016-06-30&tree=now", "/orgs/?on=2015-12-31"],
)  # fmt: skip
def test_every_number_of_a_page_leads_to_as_many_members(signed_in: Any, page: str):
    client = signed_in("officer")
    found = LINK.findall(client.get(page).content.decode())
    assert len(found) > 20
    for address, figure in found:
        assert (address, client.get(html.unescape(address)).context["found"].total) == (
            address,
            int(figure.replace(",", "")),
        )
