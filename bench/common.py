"""What the benchmarks share: a throwaway home with a real engine (fsync on), one JSON line of results."""

import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@contextlib.contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty SHANGLIAN_HOME that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="sl-bench-") as folder:
        os.environ["SHANGLIAN_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        yield Path(folder)


def shanglian(*arguments: str, program: str = "") -> subprocess.CompletedProcess[str]:
    """The console command, or another program, in a process of its own."""
    command = [sys.executable, *([program] if program else ["-m", "shanglian.config.cli"]), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def peak_of_children() -> int:
    """Largest resident memory of any child so far, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def peak_of_this_process() -> int:
    """Its largest resident memory so far, in MB; getrusage would begin with that of the process that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def report(name: str, **figures: Any) -> None:
    """One line of JSON on stdout, with what the machine is."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps({"bench": name, **figures, "machine": machine}, ensure_ascii=False))


def reference(name: str) -> Path | None:
    """A reference file, or None with a word on stderr when it is not present."""
    path = SHARED / name
    if path.is_file():
        return path
    print(f"SKIPPED: {name} is not present", file=sys.stderr)
    return None
