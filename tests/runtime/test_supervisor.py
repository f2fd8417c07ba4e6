"""The supervisor: restarts what dies, gives up loudly, leaves nothing behind."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shanglian.runtime.supervisor import QUICK_DEATHS, Child, Chore, Supervisor
from tests.runtime.engines import alive, eventually, kill

FOREVER = ["sleep", "600"]


def child(command: list[str], name: str = "child") -> Child:
    return Child(name, command, dict(os.environ))


@pytest.fixture
def stop_when() -> Callable[[Callable[[], bool]], Chore]:
    """A chore that presses Ctrl-C on ourselves once the condition holds."""

    def chore(condition: Callable[[], bool]) -> Chore:
        return Chore(0.0, lambda: condition() and signal.raise_signal(signal.SIGINT))

    return chore


def test_ctrl_c_stops_the_children_and_all_they_started(
    tmp_path: Path, stop_when: Callable[[Callable[[], bool]], Chore]
) -> None:
    family = tmp_path / "family"
    script = f"sleep 600 & echo $$ $! > {family}.new; mv {family}.new {family}; wait"
    assert Supervisor([child(["sh", "-c", script])], [stop_when(family.exists)]).run() is True
    numbers = [int(number) for number in family.read_text().split()]
    assert eventually(lambda: not any(alive(number) for number in numbers))


@pytest.mark.faults
def test_a_child_that_dies_is_started_again(stop_when: Callable[[Callable[[], bool]], Chore]) -> None:
    victim = child(FOREVER)
    seen: list[int] = []

    def attack() -> bool:
        if victim.process is not None and victim.process.pid not in seen:
            seen.append(victim.process.pid)
            if len(seen) == 1:
                kill(victim.process.pid)
        return len(seen) == 2

    assert Supervisor([victim], [stop_when(attack)]).run() is True
    assert [number for number in seen if alive(number)] == []


def test_a_child_that_keeps_dying_ends_it_all(caplog: pytest.LogCaptureFixture) -> None:
    hopeless, other = child(["false"], "hopeless"), child(FOREVER)
    hopeless.deaths = [float("inf")] * (QUICK_DEATHS - 1)
    assert Supervisor([other, hopeless]).run() is False
    assert "hopeless died 5 times within a minute: giving up" in caplog.text
    assert other.process is not None
    assert not alive(other.process.pid)


def test_a_chore_that_fails_stops_nothing(
    caplog: pytest.LogCaptureFixture, stop_when: Callable[[Callable[[], bool]], Chore]
) -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise ConnectionError("no database")

    chores = [Chore(0.0, fail), stop_when(lambda: len(calls) > 1)]
    assert Supervisor([child(FOREVER)], chores).run() is True
    assert "no database" in caplog.text


@pytest.mark.faults
def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import os, sys; from shanglian.runtime.supervisor import *;"
        "c = Child('c', ['sleep', '600'], dict(os.environ));"
        "Supervisor([c], [Chore(0, lambda: c.process and print(c.process.pid, flush=True))]).run()"
    )
    reading, writing = os.pipe()
    number = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", code],
        {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)],
    )
    os.close(writing)
    with os.fdopen(reading) as stream:
        grandchild = int(stream.readline())
    assert alive(grandchild)
    kill(number)
    os.waitpid(number, 0)
    assert eventually(lambda: not alive(grandchild))
