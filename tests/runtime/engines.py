"""Engines in homes of their own: looking at them from outside, and hurting them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from shanglian.runtime.home import owner_conninfo
from shanglian.runtime.places import EnginePlaces, is_locked
from shanglian.runtime.processes import python_command, python_environment

STAY = """
import sys
from pathlib import Path
from shanglian.runtime.engine import attached
with attached(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


def ask(home: Path, statement: str) -> object:
    """The first value a statement gives; statements that give nothing are committed."""
    with psycopg.connect(owner_conninfo(home, {})) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def another_user(home: Path) -> "subprocess.Popen[str]":
    """Another process that uses the engine until its standard input is closed. May not be up yet."""
    return subprocess.Popen(
        python_command("-c", STAY, str(home)),
        env=python_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def is_up(user: "subprocess.Popen[str]") -> bool:
    assert user.stdout is not None
    return user.stdout.readline() == "up\n"


def leave(user: "subprocess.Popen[str]") -> int:
    user.communicate(timeout=60)
    return user.returncode


def kill(number: int) -> None:
    os.kill(number, signal.SIGKILL)


def keeper_of(home: Path) -> int:
    return int(EnginePlaces(home).keeper_lock.read_text())


def server_of(home: Path) -> int:
    return int((EnginePlaces(home).data / "postmaster.pid").read_text().splitlines()[0])


def runs(home: Path) -> bool:
    return is_locked(EnginePlaces(home).keeper_lock)


def processes_in(home: Path) -> list[int]:
    """Living processes that work in this home's data directory or were started for it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            works_in = os.readlink(folder / "cwd")
        except OSError:
            continue
        if os.fsencode(home) in command or works_in.startswith(str(home)):
            found.append(int(folder.name))
    return found


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def eventually(condition: Callable[[], bool], seconds: float = 40) -> bool:
    """Whether it becomes true in time; for what other processes do when they get round to it."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
