"""The users' guide: its pictures are those the script takes, each is used, and every address leads somewhere."""

import ast
import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
PICTURES = GUIDE / "pictures"
SCRIPT = GUIDE.parents[1] / "scripts" / "guide_pictures.py"
KILOBYTE = 1000


def addresses() -> list[tuple[Path, str]]:
    """Page and target of each [text](target) and ![text](target)."""
    return [
        (page, target)
        for page in sorted(GUIDE.glob("*.md"))
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    ]


def pictures_taken() -> list[str]:
    """The names the script's table begins its lines with."""
    calls = (node for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return [ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "Picture"]


def test_every_address_in_the_guide_leads_to_a_file():
    missing = [(page.name, target) for page, target in addresses() if not (page.parent / target).resolve().is_file()]

    assert missing == []


def test_every_picture_is_taken_by_the_script_and_used_once():
    shown = sorted(Path(target).stem for _page, target in addresses() if target.endswith(".png"))

    assert shown == sorted(path.stem for path in PICTURES.iterdir())
    assert shown == sorted(pictures_taken())


def test_pictures_are_light_enough_to_be_kept_with_the_code():
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}

    assert {name: size for name, size in sizes.items() if size > 200 * KILOBYTE} == {}
    assert sum(sizes.values()) <= 3_000 * KILOBYTE
