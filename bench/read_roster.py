"""Reading a roster without a database: rows per second and memory for 24,000 and 200,000 rows, as CSV and as workbook.

The raw limit in the same run is the library alone (csv, calamine) walking over the same cells.
"""

import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import xlsxwriter
import yaml
from common import ROOT, report, shanglian
from python_calamine import CalamineWorkbook

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign
from shanglian.imports.core.reading import read_file
from shanglian.members.core.roster import areas_by_name, roster_kind

SIZES = (24_000, 200_000)
HEADINGS = ("序号", "企业名称", "统一社会信用代码", "法定代表人", "联系电话", "入会时间", "所属县区", "会费", "地址")


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_measure(Path(sys.argv[1]))))
        return
    with tempfile.TemporaryDirectory(prefix="sl-bench-") as folder:
        for size in SIZES:
            for path in (_csv(Path(folder), size), _workbook(Path(folder), size)):
                figures = json.loads(shanglian(str(path), program=__file__).stdout.splitlines()[-1])
                report("read_roster", format=path.suffix, rows=size, **figures)


def _measure(path: Path) -> dict[str, float]:
    """Seconds and memory of one file in a process of its own."""
    policies = ROOT / "shanglian" / "policies"
    words = yaml.safe_load((policies / "imports" / "roster.yaml").read_text("utf-8"))
    areas = areas_by_name(yaml.safe_load((policies / "divisions" / "410100.yaml").read_text("utf-8")))
    kind = roster_kind(words["headings"], areas, words["weak_headings"])
    data = path.read_bytes()
    raw = _seconds(lambda: _walk(path.suffix, data))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: list[int] = []
    spent = _seconds(lambda: found.append(len(read_file(data, path.name, kind, today=date(2019, 12, 31)).rows)))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": round(spent, 2),
        "rows_per_second": round(found[0] / spent),
        "ratio_to_library_alone": round(spent / raw, 1),
        "file_mb": round(len(data) / 1024**2, 1),
        "peak_memory_mb": after // 1024,
        "grown_by_mb": (after - before) // 1024,
    }


def _seconds(step: object) -> float:
    started = time.perf_counter()
    step()  # type: ignore[operator]
    return time.perf_counter() - started


def _walk(suffix: str, data: bytes) -> int:
    if suffix == ".csv":
        return sum(len(row) for row in csv.reader(data.decode("utf-8").splitlines()))
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return sum(len(row) for row in book.get_sheet_by_index(0).iter_rows())


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
