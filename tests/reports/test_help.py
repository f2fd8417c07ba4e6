"""Every page says what it is for; its chapter of the guide exists and is shown in the system."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shanglian.reports.guide import CHAPTERS, anchors
from shanglian.reports.help import HELP
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation
from tests.paths import ROOT


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


def addresses(resolver: URLResolver, space: str = "") -> set[str]:
    found: set[str] = set()
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            found |= {space + one.name} if one.name else set()
        else:
            found |= addresses(one, f"{space}{one.namespace}:" if one.namespace else space)
    return found


def test_every_page_of_the_frame_has_its_help():
    pages = [path for path in (ROOT / "shanglian").rglob("*.html") if "block heading" in path.read_text("utf-8")]
    own = [path for path in pages if path.name not in {"base.html", "error.html"} and "account" not in path.parts]
    assert (len(HELP), set(HELP) - addresses(get_resolver())) == (len(own), set())


@pytest.mark.parametrize("page", HELP)
def test_help_leads_to_a_heading_of_the_guide(page: str):
    chapter, _hash, anchor = HELP[page].chapter.partition("#")
    assert not anchor or anchor in anchors(chapter)


def test_help_stands_beside_the_heading_in_the_readers_language(federation: LittleFederation):
    client = Client()
    client.force_login(federation.alice)
    english, chinese = (
        client.get("/members/", headers={"accept-language": one}).content.decode() for one in ("en", "zh-hans")
    )
    assert "The members of an organisation and everything below it on a day" in english
    assert 'href="/guide/en/"' in english
    assert 'href="/guide/officer/#1-会员名册"' in chinese


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_guide_is_read_in_the_system(federation: LittleFederation, chapter: str):
    assert_guarded(f"/guide/{chapter}/", allowed=federation.sam, forbidden=None, elsewhere=None)


def test_pictures_of_the_guide_are_served_and_nothing_else(federation: LittleFederation):
    client = Client()
    client.force_login(federation.sam)
    answer = client.get("/guide/pictures/leader-home.png")
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    wrong = ("pictures/none.png", "pictures/officer.md", "pictures/..%2Fofficer.md", "glossary/")
    assert [client.get(f"/guide/{address}").status_code for address in wrong] == [404] * 4
    assert '<img src="/guide/pictures/leader-home.png"' in client.get("/guide/leader/").content.decode()
