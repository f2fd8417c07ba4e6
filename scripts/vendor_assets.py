"""Refresh the third-party files under shanglian/static/vendor from npm, by package name.

For maintainers only: running the product needs neither Node nor a network. What is taken, in which version,
is listed in PACKAGES and ICONS below; the result is committed with manifest.json, which a test compares with
the files. Usage: python scripts/vendor_assets.py
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "shanglian" / "static"
VENDOR = STATIC / "vendor"
SPRITE = STATIC / "img" / "icons.svg"
# A source-map comment left in place would make hashed static storage look for a map that is not shipped.
SOURCE_MAP = re.compile(rb"\n?(?://[#@]\s*sourceMappingURL=[^\n]*|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*")


@dataclass(frozen=True)
class Package:
    """One npm package: files maps the name we ship to the path inside the tarball (without `package/`)."""

    name: str
    version: str
    files: dict[str, str]

    @property
    def folder(self) -> str:
        return self.name.lstrip("@").replace("/", "-") + "-" + self.version


PACKAGES = [
    Package(
        "bootstrap",
        "5.3.9",
        {
            "bootstrap.min.css": "dist/css/bootstrap.min.css",
            "bootstrap.bundle.min.js": "dist/js/bootstrap.bundle.min.js",
        },
    ),
    Package("htmx.org", "2.0.11", {"htmx.min.js": "dist/htmx.min.js"}),
    Package("echarts", "6.1.0", {"echarts.min.js": "dist/echarts.min.js", "NOTICE": "NOTICE"}),
    Package(
        "tom-select",
        "2.6.2",
        {
            "tom-select.complete.min.js": "dist/js/tom-select.complete.min.js",
            "tom-select.bootstrap5.min.css": "dist/css/tom-select.bootstrap5.min.css",
        },
    ),
]
ICON_PACKAGE = Package("@tabler/icons", "3.51.0", {})
_NAMES = """
adjustments-horizontal alert-circle alert-triangle archive arrow-back-up arrow-down-right arrow-left
arrow-right arrow-up-right arrows-exchange award ban bell book bookmark briefcase building building-
community building-factory-2 calendar calendar-event certificate chart-line check chevron-down
chevron-left chevron-right chevron-up circle-check circle-minus circle-plus circle-x clipboard-check
clock cloud-off coin columns-3 copy credit-card database device-mobile dots dots-vertical download
edit equal external-link eye eye-off file file-alert file-import file-spreadsheet file-text file-
type-pdf filter flag gavel git-fork git-merge hash headset help-circle history home hourglass id
inbox info-circle key language layout-dashboard link list list-check list-details lock login logout
mail map-2 map-pin menu-2 message-circle minus moon paperclip pencil phone photo pig-money plus
printer progress-check qrcode receipt refresh report-analytics rotate-clockwise-2 scale school
search selector send settings shield-check shield-x sitemap sort-ascending sort-descending
speakerphone stack-2 star sun table tag target-arrow trash trending-down trending-up trophy upload
user user-check user-circle user-minus user-plus users users-group wallet world x
"""
ICONS = _NAMES.split()


def npm(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["npm", *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


def fetch(package: Package, folder: Path) -> tuple[Path, str, str]:
    """Download and unpack one package; returns (unpacked folder, licence, integrity).

    The tarball must have the integrity that the registry states for it.
    """
    spec = f"{package.name}@{package.version}"
    stated = json.loads(npm("view", spec, "dist.integrity", "license", "--json", cwd=folder))
    packed = json.loads(npm("pack", spec, "--json", "--ignore-scripts", cwd=folder))
    tarball = folder / packed[0]["filename"]
    algorithm, _, expected = stated["dist.integrity"].partition("-")
    actual = base64.b64encode(hashlib.new(algorithm, tarball.read_bytes()).digest()).decode()
    if actual != expected:
        raise SystemExit(f"{spec}: the tarball has another {algorithm} than the registry states")
    target = folder / package.folder
    with tarfile.open(tarball) as archive:
        archive.extractall(target, filter="data")
    return target / "package", stated["license"], stated["dist.integrity"]


def write(source: Path, target: Path) -> None:
    content = source.read_bytes()
    if target.suffix in {".js", ".css"}:
        content = SOURCE_MAP.sub(b"", content).rstrip() + b"\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def licence_file(unpacked: Path) -> Path:
    return next(p for p in sorted(unpacked.iterdir()) if p.name.lower().startswith(("licen", "copying")))


def symbol(icon: Path) -> str:
    """The icon as one <symbol> line; stroke width 1.75 reads well beside 14 px Chinese text."""
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    root = ET.parse(icon).getroot()  # noqa: S314 - the file comes from a tarball whose hash was checked
    shapes = [child for child in root if child.get("d") != "M0 0h24v24H0z"]
    inner = "".join(ET.tostring(child, encoding="unicode").strip() for child in shapes)
    inner = inner.replace(' xmlns="http://www.w3.org/2000/svg"', "").replace(" />", "/>")
    return (
        f'<symbol id="{icon.stem}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
    )


def write_sprite(unpacked: Path) -> None:
    symbols = [symbol(unpacked / "icons" / "outline" / f"{name}.svg") for name in sorted(set(ICONS))]
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"]
    SPRITE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def entry(package: Package, licence: str, integrity: str, files: list[Path]) -> dict[str, object]:
    sums = {p.relative_to(STATIC).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files)}
    return {
        "name": package.name,
        "version": package.version,
        "licence": licence,
        "integrity": integrity,
        "files": sums,
    }


def vendor(package: Package, folder: Path) -> dict[str, object]:
    unpacked, licence, integrity = fetch(package, folder)
    target = VENDOR / package.folder
    write(licence_file(unpacked), target / "LICENSE")
    for name, path in package.files.items():
        write(unpacked / path, target / name)
    files = [target / "LICENSE", *(target / name for name in package.files)]
    if package is ICON_PACKAGE:
        write_sprite(unpacked)
        files.append(SPRITE)
    return entry(package, licence, integrity, files)


def main() -> None:
    if VENDOR.exists():
        shutil.rmtree(VENDOR)
    with tempfile.TemporaryDirectory() as name:
        entries = [vendor(package, Path(name)) for package in [*PACKAGES, ICON_PACKAGE]]
    manifest = VENDOR / "manifest.json"
    manifest.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(entries)} packages under {VENDOR}", file=sys.stderr)


if __name__ == "__main__":
    main()
