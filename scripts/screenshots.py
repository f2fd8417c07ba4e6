"""Take pictures of pages to look at: light, dark, 360 px and print, with the faults a picture hardly shows.

For maintainers. Drives Debian's Chromium through Playwright against a running server; prints policy
violations, script errors and sideways overflow of each page to stderr and ends with 1 if there were any.
Usage: python scripts/screenshots.py --accounts var/accounts.json --role officer --out var/screens / /members/
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Look:
    name: str
    width: int
    height: int
    theme: str = "light"
    media: str = "screen"


LOOKS = {
    "light": Look("light", 1440, 900),
    "dark": Look("dark", 1440, 900, theme="dark"),
    "360": Look("360", 360, 740),
    "print": Look("print", 794, 1123, media="print"),
}
# Collected in the page itself, because a violation is an event of the document.
LISTEN = """
window.__faults = [];
document.addEventListener('securitypolicyviolation', e => window.__faults.push(
    'policy ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber));
"""


def credentials(options: argparse.Namespace) -> tuple[str, str] | None:
    if options.user:
        return options.user, options.password
    if options.accounts:
        accounts = json.loads(options.accounts.read_text(encoding="utf-8"))
        found = next(a for a in accounts if a["role"] == options.role)
        return found["username"], found["password"]
    return None


def sign_in(page: Page, base: str, who: tuple[str, str]) -> None:
    page.goto(base + "/")  # leads to the sign-in page
    page.fill("[name=login]", who[0])
    page.fill("[name=password]", who[1])
    page.click("form [type=submit].btn-primary")
    page.wait_for_load_state("networkidle")
    if "/login/" in page.url:
        raise SystemExit("signing in failed")


def shoot(page: Page, address: str, target: Path) -> list[str]:
    """One full-page picture; returns the faults seen while the page loaded."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    faults: list[str] = page.evaluate("window.__faults")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.screenshot(path=target, full_page=True)
    return [*faults, f"overflows by {overflow} px"] if overflow > 0 else faults


def visitor(browser: Browser, options: argparse.Namespace, look: Look) -> Page:
    """A page of a context of its own, signed in as the options say."""
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale=options.language,
    )
    context.add_init_script(LISTEN)
    page = context.new_page()
    if who := credentials(options):
        sign_in(page, options.url, who)
    page.emulate_media(media="print" if look.media == "print" else "screen")
    return page


def pictures(browser: Browser, options: argparse.Namespace, look: Look) -> int:
    page = visitor(browser, options, look)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"script {error}"))
    count = 0
    for path in options.paths:
        name = re.sub(r"\W+", "-", path).strip("-") or "home"
        faults = shoot(page, options.url + path, options.out / f"{name}-{look.name}.png") + errors
        errors.clear()
        for fault in faults:
            print(f"{path} {look.name}: {fault}", file=sys.stderr)
        count += len(faults)
    page.context.close()
    return count


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", help="paths such as / or /members/?q=…")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--accounts", type=Path, help="accounts.json of a demo")
    parser.add_argument("--role", default="officer")
    parser.add_argument("--language", default="zh-CN")
    parser.add_argument("--looks", default=",".join(LOOKS), help="comma-separated")
    parser.add_argument("--out", type=Path, default=Path("var/screens"))
    parser.add_argument("--chromium", default=CHROMIUM)
    return parser.parse_args()


def main() -> None:
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        faults = sum(pictures(browser, options, LOOKS[name]) for name in options.looks.split(","))
        browser.close()
    raise SystemExit(1 if faults else 0)


if __name__ == "__main__":
    main()
