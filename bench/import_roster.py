"""From a file to a balanced ledger: rows per second, against raw COPY of the same rows in one run.

Two files: 24,003 rows of a business register (where the reference data is present) and 200,000 invented ones. Two
figures of each: the work itself (receive, read, commit) in a running process, and the whole console command, which also
starts Python, Django and the database engine. A running process has the tables of pinyin in memory.
"""

import csv
import gc
import json
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import psycopg
from common import fresh_home, peak_of_this_process, reference, report, shanglian

from shanglian.config.cli import SELDOM
from shanglian.runtime.engine import attached
from shanglian.runtime.home import home_path, owner_conninfo

TERMS = ("--on", "2019-12-31", "--commit")


def main() -> None:
    if sys.argv[1:2] == ["--in-process"]:
        print(json.dumps(import_in_process(Path(sys.argv[2]))))
        return
    with tempfile.TemporaryDirectory(prefix="sl-bench-") as folder:
        invented = shanglian("--write", folder, program=str(Path(__file__).with_name("read_roster.py"))).stdout.strip()
        for path in (reference("registry_zhengzhou.csv"), Path(invented)):
            if path is not None:
                measure(path)


def measure(path: Path) -> None:
    with fresh_home() as home:
        shanglian("demo", "--stage", "orgs", "--no-serve")
        raw = raw_copy(path)
        result = home / "result.json"
        started = time.perf_counter()
        shanglian("import_roster", str(path), "--org", "410100", *TERMS, "--json", str(result))
        command = time.perf_counter() - started
        verified = json.loads(shanglian("verify_register", "--json", "-").stdout)["ok"]
        (file,) = json.loads(result.read_text("utf-8"))["files"]
    with fresh_home():
        shanglian("demo", "--stage", "orgs", "--no-serve")
        inside = json.loads(shanglian("--in-process", str(path), program=__file__).stdout.splitlines()[-1])
    rows = sum(file[key] for key in ("accept", "reject", "duplicate", "conflict", "already_booked"))
    report(
        "import_roster",
        file=path.name,
        rows=rows,
        accepted=file["accept"],
        rows_per_second=round(rows / inside["seconds"]["all"]),
        **inside,
        command_seconds=round(command, 2),
        raw_copy_rows_per_second=round(rows / raw),
        ratio_to_raw_copy=round(inside["seconds"]["all"] / raw, 1),
        balances=verified,
    )


def import_in_process(path: Path) -> dict[str, dict[str, float] | dict[str, int]]:
    """Wall clock, time of the processor and largest memory of an import in a process that is up, after each step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanglian.config.settings")
    gc.set_threshold(*SELDOM)
    with attached(home_path(os.environ)):
        import django  # noqa: PLC0415  the home must exist before the settings are read

        django.setup()
        from datetime import date  # noqa: PLC0415

        from shanglian.common.pinyin import sort_key  # noqa: PLC0415
        from shanglian.directory.queries import org_by_code, system_user  # noqa: PLC0415
        from shanglian.imports.actions import IncomingFile, commit_batch, read_batch, receive_file  # noqa: PLC0415

        org, who = org_by_code("410100"), system_user()
        sort_key("示例")
        marks = [_mark()]
        file = IncomingFile(path.name, path.read_bytes())
        batch = receive_file(org=org, kind="roster", files=[file], on=date(2019, 12, 31), actor=who)
        marks.append(_mark())
        batch = read_batch(batch=batch, actor=who)
        marks.append(_mark())
        commit_batch(batch=batch, actor=who)
        marks.append(_mark())
    names, parts = ("receive", "read", "commit"), list(pairwise(marks))
    wall = {name: round(after[0] - before[0], 2) for name, (before, after) in zip(names, parts, strict=True)}
    cpu = {name: round(after[1] - before[1], 2) for name, (before, after) in zip(names, parts, strict=True)}
    peak = {name: after[2] for name, (_, after) in zip(names, parts, strict=True)}
    return {"seconds": {"all": round(sum(wall.values()), 2), **wall}, "cpu_seconds": cpu, "peak_memory_mb": peak}


def _mark() -> tuple[float, float, int]:
    return time.perf_counter(), time.process_time(), peak_of_this_process()


def raw_copy(path: Path) -> float:
    """Seconds for reading the file with csv and writing its columns to a plain table by COPY."""
    home = home_path(os.environ)
    with attached(home), psycopg.connect(owner_conninfo(home, os.environ)) as connection:
        started = time.perf_counter()
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            columns = [f'"{name}" text' for name in next(reader)]
            connection.execute(f"CREATE TABLE raw_rows ({', '.join(columns)})")
            with connection.cursor().copy("COPY raw_rows FROM STDIN") as copy:
                for row in reader:
                    copy.write_row(row)
        connection.commit()
        seconds = time.perf_counter() - started
        connection.execute("DROP TABLE raw_rows")
        connection.commit()
    return seconds


if __name__ == "__main__":
    main()
