"""Whatever is broken in a policy file: file, line, field and remedy in both languages, and never a traceback."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from shanglian.common.core.policy import PolicyProblem
from shanglian.common.policy_files import all_problems
from shanglian.config.policy_words import PROBLEMS, policies_refused
from tests.paths import POLICIES

FILES = sorted(str(path.relative_to(POLICIES)) for path in POLICIES.rglob("*.yaml"))
MAY_BE_LEFT_OUT = {"note", "weak_headings", "issued_on", "relations", "unclear", "figures", "counts", "elsewhere"}
Data = dict[str, Any]


pytestmark = pytest.mark.usefixtures("fresh_policies")


@pytest.fixture
def problems_with(settings: Any, tmp_path: Path) -> Callable[[str, bytes], list[PolicyProblem]]:
    """What is found where an installation has this file of its own."""

    def found(name: str, content: bytes) -> list[PolicyProblem]:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        settings.POLICY_DIRS = [tmp_path, POLICIES]
        problems = list(all_problems())
        assert {Path(problem.file) for problem in problems} <= {place}
        assert all(problem.line >= 1 and all(PROBLEMS[problem.code]) for problem in problems)
        said = policies_refused(problems)
        for one in problems:
            assert f"{place} 第{one.line}行 {one.field or '—'}：" in said
            assert f"/ line {one.line}, " in said
        return problems

    return found


def data_of(name: str) -> Data:
    found: Data = yaml.safe_load((POLICIES / name).read_text(encoding="utf-8"))
    return found


def dumped(data: Data) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()


def lists_of(data: Data) -> Iterator[tuple[str, list[Data]]]:
    """The lists of entries at the top of a file."""
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield key, value


def test_the_shipped_files_have_no_problem() -> None:
    assert list(all_problems()) == []


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda content: content + b"\n]: [\n", "not_yaml"),
        (lambda content: content + b"\nmore:\n\t- 1\n", "not_yaml"),
        (lambda content: b"\xef\xbb\xbf" + content + b'\nname: "open\n', "not_yaml"),
        (lambda content: content.decode().encode("gb18030"), "not_utf8"),
        (lambda content: b"", "not_a_mapping"),
        (lambda content: b"# nothing but a remark\n", "not_a_mapping"),
        (lambda content: b"- a\n- b\n", "not_a_mapping"),
        (lambda content: content + next(iter(yaml.safe_load(content))).encode() + b": 1\n", "key_twice"),
        (lambda content: content + "\n\u0000\n".encode(), "not_yaml"),
    ],
    ids=["brackets", "tab", "quote", "encoding", "empty", "remark", "list", "key_twice", "control"],
)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_says_why(
    name: str, broken: Callable[[bytes], bytes], code: str, problems_with: Callable[[str, bytes], list[PolicyProblem]]
) -> None:
    found = problems_with(name, broken((POLICIES / name).read_bytes()))
    assert code in {problem.code for problem in found}
    assert len(found) == 1 or code == "key_twice"


@pytest.mark.parametrize("name", FILES)
def test_a_key_left_out_is_asked_for(name: str, problems_with: Callable[[str, bytes], list[PolicyProblem]]) -> None:
    for key in set(data_of(name)) - MAY_BE_LEFT_OUT:
        data = data_of(name)
        del data[key]
        if name == "members/archive.yaml" and key == "official":
            continue
        assert (key, "missing") in {(p.field, p.code) for p in problems_with(name, dumped(data))}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_type_is_named_wherever_it_stands(
    name: str, problems_with: Callable[[str, bytes], list[PolicyProblem]]
) -> None:
    for key in data_of(name):
        wrong = {"deep": {"er": 1}} if key == "format" else 7.5
        found = problems_with(name, dumped({**data_of(name), key: wrong}))
        assert key in {problem.field for problem in found}
    for key, entries in lists_of(data_of(name)):
        for part in entries[0]:
            data = data_of(name)
            data[key][0][part] = {"strange": []}
            fields = [problem.field for problem in problems_with(name, dumped(data))]
            assert any(field.startswith(f"{key}[0].{part}") for field in fields)


@pytest.mark.parametrize("name", FILES)
def test_a_key_nobody_knows_is_named(name: str, problems_with: Callable[[str, bytes], list[PolicyProblem]]) -> None:
    found = problems_with(name, dumped({**data_of(name), "surprise": 1}))
    assert [(p.field, p.code) for p in found] == [("surprise", "unknown_key")]
    for key, _entries in lists_of(data_of(name)):
        data = data_of(name)
        data[key][0]["surprise"] = 1
        assert (f"{key}[0].surprise", "unknown_key") in {(p.field, p.code) for p in problems_with(name, dumped(data))}


@pytest.mark.parametrize("name", [name for name in FILES if list(lists_of(data_of(name)))])
def test_an_entry_that_stands_twice_is_named(
    name: str, problems_with: Callable[[str, bytes], list[PolicyProblem]]
) -> None:
    for key, entries in lists_of(data_of(name)):
        data = data_of(name)
        data[key].append(dict(entries[0]))
        found = [p for p in problems_with(name, dumped(data)) if p.field.startswith(f"{key}[{len(entries)}]")]
        assert {p.code for p in found} & {"twice", "code_twice"}


@pytest.mark.parametrize("name", [name for name in FILES if b"-31" in (POLICIES / name).read_bytes() or "org" in name])
def test_a_day_that_does_not_exist_is_named(
    name: str, problems_with: Callable[[str, bytes], list[PolicyProblem]]
) -> None:
    text = (POLICIES / name).read_text(encoding="utf-8")
    days = sorted({str(found) for found in _days(data_of(name))})
    for day in days:
        found = problems_with(name, text.replace(day, f"{day[:4]}-02-30").encode())
        assert "not_a_day" in {problem.code for problem in found}


def _days(value: object) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _days(below)


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "code"),
    [
        ("members/registration_types.yaml", 'private: ["170"', 'private: ["999"', "private[0]", "not_one_of"),
        ("members/registration_types.yaml", "[国有企业", "[集体, 国有企业", "types[1].name", "word_taken"),
        ("members/registration_types.yaml", 'code: "110"', "code: 110", "types[0].code", "not_text"),
        ("members/group_kinds.yaml", "chamber: false", "chamber: maybe", "kinds[0].chamber", "not_a_flag"),
        ("imports/roster.yaml", "  uscc: [", "  uscc: [注册号, ", "headings.reg_no[0]", "heading_taken"),
        ("imports/roster.yaml", "  uscc: [", "  usc: [", "headings.usc", "unknown_key"),
        ("imports/roster.yaml", "  name: [企业名称", "  name: [2014, 企业名称", "headings.name[0]", "not_text"),
        ("divisions/410100.yaml", "tile: [2, 1]", "tile: [2]", "areas[0].tile", "not_a_pair"),
        ("imports/organisations.yaml", "  zone: [", "  zones: [", "kinds.zones", "unknown_key"),
    ],
)  # fmt: skip
def test_what_does_not_hang_together_is_named(
    name: str, old: str, new: str, field: str, code: str,
    problems_with: Callable[[str, bytes], list[PolicyProblem]],
) -> None:  # fmt: skip
    text = (POLICIES / name).read_text(encoding="utf-8")
    assert text.count(old)
    found = problems_with(name, text.replace(old, new, 1).encode())
    assert (field, code) in {(problem.field, problem.code) for problem in found}


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("imports/roster.yaml", ["check"]),
        ("imports/roster.yaml", ["read_roster", "ROSTER"]),
        ("members/registration_types.yaml", ["read_roster", "ROSTER"]),
        ("imports/organisations.yaml", ["read_sheet", "organisations", "ROSTER"]),
        ("series/private-enterprises-410100.yaml", ["plan_check", "zhengzhou-2014-2017"]),
    ],
)
def test_the_command_that_reads_it_says_so_and_ends_with_1(name: str, command: list[str], tmp_path: Path) -> None:
    place = tmp_path / "policies" / name
    place.parent.mkdir(parents=True)
    place.write_text("official: [\n", encoding="utf-8")
    roster = tmp_path / "roster.csv"
    roster.write_text("企业名称,统一社会信用代码\n示例有限公司,\n", encoding="utf-8")
    words = [str(roster) if word == "ROSTER" else word for word in command]
    done = subprocess.run(
        [sys.executable, "-m", "shanglian.config.cli", *words], capture_output=True, text=True, check=False,
        env={"SHANGLIAN_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{place} 第2行 —：YAML 语法错误" in done.stderr
