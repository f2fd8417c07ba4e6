"""Rosters and what may befall them: random damage that is the same for the same number. All firms are invented."""

import random
import zipfile
from collections.abc import Callable
from io import BytesIO

from shanglian.imports.core.cells import Cell, shown
from tests.imports.hostile import xls
from tests.imports.workbooks import uscc, xlsx_bytes

TITLES = ("示例区工商联会员名册（2016年）", "填报单位：示例区工商联")
TOTALS = ("合计", "小计", "总计", "共计：", "合　计", "合计：12家", "小计（示例镇）")
HEADINGS = ["序号", "企业名称", "统一社会信用代码", "会员类型", "入会时间", "会费", "联系电话", "区县", "职务"]
NASTY: tuple[Cell, ...] = (
    "", " ", "　", "\t", "同上", "〃", "无", "/", "—", "N/A", "#REF!", "#N/A", "NULL", "0", "-1", "1e999", "9.14E+17",
    "nan", "inf", "=1+1", "+86 13800000000", "-", "@SUM(1+1)", "=HYPERLINK(\"http://192.0.2.1\")", "'=1",
    "（原名：甲）", "2014.13.45", "0000-00-00", "2014年2月30日", "99999999", "二〇一四年五月", "14.5.7", "41766",
    "-41766", "1e308", "500元", "￥1,000.00", "伍佰元", "免", "9" * 5000, "٣٤٥", "①②③", "Ⅻ", "½", "\u200b",
    "\ufeff", "\ufffd", "\x07", "\U0001f600", "a" * 33000, "（" * 3000, "(" * 3000 + ")" * 3000, "，" * 2000, "1\n2\r3",
    "𠮷䶮", "e\u0301" * 50,
    0, -1, 1.5, 1e300, -0.0, 10**15, 914101057218890000, True, False, 41766, 2958465.9,
)  # fmt: skip
BYTES = (b"\x00", b"\xff", b'"', b",", b"\n", b"\r", b"\xef\xbb\xbf", b"\x81", b"\x84\x31\xa4", b"PK", b"<", b"\x1a")
Row = list[Cell]


def roster(chance: random.Random) -> list[Row]:
    """Titles, headings, firms with codes of every sort, a subtotal between and a total at the end."""
    rows: list[Row] = [[title] for title in TITLES[: chance.randrange(3)]]
    rows.append(list(HEADINGS))
    for number in range(1, chance.randrange(4, 14)):
        code = chance.choice(
            [uscc(number), uscc(number).lower(), f" {uscc(number)}", "", "12345678-8", "410105000000017"]
        )
        joined = chance.choice(["2014-05-07", "2014年5月", "2014.5.7", 41766, ""])
        firm = f"示例企业{number}有限公司"
        rows.append([number, firm, code, "企业会员", joined, "500", f"1700000{number:04}", "金水区", "会员"])
        if chance.random() < 0.1:
            rows.append([chance.choice(TOTALS), "", "", "", "", number * 500])
    rows.append([chance.choice(TOTALS), "", "", "", "", 5000])
    return rows


# Damage ------------------------------------------------------------


def damage_cells(chance: random.Random, rows: list[Row]) -> None:
    for _ in range(chance.randrange(1, 6)):
        row = chance.choice(rows)
        place = chance.randrange(len(row)) if row else 0
        chance.choice(_CELL_DAMAGE)(chance, rows, row, place)


def _nasty(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    row[place : place + 1] = [chance.choice(NASTY)]


def _one_sign(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    text = shown(row[place]) if row else ""
    if text:
        at = chance.randrange(len(text))
        sign = chance.choice([*"0O1IlZS|-. （(　", chr(chance.randrange(32, 0x2FFFF)).replace("\ud800", "?")])
        changed = text[:at] + chance.choice([sign, "", text[at] * 2]) + text[at + 1 :]
        row[place] = changed.encode("utf-8", "replace").decode()


def _swapped_signs(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    text = shown(row[place]) if row else ""
    if len(text) > 1:
        at = chance.randrange(len(text) - 1)
        row[place] = text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _shifted(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    row.insert(place, chance.choice(["", "甲", 7]))


def _cut(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    del row[place:]


def _copied_row(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    rows.insert(chance.randrange(len(rows) + 1), list(chance.choice(rows)))


def _swapped_columns(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    other = chance.randrange(len(HEADINGS))
    for each in rows:
        if max(place, other) < len(each):
            each[place], each[other] = each[other], each[place]


def _lost_row(chance: random.Random, rows: list[Row], row: Row, place: int) -> None:
    if len(rows) > 1:
        rows.remove(row)


_CELL_DAMAGE: tuple[Callable[[random.Random, list[Row], Row, int], None], ...] = (
    _nasty, _nasty, _nasty, _one_sign, _one_sign, _one_sign, _swapped_signs, _shifted, _cut, _copied_row,
    _swapped_columns, _lost_row,
)  # fmt: skip


def damage_bytes(chance: random.Random, data: bytes, most: int = 8) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randrange(1, most)):
        at = chance.randrange(len(changed) + 1)
        way = chance.randrange(5)
        if way == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            changed[at:at] = chance.choice(BYTES)
        elif way == 2:
            del changed[at : at + chance.randrange(1, 9)]
        elif way == 3:
            changed[at : at + 4] = chance.randbytes(4)
        elif chance.random() < 0.2:
            del changed[at:]
    return bytes(changed)


# Files ------------------------------------------------------------


def text_file(rows: list[Row], encoding: str) -> bytes:
    """Only what needs quotes has them, so that damage to one does not end the file."""
    lines = (",".join(map(_quoted, row)) for row in rows)
    return "\r\n".join(lines).encode(encoding, "replace")


def _quoted(cell: Cell) -> str:
    text = shown(cell)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _workbook(rows: list[Row]) -> bytes:
    fits = [[cell if not isinstance(cell, str) else cell[:32767] for cell in row] for row in rows]
    return xlsx_bytes({"名册": fits}, strings_to_formulas=False, strings_to_urls=False, nan_inf_to_errors=True)


def mutant_cells(chance: random.Random) -> tuple[bytes, str]:
    rows = roster(chance)
    damage_cells(chance, rows)
    if chance.random() < 0.25:
        return _workbook(rows), "a.xlsx"
    return text_file(rows, chance.choice(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])), "a.csv"


def mutant_text(chance: random.Random) -> tuple[bytes, str]:
    encoding = chance.choice(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "big5", "cp1252"])
    return damage_bytes(chance, text_file(roster(chance), encoding), most=5), "a.csv"


def mutant_zip(chance: random.Random) -> tuple[bytes, str]:
    return damage_bytes(chance, _workbook(roster(chance)), most=4), "a.xlsx"


def mutant_xml(chance: random.Random) -> tuple[bytes, str]:
    """The archive is sound; parts are damaged, missing or exchanged."""
    with zipfile.ZipFile(BytesIO(_workbook(roster(chance)))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([n for n in parts if "sheet" in n.lower() or "workbook" in n or "styles" in n])
    way = chance.randrange(6)
    if way == 0:
        del parts[name]
    elif way == 1:
        parts[name] = parts[chance.choice(list(parts))]
    elif way == 2:
        pieces = parts[name].split(b"<")
        chance.shuffle(pieces)
        parts[name] = b"<".join(pieces)
    else:
        parts[name] = damage_bytes(chance, parts[name], most=6)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return target.getvalue(), "a.xlsx"


def mutant_old_workbook(chance: random.Random) -> tuple[bytes, str]:
    rows = [[shown(cell)[:200] for cell in row] for row in roster(chance)]
    return damage_bytes(chance, xls(rows), most=6), "a.xls"


MUTANTS: dict[str, tuple[Callable[[random.Random], tuple[bytes, str]], float]] = {
    "cells": (mutant_cells, 0.45),
    "text": (mutant_text, 0.2),
    "zip": (mutant_zip, 0.1),
    "xml": (mutant_xml, 0.15),
    "old": (mutant_old_workbook, 0.1),
}
