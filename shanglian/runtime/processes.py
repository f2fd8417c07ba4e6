"""Starting other programs so that they never outlive us by accident, and never run as root if they refuse to.

Standard library only.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import shanglian
from shanglian.runtime.places import Unusable

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


def dies_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For `Popen(preexec_fn=…)`: the child gets `sign` when the thread that started it ends."""
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if hasattr(_LIBC, "prctl"):
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and prctl
                os.kill(os.getpid(), sign)

    return prepare


def python_command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", *arguments]


def python_environment() -> dict[str, str]:
    """Our environment, with this very copy of the package first on the path, wherever it was started from."""
    source = str(Path(shanglian.__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{inherited}" if inherited else source}


@dataclass(frozen=True)
class Servant:
    """How to run PostgreSQL, which refuses to run as root: as we are, behind a prefix, or as an account."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(
        self, arguments: list[str], environment: dict[str, str] | None = None, given: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run to the end; what it says on stdout and stderr comes back together."""
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            [*self.prefix, *arguments],
            env=environment,
            input=given,
            text=True,
            check=False,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            user=self.uid,
            group=self.gid,
            extra_groups=self._groups,
        )

    def start(self, arguments: list[str], environment: dict[str, str], log: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start as a direct child that is asked to stop (SIGINT: fast shutdown) when we die."""
        return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [*self.prefix, *arguments],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=dies_with_parent(signal.SIGINT),
            user=self.uid,
            group=self.gid,
            extra_groups=self._groups,
        )

    def own(self, *paths: Path) -> None:
        """Hand files that we have just created to the account; nobody else's files are ever touched."""
        if self.uid is not None and self.gid is not None:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    @property
    def _groups(self) -> list[str | int] | None:
        return None if self.uid is None else []


def namespaces_work() -> bool:
    try:
        done = subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0


def find_servant(beside: Path, binaries: Path) -> Servant:
    """How to run PostgreSQL here. `beside`: the folder its data will lie in; `binaries`: its programs.

    As root: in a namespace of one user, which needs no account and changes no file; where the
    machine forbids that, as an existing account that can reach both folders as they are.
    """
    if os.geteuid() != 0:
        return Servant()
    if namespaces_work():
        return Servant(prefix=NAMESPACE)
    for account in _candidates(beside):
        servant = Servant(uid=account.pw_uid, gid=account.pw_gid)
        tries = [servant.run(["/usr/bin/test", "-x", str(path)]) for path in (beside, binaries)]
        if all(done.returncode == 0 for done in tries):
            return servant
    raise Unusable(
        "PostgreSQL 不能以 root 身份运行，而本机禁止用户命名空间，也没有可用的账户。"
        "请改用普通用户运行，或用 DATABASE_URL 指定一个 PostgreSQL 15 以上的数据库。",
        "PostgreSQL does not run as root, this machine forbids user namespaces, and no existing account can "
        f"reach {beside} and {binaries}. Run Shanglian as an ordinary user, or give DATABASE_URL.",
    )


def _candidates(beside: Path) -> list[pwd.struct_passwd]:
    """Accounts worth trying: the folder's owner if that isn't root, then Debian's database account."""
    found = []
    owner = beside.stat().st_uid
    for entry in pwd.getpwall():
        if entry.pw_uid != 0 and (entry.pw_uid == owner or entry.pw_name == "postgres"):
            found.append(entry)
    return sorted(found, key=lambda entry: entry.pw_uid != owner)
