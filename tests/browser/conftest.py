"""A real Chromium on a served site. Any policy violation or script error fails the test; axe reads the pages."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import CHROMIUM

# Playwright keeps an event loop in the test's thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
PASSWORD = "tiger-lily-91-quartz"
expect.set_options(timeout=30_000)  # milliseconds, for what a busy machine takes; five seconds is the default
IMPORT = re.compile(r".*/imports/[0-9a-f-]{36}/")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# A violation is an event of the document, so it is caught in the page; the binding carries it out.
LISTEN = """document.addEventListener('securitypolicyviolation', e => window.tellFault(
    'policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber));"""


# Colours are measured once they have arrived: two frames, and every animation that ends has ended.
SETTLED = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const ending = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map(one => one.finished.catch(() => null)));
}"""


@dataclass
class Visit:
    """A page with what went wrong on it."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def to(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def check(self) -> None:
        """Nothing axe can find, no violation of the content policy, no script error, no sideways scrolling."""
        self.page.evaluate(SETTLED)
        found = Axe().run(self.page, options={"resultTypes": ["violations"]})
        said = [
            f"{v['id']}: {v['help']} {[(node['target'], node['failureSummary']) for node in v['nodes']][:3]}"
            for v in found.response["violations"]
        ]
        assert said == [], f"{self.page.url}\n" + "\n".join(said)
        assert self.faults == [], self.page.url
        width = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], f"{self.page.url} scrolls sideways: {width}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Visit]:
    """A Chinese reader at a desk."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    visit = Visit(page, served)
    context.expose_function("tellFault", lambda fault: visit.faults.append(fault))
    context.add_init_script(LISTEN)
    page.on("pageerror", lambda error: visit.faults.append(f"script: {error}"))
    page.on("console", lambda message: message.type == "error" and visit.faults.append(f"console: {message.text}"))
    yield visit
    context.close()


@pytest.fixture
def clerk(database_clone, tmp_path) -> str:
    """The clerk of Jinshui has an account; the password is the test's own."""
    from shanglian.directory import actions  # noqa: PLC0415  models, once the apps are loaded
    from shanglian.directory.core.rights import Role  # noqa: PLC0415
    from shanglian.directory.queries import system_user  # noqa: PLC0415
    from tests.little_federation import BEGINNING, little_federation  # noqa: PLC0415

    federation = little_federation()
    clerk, _ = actions.create_user(
        username="clerk", name="示例经办人", password=PASSWORD, must_change_password=False, actor=system_user()
    )
    actions.appoint(clerk, org=federation.jinshui, role=Role.CLERK, on=BEGINNING, actor=system_user())
    return "clerk"


def sign_in(visit: Visit, username: str, password: str) -> None:
    page = visit.page
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.btn-primary").click()


def to_preview(visit: Visit) -> None:
    """From whatever step of the import comes first to the last one before the commit."""
    visit.page.wait_for_url(IMPORT)
    visit.page.goto(IMPORT.search(visit.page.url)[0])
