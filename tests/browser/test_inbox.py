"""What waits and what happened, as a clerk finds it: badge, line, bell, marked as read."""

from datetime import date

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Visit, sign_in


def look_everywhere(visit: Visit) -> None:
    """Wide and narrow, light and dark."""
    page, here = visit.page, visit.page.url
    visit.check()
    page.set_viewport_size({"width": 360, "height": 780})
    visit.check()
    page.goto(f"{here}{'&' if '?' in here else '?'}theme=dark")
    visit.check()
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.check()
    page.goto(here)


def test_a_task_is_found_by_its_badge_and_a_notice_by_the_bell(clerk: str, visit: Visit) -> None:
    from shanglian.directory.models import Org, User  # noqa: PLC0415  models, once the apps are loaded
    from shanglian.imports.actions import IncomingFile, preview_batch, read_batch, receive_file  # noqa: PLC0415

    page = visit.to("/inbox/")
    sign_in(visit, clerk, PASSWORD)
    expect(page.locator(".empty")).to_be_visible()
    look_everywhere(visit)

    alice, jinshui = User.objects.get(username=clerk), Org.objects.get(code="410105")
    file = IncomingFile("名册.csv", "企业名称\n示例甲有限公司\n".encode())
    batch = receive_file(org=jinshui, kind="roster", files=[file], on=date(2015, 12, 31), actor=alice)
    read_batch(batch=batch, actor=alice)
    preview_batch(batch=batch, actor=alice)
    visit.to("/inbox/")
    expect(page.locator("#nav a[href='/inbox/'] .count")).to_have_text("1")
    expect(page.locator("#nav a[href='/imports/'] .count")).to_have_text("1")
    look_everywhere(visit)
    task = page.locator("tbody a", has_text="名册.csv")
    task.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{visit.address}/imports/{batch.pk}/")

    bell = page.locator(".bell")
    expect(bell).to_have_accessible_name("通知：1 条未读")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".alerts li")).to_have_count(1)
    look_everywhere(visit)
    page.locator(".acts button").click()
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator(".bell")).to_have_accessible_name("通知：没有未读")
    page.locator(".tabs a").nth(1).click()
    expect(page.locator(".alerts li")).to_have_count(1)
    look_everywhere(visit)
