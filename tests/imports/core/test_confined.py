"""Whose fault it is that a workbook cannot be read: its own, or ours."""

import logging
import sys

import pytest

from shanglian.imports.core import confined
from shanglian.imports.core.limits import UnreadableFile
from tests.imports.workbooks import HEADINGS, firms, xlsx_bytes

WORKBOOK = xlsx_bytes({"会员": [HEADINGS, *firms(3)]})


@pytest.fixture(autouse=True)
def _no_idle_process():
    """Each test starts the process it is about."""
    while confined._idle:
        confined._idle.pop().end()


def read_it():
    """How reading ends: code and detail."""
    with pytest.raises(UnreadableFile) as refusal:
        list(confined.confined_sheets(WORKBOOK))
    return refusal.value.code, refusal.value.detail


def processes_that(monkeypatch, script):
    monkeypatch.setattr(confined, "python_command", lambda *_: [sys.executable, "-c", script])


def fail_with(monkeypatch, error):
    def parse(data):
        raise error
        yield

    monkeypatch.setattr(confined, "sheets_in_pieces", parse)


@pytest.mark.parametrize("error", [ValueError("year 99999"), OverflowError(), OSError("a part is missing")])
def test_nonsense_in_a_file_is_the_files_fault(monkeypatch, error):
    fail_with(monkeypatch, error)
    assert list(confined._answers(WORKBOOK)) == [("broken", "")]


def test_a_mistake_of_ours_is_told_with_its_traceback(monkeypatch):
    fail_with(monkeypatch, AttributeError("no such thing"))
    [(code, report)] = confined._answers(WORKBOOK)
    assert code == confined._FAULT
    assert report.startswith("Traceback")
    assert report.endswith("AttributeError: no such thing\n")


def test_a_mistake_of_ours_is_logged_under_the_number_the_reader_is_told(monkeypatch, caplog):
    answer = "import pickle, sys; pickle.dump(('fault', 'Traceback: line 1'), sys.stdout.buffer); "
    processes_that(monkeypatch, answer + "pickle.dump(False, sys.stdout.buffer)")
    code, number = read_it()
    [record] = caplog.records
    assert (code, record.levelno) == ("internal", logging.ERROR)
    assert record.getMessage() == f"fault {number} while reading a workbook: Traceback: line 1"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("raise SystemExit(1)", "internal"),
        ("import os; os.kill(os.getpid(), 14)", "too_hard"),
        ("raise SystemExit(3)", "too_hard"),
    ],
)
def test_how_a_process_ended_says_whose_fault_it_was(monkeypatch, script, code):
    processes_that(monkeypatch, f"import sys; sys.stdin.buffer.read({len(WORKBOOK) + 8}); {script}")
    assert read_it()[0] == code
