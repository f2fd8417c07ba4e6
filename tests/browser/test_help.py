"""Help in place by keyboard, and the guide it leads to, as everybody who is signed in finds them."""

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Visit, sign_in
from tests.browser.test_inbox import look_everywhere


def test_help_opens_closes_and_leads_to_the_guide_by_keyboard(clerk: str, visit: Visit) -> None:
    page = visit.to("/members/")
    sign_in(visit, clerk, PASSWORD)
    visit.to("/members/")
    button, text = page.locator(".help > summary"), page.locator(".help .menu-list")
    expect(text).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(text).to_be_visible()
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{visit.address}/guide/officer/#1-%E4%BC%9A%E5%91%98%E5%90%8D%E5%86%8C")
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.to("/guide/officer/")
    look_everywhere(visit)


def test_a_notice_is_marked_by_itself_with_the_keyboard(clerk: str, visit: Visit) -> None:
    page = visit.to("/notices/")
    sign_in(visit, clerk, PASSWORD)
    visit.to("/notices/")
    expect(page.locator(".alerts li")).to_have_count(1)
    page.locator(".alerts button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_be_visible()
    look_everywhere(visit)
