"""Small files for import tests, and a kind of sheet that knows nothing of members. All firms are invented."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from shanglian.common.core.codes import State, read_code, uscc_check_sign
from shanglian.common.core.names import name_key
from shanglian.directory.models import User
from shanglian.imports.core.cells import Cell, shown, text_of
from shanglian.imports.core.columns import Cleaned, Column, Identity, Setting, SheetKind
from shanglian.imports.kinds import ALREADY_BOOKED, Booking, ReadRow, Rights
from shanglian.imports.labels import Words
from shanglian.imports.models import Batch

HEADINGS = ["序号", "企业名称", "统一社会信用代码", "联系电话"]


def uscc(number: int) -> str:
    """A synthetic unified code that checks."""
    body = f"91410100YY{number:07}"
    return body + uscc_check_sign(body)


def firms(count: int, *, start: int = 1) -> list[list[Cell]]:
    return [[n, f"示例企业{n}有限公司", uscc(n), f"1700000{n:04}"] for n in range(start, start + count)]


def csv_bytes(rows: Sequence[Sequence[Cell]], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(map(shown, row)) + "\r\n" for row in rows).encode(encoding)


def xlsx_bytes(sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = (), **options: Any) -> bytes:
    """Days are written as formatted numbers, as a spreadsheet does."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **options}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


# A kind without a register ----------------------------------------------------------------


def _clean_name(cell: Cell, setting: Setting) -> Cleaned:
    name = text_of(cell)
    return {"name": name, "name_key": name_key(name)}, () if name else ("name_missing",)


def _clean_code(cell: Cell, setting: Setting) -> Cleaned:
    code = read_code(cell)
    if code.state is State.VALID and code.scheme is not None:
        return {code.scheme.value: code.value}, ()
    return {}, (code.reason,) if code.reason else ()


def _finish(record: dict[str, Any], codes: list[str]) -> tuple[list[str], list[str]]:
    refusing = {"name_missing", "uscc_bad_check", "uscc_bad_length", "uscc_illegal_char"}
    return [c for c in codes if c in refusing], [c for c in codes if c not in refusing]


def _identity(record: Mapping[str, Any]) -> Identity:
    return Identity(record["name_key"], record.get("uscc") or "", record.get("org_code") or "")


LIST = SheetKind(
    (
        Column("name", ("企业名称", "单位名称", "name"), _clean_name, required=True),
        Column(
            "uscc",
            ("统一社会信用代码", "uscc"),
            _clean_code,
            looks_right=lambda cell: bool(read_code(cell).value),
        ),
        Column("town", ("乡镇",), lambda cell, setting: ({"town": text_of(cell)}, ()), cached=True),
    ),
    _finish,
    _identity,
)


class FakeKind:
    """Books nothing but verdicts; what it was called with stays visible in the class."""

    key = "fake"
    label = "Fake"
    rights = Rights()
    options = frozenset({"complete", "history"})
    words = Words()
    reading = LIST

    def book(self, batch: Batch, rows: Sequence[ReadRow], *, actor: User) -> Booking:
        accepted = [row for row in rows if row.outcome == "accept"]
        before = set(
            Batch.objects.filter(state=Batch.State.COMMITTED, files__rows__record__uscc__isnull=False)
            .exclude(pk=batch.pk)
            .values_list("files__rows__record__uscc", flat=True)
        )
        verdicts = {row.id: ALREADY_BOOKED if row.record.get("uscc") in before else "joined" for row in accepted}
        joined = sum(verdict == "joined" for verdict in verdicts.values())
        return Booking(verdicts, {"joined": joined, ALREADY_BOOKED: len(verdicts) - joined}, {"sum": len(rows)})

    def blockers(self, batch: Batch) -> list[str]:
        return ["示例理由"] if batch.complete else []

    def unbook(self, batch: Batch, *, actor: User) -> int:
        return batch.rows().filter(verdict="joined").count()


FAKE = FakeKind()
