"""Reading a roster without a database: rows per second and memory for 24,000 and 200,000 rows, as CSV and as workbook.

The raw limit in the same run is the library alone (csv, calamine) walking over the same cells, in a process of its own.
"""

import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import xlsxwriter
import yaml
from common import ROOT, peak_of_children, peak_of_this_process, report, shanglian
from python_calamine import CalamineWorkbook

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign
from shanglian.imports.core import confined
from shanglian.imports.core.reading import read_file
from shanglian.members.core.roster import areas_by_name, roster_kind

SIZES = (24_000, 200_000)
HEADINGS = ("序号", "企业名称", "统一社会信用代码", "法定代表人", "联系电话", "入会时间", "所属县区", "会费", "地址")


def main() -> None:
    if sys.argv[1:2] == ["--write"]:
        print(_csv(Path(sys.argv[2]), SIZES[-1]))
        return
    if len(sys.argv) > 1:
        path = Path(sys.argv[2])
        print(json.dumps(_read(path) if sys.argv[1] == "read" else _walk(path)))
        return
    with tempfile.TemporaryDirectory(prefix="sl-bench-") as folder:
        for size in SIZES:
            for path in (_csv(Path(folder), size), _workbook(Path(folder), size)):
                raw, figures = (_in_a_process_of_its_own(step, path) for step in ("walk", "read"))
                ratio = round(figures["cpu_seconds"] / raw["cpu_seconds"], 1)
                report("read_roster", format=path.suffix, rows=size, **figures, cpu_ratio_to_library_alone=ratio)


def _in_a_process_of_its_own(step: str, path: Path) -> dict[str, float]:
    answer: dict[str, float] = json.loads(shanglian(step, str(path), program=__file__).stdout.splitlines()[-1])
    return answer


def _read(path: Path) -> dict[str, float]:
    """Time and memory of the product. The parser of workbooks is a process beside it."""
    policies = ROOT / "shanglian" / "policies"
    words = yaml.safe_load((policies / "imports" / "roster.yaml").read_text("utf-8"))
    areas = areas_by_name(yaml.safe_load((policies / "divisions" / "410100.yaml").read_text("utf-8")))
    kind = roster_kind(words["headings"], areas, words["weak_headings"])
    data = path.read_bytes()
    clock, cpu = time.perf_counter(), time.process_time()
    rows = sum(1 for _ in read_file(data, path.name, kind, today=date(2019, 12, 31)).rows)
    spent, cpu = time.perf_counter() - clock, time.process_time() - cpu
    confined._end_all()  # only then its memory can be told
    return {
        "seconds": round(spent, 2),
        "cpu_seconds": round(cpu, 2),
        "rows_per_second": round(rows / spent),
        "file_mb": round(len(data) / 1024**2, 1),
        "peak_memory_mb": peak_of_this_process(),
        "parser_mb": peak_of_children(),
    }


def _walk(path: Path) -> dict[str, float]:
    """Time of the library alone."""
    data = path.read_bytes()
    cpu = time.process_time()
    if path.suffix == ".csv":
        sum(len(row) for row in csv.reader(data.decode("utf-8").splitlines()))
    else:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sum(len(row) for row in book.get_sheet_by_index(0).iter_rows())
    return {"cpu_seconds": time.process_time() - cpu}


def _rows(size: int) -> Iterator[tuple[str, ...]]:
    areas = ("金水区", "中原区", "二七区", "新密市", "登封市")
    for n in range(size):
        subject = f"YY{n:06d}"
        first = f"91410105{subject}{org_code_check_sign(subject)}"
        code = first + uscc_check_sign(first)
        joined = f"{2000 + n % 18}.{n % 12 + 1}.{n % 28 + 1}"
        phone = f"1700{n:07d}"
        yield (
            str(n + 1), f"示例第{n}商贸有限公司", code, f"示例{n % 900}", phone, joined, areas[n % 5], "500元",
            f"示例路{n % 400}号",
        )  # fmt: skip


def _csv(folder: Path, size: int) -> Path:
    path = folder / f"{size}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *_rows(size)])
    return path


def _workbook(folder: Path, size: int) -> Path:
    path = folder / f"{size}.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        for number, row in enumerate([HEADINGS, *_rows(size)]):
            sheet.write_row(number, 0, row)
    return path


if __name__ == "__main__":
    main()
