"""Files that would fill the memory, never end, or are not what they say: one sentence, exit code 1, nothing left.

The heavy ones run as the user runs them, in a process that may use 1.2 GB of addresses; its peak is measured.
"""

import os
import resource
import signal
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from shanglian.archive.models import Document
from shanglian.imports.core import confined
from shanglian.imports.core.files import open_book
from shanglian.imports.core.reading import read_file
from shanglian.imports.models import Batch
from tests.imports import hostile
from tests.imports.workbooks import HEADINGS, LIST, csv_bytes, firms, uscc, xlsx_bytes
from tests.little_federation import little_federation

FIRMS = [HEADINGS, *firms(3)]
MEGABYTE = 1024 * 1024
ADDRESSES = 1200 * MEGABYTE
PEAK = 700 * 1024  # kilobytes, of the command and of the parser each
SECONDS = 20

LIGHT = {
    "many parts.xlsx": (lambda: hostile.many_entries(6000), "packed as no spreadsheet program does"),
    "one name twice.xlsx": (hostile.same_name_twice, "packed as no spreadsheet program does"),
    "overlapping.xlsx": (lambda: hostile.overlapping_entries(500, 2), "limit 512 MB"),
    "zip in zip.xlsx": (hostile.bomb_inside_a_zip, "is damaged"),
    "entities.xlsx": (hostile.laughs, "is damaged"),
    "password.xlsx": (hostile.encrypted, "protected by a password"),
    "cut.xlsx": (lambda: hostile.xlsx()[:-300], "is cut off"),
    "cut.xls": (lambda: hostile.xls(FIRMS)[:3000], "is damaged"),
    "garbage.xls": (lambda: hostile.xls([])[:8] + hostile.noise(200_000, text=False), "is damaged"),
    "program.csv": (lambda: b"\x7fELF" + hostile.noise(100_000, text=False), "is no spreadsheet"),
    "noise.csv": (lambda: hostile.noise(2 * MEGABYTE, text=False), "is no spreadsheet"),
    "high noise.csv": (lambda: hostile.noise(2 * MEGABYTE, text=True), "encoding is not known"),
    "nul.csv": (lambda: hostile.table_then(b"5,\x00,x\n"), "is no spreadsheet"),
    "one line.csv": (lambda: b"x" * (30 * MEGABYTE), "a cell holds more than"),
    "one record.csv": (lambda: hostile.table_then(b"x," * (15 * MEGABYTE)), "more than 16,384 columns"),
    "million columns.csv": (lambda: b"," .join([b"x"] * 1_000_000), "more than 16,384 columns"),
    "open quote.csv": (lambda: hostile.table_then(b'"' + b"x\n" * MEGABYTE), "a cell holds more than"),
}  # fmt: skip
HEAVY = {
    "bomb.xlsx": (lambda: hostile.bomb(900), "limit 512 MB"),
    "lying bomb.xlsx": (lambda: hostile.bomb(900, declared=1000), "packed as no spreadsheet program does"),
    "200 MB.xlsx": (lambda: hostile.zipped(hostile.parts_of(x=bytes(200 * MEGABYTE)), zipfile.ZIP_STORED), "50 MB"),
    "200 MB.csv": (lambda: hostile.table_then(b"x,y\n" * (50 * MEGABYTE)), "limit 50 MB"),
    "last corner.xlsx": (lambda: hostile.a_cell_at("XFD1048576"), "more memory or time"),
    "two cells.xls": (lambda: hostile.xls(FIRMS, (65535, 255)), "more memory or time"),
    "ten sheets.xls": (lambda: hostile.xls(FIRMS, (65535, 255), 10), "more memory or time"),
    "one text often.xlsx": (lambda: hostile.repeated_string(32_767, 300_000), "more memory or time"),
    "one sheet often.xlsx": (lambda: hostile.one_sheet_many_times(2000, 20_000), "too many rows"),
    "dense.csv": (lambda: hostile.table_then((b"ab," * 3000 + b"\n") * 5700), "too many cells"),
    "blank lines.csv": (lambda: hostile.table_then(b"\r" * (49 * MEGABYTE)), "too many rows"),
    "many rows.csv": (lambda: hostile.table_then("😀😀\n".encode() * (5 * MEGABYTE)), "too many rows"),
}
HARMLESS = {
    "formatted rows.xlsx": lambda: hostile.formatted_rows(1_000_000),
    "formatted cells.xlsx": lambda: hostile.formatted_rows(300_000, 12),
    "last column.xlsx": lambda: hostile.a_cell_at("XFD500"),
    "dimension.xlsx": hostile.dimension_lies,
    "deep.xlsx": lambda: hostile.nested_xml(1_000_000),
    "merged.xlsx": lambda: hostile.merged_everything(100_000),
    "blank rows.csv": lambda: hostile.table_then(b",,,\r\n" * 1_000_000),
}


@pytest.mark.parametrize("name", LIGHT)
def test_a_file_that_cannot_be_read_is_one_sentence_in_two_languages(tmp_path, name):
    make, words = LIGHT[name]
    (tmp_path / name).write_bytes(make())
    with pytest.raises(CommandError) as caught:
        call_command("read_roster", str(tmp_path / name))
    chinese, english = str(caught.value).split("\n")
    assert caught.value.returncode == 1
    assert chinese.startswith(f"{name}：")
    assert english.startswith(f"{name}: ")
    assert words in english


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_is_refused_in_little_memory_and_leaves_nothing(tmp_path, name):
    make, words = HEAVY[name]
    code, said, peak = command(tmp_path, name, make())
    assert (code, len(said), words in said[-1], name in said[-1]) == (1, 2, True, True), said
    assert peak < PEAK


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_oddity_is_read(tmp_path, name):
    code, said, peak = command(tmp_path, name, HARMLESS[name]())
    assert (code, said) == (0, ["accept 3"])
    assert peak < PEAK


def command(folder, name, data):
    """Exit code, lines on stderr and peak memory in kilobytes of `shanglian read_roster`. Nothing is left behind."""
    temporary, home = folder / "tmp", folder / "home"
    temporary.mkdir()
    home.mkdir()
    (folder / name).write_bytes(data)
    environment = {**os.environ, "SHANGLIAN_HOME": str(home), "TMPDIR": str(temporary)}
    arguments = [sys.executable, "-m", "shanglian.config.cli", "read_roster", str(folder / name)]
    with subprocess.Popen(
        ["/usr/bin/env", *arguments], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        text=True, preexec_fn=_limited,
    ) as process:  # fmt: skip
        said = process.stderr.read().splitlines()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert sorted(path.name for path in folder.iterdir()) == sorted(["home", name, "tmp"])
    assert list(temporary.iterdir()) == []
    assert not (home / "documents").exists()
    return process.returncode, said, used.ru_maxrss


def _limited():
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.django_db
@pytest.mark.parametrize("commit", [True, False])
def test_an_import_of_one_bad_file_among_good_ones_leaves_nothing(tmp_path, commit):
    little_federation()
    (tmp_path / "good.csv").write_bytes(csv_bytes(FIRMS))
    (tmp_path / "bomb.xls").write_bytes(hostile.xls(FIRMS, (65535, 255)))
    with pytest.raises(CommandError, match=r"bomb\.xls"):
        call_command(
            "import_roster", str(tmp_path / "good.csv"), str(tmp_path / "bomb.xls"), org="410105", commit=commit
        )
    assert (Batch.objects.count(), Document.objects.count()) == (0, 0)
    assert list(settings.DOCUMENT_ROOT.glob("**/*.*")) == []


# What workbooks may carry without harm ------------------------------------------------------------


def test_after_a_workbook_that_was_too_much_the_next_is_read():
    with pytest.raises(Exception, match="too_hard"):
        open_book(hostile.a_cell_at("XFD1048576"), "a.xlsx")
    assert len(open_book(hostile.xlsx(), "a.xlsx").sheets[0].rows) == 4


def test_a_parser_that_was_ended_while_idle_is_replaced():
    open_book(hostile.xlsx(), "a.xlsx")
    (idle,) = confined._idle
    os.kill(idle._process.pid, signal.SIGKILL)
    idle._process.wait()
    assert len(open_book(hostile.xlsx(), "a.xlsx").sheets[0].rows) == 4


def test_of_formulas_the_stored_value_counts_and_nothing_is_evaluated_or_fetched():
    (sheet,) = open_book(hostile.formulas_and_links(), "a.xlsx").sheets
    assert sheet.rows[4:] == [(5, [4.0, "示例网", uscc(4)]), (6, [5.0])]


@pytest.mark.parametrize("text", ["=1+1", "+86 371", "-", "@SUM(1+1)", '=HYPERLINK("http://192.0.2.1")'])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_text_that_begins_like_a_formula_is_text(text, form):
    rows = [["企业名称", "乡镇"], ["示例企业有限公司", text], [text, ""]]
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    data = csv_bytes(quoted) if form == "csv" else xlsx_bytes({"甲": rows}, **options)
    reading = read_file(data, f"a.{form}", LIST, today=date(2016, 1, 1))
    assert (reading.rows[0].record["name"], reading.rows[0].record["town"]) == ("示例企业有限公司", text)
