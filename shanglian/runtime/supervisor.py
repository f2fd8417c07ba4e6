"""Keeps a few child processes alive until told to stop, and leaves none behind.

Each child leads its own process group, so that what it started can be removed with it; each is told to
end by the kernel should this process be killed. It must not be given threads (it forks).
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import psycopg
from django import db

from shanglian.runtime.places import Unusable
from shanglian.runtime.processes import dies_with_parent

log = logging.getLogger(__name__)
QUICK_DEATHS = 5  # of one child within WINDOW seconds: then everything is stopped
WINDOW = 60.0
GRACE = 8.0  # seconds a child gets to end by itself
TICK = 0.1

# What a chore may meet while a child is down: an engine that is coming back, a connection that is gone.
EXPECTED = (Unusable, OSError, db.Error, psycopg.Error)


@dataclass
class Child:
    """A program to keep running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    deaths: list[float] = field(default_factory=list)
    not_before: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )

    def signal_group(self, sign: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)

    def note_death(self, now: float) -> int:
        """Clear away what it left, plan the next start, and say how often it died lately."""
        code = self.process.returncode if self.process is not None else None
        self.signal_group(signal.SIGKILL)
        self.process = None
        self.deaths = [moment for moment in self.deaths if moment > now - WINDOW] + [now]
        self.not_before = now + 0.5 * 2 ** (len(self.deaths) - 1)
        log.error("%s ended with %s; death %s within a minute", self.name, code, len(self.deaths))
        return len(self.deaths)


@dataclass(frozen=True)
class Chore:
    """Something to do every so many seconds; its failure is logged and it is tried again."""

    every: float
    work: Callable[[], object]


class Supervisor:
    def __init__(self, children: Sequence[Child], chores: Sequence[Chore] = ()) -> None:
        self.children = children
        self.chores = chores
        self._due = [0.0] * len(chores)
        self._told = 0

    def run(self) -> bool:
        """Keep the children running until SIGINT or SIGTERM; False if one of them kept dying."""
        previous = {sign: signal.signal(sign, self._tell) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            well = self._keep()
            while well and not self._told:
                time.sleep(TICK)
                well = self._keep()
            return well
        finally:
            self.stop()
            for sign, handler in previous.items():
                signal.signal(sign, handler)

    def stop(self) -> None:
        """Ask all children to end; after GRACE seconds, or when told a second time, end them."""
        deadline = time.monotonic() + GRACE
        told = self._told
        for child in self.children:
            if child.process is not None:
                child.process.terminate()
        while self._alive() and time.monotonic() < deadline and self._told == told:
            time.sleep(TICK / 4)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def _keep(self) -> bool:
        self._do_chores()
        now = time.monotonic()
        for child in self.children:
            died = child.process is not None and child.process.poll() is not None
            if died and child.note_death(now) >= QUICK_DEATHS:
                log.critical("%s died %s times within a minute: giving up", child.name, QUICK_DEATHS)
                return False
            if child.process is None and now >= child.not_before and not self._told:
                child.start()
        return True

    def _do_chores(self) -> None:
        for index, chore in enumerate(self.chores):
            if time.monotonic() >= self._due[index]:
                try:
                    chore.work()
                except EXPECTED as problem:
                    log.error("a chore failed and will be tried again: %s", problem)
                self._due[index] = time.monotonic() + chore.every

    def _alive(self) -> bool:
        return any(child.process is not None and child.process.poll() is None for child in self.children)

    def _tell(self, number: int, frame: FrameType | None) -> None:
        self._told += 1
