"""One PostgreSQL data directory: making it, starting it, stopping it. Standard library only.

It knows nothing of who uses it (engine.py) nor of what lies in it beyond the roles and the database.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shanglian.runtime.binaries import Binaries
from shanglian.runtime.places import Unusable
from shanglian.runtime.processes import Servant

SOCKET_LIMIT = 107  # bytes of a Unix socket's path, by the kernel
SOCKET_NAME = "/.s.PGSQL.5432"
PATIENCE = 30.0  # seconds a start is tried again while a killed predecessor is still dying
_DYING = ("already exists", "pre-existing shared memory block")
_CLEAN = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
ROLES = """\
CREATE ROLE shanglian_app NOLOGIN;
CREATE ROLE shanglian LOGIN CREATEDB PASSWORD '{owner}';
GRANT shanglian_app TO shanglian;
CREATE DATABASE shanglian OWNER shanglian;
"""


def new_passwords() -> dict[str, str]:
    return {"postgres": secrets.token_urlsafe(32), "shanglian": secrets.token_urlsafe(32)}


def modest_settings() -> dict[str, str]:
    """Settings that suit the machine's memory and leave most of it to others. Sizes in MB."""
    total = _memory_megabytes()
    return {
        "shared_buffers": f"{min(max(total // 8, 64), 1024)}MB",
        "effective_cache_size": f"{max(total // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(total // 32, 64), 512)}MB",
        "work_mem": f"{min(max(total // 512, 8), 64)}MB",
        "max_connections": "60",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        # Statements and the values in them can hold personal data: they stay out of the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
    }


def _memory_megabytes() -> int:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        limit = "max"
    return (min(total, int(limit)) if limit.isdigit() else total) // 2**20


@dataclass(frozen=True)
class Cluster:
    """A data directory with the programs, the account and the socket folder it is run with."""

    binaries: Binaries
    servant: Servant
    data: Path
    sockets: Path
    log: Path
    settings: Mapping[str, str] = field(default_factory=modest_settings)

    def create(self, passwords: Mapping[str, str]) -> None:
        """Make the data directory with its roles and database: wholly, or not at all.

        passwords: of the superuser `postgres` and of `shanglian`, the owner of the database.
        """
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret = draft.with_name("superuser.tmp")
        try:
            secret.touch(mode=0o600)
            secret.write_text(passwords["postgres"], encoding="ascii")
            self.servant.own(draft, secret)
            options = ["--encoding=UTF8", "--data-checksums", "--auth=scram-sha-256", "--username=postgres"]
            options += [*self.binaries.locale_options, f"--pwfile={secret}", "--no-instructions"]
            self._run([self.binaries["initdb"], f"--pgdata={draft}", *options])
            single = [self.binaries["postgres"], "--single", "-j", "-D", str(draft)]
            statements = ROLES.format(owner=passwords["shanglian"]).replace("\n", "\n\n")
            self._run([*single, "-c", "log_min_messages=error", "postgres"], given=statements)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        finally:
            secret.unlink(missing_ok=True)
        draft.rename(self.data)

    def start(self, patience: float = PATIENCE) -> "subprocess.Popen[bytes]":
        """Start the server and return when it answers. Recovery after a crash takes the time it takes.

        Right after a kill -9 the old process may still be visible; the start is then tried again for
        `patience` seconds. postmaster.pid is never removed by us.
        """
        if len(os.fsencode(self.sockets)) + len(SOCKET_NAME) > SOCKET_LIMIT:
            raise ValueError(f"socket path too long: {self.sockets}")
        deadline = time.monotonic() + patience
        while True:
            process, complaint = self._try_start()
            if process is not None:
                return process
            if time.monotonic() > deadline or not any(sign in complaint for sign in _DYING):
                raise Unusable(
                    f"数据库无法启动，日志在 {self.log}：",
                    f"The database does not start; its log is {self.log}:\n{complaint.strip()}",
                )
            time.sleep(0.2)

    def stop(self, process: "subprocess.Popen[bytes]", patience: float = 60.0) -> None:
        """Fast shutdown: sessions are rolled back, everything is written; only a hung server is cut off."""
        for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is None:
                process.send_signal(sign)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            return

    def _run(self, arguments: list[str], given: str = "") -> None:
        done = self.servant.run(arguments, _CLEAN, given)
        if done.returncode != 0 or "ERROR:" in done.stdout or "FATAL:" in done.stdout:
            raise Unusable(
                "无法建立数据库：",
                f"The database could not be created:\n{done.stdout.strip()}",
            )

    def _try_start(self) -> "tuple[subprocess.Popen[bytes] | None, str]":
        environment = dict(_CLEAN)
        stranger = self._stranger()
        if stranger:
            # PostgreSQL takes a lock file left by its own grandparent's number for stale. The number in
            # it now belongs to a program that is not PostgreSQL, so we let it think so; its other
            # checks (shared memory in use) stay, and it replaces the file itself.
            environment["PG_GRANDPARENT_PID"] = str(stranger)
        with self.log.open("ab") as log:
            begin = log.tell()
            command = [self.binaries["postgres"], "-D", str(self.data), *self._arguments()]
            process = self.servant.start(command, environment, log)
        while process.poll() is None:
            if self._is_ready(process.pid):
                return process, ""
            time.sleep(0.01)
        with self.log.open("rb") as log:
            log.seek(begin)
            return None, log.read().decode("utf-8", "replace")

    def _arguments(self) -> list[str]:
        fixed = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "port": "5432",
        }
        return [part for name, value in {**self.settings, **fixed}.items() for part in ("-c", f"{name}={value}")]

    def _lock_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _is_ready(self, pid: int) -> bool:
        lines = self._lock_lines()
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _stranger(self) -> int | None:
        """The number in postmaster.pid, if it is now borne by a process that is surely not this server.

        A server works inside its data directory. A process that is gone, a zombie, or not ours to look
        at gives None: PostgreSQL judges these rightly itself.
        """
        lines = self._lock_lines()
        number = lines[0] if lines and lines[0].isdigit() else ""
        try:
            works_in = os.readlink(f"/proc/{number}/cwd") if number else ""
        except OSError:
            return None
        return int(number) if number and works_in != os.path.realpath(self.data) else None
