"""`shanglian serve` as a whole: it answers, does jobs, survives kills and leaves nothing behind."""

import signal
import socket
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shanglian.runtime.processes import python_environment
from tests.runtime.engines import alive, eventually, kill, processes_in
from tests.runtime.servers import Clone, run_shanglian, serving, shanglian_command

TAKEN_BY_THE_DEAD = """
WITH dead AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id
)
UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = dead.id FROM dead WHERE job.id = %s"""
JOB = "builtin:procrastinate.builtin_tasks.remove_old_jobs"


def status_of(job: int) -> str:
    return str(ProcrastinateJob.objects.values_list("status", flat=True).get(pk=job))


def answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def children_of(number: int) -> dict[str, int]:
    """The supervised processes of `shanglian serve`, by what they do."""
    found = {}
    for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_text()
        found["web" if "granian" in command else "worker" if "worker" in command else "keeper"] = int(child)
    return found


def test_it_answers_and_does_jobs(database_clone: Clone) -> None:
    job = app.configure_task(JOB).defer(max_hours=1)
    with serving(database_clone.environ, "--workers", "1") as address:
        assert answers(address)
        assert eventually(lambda: status_of(job) == "succeeded")


def test_a_taken_port_is_named(database_clone: Clone) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = database_clone.shanglian("serve", "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"端口 {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_is_wrong_usage(database_clone: Clone) -> None:
    assert database_clone.shanglian("serve", "--port", "70000").returncode == 2


@pytest.mark.faults
def test_a_job_whose_worker_was_killed_is_done_again(database_clone: Clone) -> None:
    job = app.configure_task(JOB).defer(max_hours=1)
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_BY_THE_DEAD, [job])
    with serving(database_clone.environ, "--workers", "1"):
        assert eventually(lambda: status_of(job) == "succeeded")


@pytest.mark.faults
def test_a_first_run_with_its_own_engine_and_every_part_killed_in_turn(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environ = {**python_environment(), "SHANGLIAN_HOME": str(home)}
    serve = subprocess.Popen(
        shanglian_command("serve", "--port", "0", "--workers", "1"),
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serve.stdout is not None
    with serve, serve.stdout as stream:
        address = stream.readline().split()[-1]
        assert answers(address)
        for part, number in children_of(serve.pid).items():
            kill(number)
            assert eventually(lambda part=part, number=number: children_of(serve.pid).get(part, number) != number)
            assert eventually(lambda: answers(address)), part
        serve.send_signal(signal.SIGINT)
        assert serve.wait(30) == 0
    assert eventually(lambda: processes_in(home) == [])


@pytest.mark.faults
def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environ = {**python_environment(), "SHANGLIAN_HOME": str(home)}
    assert run_shanglian("migrate", environ=environ).returncode == 0
    serve = subprocess.Popen(shanglian_command("serve", "--port", "0"), env=environ, stdout=subprocess.PIPE, text=True)
    assert serve.stdout is not None
    with serve, serve.stdout as stream:
        address = stream.readline().split()[-1]
        parts = children_of(serve.pid)
        serve.kill()
    assert sorted(parts) == ["keeper", "web", "worker"]
    assert eventually(lambda: not any(alive(number) for number in parts.values()))
    assert eventually(lambda: processes_in(home) == [])
    assert not answers(address)
