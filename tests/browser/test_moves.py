"""A firm that has moved here, in a real browser: said with the keyboard, seen, committed and taken back."""

from pathlib import Path

from playwright.sync_api import expect

from shanglian.directory.actions import appoint
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org, User
from tests.browser.conftest import PASSWORD, Visit, sign_in, to_preview
from tests.little_federation import BEGINNING
from tests.sample_codes import uscc


def hand_in(visit: Visit, path: Path, org: str, day: str) -> None:
    path.write_text(f"企业名称,统一社会信用代码\n示例迁移商贸有限公司,{uscc(1)}", encoding="utf-8")
    visit.to("/imports/")
    upload = visit.page.locator("form", has=visit.page.locator("input[type=file]"))
    upload.locator("select[name=org]").select_option(org)
    upload.locator("input[type=file]").set_input_files(path)
    upload.locator("input[name=on]").fill(day)
    upload.locator("button[type=submit]").click()
    to_preview(visit)
    expect(visit.page.locator(".kpis")).to_be_visible()


def test_a_move_is_said_seen_committed_and_taken_back(clerk: str, visit: Visit, tmp_path: Path) -> None:
    user = User.objects.get(username=clerk)
    appoint(user, org=Org.objects.get(code="410103"), role=Role.CLERK, on=BEGINNING, actor=user)
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    hand_in(visit, tmp_path / "二七区名册.csv", "410103", "2013-12-31")
    page.locator(".dock button.btn-primary").click()
    expect(page.locator(".dock .btn-bad")).to_be_visible()
    hand_in(visit, tmp_path / "金水区名册.csv", "410105", "2014-12-31")
    visit.check()

    page.get_by_role("link", name="1 家企业的主会籍在其他组织").click()
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    address = page.url
    page.goto(f"{address}&theme=dark")
    visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.check()
    page.goto(address)

    page.locator("input[name=reason]").fill("示例：注册地已迁移")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="已处理").click()
    expect(page.locator("main")).to_contain_text("已迁入")
    visit.check()
    page.locator(".head").get_by_role("link", name="返回").click()
    expect(page.locator("#h-moved")).to_be_visible()
    visit.check()
    page.locator(".dock button.btn-primary").click()
    expect(page.locator(".dock")).to_contain_text("会籍迁入 1")
    page.locator(".dock .btn-bad").click()
    page.locator("main form button.btn-bad").click()
    expect(page.locator(".dock .btn-bad")).to_have_count(0)
