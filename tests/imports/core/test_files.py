"""Files: recognised by content, refused with a code that says what is wrong."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from shanglian.imports.core import limits
from shanglian.imports.core.files import UnreadableFile, encoding_of, open_book
from tests.imports.workbooks import csv_bytes, xlsx_bytes

TABLE = [["企业名称", "代码"], ["示例甲", "1"]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rows_of(data, name):
    (sheet,) = open_book(data, name).sheets
    return [(number, list(cells)) for number, cells in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_text_table_is_read_in_every_usual_encoding(encoding):
    assert rows_of(csv_bytes(TABLE, encoding), "a.csv") == [(1, ["企业名称", "代码"]), (2, ["示例甲", "1"])]


def test_a_sign_of_four_bytes_survives():
    assert rows_of(csv_bytes([["名称"], ["示例䶮𠮷"]], "gb18030"), "a.csv")[1] == (2, ["示例䶮𠮷"])


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter):
    text = f"企业名称{delimiter}代码\n示例甲{delimiter}1\n"
    assert rows_of(text.encode(), "a.csv")[1] == (2, ["示例甲", "1"])


def test_a_line_break_inside_quotes_makes_no_row_and_blank_lines_keep_their_number():
    assert rows_of('名称,电话\n"示例\n甲",1\n\n乙,2\n'.encode(), "a.csv") == [
        (1, ["名称", "电话"]),
        (2, ["示例\n甲", "1"]),
        (4, ["乙", "2"]),
    ]


def test_a_workbook_keeps_numbers_days_and_row_numbers():
    data = xlsx_bytes({"甲": [["名称", "日期"], [], ["示例", date(2014, 5, 7)], [12, 1.5]]})
    assert rows_of(data, "a.xlsx")[1:] == [(3, ["示例", date(2014, 5, 7)]), (4, [12.0, 1.5])]


def test_hidden_sheets_and_the_calendar_of_1904_are_known():
    book = open_book(xlsx_bytes({"甲": TABLE, "乙": TABLE}, hidden=["乙"], date_1904=True), "a.xlsx")
    assert [(s.name, s.hidden, s.epoch_1904) for s in book.sheets] == [
        ("甲", False, True),
        ("乙", True, True),
    ]


def other_zip():
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return target.getvalue()


def with_a_cell_in_the_last_corner():
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx_bytes({"甲": TABLE}))) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                content = content.replace(b'r="B2"', b'r="XFD1048576"')
            new.writestr(part, content)
    return target.getvalue()


WORKBOOK = xlsx_bytes({"甲": TABLE})


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf \r\n", "a.csv", "empty"),
        (b"\x00\x00\x00", "a.xlsx", "empty"),
        (WORKBOOK[:-100], "a.xlsx", "truncated"),
        (WORKBOOK[:40], "a.xlsx", "truncated"),
        ("企业名称".encode()[:-1], "a.csv", "truncated"),
        ('名称,"示例'.encode(), "a.csv", "truncated"),
        (WORKBOOK, "a.csv", "wrong_extension"),
        (WORKBOOK, "a.xls", "wrong_extension"),
        (csv_bytes(TABLE), "a.xlsx", "wrong_extension"),
        (OLE + b"\x00" * 600, "a.xls", "broken"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "encrypted"),
        (other_zip(), "a.xlsx", "unsupported"),
        (with_a_cell_in_the_last_corner(), "a.xlsx", "too_hard"),
        (b"%PDF-1.7 ...", "a.csv", "binary"),
        (b"a,b\x00c\n", "a.csv", "binary"),
        (b"<html><table><tr></tr></table>", "a.xls", "not_a_table"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(data, name, code):
    with pytest.raises(UnreadableFile) as caught:
        open_book(data, name)
    assert caught.value.code == code


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1000)
    with pytest.raises(UnreadableFile) as caught:
        open_book(WORKBOOK, "a.xlsx")
    assert caught.value.code == "too_large"


def test_a_damaged_sheet_is_noticed():
    damaged = bytearray(xlsx_bytes({"甲": [[f"示例{n}" for n in range(50)] for _ in range(50)]}))
    place = damaged.index(b"xl/worksheets/sheet1.xml") + 60
    damaged[place : place + 40] = bytes(40)
    with pytest.raises(UnreadableFile) as caught:
        open_book(bytes(damaged), "a.xlsx")
    assert caught.value.code == "broken"


def test_the_encoding_is_named():
    assert encoding_of("企业".encode("gbk")) == "gb18030"
    assert encoding_of("企业".encode("utf-8-sig")) == "utf-8"
