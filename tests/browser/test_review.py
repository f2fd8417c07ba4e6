"""Doubtful rows in a real browser: compared, decided with the keyboard, read at 360 px and in the dark, committed."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Visit, sign_in, to_preview
from tests.sample_codes import uscc

NAMES = [f"示例疑似{n}号商贸有限公司" for n in "甲乙丙"]


def hand_in(visit: Visit, path: Path, day: str, *lines: str) -> None:
    path.write_text("\n".join(["企业名称,统一社会信用代码,法定代表人", *lines]), encoding="utf-8")
    visit.to("/imports/")
    visit.page.locator("input[type=file]").set_input_files(path)
    visit.page.locator("input[name=on]").fill(day)
    visit.page.locator("#upload button[type=submit]").click()
    to_preview(visit)
    expect(visit.page.locator(".kpis")).to_be_visible()


def test_doubtful_rows_are_decided_one_by_one_and_committed(clerk: str, visit: Visit, tmp_path: Path) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    hand_in(visit, tmp_path / "去年名册.csv", "2013-12-31", *[f"{name},,示例甲" for name in NAMES])
    page.locator(".dock button.btn-primary").click()
    hand_in(
        visit, tmp_path / "今年名册.csv", "2014-12-31", *[f"{name},{uscc(n)},示例乙" for n, name in enumerate(NAMES, 1)]
    )
    visit.check()

    page.get_by_role("link", name="逐行核对").click()
    first = page.locator("form", has_text=NAMES[0])
    expect(first).to_contain_text("不一致")
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    address = page.url
    page.goto(f"{address}?theme=dark")
    visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.check()
    page.goto(address)

    first.locator("input[name=reason]").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text(NAMES[0])
    page.locator("form", has_text=NAMES[1]).get_by_role("button", name="不导入此行").click()
    page.locator("input[name=sure]").check()
    page.get_by_role("button", name="全部作为另一家企业").click()
    expect(page.locator("main")).to_contain_text("没有待确认的行")
    visit.check()
    page.get_by_role("link", name="已处理").click()
    expect(page.locator("main")).to_contain_text("已确认为此家")
    visit.check()

    page.locator(".head").get_by_role("link", name="返回").click()
    page.locator(".dock button.btn-primary").click()
    expect(page.locator(".dock")).to_contain_text("新入会 1")
    visit.check()
