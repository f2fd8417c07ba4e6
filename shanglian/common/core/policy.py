"""Reading policy files (plans, standards, tariffs): YAML text in, plain values with their line numbers out.

Decimal numbers become exact fractions, never floats; days become dates. A file is data: anchors, foreign
tags and double keys are refused. A `Section` walks the values, collects every problem instead of the first,
and knows which keys nobody asked for. It opens no file and writes no sentence, and knows no kind of policy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

import yaml

Path = tuple[str | int, ...]
Choice = TypeVar("Choice", bound=StrEnum)
MAX_CHARACTERS = 1_000_000
NUMBER_TAGS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True)
class PolicyProblem:
    """One thing wrong with a file: `field` is a dotted path ("targets[0].value"), `value` what was there."""

    file: str
    line: int
    field: str
    code: str
    value: str = ""


class PolicyError(Exception):
    """A policy file cannot be used. Carries all its problems; the words are the caller's."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        super().__init__("; ".join(f"{p.file}:{p.line}: {p.field}: {p.code} {p.value}" for p in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class PolicyText:
    """A file's values and the line (from 1) on which each of them stands, by path."""

    file: str
    values: object
    lines: Mapping[Path, int]
    problems: tuple[PolicyProblem, ...]


def read_policy(text: str, *, file: str) -> PolicyText:
    """Parse one YAML document. Broken syntax is a problem with its line, like everything else."""
    if len(text) > MAX_CHARACTERS:
        return PolicyText(file, None, {}, (PolicyProblem(file, 1, "", "file_too_long", str(MAX_CHARACTERS)),))
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return PolicyText(file, None, {}, (PolicyProblem(file, line, "", "not_yaml", error.problem or ""),))
    except (yaml.YAMLError, RecursionError) as error:
        return PolicyText(file, None, {}, (PolicyProblem(file, 1, "", "not_yaml", type(error).__name__),))
    walk = _Walk(file)
    values = walk.value(node, ()) if node is not None else None
    return PolicyText(file, values, walk.lines, tuple(walk.problems))


class _Walk:
    """Turns composed YAML nodes into values, noting lines; one instance per file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[PolicyProblem] = []
        self.seen: set[int] = set()

    def report(self, node: yaml.Node, path: Path, code: str, value: str = "") -> None:
        self.problems.append(PolicyProblem(self.file, node.start_mark.line + 1, dotted(path), code, value))

    def value(self, node: yaml.Node, path: Path) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self.seen:
            self.report(node, path, "alias_not_allowed")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, n)) for n, item in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, item in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            below = (*path, name)
            if not name:
                self.report(key, path, "key_not_text")
            elif name in found:
                self.report(key, below, "key_twice", name)
            else:
                self.lines[below] = key.start_mark.line + 1
                found[name] = self.value(item, below)
        return found

    def scalar(self, node: yaml.Node, path: Path) -> object:
        text = str(node.value)
        if node.tag == "tag:yaml.org,2002:null":
            return None
        if node.tag in NUMBER_TAGS:
            return self.number(node, path, text)
        if node.tag == "tag:yaml.org,2002:bool":
            return text.lower() in {"true", "yes", "on"}
        if node.tag == "tag:yaml.org,2002:timestamp":
            return self.day(node, path, text)
        if node.tag != "tag:yaml.org,2002:str":
            self.report(node, path, "tag_not_allowed", node.tag)
        return text

    def number(self, node: yaml.Node, path: Path, text: str) -> object:
        plain = text.replace("_", "")
        # 010 is eight in YAML and ten to a reader; 0x1F, 1e6 and .inf are no way to print a figure.
        if not DECIMAL.fullmatch(plain) or re.match(r"[+-]?0\d", plain):
            self.report(node, path, "number_not_plain", text)
            return None
        return Fraction(plain) if "." in plain else int(plain)

    def day(self, node: yaml.Node, path: Path, text: str) -> object:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.report(node, path, "not_a_day", text)
            return None


def dotted(path: Path) -> str:
    """("targets", 0, "value") as "targets[0].value"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


@dataclass
class Section:
    """A cursor on one mapping of a file: a reader gives the value, or notes a problem and gives an empty one.

    The empty values are only there so that reading goes on; whoever reads must look at
    `problems` before using what came out.
    """

    text: PolicyText
    path: Path
    values: Mapping[str, object]
    problems: list[PolicyProblem]
    asked: set[str] = field(default_factory=set)

    @classmethod
    def top(cls, text: PolicyText) -> "Section":
        problems = list(text.problems)
        if isinstance(text.values, dict):
            return cls(text, (), text.values, problems)
        if not problems:
            problems.append(PolicyProblem(text.file, 1, "", "not_a_mapping"))
        return cls(text, (), {}, problems)

    def line(self, name: str) -> int:
        return self.text.lines.get((*self.path, name)) or self.text.lines.get(self.path, 1)

    def report(self, name: str, code: str, value: object = "") -> None:
        path = (*self.path, name) if name else self.path
        line = self.line(name) if name else self.text.lines.get(path, 1)
        said = value if isinstance(value, str) else shown(value)
        self.problems.append(PolicyProblem(self.text.file, line, dotted(path), code, said))

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def take(self, name: str, *, needed: bool = True) -> object:
        self.asked.add(name)
        value = self.values.get(name)
        readable = isinstance(self.text.values, dict)  # else what is wrong with the whole file is said already
        if value is None and needed and readable and not self._reported(name):
            self.report(name, "missing")
        return value

    def _reported(self, name: str) -> bool:
        here = dotted((*self.path, name))
        return any(problem.field == here for problem in self.problems)

    def string(self, name: str, *, needed: bool = True) -> str:
        value = self.take(name, needed=needed)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.report(name, "not_text", shown(value))
            return ""
        return value.strip()

    def code(self, name: str, pattern: str, *, needed: bool = True) -> str:
        """A text of a given form. `410100` without quotes is a number in YAML and refused as such."""
        value = self.string(name, needed=needed)
        if value and not re.fullmatch(pattern, value):
            self.report(name, "not_a_code", value)
        return value

    def number(self, name: str, *, needed: bool = True) -> int | Fraction | None:
        value = self.take(name, needed=needed)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            self.report(name, "not_a_number", shown(value))
            return None
        return value

    def integer(self, name: str, *, least: int, most: int) -> int:
        value = self.number(name)
        if value is None:
            return least
        if not isinstance(value, int) or not least <= value <= most:
            self.report(name, "not_between", f"{shown(value)} ({least}–{most})")
            return least
        return value

    def flag(self, name: str) -> bool:
        """true or false; what is not there is false."""
        value = self.take(name, needed=False)
        if value is not None and not isinstance(value, bool):
            self.report(name, "not_a_flag", shown(value))
        return value is True

    def day(self, name: str, *, needed: bool = True) -> date | None:
        value = self.take(name, needed=needed)
        if value is None:
            return None
        if not isinstance(value, date):
            self.report(name, "not_a_day", shown(value))
            return None
        return value

    def choice(self, name: str, options: type[Choice], *, needed: bool = True) -> Choice | None:
        value = self.take(name, needed=needed)
        if value is None:
            return None
        try:
            return options(value)  # type: ignore[arg-type]  # an unknown or non-text value raises, as wanted
        except ValueError:
            self.report(name, "not_one_of", f"{shown(value)} ({' | '.join(options)})")
            return None

    def section(self, name: str, *, needed: bool = True) -> "Section":
        """The mapping under `name`; an empty one (its problem is noted already) if it is missing or none."""
        value = self.take(name, needed=needed)
        if isinstance(value, dict):
            return Section(self.text, (*self.path, name), value, self.problems)
        if value is not None:
            self.report(name, "not_a_mapping", shown(value))
        return Section(self.text, (*self.path, name), {}, [])

    def sections(self, name: str) -> Iterator["Section"]:
        """The mappings of the list under `name`; at least one is expected."""
        value = self.take(name)
        if value is None:
            return
        if not isinstance(value, list) or not value:
            self.report(name, "not_a_list", shown(value))
            return
        for n, item in enumerate(value):
            path = (*self.path, name, n)
            if isinstance(item, dict):
                yield Section(self.text, path, item, self.problems)
            elif item is not None or not self._reported(f"{name}[{n}]"):
                line = self.text.lines.get(path, 1)
                self.problems.append(PolicyProblem(self.text.file, line, dotted(path), "not_a_mapping", shown(item)))

    def close(self) -> None:
        """Note every key that nobody asked for: a misspelt key must not be silently ignored."""
        for name in self.values:
            if name not in self.asked:
                self.report(name, "unknown_key", name)


def shown(value: object) -> str:
    """A value as it may be shown in a message: short, and decimals as decimals."""
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
