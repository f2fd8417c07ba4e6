"""`shanglian serve`: the web server and one worker, supervised together with the embedded database."""

import contextlib
import hashlib
import os
import socket
from argparse import ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from shanglian import __version__
from shanglian.config.policy_words import refuse_broken_policies
from shanglian.runtime.engine import attached
from shanglian.runtime.home import uses_own_server
from shanglian.runtime.jobs import STALLED, requeue_stalled_jobs
from shanglian.runtime.places import Lock
from shanglian.runtime.processes import python_command, python_environment
from shanglian.runtime.supervisor import Child, Chore, Supervisor


class Command(BaseCommand):
    help = "Serve the web pages and do background jobs until Ctrl-C. 启动网页服务和后台任务"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port_number, default=8000, help="default 8000; 0 takes a free one")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; default 127.0.0.1")
        parser.add_argument("--workers", type=int, default=2, help="web processes; default 2")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_broken_policies()
        host, port = options["host"], free_port(options["host"], options["port"])
        collect_static()
        announcement = Announcement(self, host, port)
        chores = [Chore(0.2, announcement.make), Chore(STALLED, requeue_stalled_jobs)]
        with contextlib.ExitStack() as stack:
            if not uses_own_server(os.environ):
                engine = stack.enter_context(attached(settings.HOME))
                chores.insert(0, Chore(1.0, engine.ensure_running))
            children = [web_server(host, port, options["workers"]), worker(host, port)]
            well = Supervisor(children, chores).run()
            connection.close()
        if not well:
            raise CommandError(
                "一个子进程反复退出，服务已停止；原因见上面的日志。"
                "A process kept dying and everything was stopped; the log above says why."
            )
        self.stderr.write("已停止 Stopped")


def port_number(text: str) -> int:
    if text.isdigit() and int(text) <= 65535:
        return int(text)
    raise ArgumentTypeError(f"'{text}' is not a port (0–65535). 端口应为 0 到 65535 的整数")


def free_port(host: str, port: int) -> int:
    """The port itself, or a free one for 0. Raises CommandError if it cannot be had.

    Asked before the web server starts: that would share a port with another one without a word.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as probe:
            found: int = probe.getsockname()[1]
            return found
    except OSError as error:
        raise CommandError(
            f"无法使用 {host} 的端口 {port}（{error.strerror}）：可能已有程序在用。"
            f"请换一个：shanglian serve --port {port + 1}\n"
            f"Cannot use port {port} of {host} ({error.strerror}); another program may have it. "
            f"Choose another one: shanglian serve --port {port + 1}"
        ) from None


class Announcement:
    """Says once that the pages can be opened, when they really can."""

    def __init__(self, command: BaseCommand, host: str, port: int) -> None:
        self.command = command
        everywhere = host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
        self.address = ("127.0.0.1" if everywhere else host, port)
        self.made = False

    def make(self) -> None:
        if self.made:
            return
        with contextlib.suppress(OSError), socket.create_connection(self.address, timeout=1):
            self.made = True
        if self.made:
            url = os.environ.get("SHANGLIAN_URL") or address(*self.address)
            self.command.stdout.write(f"商联已启动，请打开 {url} （Ctrl-C 停止）  Shanglian runs at {url}")
            self.command.stdout.flush()


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def environment(host: str, port: int) -> dict[str, str]:
    """The children's environment; without a public address, they take the one we listen on for it."""
    return {"SHANGLIAN_URL": address(host, port), **python_environment()}


def web_server(host: str, port: int, workers: int) -> Child:
    options = [
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
        "--log-level",
        "warning",
    ]
    options += ["--workers", str(workers), "--blocking-threads", "1", "--backlog", "256"]
    options += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    command = python_command("-m", "granian", *options, "shanglian.config.wsgi:application")
    return Child("web", command, environment(host, port))


def worker(host: str, port: int) -> Child:
    return Child("worker", python_command("-m", "shanglian.config.cli", "worker"), environment(host, port))


def collect_static() -> None:
    """Gather and compress the static files, unless none has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    with Lock(settings.HOME / "static.lock"):
        digest = static_fingerprint()
        if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest, encoding="ascii")


def static_fingerprint() -> str:
    """A digest over name, size and time of every static file, and our version."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(None), key=partial(str)):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
