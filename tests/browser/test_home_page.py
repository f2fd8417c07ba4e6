"""The home page in a real browser: chosen by keyboard, held in the dark and on a phone, walked back to a cell."""

import json
import os
import random
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shanglian.config.settings import BASE_DIR
from tests.browser.conftest import PASSWORD, Visit, sign_in
from tests.invented_map import invented_areas
from tests.runtime.servers import Clone, serving
from tests.sample_codes import uscc

PAGE = "/?org=410100&on=2014-12-31"
TYPES = {"企业会员": "有限责任公司", "团体会员": "", "个人会员": ""}
CHAMBER = "示例{}行业商会"
FIRM = "示例{}号有限公司"


@pytest.fixture
def officer(database_clone, settings) -> str:
    """The city's officer, and four rosters behind the figures: two counties, two year-ends each."""
    from shanglian.directory import actions  # noqa: PLC0415  models, once the apps are loaded
    from shanglian.directory.core.rights import Role  # noqa: PLC0415
    from shanglian.directory.queries import system_user  # noqa: PLC0415
    from shanglian.imports.actions import (  # noqa: PLC0415
        IncomingFile,
        commit_batch,
        preview_batch,
        read_batch,
        receive_file,
    )
    from tests.little_federation import BEGINNING, little_federation  # noqa: PLC0415

    settings.DOCUMENT_ROOT = Path(database_clone.environ["SHANGLIAN_HOME"]) / "documents"
    little = little_federation()
    for org, clerk, start in ((little.jinshui, little.alice, 100), (little.erqi, little.bob, 300)):
        for on, members in ((date(2013, 12, 31), 12), (date(2014, 12, 31), 15)):
            file = IncomingFile(f"{org.code}-{on.year}.csv", roster(start, members))
            batch = receive_file(org=org, kind="roster", files=[file], on=on, actor=clerk)
            batch = preview_batch(batch=read_batch(batch=batch, actor=clerk), actor=clerk)
            commit_batch(batch=batch, actor=clerk)
    officer, _ = actions.create_user(
        username="officer", name="示例专干", password=PASSWORD, must_change_password=False, actor=system_user()
    )
    actions.appoint(officer, org=little.zhengzhou, role=Role.OFFICER, on=BEGINNING, actor=system_user())
    return "officer"


def roster(start: int, members: int) -> bytes:
    """Every fourth is a chamber, the others are firms with a registration type."""
    lines = ["企业名称,统一社会信用代码,会员类别,登记注册类型"]
    for number in range(start, start + members):
        group = number % 4 == 0
        name = CHAMBER.format(number) if group else FIRM.format(number)
        lines.append(
            f"{name},{uscc(number)},{'团体会员' if group else '企业会员'},{'' if group else '私营有限责任公司'}"
        )
    return "\n".join(lines).encode()


def at_home(visit: Visit, officer: str) -> Page:
    visit.to("/")
    sign_in(visit, officer, PASSWORD)
    expect(visit.page).to_have_url(visit.address + "/")
    return visit.to(PAGE)


def test_the_page_is_worked_by_keyboard_and_holds_everywhere(officer: str, visit: Visit) -> None:
    page = at_home(visit, officer)
    expect(page.locator(".lead-line")).to_contain_text("6项目标中")
    expect(page.locator(".goals .goal")).to_have_count(6)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    visit.check()

    page.locator("nav[aria-label='选择图中的指标'] a").nth(2).press("Enter")
    expect(page.locator("#h-trajectory")).to_contain_text("企业会员占比")
    expect(page.locator("nav[aria-label='选择图中的指标'] [aria-current]")).to_have_text("企业会员占比")
    visit.check()
    page.locator("nav[aria-label='选择地图和排名的指标'] a").nth(3).press("Enter")
    expect(page.locator("#below .card-h .note").last).to_contain_text("团体会员占比")
    expect(page.locator("#h-trajectory")).to_contain_text("企业会员占比")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出").press("Enter")
    assert waiting.value.suggested_filename.endswith("410100-2014-12-31.xlsx")

    page.set_viewport_size({"width": 360, "height": 740})
    visit.check()
    page.emulate_media(color_scheme="dark")
    visit.check()
    page.emulate_media(media="print")
    expect(page.locator(".p-foot")).to_contain_text("数据截至")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 820, "height": 1180})
    visit.check()

    page.locator(".tiles a").first.press("Enter")
    expect(page).to_have_url(re.compile(r"org=410105"))
    expect(page.locator("main .tag.info").first).to_have_text("推算，非正式下达")
    visit.check()


def test_a_figure_taken_at_random_leads_back_to_a_cell(officer: str, visit: Visit) -> None:
    """Which figure, and which of its members, is chance; the seed is told when it fails."""
    seed = int(os.environ.get("SHANGLIAN_WALK") or random.randrange(10**6))
    chance = random.Random(seed)
    page = at_home(visit, officer)
    links = page.locator("main a[href^='/members/']").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.innerText])"
    )
    figures = [(address, int(text)) for address, text in links if text.strip().isdecimal() and int(text)]
    assert len(figures) > 15
    address, figure = chance.choice(figures)
    told = f"SHANGLIAN_WALK={seed}: {figure} at {address}"

    visit.to(address)
    expect(page.locator("#results [role=status]"), told).to_contain_text(f"{figure} ")
    members = page.locator("#results tbody th a")
    member = members.nth(chance.randrange(members.count()))
    name = member.inner_text()
    member.click()
    expect(page.locator("h1"), told).to_have_text(name)
    source = page.locator("details.src").first
    source.locator("summary").click()
    expect(source, told).to_contain_text(re.compile(r"4101\d\d-201[34]\.csv"))
    expect(source, told).to_contain_text(name)


def test_the_installations_own_boundaries_are_drawn_in_light_and_dark_and_on_a_phone(
    officer: str, database_clone: Clone, visit: Visit, tmp_path: Path
) -> None:
    policies = tmp_path / "policies"
    (policies / "divisions").mkdir(parents=True)
    (policies / "maps").mkdir()
    (policies / "maps" / "areas.geojson").write_text(json.dumps(invented_areas()))
    shipped = (BASE_DIR / "policies" / "divisions" / "410100.yaml").read_text("utf-8")
    named = shipped.replace("prefixes: [河南省, 郑州市, 郑州]}", "prefixes: [], geojson: maps/areas.geojson}")
    (policies / "divisions" / "410100.yaml").write_text(named, "utf-8")

    with serving({**database_clone.environ, "SHANGLIAN_HOME": str(tmp_path)}, "--workers", "1") as visit.address:
        page = at_home(visit, officer)
        drawn = page.locator("[data-chart=map]")
        expect(drawn.locator("canvas")).to_be_visible()
        areas = drawn.evaluate("map => echarts.getInstanceByDom(map).getModel().getSeriesByIndex(0).getData().count()")
        assert areas == len(invented_areas()["features"])
        visit.check()
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 360, "height": 740})
        visit.check()
