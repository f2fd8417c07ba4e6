"""The workbook of rows that were not booked: what it holds, how it is marked, and that it comes back in, mended."""

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shanglian.archive.models import LogEntry
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.core.columns import match_headings
from shanglian.imports.exports import WHY, MendingRow, MendingTable, standing_headings, write_mending
from shanglian.imports.models import Batch
from shanglian.members.reading import roster_reading
from tests.guards import assert_guarded
from tests.imports.visits import signed_in
from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc, xlsx_bytes

pytestmark = pytest.mark.usefixtures("rosters")
ON = date(2015, 12, 31)
WRONG = uscc(9)[:-1] + ("0" if uscc(9)[-1] != "0" else "1")
BAD_CODE = [9, "示例错码有限公司", WRONG, "17000009999"]


def rehearsed(federation, *files: IncomingFile) -> Batch:
    alice = federation.alice
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=alice)
    return preview_batch(batch=read_batch(batch=batch, actor=alice), actor=alice)


def roster(*rows, name="名册.csv", headings=HEADINGS) -> IncomingFile:
    table = [headings, *rows]
    return IncomingFile(name, csv_bytes(table) if name.endswith("csv") else xlsx_bytes({"会员": table}))


def taken(user, batch, position=None) -> bytes:
    return downloaded(signed_in(user), batch, position)


def downloaded(client, batch, position=None) -> bytes:
    name, more = ("rejected", []) if position is None else ("rejected-of-file", [position])
    return b"".join(client.get(reverse(f"imports:{name}", args=[batch.pk, *more])).streaming_content)


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(BytesIO(content)).read(name).decode()


def mended(content: bytes, *changes: tuple[str, str]) -> IncomingFile:
    """The workbook with texts replaced, as a person would and saved anew."""
    tables = {
        name: [[dict(changes).get(str(cell), cell) for cell in row] for row in rows]
        for name, rows in sheets(content).items()
    }
    return IncomingFile("改好.xlsx", xlsx_bytes(tables, strings_to_formulas=False))


def test_it_holds_the_rows_that_were_not_booked_as_handed_in(federation):
    batch = rehearsed(federation, roster(*firms(3), BAD_CODE, [5, "示例企业1有限公司", uscc(1), "037163950001"]))

    (rows,) = sheets(taken(federation.alice, batch)).values()
    assert rows == [
        [*HEADINGS, WHY],
        [
            "9", "示例错码有限公司", WRONG, "17000009999",
            "统一社会信用代码：信用代码校验位不对 / The check character of the unified code is wrong"
            " [名册.csv · csv · 5]",
        ],
        ["5", "示例企业1有限公司", uscc(1), "037163950001", rows[2][4]],
    ]  # fmt: skip
    assert "An earlier row names the same firm" in rows[2][4]
    assert "csv!2" in rows[2][4]


def test_cells_are_text_the_wrong_one_is_marked_and_the_headings_stay_in_sight(federation):
    content = taken(federation.alice, rehearsed(federation, roster(*firms(3), BAD_CODE)))

    sheet = part(content, "xl/worksheets/sheet1.xml")
    cells = dict(re.findall(r'<c r="(\w+)" s="(\d+)" t="(?:inlineStr|s)"', sheet))
    styles = re.findall(r'<xf numFmtId="(\d+)"[^>]*fillId="(\d+)"', part(content, "xl/styles.xml").split("<cellXfs")[1])
    assert {name: styles[int(style)][0] for name, style in cells.items()} == dict.fromkeys(cells, "49")  # text
    assert len(cells) == 10
    fills = {name: styles[int(style)][1] for name, style in cells.items() if name.endswith("2")}
    assert fills["C2"] != fills["A2"] == fills["B2"] == fills["D2"]
    assert 'state="frozen"' in sheet
    assert "The check character of the unified code is wrong" in part(content, "xl/comments1.xml")
    assert 'ref="C2"' in part(content, "xl/comments1.xml")


def test_mended_it_is_imported_like_any_roster(federation):
    first = rehearsed(federation, roster(*firms(3), BAD_CODE, name="名册.xlsx"))
    commit_batch(batch=first, actor=federation.alice)

    again = rehearsed(federation, mended(taken(federation.alice, first), (WRONG, uscc(9))))
    assert again.preview["counts"] == {"joined": 1}
    assert again.files.get().problems == []
    (row,) = again.rows()
    assert (row.record["uscc"], row.record["phones"], row.warnings) == (uscc(9), ["17000009999"], [])


def test_what_was_said_the_first_time_is_not_carried_along(federation):
    first = rehearsed(federation, roster(BAD_CODE, BAD_CODE))
    again = rehearsed(federation, mended(taken(federation.alice, first)))

    (rows,) = sheets(taken(federation.alice, again)).values()
    assert rows[0] == [*HEADINGS, WHY]
    assert all("名册.csv" not in str(row[-1]) for row in rows[1:])
    assert len(rows) == 3


def test_each_file_has_its_own_and_the_batch_has_all(federation):
    good, bad = roster(*firms(3), name="好.csv"), roster(BAD_CODE, name="坏.xlsx")
    batch = rehearsed(federation, good, roster([7, "", uscc(7), ""], *firms(1, start=20), name="缺.csv"), bad)

    assert {name: len(rows) - 1 for name, rows in sheets(taken(federation.alice, batch)).items()} == {
        "csv": 1,
        "会员": 1,
    }
    assert [row[1] for row in sheets(taken(federation.alice, batch, 2))["会员"]] == ["企业名称", "示例错码有限公司"]
    client = signed_in(federation.alice)
    nothing = client.get(reverse("imports:rejected-of-file", args=[batch.pk, 0]))
    assert (nothing.status_code, nothing.headers["Location"]) == (302, reverse("imports:batch", args=[batch.pk]))
    assert client.get(reverse("imports:rejected-of-file", args=[batch.pk, 9])).status_code == 404


def test_it_is_guarded_and_the_log_says_who_took_it(federation):
    batch = rehearsed(federation, roster(*firms(1), BAD_CODE))
    url = reverse("imports:rejected", args=[batch.pk])

    assert_guarded(url, allowed=federation.alice, forbidden=federation.sam, elsewhere=federation.bob)
    entry = LogEntry.objects.get(verb="import.take_rejected")
    assert (entry.actor_id, entry.org, entry.subject_id) == (federation.alice.pk, "410105", str(batch.pk))
    assert entry.detail == {"rows": 1}


def test_the_pages_lead_to_it(federation):
    batch, clean = rehearsed(federation, roster(*firms(1), BAD_CODE)), rehearsed(federation, roster(*firms(2)))
    client = signed_in(federation.alice)

    for name in ("batch", "rows"):
        page = client.get(reverse(f"imports:{name}", args=[batch.pk])).content.decode()
        assert reverse("imports:rejected", args=[batch.pk]) in page
        page = client.get(reverse(f"imports:{name}", args=[clean.pk])).content.decode()
        assert "to-mend" not in page


def test_the_number_of_queries_does_not_depend_on_the_rows(federation, django_assert_num_queries):
    wrong = [[n, f"示例错码{n}有限公司", WRONG, ""] for n in range(60)]
    few, many = rehearsed(federation, roster(BAD_CODE)), rehearsed(federation, roster(*wrong))
    client = signed_in(federation.alice)
    client.get("/imports/")  # from here on the tree is kept

    for batch in (few, many):
        with django_assert_num_queries(9):
            downloaded(client, batch)


# What is written, without a register ------------------------------------------------------------


def written(*tables: MendingTable) -> dict[str, list[list[object]]]:
    target = BytesIO()
    write_mending(target, tables)
    return sheets(target.getvalue())


@pytest.mark.parametrize("text", ["=1+1", "+86 371", "-3", "@sum", "\t=1", "{=1}", "http://a.example", "0012", "1E5"])
def test_text_stays_text(text):
    assert written(MendingTable("表", ["企业名称"], 1, [MendingRow([text], "=why")])) == {
        "表": [["企业名称", WHY], [text, "=why"]]
    }


def test_sheets_of_one_name_get_names_a_workbook_allows():
    names = ["名册", "名册", "A/B:[1]", "'x'", "", "很长" * 20, "很长" * 20, "History"]
    tables = [MendingTable(name, ["企业名称"], 1, [MendingRow(["甲"], "")]) for name in names]

    assert list(written(*tables)) == [
        "名册", "名册 (2)", "A B  1", "x", "Sheet", ("很长" * 20)[:31], ("很长" * 20)[:27] + " (2)", "History (2)",
    ]  # fmt: skip


def test_rows_may_be_of_different_length():
    rows = [MendingRow(["甲"], "短"), MendingRow(["乙", "1", "2"], "长")]
    assert written(MendingTable("表", ["企业名称", "电话"], 3, rows))["表"] == [
        ["企业名称", "电话", "", WHY],
        ["甲", "", "", "短"],
        ["乙", "1", "2", "长"],
    ]


def test_a_column_recognised_by_its_content_gets_a_heading_that_names_it():
    kind = roster_reading()
    described = {
        "headings": ["企业名称", "编号(新)", "", "传真"],
        "columns": {"name": [0], "uscc": [1], "phones": [2]},
    }

    headings = standing_headings(described, kind)
    assert headings == ["企业名称", "统一社会信用代码（编号新）", "联系电话", "传真"]
    found = match_headings([*headings, WHY], kind)
    assert {position: column.key for position, column in found.items()} == {0: "name", 1: "uscc", 2: "phones"}
