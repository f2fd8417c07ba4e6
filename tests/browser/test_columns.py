"""The columns of a roster in a real browser: chosen with the keyboard, read on a phone and in the dark, remembered."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visit, sign_in
from tests.sample_codes import uscc

FIRMS = [f"示例对列{n}号有限公司,{uscc(n)},示例掌柜{n},1700000000{n}" for n in range(1, 4)]


def hand_in(visit: Visit, path: Path, *lines: str) -> Page:
    path.write_text("\n".join(lines), encoding="utf-8")
    page = visit.to("/imports/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("input[name=on]").fill("2013-12-31")
    page.locator("#upload button[type=submit]").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
    return page


def down(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("ArrowDown")


def test_a_column_is_named_with_the_keyboard_and_the_next_file_is_read_by_it(
    clerk: str, visit: Visit, tmp_path: Path
) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    hand_in(visit, tmp_path / "甲.csv", "企业名称,统一社会信用代码,掌柜,电话", *FIRMS)
    expect(page).to_have_url(re.compile(r"/columns/$"))
    draft = page.url
    visit.check()

    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    page.emulate_media(color_scheme="dark")
    visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.check()
    page.emulate_media(color_scheme="light")

    chosen = page.locator("select").nth(2)
    expect(chosen).to_have_value("")
    chosen.focus()
    down(page, 5)
    expect(chosen).to_have_value("legal_rep")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    down(page, 5)
    page.locator(".dock button.btn-primary").press("Enter")
    expect(page.locator("[role=alert]")).to_contain_text("甲.csv C, D")
    expect(page.locator("select[aria-invalid=true]")).to_have_count(2)
    assert [fault for fault in visit.faults if "422" not in fault] == []
    visit.faults.clear()  # the browser notes every answer that is no success
    visit.check()

    page.locator("select").nth(3).select_option("phones")
    page.locator(".dock button.btn-primary").press("Enter")
    expect(page).not_to_have_url(draft)
    visit.to(draft.removeprefix(visit.address))
    expect(page.locator("section[aria-labelledby=h-remembered]")).to_contain_text("掌柜")
    expect(page.locator("select").nth(2)).to_have_value("legal_rep")
    visit.check()
    page.goto(draft.removesuffix("columns/") + "rows/")
    expect(page.locator("main")).to_contain_text("示例掌柜2")

    hand_in(visit, tmp_path / "乙.csv", "掌柜,企业名称,统一社会信用代码", f"示例新掌柜,示例对列九号公司,{uscc(9)}")
    expect(page).not_to_have_url(re.compile(r"/columns/$"))
    page.goto(re.sub(r"([0-9a-f-]{36}/).*", r"\1columns/", page.url))
    expect(page.locator("select").first).to_have_value("legal_rep")
    page.locator("section[aria-labelledby=h-remembered]").get_by_role("button").click()
    expect(page.locator("section[aria-labelledby=h-remembered] table")).to_have_count(0)
    visit.check()
