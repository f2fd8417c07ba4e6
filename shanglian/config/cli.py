"""The console command `shanglian`: gets the database ready, then hands over to Django's management commands.

Exit codes: 0 done, 1 unusable input or a failed check, 2 wrong usage, 130 interrupted. Nothing a user
can cause ends in a traceback (`--traceback` shows it all the same).
"""

import gc
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import django
import psycopg
from django.conf import settings
from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, InterfaceError, OperationalError

from shanglian import __version__
from shanglian.common.core.policy import PolicyError
from shanglian.config.policy_words import policies_refused
from shanglian.runtime.engine import attached
from shanglian.runtime.home import database_settings, home_path, owner_conninfo, uses_own_server
from shanglian.runtime.places import Unusable
from shanglian.runtime.processes import python_command, python_environment
from shanglian.runtime.schema import SchemaState, migrating_alone, schema_state

WITHOUT_DATABASE = frozenset(
    {"check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"}
    | {"makemigrations", "permissions", "plan_check", "read_roster", "read_sheet", "startapp", "version"}
)
MIGRATE_BY_THEMSELVES = frozenset({"serve", "demo"})
AS_OWNER = frozenset({"migrate"})
# New objects before Python looks for cycles among them; by its own figures that is an eighth of an import's time.
SELDOM = (50_000, 20, 20)
_GONE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def main(argv: Sequence[str] | None = None) -> None:
    arguments = list(sys.argv if argv is None else argv)
    try:
        run(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `shanglian … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Unusable as problem:
        if "--traceback" in arguments:
            raise
        refuse(str(problem))
    except PolicyError as problem:
        if "--traceback" in arguments:
            raise
        refuse(policies_refused(problem.problems))
    except _GONE as problem:
        if "--traceback" in arguments:
            raise
        refuse(f"数据库无法使用，或中途断开：{_first_line(problem)}\nThe database cannot be used, or went away.")


def run(arguments: list[str]) -> None:
    """Do one command. `arguments` begins with the program's name, as sys.argv does."""
    name = arguments[1] if len(arguments) > 1 else ""
    if name in {"--version", "version"}:
        print(f"shanglian {__version__}")  # noqa: T201
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "shanglian.config.settings"
    os.environ["SHANGLIAN_HOME"] = str(home_path(os.environ))
    if name in AS_OWNER:
        os.environ["SHANGLIAN_DB_ROLE"] = "owner"
    if name != "worker":  # it tells of every task it finds, at every start of every command
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
    gc.set_threshold(*SELDOM)
    django.setup()
    _check_usage(name)
    with ExitStack() as stack:
        if needs_database(name, arguments[2:]):
            stack.enter_context(database_ready(name))
        elif name == "makemigrations":  # it looks at the database if it can, and need not
            warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
        execute_from_command_line(arguments)


def _check_usage(name: str) -> None:
    if not name:
        refuse(f"用法 / Usage: shanglian COMMAND …\n{_commands_text()}", code=2)
    if not name.startswith("-") and name != "help" and name not in get_commands():
        refuse(f"没有这个命令 / No such command: {name}\n{_commands_text()}", code=2)


def _commands_text() -> str:
    ours = sorted(name for name, app in get_commands().items() if str(app).startswith("shanglian."))
    return f"命令 / Commands: {', '.join([*ours, 'migrate'])}（shanglian COMMAND --help）"


def needs_database(name: str, rest: Sequence[str]) -> bool:
    only_tells = bool({"-h", "--help"} & set(rest)) or (name == "measure" and "--list" in rest)
    return not (name.startswith("-") or name in WITHOUT_DATABASE or only_tells)


@contextmanager
def database_ready(name: str) -> Iterator[None]:
    """The database answers and its tables fit the code while the command `name` runs."""
    with ExitStack() as stack:
        if not uses_own_server(os.environ):
            stack.enter_context(attached(settings.HOME))
            # The settings were read before the engine may have existed; no connection has been opened yet.
            settings.DATABASES["default"].update(database_settings(settings.HOME, os.environ))
        conninfo = owner_conninfo(settings.HOME, os.environ)
        if name in AS_OWNER:
            stack.enter_context(migrating_alone(conninfo))
        state = schema_state(conninfo)
        if state.unknown:
            raise Unusable(*_newer_text(state))
        if state.pending and name in MIGRATE_BY_THEMSELVES:
            migrate()
        elif state.pending and name not in AS_OWNER:
            raise Unusable(
                f"数据库的表结构还没有更新（{len(state.pending)} 项）。请先运行：shanglian migrate",
                f"The database's tables are not up to date ({len(state.pending)} migrations). "
                "Run first: shanglian migrate",
            )
        yield


def _newer_text(state: SchemaState) -> tuple[str, str]:
    some = "、".join(state.unknown[:3])
    return (
        f"数据库已由更新的版本升级（{some}），本版本 {__version__} 不能使用它。请安装更新的版本，或恢复升级前的备份。",
        f"The database was upgraded by a newer version ({', '.join(state.unknown[:3])}); this version, "
        f"{__version__}, must not use it. Install the newer version, or restore the backup made before.",
    )


def migrate() -> None:
    """Bring the tables up to date as the owner, in a process of its own: ours acts as the application."""
    print("正在更新数据库结构…… Updating the database's tables …", file=sys.stderr)  # noqa: T201
    command = python_command("-m", "shanglian.config.cli", "migrate", "--verbosity", "0")
    environment = {**python_environment(), "SHANGLIAN_DB_ROLE": "owner"}
    done = subprocess.run(command, env=environment, check=False, stdout=sys.stderr)  # noqa: S603
    if done.returncode != 0:
        raise Unusable(
            "数据库结构更新失败，原因见上。",
            "The database's tables could not be brought up to date; the reason stands above.",
        )


def refuse(text: str, code: int = 1) -> None:
    print(text, file=sys.stderr)  # noqa: T201
    sys.exit(code)


def _first_line(problem: DatabaseError | psycopg.Error | Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


if __name__ == "__main__":
    main()
