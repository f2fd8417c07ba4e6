"""Lists of chambers, brought up to the preview or the commit. All chambers are invented."""

from datetime import date

from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.models import Batch
from tests.imports.workbooks import csv_bytes

ON, LATER = date(2014, 12, 31), date(2015, 12, 31)
HEADINGS = ["序号", "商会名称", "商会类型", "成立日期"]


def rehearsed(rows, *, org, actor, on=ON, headings=HEADINGS, previewed=True) -> Batch:
    files = [IncomingFile("商会名录.csv", csv_bytes([headings, *rows]))]
    batch = receive_file(org=org, kind="organisations", files=files, on=on, actor=actor)
    batch = read_batch(batch=batch, actor=actor)
    return preview_batch(batch=batch, actor=actor) if previewed else batch


def committed(rows, **terms) -> Batch:
    batch = rehearsed(rows, **terms)
    commit_batch(batch=batch, actor=terms["actor"])
    batch.refresh_from_db()
    return batch
