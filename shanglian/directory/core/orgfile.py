"""A file of organisations (policies/organisations/*.yaml): read into entries, every problem with its line.

Such a file says which organisations there are and since when the tree is told; each fact that has a source
names it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shanglian.common.core.policy import PolicyError, Section, read_policy
from shanglian.directory.core.kinds import ROOT_KINDS, OrgKind, may_contain

CODE = r"[0-9a-z]+(-[0-9a-z]+)*"


@dataclass(frozen=True)
class OrgEntry:
    """One organisation of a file. `federation_since` is for zones: None means no federation is known."""

    code: str
    kind: OrgKind
    name: str
    short_name: str
    parent: str | None
    since: date
    note: str = ""
    federation_since: date | None = None
    federation_note: str = ""


def parse_organisations(text: str, *, file: str) -> tuple[OrgEntry, ...]:
    """The file's organisations, parents before children. Raises PolicyError with all problems."""
    top = Section.top(read_policy(text, file=file))
    since = top.day("tree_since") or date.min
    top.string("note", needed=False)
    sections = list(top.sections("organisations"))
    entries = [_entry(section, since) for section in sections]
    top.close()
    _check_order(sections, entries)
    if top.problems:
        raise PolicyError(top.problems)
    return tuple(entry for entry in entries if entry is not None)


def _entry(section: Section, tree_since: date) -> OrgEntry | None:
    code = section.code("code", CODE)
    kind = section.choice("kind", OrgKind)
    name = section.string("name")
    federation = section.section("federation", needed=False)
    founded = federation.day("since", needed=False) if section.has("federation") else None
    entry = OrgEntry(
        code=code,
        kind=kind or OrgKind.OTHER_CHAMBER,
        name=name,
        short_name=section.string("short_name", needed=False),
        parent=section.code("parent", CODE, needed=False) or None,
        since=section.day("since", needed=False) or tree_since,
        note=section.string("note", needed=False),
        federation_since=founded,
        federation_note=federation.string("note", needed=False),
    )
    if founded is not None and kind is not OrgKind.ZONE:
        section.report("federation", "only_for_zones", code)
    federation.close()
    section.close()
    return entry if code and kind and name else None


def _check_order(sections: Iterable[Section], entries: Iterable[OrgEntry | None]) -> None:
    """Codes once, parents first, kinds where they may stand; what is wrong is reported on its own line."""
    kinds: dict[str, OrgKind] = {}
    for section, entry in zip(sections, entries, strict=True):
        if entry is None:
            continue
        if entry.code in kinds:
            section.report("code", "code_twice", entry.code)
        if entry.parent is None:
            allowed = entry.kind in ROOT_KINDS
        elif entry.parent not in kinds:
            section.report("parent", "parent_not_above", entry.parent)
            allowed = True
        else:
            allowed = may_contain(kinds[entry.parent], entry.kind)
        if not allowed:
            section.report("kind", "kind_not_allowed_there", entry.kind)
        kinds[entry.code] = entry.kind
