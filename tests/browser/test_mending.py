"""Cells mended in a real browser: accepted, typed with the keyboard, taken back; the draft outlives the browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import IMPORT, PASSWORD, Visit, sign_in, to_preview
from tests.sample_codes import uscc

NAMES = [f"示例待改{n}号商贸有限公司" for n in "甲乙丙丁"]
WRONG_CODE = uscc(2).replace("0", "O", 1)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    lines = [
        f"{NAMES[0]},{uscc(1)},2014-05-07",
        f"{NAMES[1]},{WRONG_CODE},2014-05-07",
        f"{NAMES[2]},{uscc(3)},2061-05-01",
        f"{NAMES[3]},91410,2014-05-07",
    ]
    path = tmp_path / "待改名册.csv"
    path.write_text("\n".join(["企业名称,统一社会信用代码,入会时间", *lines]), encoding="utf-8")
    return path


def cell(page: Page, row: int, position: int) -> Locator:
    return page.locator(f"#c0-0-{row}-{position}")


def hand_in(visit: Visit, roster: Path) -> str:
    """The address of the problems of this roster."""
    visit.to("/imports/")
    visit.page.locator("input[type=file]").set_input_files(roster)
    visit.page.locator("input[name=on]").fill("2016-07-02")
    visit.page.locator("#upload button[type=submit]").click()
    visit.page.wait_for_url(IMPORT)
    address = IMPORT.search(visit.page.url)[0] + "problems/"
    visit.page.goto(address)
    return address


def test_cells_are_accepted_typed_taken_back_and_committed(clerk: str, visit: Visit, roster: Path) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    address = hand_in(visit, roster)
    expect(cell(page, 3, 1)).to_have_value(WRONG_CODE)
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    page.emulate_media(color_scheme="dark")
    page.reload()
    visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.check()
    page.emulate_media(color_scheme="light")

    page.locator(f"button[name=accept][value='{uscc(2)}']").click()
    expect(cell(page, 4, 2)).to_be_focused()  # the next cell with a problem
    expect(page.locator("#live")).to_contain_text("3")
    expect(cell(page, 3, 1)).to_have_count(0)
    visit.check()

    page.keyboard.press("Control+A")
    page.keyboard.type("2016年5月")
    page.keyboard.press("Enter")
    expect(cell(page, 5, 1)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("914101")
    page.keyboard.press("Enter")
    expect(page.locator("#d0-0-5-1")).to_contain_text("91410")
    expect(cell(page, 5, 1)).to_be_focused()  # what is wrong still is not passed over
    visit.check()
    page.locator("#problems button[name=undo][value=last]").click()
    expect(cell(page, 5, 1)).to_have_value("91410")

    page.reload()  # everything said is on the server
    page.goto(address + "?show=mended")
    expect(page.locator("#problems tbody tr")).to_have_count(2)
    expect(page.locator("#problems tbody")).to_contain_text(WRONG_CODE)
    visit.check()

    to_preview(visit)
    page.locator(".dock button.btn-primary").click()
    expect(page.locator(".dock a.btn-primary")).to_be_visible()
    page.goto(f"{visit.address}/members/?q={uscc(2)}")
    page.get_by_role("link", name=NAMES[1]).click()
    page.locator("details.src summary").first.click()
    source = page.locator("details.src").first
    expect(source).to_contain_text(WRONG_CODE)
    expect(source).to_contain_text(uscc(2))
    expect(source).to_contain_text("示例经办人")
    visit.check()


def test_proposals_are_accepted_together_and_taken_back(clerk: str, visit: Visit, roster: Path) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    hand_in(visit, roster)
    page.locator("button[name=code][value=date_in_future]").click()
    expect(cell(page, 4, 2)).to_have_count(0)
    page.locator("#show-mended").click()
    expect(page).to_have_url(re.compile("show=mended"))
    expect(page.locator("#problems tbody tr")).to_have_count(1)
    page.locator("#problems tbody button[name=undo]").click()
    expect(page.locator("#problems .empty")).to_be_visible()
    visit.check()
