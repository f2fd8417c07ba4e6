"""Vendored files are what the manifest says; our own sheets, scripts and templates keep the house rules."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from shanglian.common.templatetags.ui import KIND_ICONS, STATES

PACKAGE = Path(__file__).resolve().parents[2] / "shanglian"
STATIC = PACKAGE / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")))

# Office computers still run Chromium 86; each of these needs a newer one.
TOO_NEW = re.compile(r"oklch|color-mix|light-dark\(|:has\(|@layer|@container|\b[ds]vh\b|&[:.\s]|@starting-style")


@pytest.mark.parametrize("package", MANIFEST, ids=lambda p: p["name"])
def test_vendored_files_are_unchanged_and_carry_their_licence(package: dict[str, object]) -> None:
    files = package["files"]
    assert isinstance(files, dict)
    found = {path: hashlib.sha256((STATIC / path).read_bytes()).hexdigest() for path in files}
    assert found == files
    assert package["licence"] in {"MIT", "0BSD", "Apache-2.0"}
    assert [path for path in files if path.endswith("/LICENSE")] != []


def test_nothing_lies_in_the_vendor_folder_that_the_manifest_does_not_name() -> None:
    listed = {path for package in MANIFEST for path in package["files"]}
    there = {p.relative_to(STATIC).as_posix() for p in (STATIC / "vendor").rglob("*") if p.is_file()}
    assert there - listed == {"vendor/manifest.json"}


def test_no_source_map_is_referred_to() -> None:
    files = [p for p in STATIC.rglob("*") if p.suffix in {".js", ".css"}]
    assert [p.name for p in files if b"sourceMappingURL" in p.read_bytes()] == []


def test_the_notice_names_every_vendored_package_and_version() -> None:
    notice = (PACKAGE.parent / "NOTICE").read_text(encoding="utf-8")
    assert [package["version"] for package in MANIFEST if package["version"] not in notice] == []


def test_our_style_sheets_stay_small() -> None:
    assert sum(p.stat().st_size for p in STYLES) < 54 * 1024


@pytest.mark.parametrize("sheet", STYLES, ids=lambda p: p.name)
def test_style_sheets_use_only_what_old_browsers_know(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert TOO_NEW.findall(text) == []


@pytest.mark.parametrize("sheet", STYLES, ids=lambda p: p.name)
def test_addresses_in_style_sheets_resolve(sheet: Path) -> None:
    addresses = re.findall(r"url\(([^)]+)\)", sheet.read_text(encoding="utf-8"))
    assert [a for a in addresses if not (sheet.parent / a.strip("'\"")).is_file()] == []


def test_variables_in_style_sheets_are_defined() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in STYLES)
    used = set(re.findall(r"var\((--[csvfrlt][\w-]*)", text))
    assert used - set(re.findall(r"(--[\w-]+)\s*:", text)) == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_scripts_make_no_code_from_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert re.findall(r"\beval\(|new Function|setTimeout\(\s*['\"]|\.style\s*=|setAttribute\(\s*'style'", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_templates_hold_no_inline_script_or_style(template: Path) -> None:
    text = re.sub(r"{%.*?%}", "", template.read_text(encoding="utf-8"))
    inline = re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|<script(?![^>]*\bsrc=)", text)
    assert inline == []
    assert re.findall(r"(?:src|href|action)=[\"']https?://", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_templates_are_understood(template: Path) -> None:
    name = template.as_posix().rsplit("/templates/", 1)[-1]
    assert Path(get_template(name).origin.name) == template


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_templates_use_only_icons_that_exist(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    named = re.findall(r"{%\s*icon\s+[\"']([^\"']+)", text) + re.findall(r"\bicon=[\"']([^\"']+)", text)
    assert set(named) - SYMBOLS == set()


def test_states_use_only_icons_that_exist() -> None:
    assert {icon for _, icon, _ in STATES.values()} | set(KIND_ICONS.values()) <= SYMBOLS
