"""The pages of one member in a real browser: telephones shown by keyboard, the ledger filtered, a moment chosen."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visit, sign_in

PHONE, COVERED = "17000002716", "170****2716"


@pytest.fixture
def member(clerk: str) -> int:
    """A member of Jinshui whose legal representative has changed."""
    from django.db import transaction  # noqa: PLC0415  models, once the apps are loaded

    from shanglian.directory.models import Org, User  # noqa: PLC0415
    from shanglian.members.actions.booking import take_stamp  # noqa: PLC0415
    from shanglian.members.actions.particulars import NewFact, enter_facts  # noqa: PLC0415
    from tests.factories.members import make_entity, make_member  # noqa: PLC0415

    actor = User.objects.get(username=clerk)
    acme = make_entity("甲示例公司", legal_rep="示例甲", phones=[PHONE])
    make_member(Org.objects.get(code="410105"), date(2014, 3, 1), actor, entity=acme, section="C")
    with transaction.atomic():
        enter_facts(take_stamp(), [NewFact(acme.pk, "legal_rep", "示例乙", date(2015, 3, 1))], actor=actor)
    return int(acme.pk)


def looked_at_everywhere(visit: Visit, page: Page) -> None:
    """At a desk and on a phone, light and dark."""
    for width, height in ((1440, 900), (360, 780)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_member_is_read_by_keyboard_from_its_telephone_to_who_can_see_it(
    clerk: str, member: int, visit: Visit
) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    visit.to(f"/members/{member}/")
    looked_at_everywhere(visit, page)

    contact = page.locator("#contact")
    expect(contact).to_contain_text(COVERED)
    contact.get_by_role("button").press("Enter")
    expect(contact.get_by_text(PHONE)).to_be_focused()
    visit.check()

    page.locator("#ledger .seg a").nth(2).press("Enter")
    expect(page).to_have_url(re.compile(r"\?show=particulars#ledger$"))
    expect(page.locator("#ledger .tl li")).to_have_count(1)
    expect(page.locator("#ledger del")).to_have_text("示例甲")
    expect(page.locator("#contact")).not_to_contain_text(PHONE)

    page.locator(".acts a").nth(0).press("Enter")
    expect(page).to_have_url(re.compile(r"/history/$"))
    looked_at_everywhere(visit, page)
    page.locator("input[name=on]").fill("2014-06-30")
    page.locator("input[name=on]").press("Enter")
    expect(page.locator("section[aria-labelledby=h-told] td b", has_text="示例甲")).to_be_visible()
    page.locator("input[name=known]").fill("2010-01-01T00:00")
    page.locator("input[name=known]").press("Enter")
    expect(page.locator("section[aria-labelledby=h-told]")).to_have_count(0)
    visit.check()

    visit.to(f"/members/{member}/access/")
    expect(page.locator("tbody tr").last).to_contain_text("县（市）区经办人")
    looked_at_everywhere(visit, page)
