"""Every page there is, looked at: light at a desk, dark on a phone. A new address without a look fails here."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Visit, sign_in
from tests.sample_codes import uscc

# Addresses that are no pages: files, probes, forms that are only sent, and what only the page's own script asks.
NO_PAGES = {
    "home_export", "home_boundaries", "readyz", "healthz", "set_language", "notices_read",
    "guide_picture", "members:tabs", "members:keep-view", "members:change-view", "members:phones",
    "imports:uploads", "imports:upload", "imports:give-up", "imports:progress", "imports:stop", "imports:file",
    "imports:rejected", "imports:rejected-of-file", "imports:check", "imports:commit", "imports:undo",
    "imports:forget-heading", "imports:changed",
}  # fmt: skip
LEAD_ON = {"imports:new", "imports:go-on"}  # to another of these pages
FOR_STRANGERS = {"account_login"}  # looked at before the walk


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, set[str]]]:
    """The name of every address, with the names of what stands in it. The API has its own tests."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "api":
                yield from names(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            yield space + entry.name, set(entry.pattern.converters)


@pytest.fixture
def things(clerk: str, database_clone, settings) -> list[dict[str, object]]:
    """What the addresses ask for: members and an organisation, an import that is done and one that waits."""
    from shanglian.directory.models import Org, User  # noqa: PLC0415  models, once the apps are loaded
    from shanglian.imports.actions import (  # noqa: PLC0415
        IncomingFile,
        commit_batch,
        preview_batch,
        read_batch,
        receive_file,
    )
    from shanglian.members.models import Entity  # noqa: PLC0415

    settings.DOCUMENT_ROOT = Path(database_clone.environ["SHANGLIAN_HOME"]) / "documents"
    org, actor = Org.objects.get(code="410105"), User.objects.get(username=clerk)

    def handed_in(on: date, *lines: str):
        text = "\n".join(["企业名称,统一社会信用代码,会员类别,联系人手机", *lines])
        file = IncomingFile(f"名册{on.year}.csv", text.encode())
        batch = receive_file(org=org, kind="roster", files=[file], on=on, actor=actor)
        return preview_batch(batch=read_batch(batch=batch, actor=actor), actor=actor)

    done = handed_in(date(2013, 12, 31), *[f"示例{n}号有限公司,{uscc(n)},企业会员,1700000271{n}" for n in range(1, 8)])
    commit_batch(batch=done, actor=actor)
    waits = handed_in(date(2014, 12, 31), f"示例2号有限公司,{uscc(2)},企业会员,17000002712", "示例3号公司,,企业会员,1")
    member = Entity.objects.earliest("pk").pk
    return [{"pk": pk, "position": 1, "code": org.code, "name": "README"} for pk in (done.pk, waits.pk, member)]


def addresses(things: list[dict[str, object]]) -> dict[str, list[str]]:
    """Every named address as often as it can be asked for."""
    found: dict[str, list[str]] = {}
    for name, asked in names(get_resolver().url_patterns):
        number = name.startswith("members:")
        fitting = things[-1:] if number else things[:2]
        kwargs = [{key: thing[key] for key in asked} for thing in fitting]
        found[name] = sorted({reverse(name, kwargs=given) for given in kwargs})
    return found


# What is tapped on a phone; links in running text may be smaller.
TAPPED = ".btn, .ibtn, .org, .who, .form-control, .form-select, .tabs a, .seg > a, .pager li a, .menu-list a"
LOW = f"""() => [...document.querySelectorAll('{TAPPED}')].filter(one => {{
    const box = one.getBoundingClientRect();
    return one.checkVisibility({{visibilityProperty: true}}) && box.height > 0 && box.height < 44;
}}).map(one => one.className + ' ' + one.innerText.trim() + ' ' + one.getBoundingClientRect().height)"""


def looked_at(visit: Visit, url: str, name: str) -> list[str]:
    """What is wrong with it, light at a desk and dark on a phone."""
    wrong = []
    for scheme, width in (("light", 1440), ("dark", 360)):
        visit.page.set_viewport_size({"width": width, "height": 800})
        visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        visit.to(url)
        try:
            visit.check()
        except AssertionError as fault:
            wrong.append(f"{name}, {scheme}, {width} px: {fault}")
        visit.faults.clear()
        low = visit.page.evaluate(LOW) if width == 360 else []
        wrong += [f"{name}: lower than 44 px on a phone: {one}" for one in low]
    return wrong


def test_every_page_holds_in_light_and_dark_at_a_desk_and_on_a_phone(
    clerk: str, things: list[dict[str, object]], visit: Visit
) -> None:
    page = visit.to("/account/login/")
    visit.check()
    page.emulate_media(color_scheme="dark")
    visit.check()
    sign_in(visit, clerk, PASSWORD)
    page.wait_for_url(re.compile(r"/$"))

    seen, faults = set(FOR_STRANGERS), []
    for name, urls in addresses(things).items():
        for url in urls if name not in NO_PAGES | FOR_STRANGERS else ():
            answer = page.request.get(visit.address + url)
            if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            seen.add(name)
            if name in LEAD_ON:
                continue
            faults += looked_at(visit, url, name)

    assert not faults, "\n".join(faults)
    assert seen == set(addresses(things)) - NO_PAGES, "an address that no look has reached"


# Everything the tab key can reach and that is in sight, without a line or a halo when it has the focus.
RINGLESS = """async () => {
    const found = [], all = 'a[href], button, summary, select, input:not([type=hidden]), [tabindex="0"]';
    for (const one of document.querySelectorAll(all)) {
        if (!one.checkVisibility({visibilityProperty: true})) continue;
        one.focus({focusVisible: true});
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        const style = getComputedStyle(one), wide = parseFloat(style.outlineWidth) >= 2;
        const seen = (style.outlineStyle !== 'none' && wide) || style.boxShadow !== 'none';
        if (!seen) found.push(one.className + ' ' + one.innerText);
    }
    return found;
}"""


def test_whoever_goes_by_keyboard_sees_where_they_are(
    clerk: str, things: list[dict[str, object]], visit: Visit
) -> None:
    page = visit.to("/account/login/")
    assert page.evaluate(RINGLESS) == []
    sign_in(visit, clerk, PASSWORD)
    page.wait_for_url(re.compile(r"/$"))
    for url in ("/", "/members/?q=示例", "/imports/", "/orgs/410105/"):
        assert visit.to(url).evaluate(RINGLESS) == [], url


def test_a_list_keeps_its_heads_in_sight_and_says_on_paper_what_it_is(
    clerk: str, things: list[dict[str, object]], visit: Visit
) -> None:
    page = visit.to("/account/login/")
    sign_in(visit, clerk, PASSWORD)
    page.wait_for_url(re.compile(r"/$"))
    page.set_viewport_size({"width": 1440, "height": 320})
    visit.to("/members/?q=示例&category=enterprise")
    head = page.locator("thead th", has_text="会员类别")
    page.locator("tbody tr").last.scroll_into_view_if_needed()
    box = head.bounding_box()
    assert box is not None
    assert box["y"] == page.locator(".top").evaluate("one => one.offsetHeight")

    page.emulate_media(media="print")
    expect(page.locator(".p-cond")).to_have_text("筛选条件： 包含“示例”、企业会员 · 第 1—7 条，共 7 条")
    expect(page.locator("tbody tr").last.locator("td").nth(1)).to_have_text("7")
    for control in ("form.filters", ".pick input", ".applied", ".pager", "th .ic"):
        for one in page.locator(f"main {control}").all():
            expect(one).to_be_hidden()


STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 507)


def test_every_error_page_holds_in_light_and_dark_at_a_desk_and_on_a_phone(visit: Visit, rf, settings) -> None:
    """The pages as the handlers make them, put in the place of an address."""
    from shanglian.common.http import error_response  # noqa: PLC0415

    made, faults = [""], []
    visit.page.route("**/wrong", lambda route: route.fulfill(body=made[0], content_type="text/html; charset=utf-8"))
    for status in STATUSES:
        request = rf.get("/wrong", headers={"Accept": "text/html", "Accept-Language": "zh-CN"})
        request.request_id = "a1b2c3d4e5f60718"
        made[0] = error_response(request, status, "示例原因。").content.decode()
        faults += looked_at(visit, "/wrong", str(status))
    assert not faults, "\n".join(faults)
