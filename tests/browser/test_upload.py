"""A big file in a real browser: sent in pieces over a bad line, gone on with after closing the window, then read."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from shanglian.imports.models import Batch, Upload
from tests.browser.conftest import PASSWORD, Visit, sign_in
from tests.sample_codes import uscc

MEGABYTE = 1024**2
ROWS = 3000
PATIENCE = 30_000  # milliseconds, on a machine that has other things to do


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A little more than five megabytes, most of it in a column nobody reads."""
    path = tmp_path / "金水区大名册.csv"
    lines = [f"示例续传{n}号商贸有限公司,{uscc(n)},{'附' * 580}" for n in range(1, ROWS + 1)]
    path.write_text("\n".join(["企业名称,统一社会信用代码,附言", *lines]), encoding="utf-8")
    return path


@pytest.fixture
def imports(clerk: str, visit: Visit) -> Visit:
    """The list of imports, signed in."""
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    visit.to("/imports/")
    return visit


def line_of(page: Page):
    return page.locator("[data-sending] [data-line]")


def pieces(page: Page) -> list[int]:
    """Where the pieces begin that this page sends from now on."""
    begun: list[int] = []
    page.on("request", lambda asked: asked.method == "PUT" and begun.append(int(asked.url.rsplit("=", 1)[1])))
    return begun


def break_line(page: Page, at: int, *, times: int | None = None) -> None:
    """Requests for the piece at `at` do not get through."""
    page.route(f"**/imports/uploads/*/?from={at}", lambda route: route.abort("connectionreset"), times=times)


def forgive_broken_lines(visit: Visit) -> None:
    """The browser says each of them on its console."""
    visit.faults[:] = [fault for fault in visit.faults if "net::ERR_CONNECTION_RESET" not in fault]


def test_a_big_file_survives_a_broken_line_and_a_closed_window(imports: Visit, roster: Path) -> None:
    page = imports.page
    begun = pieces(page)
    break_line(page, 2 * MEGABYTE, times=1)
    break_line(page, 3 * MEGABYTE)
    page.locator("input[type=file]").set_input_files(roster)
    expect(line_of(page).locator("progress")).to_have_attribute("aria-label", roster.name)
    expect(line_of(page)).to_contain_text("58%", timeout=PATIENCE)
    expect(line_of(page).locator("[data-words]")).to_contain_text(re.compile("重试|trying again"))
    assert begun[:4] == [0, MEGABYTE, 2 * MEGABYTE, 2 * MEGABYTE]
    page.locator("#upload .btn-primary").click()
    expect(page).to_have_url(imports.address + "/imports/")
    page.close()
    forgive_broken_lines(imports)

    page = imports.page = page.context.new_page()
    imports.to("/imports/")
    expect(page.locator("#unfinished")).to_contain_text(roster.name)
    imports.check()
    begun = pieces(page)
    page.locator("input[type=file]").set_input_files(roster)
    expect(line_of(page).locator("progress")).to_have_js_property("value", 100, timeout=PATIENCE)
    assert begun == [3 * MEGABYTE, 4 * MEGABYTE, 5 * MEGABYTE]
    expect(page.locator("#unfinished [data-upload]")).to_be_hidden()
    imports.check()

    page.locator("input[name=on]").fill("2013-12-31")
    page.locator("#upload .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/imports/[0-9a-f-]{36}/"), timeout=PATIENCE)
    expect(page.locator("#progress")).to_have_count(0, timeout=4 * PATIENCE)
    batch = Batch.objects.get()
    assert (batch.rows().filter(verdict="opening").count(), Upload.objects.count()) == (ROWS, 0)
    assert batch.files.get().document.size == roster.stat().st_size


def test_the_form_waits_for_its_files_and_small_ones_go_along(imports: Visit, roster: Path, tmp_path: Path) -> None:
    page = imports.page
    small = tmp_path / "另一份.csv"
    small.write_text(f"企业名称,统一社会信用代码\n示例另一公司,{uscc(ROWS + 1)}", encoding="utf-8")
    held: list[Route] = []
    page.route(f"**/imports/uploads/*/?from={MEGABYTE}", lambda route: held.append(route), times=1)
    page.locator("input[name=on]").fill("2013-12-31")
    page.locator("input[type=file]").set_input_files([roster, small])
    expect(line_of(page)).to_contain_text("19%", timeout=PATIENCE)
    page.locator("#upload .btn-primary").click()
    expect(page.locator("[data-telling]")).to_contain_text(re.compile("后|as soon as"))
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"/imports/[0-9a-f-]{36}/"), timeout=PATIENCE)
    names = Batch.objects.get().files.order_by("position").values_list("name", flat=True)
    assert list(names) == [small.name, roster.name]


def test_a_file_under_way_is_cancelled_and_another_choice_takes_its_place(
    imports: Visit, roster: Path, tmp_path: Path
) -> None:
    page = imports.page
    page.route(f"**/imports/uploads/*/?from={MEGABYTE}", lambda route: None)
    page.locator("input[type=file]").set_input_files(roster)
    expect(line_of(page)).to_contain_text("19%", timeout=PATIENCE)
    page.keyboard.press("Tab")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.locator("[data-drop]").click()
    expect(line_of(page)).to_have_count(0)
    assert Upload.objects.count() == 0

    page.locator("input[type=file]").set_input_files(roster)
    expect(line_of(page)).to_contain_text("19%", timeout=PATIENCE)
    other = tmp_path / "小名册.csv"
    other.write_text(f"企业名称,统一社会信用代码\n示例另一公司,{uscc(ROWS + 1)}", encoding="utf-8")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.locator("input[type=file]").set_input_files(other)
    expect(line_of(page)).to_have_count(0)


def test_a_file_that_is_too_large_is_refused_unsent(imports: Visit, tmp_path: Path) -> None:
    page = imports.page
    path = tmp_path / "太大.csv"
    with path.open("wb") as file:
        file.truncate(51 * MEGABYTE)
    begun = pieces(page)
    page.locator("input[type=file]").set_input_files(path)
    expect(line_of(page)).to_contain_text("上限 50 MB")
    page.locator("#upload .btn-primary").click()
    expect(page).to_have_url(imports.address + "/imports/")
    expect(page.locator("[data-drop]")).to_be_focused()
    imports.check()
    assert (begun, Upload.objects.count()) == ([], 0)


def test_upload_on_a_phone_and_in_the_dark(imports: Visit, roster: Path) -> None:
    page = imports.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    page.route(f"**/imports/uploads/*/?from={3 * MEGABYTE}", lambda route: None)
    imports.to("/imports/")
    page.locator("input[type=file]").set_input_files(roster)
    expect(line_of(page)).to_contain_text("58%", timeout=PATIENCE)
    imports.check()
