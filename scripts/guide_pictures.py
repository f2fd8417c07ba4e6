"""Take the pictures of the users' guide (docs/guide) from a running demonstration.

For maintainers; `make guide` starts the demonstration, takes the pictures and stops it. To show what a demonstration
does not hold by itself, three rosters of invented firms are handed in, one is booked, and at the end all are discarded
or taken back.
Usage: python scripts/guide_pictures.py --url http://127.0.0.1:8181 --accounts HOME/accounts.json [NAME …]
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright
from screenshots import CHROMIUM, Look, visitor

OUT = Path(__file__).resolve().parents[1] / "docs" / "guide" / "pictures"
# Beside the navigation 1280 px are left for the page.
LOOK = Look("guide", 1488, 900)
EDGE = 12
HEAD = ".head"

NAMELESS = "示例商会通讯录（示例）.csv"
FRESH = "金水区新会员（示例）.csv"
COMPLETE = "金水区完整名册（示例）.csv"
# file name → (text, whether it claims to be complete); the firms are invented, their numbers left out.
DRAFTS = {
    NAMELESS: (
        "示例甲纺织有限公司,示例甲,郑州市金水区示例路1号\n示例乙食品有限公司,示例乙,郑州市金水区示例路2号\n",
        False,
    ),
    FRESH: ("企业名称,会员类别,联系地址\n示例丁商贸有限公司,企业会员,郑州市金水区示例路4号\n", False),
    COMPLETE: ("企业名称,会员类别,联系地址\n示例丙机械有限公司,企业会员,郑州市金水区示例路3号\n", True),
}


@dataclass(frozen=True)
class Picture:
    """`walk`: an address, then what is clicked (`+x/` goes to x/ below the page reached). `crop`: the picture holds
    these elements and what lies between them, of the height at most `most` px.
    """

    name: str
    role: str
    walk: tuple[str, ...]
    crop: tuple[str, ...]
    most: int = 900


def card(heading: str) -> str:
    return f'section[aria-labelledby="{heading}"]'


def named(text: str) -> str:
    return f'#main tbody a:text-is("{text}")'


DOUBTFUL = named("金水区街道补报会员名册（示例）.csv")
FIRST_MEMBER = "#results tbody th a >> nth=0"
IN_ZHONGYUAN = f"{card('h-below')} tbody tr:has-text('中原区') td a"
BOOK = "button[form=commit]"
TAKE_BACK = ".dock a[href$='/undo/']"
BODY = "#main > section >> nth=0"
ARCHIVE = ("/members/?org=410102", FIRST_MEMBER)
PICTURES = (
    # 领导怎么看
    Picture("leader-home", "leader", ("/",), (HEAD, ".goals"), 1000),
    Picture("leader-trajectory", "leader", ("/",), (card("h-trajectory"), card("h-behind"))),
    Picture("leader-map", "leader", ("/",), (card("h-map"), card("h-below")), 1000),
    Picture("leader-days", "leader", ("/", ".acts details.menu summary"), (HEAD, ".acts .menu-list"), 480),
    Picture("leader-movements", "leader", ("/",), (card("h-movements"),)),
    Picture("leader-targets", "leader", ("/",), (card("h-targets"),)),
    Picture("leader-names", "leader", ("/", IN_ZHONGYUAN), (HEAD, "#results"), 500),
    Picture("leader-cell", "leader", ("/", IN_ZHONGYUAN, FIRST_MEMBER, "#ledger details.src >> nth=-1"), ("#ledger",)),
    # 县级专干怎么用
    Picture("clerk-upload", "clerk", ("/imports/",), ("#upload",)),
    Picture("clerk-columns", "clerk", ("/imports/", DOUBTFUL, "+columns/"), (HEAD, "form#columns"), 800),
    Picture("clerk-names", "clerk", ("/imports/", named(NAMELESS), "+columns/"), (HEAD, "form#columns"), 800),
    Picture("clerk-problems", "clerk", ("/imports/", DOUBTFUL, "+problems/?show=wrong"), (HEAD, "#problems"), 800),
    Picture("clerk-doubtful", "clerk", ("/imports/", DOUBTFUL, "+review/"), (HEAD, "#main form >> nth=0"), 800),
    Picture("clerk-preview", "clerk", ("/imports/", DOUBTFUL), (HEAD, ".kpis", card("h-people")), 800),
    Picture("clerk-leavers", "clerk", ("/imports/", named(COMPLETE), "+leavers/"), (HEAD, card("h-leavers")), 600),
    Picture("clerk-undo", "clerk", ("/imports/", named(FRESH), BOOK, TAKE_BACK), (HEAD, BODY)),
    # 市级会员部怎么用
    Picture("officer-register", "officer", ("/members/",), (HEAD, "#results"), 500),
    Picture("officer-search", "officer", ("/members/?q=zzsab",), ("form.filters", "#results"), 480),
    Picture("officer-conditions", "officer", ("/members/", "details.more summary"), ("nav.tabs", ".applied")),
    Picture(
        "officer-columns",
        "officer",
        ("/members/", ".applied details.menu >> nth=0"),
        (".applied", ".menu-list.stack >> nth=0"),
        560,
    ),
    Picture("officer-selection", "officer", ("/members/", "[data-pick-all]"), (".applied", "#results tbody"), 420),
    Picture("officer-export", "officer", ("/members/export/?category=group",), (HEAD, BODY)),
    Picture("officer-member", "officer", ARCHIVE, (HEAD, "#main > .grid"), 800),
    Picture("officer-history", "officer", (*ARCHIVE, "+history/"), (HEAD, "#main > .stack"), 800),
    Picture("officer-access", "officer", (*ARCHIVE, "+access/"), (HEAD, "#main > .stack"), 600),
    Picture("officer-organisations", "officer", ("/orgs/",), (HEAD, BODY), 640),
    Picture("officer-organisation", "officer", ("/orgs/410105/",), (HEAD, "#main > .grid"), 860),
    Picture("officer-posts", "officer", ("/posts/",), (HEAD, BODY), 640),
)


def arrive(page: Page, base: str, walk: tuple[str, ...]) -> None:
    for step in walk:
        if step.startswith("/"):
            page.goto(base + step)
        elif step.startswith("+"):
            page.goto(page.url.partition("?")[0] + step[1:])
        else:
            page.click(step)
        page.wait_for_load_state("networkidle")


def take(page: Page, picture: Picture, base: str) -> None:
    arrive(page, base, picture.walk)
    page.wait_for_timeout(500)  # a chart draws itself after the page has loaded
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.querySelectorAll('.dock').forEach(dock => { dock.style.position = 'static' })")
    boxes = [page.locator(element).first.bounding_box() for element in picture.crop]
    seen = [box for box in boxes if box]
    if len(seen) < len(boxes):
        raise SystemExit(f"{picture.name}: {picture.crop} is not on {page.url}")
    left = min(box["x"] for box in seen) - EDGE
    top = max(min(box["y"] for box in seen) - EDGE, 0)
    width = max(box["x"] + box["width"] for box in seen) + EDGE - left
    height = min(max(box["y"] + box["height"] for box in seen) + EDGE - top, picture.most)
    clip = {"x": left, "y": top, "width": width, "height": height}
    page.screenshot(path=OUT / f"{picture.name}.png", full_page=True, clip=clip)


def hand_in(page: Page, base: str, name: str) -> str:
    """As its clerk does; returns the address of the import."""
    text, complete = DRAFTS[name]
    page.goto(f"{base}/imports/")
    page.set_input_files("#upload [type=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.fill("#upload [name=on]", "2016-06-30")
    page.set_checked("#upload [name=complete]", complete)
    page.click("#upload [type=submit]")
    page.locator(".dock").wait_for(timeout=300_000)  # it has been read and previewed
    return "/".join(page.url.split("/")[:5]) + "/"


def clear_away(page: Page, address: str) -> None:
    """A draft is discarded, what was booked is taken back."""
    page.goto(address)
    page.click(".dock a.btn-bad")
    page.click("#main [type=submit].btn-bad")


def visit(browser: Browser, options: argparse.Namespace, role: str) -> Page:
    return visitor(browser, argparse.Namespace(**{**vars(options), "role": role}), LOOK)


def take_all(browser: Browser, options: argparse.Namespace) -> None:
    for role in dict.fromkeys(picture.role for picture in PICTURES):
        wanted = [p for p in PICTURES if p.role == role and (not options.names or p.name in options.names)]
        if not wanted:
            continue
        page = visit(browser, options, role)
        shown = [name for name in DRAFTS if any(named(name) in picture.walk for picture in wanted)]
        drafts = [hand_in(page, options.url, name) for name in shown]
        for picture in wanted:
            take(page, picture, options.url)
        for address in drafts:
            clear_away(page, address)
        page.context.close()


def wait_until_served(browser: Browser, url: str) -> None:
    page = browser.new_page()
    for _second in range(120):
        try:
            if (answer := page.goto(f"{url}/readyz")) and answer.ok:
                return page.close()
        except Error:
            pass  # nobody listens yet
        time.sleep(1)
    raise SystemExit(f"{url} does not answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--accounts", type=Path, required=True, help="accounts.json of the demonstration")
    parser.add_argument("--chromium", default=CHROMIUM)
    parser.set_defaults(user="", language="zh-CN")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        wait_until_served(browser, options.url)
        take_all(browser, options)
        browser.close()


if __name__ == "__main__":
    main()
