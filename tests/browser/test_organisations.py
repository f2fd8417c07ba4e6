"""Organisations in a real browser: the tree, one of them by keyboard, narrow, dark and on paper."""

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Visit, sign_in


def test_from_the_tree_to_an_organisation_and_up_again(clerk: str, visit: Visit) -> None:
    page = visit.to("/orgs/?on=2015-12-31")
    sign_in(visit, clerk, PASSWORD)
    expect(page.locator("tbody tr")).to_have_count(10)
    visit.check()
    page.locator("main input[name=q]").fill("金水")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(4)
    visit.check()

    page.get_by_role("link", name="郑州市金水区工商业联合会").press("Enter")
    expect(page.locator("h1")).to_have_text("郑州市金水区工商业联合会")
    expect(page.locator("input[name=on]")).to_have_value("2015-12-31")
    visit.check()
    address = page.url
    page.locator("button.ibtn[data-theme-toggle]").click()
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    page.emulate_media(media="print")
    expect(page.locator("main form.filters")).to_be_hidden()
    page.emulate_media(media="screen")

    page.goto(address)
    page.locator("select[name=tree]").select_option("now")
    page.locator("main form.filters button").click()
    expect(page).to_have_url(f"{visit.address}/orgs/410105/?on=2015-12-31&tree=now&known=")
    page.locator("nav.crumb a", has_text="郑州市工商业联合会").click()
    expect(page.locator("main")).to_contain_text("无权查看会员数")
    visit.check()
    visit.to("/orgs/?q=没有这个")
    expect(page.locator("main")).to_contain_text("没有符合条件的组织")
    visit.check()
