"""Who may import whom, and that every text has its translation: the checks of `make test`, as tests."""

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_rooms_and_floors_import_only_what_lies_below_them():
    linter = Path(sys.executable).with_name("lint-imports")
    done = run(str(linter), "--no-cache")

    assert done.returncode == 0, done.stdout


def test_every_text_of_code_and_templates_has_its_translation():
    done = run(sys.executable, "scripts/messages.py", "--check")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_compiled_texts_are_those_of_the_catalogue(language: str):
    path = ROOT / "shanglian" / "locale" / language / "LC_MESSAGES" / "django.po"

    assert path.with_suffix(".mo").read_bytes() == polib.pofile(str(path), wrapwidth=110).to_binary()


def test_translations_fill_in_the_same_blanks():
    catalogue = polib.pofile(str(ROOT / "shanglian" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    wrong = []
    for entry in catalogue:
        originals = set(blanks(entry.msgid) | blanks(entry.msgid_plural or ""))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and not blanks(text) <= originals:
                wrong.append(entry.msgid)

    assert wrong == []


def blanks(text: str) -> set[str]:
    """The names in %(name)s."""
    return {part.split(")")[0] for part in text.split("%(")[1:]}
