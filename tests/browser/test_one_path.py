"""The whole path in a real browser: sign in, hand in a roster, commit, find a member, walk back to the cell, undo."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from shanglian.demo.firms import invent_firm
from tests.browser.conftest import PASSWORD, Visit, sign_in, to_preview

FIRMS = [invent_firm(n, seed=3, place="金水区", area="410105", before=date(2013, 1, 1)) for n in range(12)]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "金水区名册.csv"
    lines = [f"{firm.name},{firm.uscc},{firm.member_type}" for firm in FIRMS]
    broken = "示例错号公司,91410105YY0000000X,企业会员"
    path.write_text("\n".join(["企业名称,统一社会信用代码,会员类别", *lines, broken]), encoding="gb18030")
    return path


def test_from_a_roster_to_the_cell_and_back(clerk: str, visit: Visit, roster: Path) -> None:
    page = visit.to("/")
    expect(page.locator("h1").first).to_be_visible()
    visit.check()

    sign_in(visit, clerk, "not the password")
    expect(page.locator("[role=alert]")).to_contain_text("4")
    visit.check()
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    visit.check()

    visit.to("/imports/")
    visit.check()
    page.locator("input[type=file]").set_input_files(roster)
    page.locator("input[name=on]").fill("2013-12-31")
    page.locator("#upload button[type=submit]").click()
    expect(page.locator(".kpis")).to_contain_text("12")
    expect(page.locator("#problems")).to_contain_text("91410105YY0000000X")
    visit.check()
    to_preview(visit)
    visit.check()

    page.locator(".dock button.btn-primary").click()
    expect(page.locator(".dock")).to_contain_text("已入账：")
    visit.check()

    page.locator(".dock a.btn-primary").click()
    expect(page.locator("#results [role=status]")).to_contain_text("12")
    visit.check()
    page.locator("main input[name=q]").fill(FIRMS[4].name[4:6])
    page.locator("main form.filters button[type=submit]").click()
    expect(page.locator("#results")).to_contain_text(FIRMS[4].name)
    visit.check()

    page.get_by_role("link", name=FIRMS[4].name).click()
    expect(page.locator("h1")).to_have_text(FIRMS[4].name)
    page.locator("details.src summary").click()
    source = page.locator("details.src")
    expect(source).to_contain_text("金水区名册.csv")
    expect(source).to_contain_text(FIRMS[4].uscc)
    visit.check()

    source.get_by_role("link").click()
    page.locator(".dock a.btn-bad").click()
    visit.check()
    page.locator("main button.btn-bad").click()
    expect(page.locator(".dock")).to_contain_text("撤销")
    visit.to("/members/?org=410105")
    expect(page.locator("#results .empty")).to_be_visible()
    visit.check()


def test_pages_hold_in_the_dark_at_a_desk_and_in_the_light_on_a_phone(clerk: str, visit: Visit) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    for path in ("/", "/members/", "/imports/", "/orgs/", "/orgs/410105/"):
        for scheme, width in (("dark", 1440), ("light", 360)):
            page.set_viewport_size({"width": width, "height": 740})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            visit.to(path)
            expect(page.locator("h1").first).to_be_visible()
            visit.check()
