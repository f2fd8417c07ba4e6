"""Keep the messages of pages and code in step with their translations. For maintainers; needs no gettext tools.

    python scripts/messages.py --check                   ends with 1 if anything is missing, empty, left over or stale
    python scripts/messages.py [--from words.py …]       brings the catalogues up to date and compiles them

Messages are English. They are found in Python (gettext, gettext_lazy, ngettext, `_` …) and in templates, and merged
into shanglian/locale/*/LC_MESSAGES/django.po. `--from` takes Python files with `T = {"English": "中文", …}`, a plural
under the tuple of both its forms. What Django and allauth say is translated by those packages.
"""

import argparse
import runpy
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "shanglian"
LOCALE = PACKAGE / "locale"
SOURCE_LANGUAGE = "en"
LANGUAGES = {"zh_Hans": "nplurals=1; plural=0;", SOURCE_LANGUAGE: "nplurals=2; plural=(n != 1);"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext_lazy",), (1, 2)),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Key = tuple[str, str, str]  # context, message, plural


@dataclass
class Found:
    """A message and the files it stands in."""

    key: Key
    files: set[str] = field(default_factory=set)
    python_format: bool = False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is wrong")
    parser.add_argument("--from", dest="words", nargs="+", type=Path, default=[], metavar="FILE")
    options = parser.parse_args()
    found = collect()
    if options.check:
        faults = [fault for language in LANGUAGES for fault in check(language, found)]
        print("\n".join(faults) or f"{len(found)} messages, all translated", file=sys.stderr)
        return 1 if faults else 0
    words = read_words(options.words)
    for language in LANGUAGES:
        update(language, found, words if language != SOURCE_LANGUAGE else {})
    left = untranslated(catalogue("zh_Hans"))
    print("\n".join(["not translated:", *left]) if left else f"{len(found)} messages", file=sys.stderr)
    return 0


# Finding ------------------------------------------------------------


def collect() -> dict[Key, Found]:
    """Every message of the package, with the files it stands in."""
    found: dict[Key, Found] = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]):
        name = path.relative_to(ROOT).as_posix()
        for key in messages_in(path):
            entry = found.setdefault(key, Found(key))
            entry.files.add(name)
            entry.python_format |= "%(" in key[1]
    return found


def messages_in(path: Path) -> Iterator[Key]:
    text = path.read_text(encoding="utf-8")
    # Brackets around a template's messages: their indentation then means nothing to Python's tokenizer.
    source = text if path.suffix == ".py" else f"(\n{templatize(text, origin=str(path))}\n)"
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        singular, plural = message[:2] if isinstance(message, tuple) else (message, "")
        if singular:
            yield context or "", singular, plural or ""


# Catalogues ------------------------------------------------------------


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> polib.POFile:
    path = po_path(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    empty = polib.POFile(wrapwidth=110)
    empty.metadata = {
        "Project-Id-Version": "Shanglian",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    return empty


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def update(language: str, found: dict[Key, Found], words: dict[Key, str]) -> None:
    """Write the catalogue anew: messages in order, translations kept, new ones from `words`, the rest empty."""
    old = catalogue(language)
    kept = {key_of(entry): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=110)
    new.metadata = old.metadata
    for key in sorted(found, key=lambda key: (key[1], key[2], key[0])):
        new.append(entry_for(found[key], kept.get(key), words.get(key, "")))
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    path.with_suffix(".mo").write_bytes(compiled(language))


def entry_for(message: Found, kept: polib.POEntry | None, word: str) -> polib.POEntry:
    context, singular, plural = message.key
    entry = polib.POEntry(
        msgid=singular,
        msgctxt=context or None,
        occurrences=[(name, "") for name in sorted(message.files)],
        flags=["python-format"] if message.python_format else [],
    )
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = dict(kept.msgstr_plural) if kept else {}
        if word:
            entry.msgstr_plural = {0: word}
    else:
        entry.msgstr = word or (kept.msgstr if kept else "")
    return entry


def compiled(language: str) -> bytes:
    """What the .mo file has to hold: the .po file, compiled."""
    binary: bytes = catalogue(language).to_binary()
    return binary


def read_words(paths: Iterable[Path]) -> dict[Key, str]:
    """Translations from Python files that define `T`."""
    words: dict[Key, str] = {}
    for path in paths:
        for message, word in runpy.run_path(str(path))["T"].items():
            singular, plural = message if isinstance(message, tuple) else (message, "")
            words["", singular, plural] = word
    return words


# Checking ------------------------------------------------------------


def untranslated(catalogue: polib.POFile) -> list[str]:
    return [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]


def check(language: str, found: dict[Key, Found]) -> list[str]:
    """What is wrong with a catalogue, one sentence each. English needs no translation of its own."""
    if not po_path(language).exists():
        return [f"{language}: {po_path(language)} is missing"]
    entries = catalogue(language)
    keys = {key_of(entry) for entry in entries if not entry.obsolete}
    faults = [f"{language}: not in the catalogue: {key[1]!r}" for key in sorted(found.keys() - keys)]
    faults += [f"{language}: no longer used: {key[1]!r}" for key in sorted(keys - found.keys())]
    faults += [f"{language}: obsolete: {entry.msgid!r}" for entry in entries.obsolete_entries()]
    faults += [f"{language}: fuzzy: {entry.msgid!r}" for entry in entries.fuzzy_entries()]
    if language != SOURCE_LANGUAGE:
        faults += [f"{language}: not translated: {message!r}" for message in untranslated(entries)]
    binary = po_path(language).with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(language):
        faults.append(f"{language}: {binary.relative_to(ROOT)} is not what the .po file compiles to")
    return faults


if __name__ == "__main__":
    sys.exit(main())
