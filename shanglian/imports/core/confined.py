"""The workbook parser in a process of its own with little memory and time: bytes in, sheets out, nothing else.

To its caller it is a pure function. The process knows no settings and no secrets, opens no file and no
connection, and ends when we end, when a workbook costs too much, and after a large one (memory comes back). What a
damaged workbook can make the parser raise is the workbook's fault; anything else is ours: it is logged under a number.
"""

import atexit
import contextlib
import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
import traceback
import uuid
from collections.abc import Iterator
from typing import IO, Any, Final

from shanglian.imports.core.limits import UnreadableFile
from shanglian.imports.core.workbooks import Rows, SheetStart, sheets_in_pieces
from shanglian.runtime.processes import python_command, python_environment

MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
SECONDS: Final = 15
_SMALL: Final = 1024 * 1024  # bytes of a workbook, and
_FEW: Final = 10  # portions of rows, after which a process may be asked again
_LENGTH: Final = 8  # bytes that say how long the workbook is
_KEPT: Final = 1  # idle processes
_BY_DAMAGE: Final = (ArithmeticError, EOFError, OSError, ValueError)  # what a cell or part that is nonsense may raise
_TOO_HARD: Final = 3  # its exit code when memory ended outside the parser
_FAULT: Final = "fault"
_log = logging.getLogger(__name__)


def confined_sheets(data: bytes) -> Iterator[SheetStart | Rows]:
    """As `sheets_in_pieces`, in another process. UnreadableFile "too_hard" when it goes beyond its limits, "internal"
    for a fault of our own (detail: the number it was logged under).
    """
    parser = _take()
    finished, refusal = False, None
    try:
        for piece in parser.ask(data):
            if isinstance(piece, tuple):
                refusal = _fault(piece[1]) if piece[0] == _FAULT else UnreadableFile(*piece)
            elif isinstance(piece, bool):
                finished = piece
            else:
                yield piece
    except (EOFError, OSError, pickle.UnpicklingError) as error:
        raise _end_of(parser) from error
    finally:
        if finished and len(_idle) < _KEPT:
            _idle.append(parser)
        else:
            parser.end()
    if refusal is not None:
        raise refusal


def _end_of(parser: "_Parser") -> UnreadableFile:
    """Why a process ended before its last answer: killed by a limit, or by a fault that left no answer."""
    code = parser.exit_code()
    return _fault(f"the parser ended with exit code {code}") if code == 1 else UnreadableFile("too_hard")


def _fault(report: str) -> UnreadableFile:
    number = uuid.uuid4().hex[:8]
    _log.error("fault %s while reading a workbook: %s", number, report)
    return UnreadableFile("internal", number)


class _Parser:
    """One process, asked one workbook after another."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            python_command("-m", __name__),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": python_environment()["PYTHONPATH"]},
            cwd="/",
        )

    def ask(self, data: bytes) -> Iterator[Any]:
        """What it answers, up to the bool that says whether it may be asked again."""
        given, answers = self._process.stdin, self._process.stdout
        assert given is not None  # noqa: S101 - for the type checker
        assert answers is not None  # noqa: S101
        given.write(len(data).to_bytes(_LENGTH, "big"))
        given.write(data)
        given.flush()
        answer: Any = None
        while not isinstance(answer, bool):
            answer = pickle.load(answers)  # noqa: S301 - our own process
            yield answer

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def exit_code(self) -> int | None:
        """None if it does not end by itself, though its answers did."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=1)
        return None

    def end(self) -> None:
        self._process.kill()
        with contextlib.suppress(OSError), self._process:  # closes the pipes and waits
            pass


_idle: list[_Parser] = []


def _take() -> _Parser:
    """An idle process of ours (not of the process we were forked from), or a new one."""
    while _idle:
        with contextlib.suppress(IndexError):  # another thread was quicker
            parser = _idle.pop()
            if parser.owner != os.getpid():
                continue
            if parser.is_alive():
                return parser
            parser.end()
    return _Parser()


@atexit.register
def _end_all() -> None:
    while _idle:
        parser = _idle.pop()
        if parser.owner == os.getpid():
            parser.end()


# In the other process ------------------------------------------------------------


def _serve(given: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until there is nothing more to read. An alarm ends the process wherever it is."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    memory = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    again = True
    while again and (length := given.read(_LENGTH)):
        data = given.read(int.from_bytes(length, "big"))
        signal.alarm(SECONDS)
        count = 0
        for count, answer in enumerate(_answers(data), 1):  # noqa: B007 - counted
            pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
        signal.alarm(0)
        again = len(data) <= _SMALL and count <= _FEW
        pickle.dump(again, answers)
        answers.flush()


def _answers(data: bytes) -> Iterator[SheetStart | Rows | tuple[str, str]]:
    """The sheets, or as a last answer why there are none: code and detail."""
    try:
        yield from sheets_in_pieces(data)
    except UnreadableFile as problem:
        yield problem.code, problem.detail
    except MemoryError:
        yield "too_hard", ""
    except _BY_DAMAGE:
        yield "broken", ""
    except Exception:
        yield _FAULT, traceback.format_exc()
    except BaseException as panic:  # the parser's own kind of crash derives from nothing narrower
        if type(panic).__name__ != "PanicException":
            raise
        yield "broken", ""


def _main() -> None:
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except MemoryError:
        sys.exit(_TOO_HARD)


if __name__ == "__main__":
    _main()
