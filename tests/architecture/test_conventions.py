"""What a reader of the code should be able to rely on, wherever they look."""

import ast
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands

import shanglian

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shanglian"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))

# Public helpers that stand beside actions and write nothing by themselves, or only as part of one: no actor.
NOT_ACTIONS = {
    "shanglian.members.actions.booking.take_stamp",
    "shanglian.members.actions.booking.new_ids",
    "shanglian.members.actions.booking.copy_rows",
    "shanglian.members.actions.booking.open_memberships",
    "shanglian.members.actions.booking.intern_profiles",
    "shanglian.members.actions.leavers.members_on",
    "shanglian.members.actions.leavers.later_entries",
    "shanglian.members.actions.memberships.profile_of",
    "shanglian.members.actions.memberships.seat_on",
    "shanglian.members.actions.memberships.reversal_of",
    "shanglian.members.actions.organisations.seat_of",
    "shanglian.members.actions.rosters.read_register",
    "shanglian.members.actions.rosters.compare",
    "shanglian.members.actions.rosters.rows_booked_from_same_file",
    "shanglian.members.actions.rosters.dependents",
    "shanglian.members.actions.rosters.lost_homes",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def names_of(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def words_in(page: str) -> set[str]:
    """What stands between backticks on a page of docs/."""
    return {word for span in re.findall(r"`([^`\n]+)`", text_of(ROOT / "docs" / page)) for word in span.split()}


# Files ------------------------------------------------------------


def test_no_file_is_longer_than_500_lines():
    files = [*MODULES, *PACKAGE.rglob("*.sql"), *(ROOT / "scripts").glob("*.py"), *(ROOT / "tests").rglob("*.py")]
    code = [path for path in files if "migrations" not in path.parts]

    assert names_of([path for path in code if text_of(path).count("\n") > 500]) == []


def test_no_template_is_longer_than_160_lines():
    assert names_of([path for path in TEMPLATES if text_of(path).count("\n") > 160]) == []


def test_templates_carry_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<style|\sstyle\s*=|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+\s*=", re.I
    )

    assert names_of([path for path in TEMPLATES if inline.search(re.sub(r"{[#%].*?[#%]}", "", text_of(path)))]) == []


def test_the_text_of_the_project_speaks_of_the_product_alone():
    foreign = re.compile(r"(?<![\w.])/(?:work|root|tmp/team)/|\.\./shared|\bTODO\b|\bFIXME\b")
    files = [*MODULES, *TEMPLATES, *PACKAGE.rglob("*.sql"), *PACKAGE.rglob("*.yaml"), *(ROOT / "docs").rglob("*.md")]
    files += [*ROOT.glob("*.md"), *(ROOT / "scripts").glob("*"), ROOT / "Makefile", ROOT / "pyproject.toml"]

    assert names_of([path for path in files if path.is_file() and foreign.search(text_of(path))]) == []


def test_every_module_says_what_it_is_for():
    silent = [
        path
        for path in MODULES
        if path.name != "__init__.py"
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(text_of(path)))
    ]

    assert names_of(silent) == []


# Models, migrations, actions ------------------------------------------------------------


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_model_stands_in_the_glossary():
    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("shanglian.")}

    assert ours - words_in("glossary.md") == set()


def test_save_is_not_overridden_and_signals_are_not_used():
    for path in MODULES:
        tree = ast.parse(text_of(path))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not defined & {"save", "bulk_save"}, path
        assert "django.db.models.signals" not in imported, path


def action_modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        if (PACKAGE / room / "actions.py").exists() or (PACKAGE / room / "actions").is_dir():
            module = import_module(f"shanglian.{room}.actions")
            yield module
            for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
                yield import_module(f"{module.__name__}.{found.name}")


def public_functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Of a package that says in `__all__` what its actions are, those; else every public function."""
    for module in action_modules():
        package = import_module(module.__name__.rsplit(".actions", 1)[0] + ".actions")
        if hasattr(package, "__all__"):
            yield from _named_functions(module) if module is package else ()
            continue
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if inspect.unwrap(function).__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}", function


def _named_functions(package: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name in package.__all__:
        if inspect.isfunction(function := getattr(package, name)):
            yield f"{package.__name__}.{name}", function


def test_the_last_parameter_of_every_action_is_its_actor_and_named_by_the_caller():
    actions = {name: function for name, function in public_functions() if name not in NOT_ACTIONS}
    last = {name: list(inspect.signature(function).parameters.values())[-1] for name, function in actions.items()}

    assert len(actions) > 20
    assert [name for name, parameter in last.items() if parameter.name != "actor"] == []
    assert [name for name, parameter in last.items() if parameter.kind is not parameter.KEYWORD_ONLY] == []


# What an administrator is told ------------------------------------------------------------


def environment_names(path: Path) -> Iterator[str]:
    """Names of variables in a module: what is asked of an environ, and our own names wherever they stand."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"(SHANGLIAN|DATABASE)_[A-Z_]+", node.value):
                yield node.value
        elif isinstance(node, ast.Call | ast.Subscript):
            asked = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
            asked = node.value if isinstance(node, ast.Subscript) else asked
            key = node.slice if isinstance(node, ast.Subscript) else next(iter(node.args), None)
            if asked is not None and ast.unparse(asked).endswith("environ") and isinstance(key, ast.Constant):
                yield str(key.value)


def test_every_variable_of_the_environment_is_described_for_operators():
    read = {name for path in MODULES for name in environment_names(path)}
    told = {word for word in words_in("operations.md") if re.fullmatch(r"[A-Z][A-Z_]{3,}", word)}
    other = {"SIGTERM", "UPDATE", "DELETE", "TRUNCATE", "RESET", "PGUSER", "PGHOST", "PGPASSWORD"}

    assert read - told == set()
    assert {name for name in told - other if name.startswith(("SHANGLIAN_", "DATABASE_"))} - read == set()


def test_every_command_is_described_for_operators():
    ours = {name for name, app in get_commands().items() if str(app).startswith("shanglian.")}

    assert ours
    assert ours - words_in("operations.md") == set()


def test_every_room_is_on_the_map():
    assert set(ROOMS) - words_in("map.md") == set()


def test_the_version_is_a_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z]+\d+)?(\.dev\d+)?", shanglian.__version__)
