"""A complete roster in a real browser: whom it does not name is decided, committed and taken back."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from shanglian.imports.models import Batch
from tests.browser.conftest import PASSWORD, Visit, sign_in
from tests.sample_codes import uscc

FIRMS = {f"示例{n}号商贸有限公司": uscc(number) for number, n in enumerate("甲乙丙丁戊", 1)}


def hand_in(visit: Visit, path: Path, day: str, names: list[str], *, complete: bool) -> str:
    """The address of the import, its preview on the screen."""
    path.write_text("\n".join(["企业名称,统一社会信用代码", *(f"{n},{FIRMS[n]}" for n in names)]), encoding="utf-8")
    page = visit.to("/imports/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("input[name=on]").fill(day)
    page.locator("input[name=complete]").set_checked(complete)
    page.locator("#upload button[type=submit]").click()
    expect(page.locator(".steps-h")).to_be_visible()
    address = f"/imports/{Batch.objects.latest('created_at').pk}/"
    visit.to(address)
    expect(page.locator(".kpis")).to_be_visible()
    return address


def line_of(page: Page, name: str) -> Locator:
    return page.locator("tbody tr", has_text=name)


def test_possible_leavers_are_decided_committed_and_taken_back(clerk: str, visit: Visit, tmp_path: Path) -> None:
    page, names = visit.to("/"), list(FIRMS)
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    hand_in(visit, tmp_path / "去年名册.csv", "2013-12-31", names, complete=False)
    page.locator(".dock button.btn-primary").click()
    expect(page.locator(".dock .btn-bad")).to_be_visible()  # it can be taken back
    address = hand_in(visit, tmp_path / "今年全量名册.csv", "2014-12-31", names[:1], complete=True)
    expect(page.locator("main")).to_contain_text("4")
    expect(page.locator(".dock button[form=commit]")).to_have_count(0)  # nothing would be booked yet
    visit.check()

    page.locator(f"a[href='{address}leavers/']").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    here = page.url
    page.goto(f"{here}?theme=dark")
    visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.check()
    page.goto(here)

    line_of(page, names[1]).locator("button[value=left]").click()
    expect(line_of(page, names[1])).to_be_visible()  # a leaving needs its reason
    line_of(page, names[1]).locator("input[name=reason]").fill("示例：已注销")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    line_of(page, names[2]).locator("button[value=stays]").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("#reason-all").fill("示例：失联")
    page.locator("input[name=sure]").check()
    page.locator("button[name=all][value=left]").click()
    expect(page.locator("tbody tr")).to_have_count(0)
    visit.check()
    page.locator(".tabs a").nth(1).click()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(line_of(page, names[1])).to_contain_text("示例：已注销")
    visit.check()

    visit.to(address)
    visit.check()
    page.locator(".dock button[form=commit]").click()
    expect(page.locator(".dock button")).to_have_count(0)
    visit.check()
    page.locator(".dock .btn-primary").click()
    expect(page.locator("main")).not_to_contain_text(names[1])
    expect(page.locator("main")).to_contain_text(names[2])

    visit.to(address)
    page.locator(".dock .btn-bad").click()
    page.locator("main form button.btn-bad").click()
    expect(page.locator(".dock .btn-bad")).to_have_count(0)
    visit.to("/members/")
    expect(page.locator("main")).to_contain_text(names[1])


def test_a_draft_is_discarded_and_found_again(clerk: str, visit: Visit, tmp_path: Path) -> None:
    page = visit.to("/")
    sign_in(visit, clerk, PASSWORD)
    expect(page).to_have_url(visit.address + "/")
    address = hand_in(visit, tmp_path / "名册.csv", "2013-12-31", list(FIRMS), complete=False)
    page.locator(f"a[href='{address}discard/']").click()
    visit.check()
    page.locator("main form button.btn-bad").click()
    expect(page).to_have_url(visit.address + "/imports/")
    visit.to(address)
    expect(page.locator("button[form=commit]")).to_have_count(0)
    visit.check()
    page.locator("button[form=check]").click()
    visit.to(address)
    expect(page.locator("button[form=commit]")).to_be_visible()
