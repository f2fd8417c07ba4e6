"""Damaged rosters by the thousand: whatever befalls a file, reading it ends in rows that are true, or in a refusal.

The damage is the same in every run. SHANGLIAN_CASES says how many files (`make fuzz`: many more).
"""

import os
import random
import re
import signal
import unicodedata
from datetime import date

import pytest

from shanglian.common.core.codes import org_code_is_valid, reg_no_is_valid, uscc_is_valid
from shanglian.imports.core.cells import shown
from shanglian.imports.core.columns import Setting
from shanglian.imports.core.files import UnreadableFile
from shanglian.imports.core.reading import CleanRow, read_file
from shanglian.imports.wording import unreadable
from shanglian.members.core.roster_cells import clean_code
from shanglian.members.reading import roster_reading
from tests.imports.mutants import MUTANTS, TITLES

CASES = int(os.environ.get("SHANGLIAN_CASES", "2000"))
PORTIONS = 4
CHECKS = {"uscc": uscc_is_valid, "org_code": org_code_is_valid, "reg_no": reg_no_is_valid}
TOTAL = re.compile(r"(合计|小计|总计|共计)[::]?(\d+家)?")


@pytest.fixture(autouse=True)
def no_hang():
    """Twenty seconds for one file; the timer is set anew for each."""

    def stop(*_):
        raise TimeoutError("reading one file takes more than 20 seconds")

    before = signal.signal(signal.SIGALRM, stop)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("portion", range(PORTIONS))
@pytest.mark.parametrize("kind", MUTANTS)
def test_a_damaged_roster_gives_true_rows_or_a_refusal(kind, portion):
    make, share = MUTANTS[kind]
    wrong = []
    for number in range(portion, round(CASES * share), PORTIONS):
        data, name = make(random.Random(f"{kind} {number}"))
        signal.alarm(20)
        wrong += [f"{kind} {number}: {what}" for what in what_is_wrong(data, name)]
    assert wrong == []


def test_a_small_l_is_no_digit_in_a_code_written_in_small_letters():
    """With l read as 1 this mistyped code would pass its check and be another firm's."""
    setting = Setting(today=date(2016, 1, 1), epoch_1904=False, heading="统一社会信用代码")
    assert uscc_is_valid("91410100Y10030000M")
    assert clean_code("91410100yl0030000m", setting) == ({}, ("uscc_bad_check",))


def what_is_wrong(data: bytes, name: str) -> list[str]:
    try:
        reading = read_file(data, name, roster_reading(), today=date(2016, 1, 1))
    except UnreadableFile as refusal:
        unreadable(name, refusal.code, refusal.detail)  # has its sentence
        return []
    except Exception as crash:
        return [f"{type(crash).__name__} {crash}"]
    return [problem for row in reading.rows for problem in problems_of(row)]


def problems_of(row: CleanRow) -> list[str]:
    found = []
    if row.outcome == "accept":
        name = plain(str(row.record.get("name") or ""))
        if not name:
            found.append("accepted without a name")
        if TOTAL.fullmatch(name) or name in map(plain, TITLES):
            found.append(f"accepted a total or title: {name}")
    for key, is_valid in CHECKS.items():
        code = row.record.get(key)
        if code and not is_valid(code):
            found.append(f"stored a {key} that fails its check: {code}")
        if code and not derivable(code, row):
            found.append(f"{code} was made up from {[shown(cell)[:40] for cell in row.cells]}")
    return found


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def derivable(code: str, row: CleanRow) -> bool:
    """The code stands in one cell, sign for sign; but for the leading zero that a number loses, said in a warning."""
    cells = [plain(shown(cell)) for cell in row.cells]
    bare = [re.sub(r"[^0-9A-Z]", "", cell.upper()) for cell in cells]
    if any(code in cell for cell in bare):
        return True
    if "leading_zero_restored" in row.warnings and len(code) == 9 and code[0] == "0":
        return any(re.fullmatch(code[1:] + "0?", cell) for cell in bare)  # "1234567.0" has lost its point
    return False
