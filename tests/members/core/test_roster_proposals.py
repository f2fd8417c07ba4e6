"""What a wrong cell may be mended to: always right when read again, and the obvious way back is always among it."""

from datetime import date, timedelta
from string import ascii_uppercase, digits

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign
from shanglian.imports.core.columns import Proposal, Setting
from shanglian.imports.core.mending import faults_of, proposals_for
from tests.members.core.rosters import ROSTER
from tests.sample_codes import uscc

TODAY = date(2016, 7, 2)
SETTING = Setting(TODAY, False, "")
COLUMNS = {column.key: column for column in ROSTER.columns}
LOOKALIKES = {"0": "O", "1": "IlL|", "2": "Z", "5": "S"}
NUMBERS = st.integers(0, 999_999)
DAYS = st.dates(date(1980, 1, 1), TODAY)


def proposed(key: str, cell: str) -> dict[str, tuple[str, bool]]:
    """Text → (why, sure), of every problem of the cell."""
    column = COLUMNS[key]
    found = [p for code in column.clean(cell, SETTING)[1] for p in column.propose(cell, code, SETTING)]
    return {proposal.text: (proposal.why, proposal.sure) for proposal in found}


# Codes


@given(NUMBERS, st.data())
def test_a_code_with_a_letter_for_a_digit_is_proposed_back(number, data):
    code = uscc(number)
    place = data.draw(st.sampled_from([n for n, sign in enumerate(code) if sign in LOOKALIKES]))
    letter = data.draw(st.sampled_from(LOOKALIKES[code[place]].replace("L", "")))
    assert proposed("uscc", code[:place] + letter + code[place + 1 :])[code] == ("lookalike", True)


@given(NUMBERS, st.sampled_from(["uscc", "org_code", "reg_no"]))
def test_all_its_digits_may_be_written_as_letters(number, column):
    code = uscc(number)
    wrong = code.replace("0", "O").replace("1", "l")
    assume(wrong != code)
    assert proposed(column, wrong)[code] == ("lookalike", True)


@given(NUMBERS, st.integers(0, 16))
def test_two_neighbours_exchanged_are_proposed_back_or_several_ways_are_possible(number, place):
    code = uscc(number)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assume(wrong != code and wrong[2:8].isdigit())
    swapped = {wrong[:n] + wrong[n + 1] + wrong[n] + wrong[n + 2 :] for n in range(17)}
    right = {text for text in swapped if COLUMNS["uscc"].clean(text, SETTING) == ({"uscc": text}, ())}
    found = {text: why for text, why in proposed("uscc", wrong).items() if why == ("exchanged", False)}
    assert code in right
    assert set(found) == (right if len(right) == 1 else set())


@given(NUMBERS, st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_the_computed_check_sign_is_offered_but_is_never_sure(number, sign):
    code = uscc(number)
    assume(sign != code[-1])
    assert proposed("uscc", code[:-1] + sign)[code] == ("computed", False)


@given(NUMBERS, st.integers(0, 17))
def test_a_sign_written_twice_is_left_out_when_only_one_way_is_right(number, place):
    code = uscc(number)
    wrong = code[: place + 1] + code[place:]
    found = proposed("uscc", wrong)
    assert found in ({code: ("doubled", True)}, {})
    shorter = {wrong[:n] + wrong[n + 1 :] for n in range(18) if wrong[n] == wrong[n + 1]}
    assert bool(found) == (sum(uscc_check_sign(text[:17]) == text[17] for text in shorter) == 1)


@pytest.mark.parametrize("cell", [uscc(1)[:-1], uscc(1) + "7", "9141", "示例", uscc(1)[:5]])
def test_a_code_too_short_or_too_long_is_for_nobody_to_guess(cell):
    assert proposed("uscc", cell) == {}


@given(st.text(digits + ascii_uppercase, min_size=8, max_size=8), st.sampled_from(digits + "X"))
def test_an_organisation_code_gets_its_check_sign(body, sign):
    right = body + org_code_check_sign(body)
    assume(sign != right[-1])
    found = proposed("org_code", body + sign)
    assert all(not sure for _why, sure in found.values())
    assert found.get(right, ("lookalike", False))[0] in {"computed", "lookalike"}


@given(st.text(digits, min_size=14, max_size=14), st.sampled_from(digits))
def test_a_registration_number_gets_its_check_digit(body, digit):
    found = proposed("reg_no", body + digit)
    assert list(found.values()) in ([], [("computed", False)])
    assert all(text[:14] == body for text in found)


# Dates


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2061-05-01", {"2016-05-01": ("year_exchanged", True)}),
        ("2061年5月", {"2016-05": ("year_exchanged", True)}),
        ("2051.5.1", {"2015-05-01": ("year_exchanged", True)}),
        ("2061-12-31", {}),  # 2016-12-31 has not come either
        ("2099-01-01", {}),
        ("14.5.7", {"2014-05-07": ("century", True)}),
        ("98年", {"1998": ("century", True)}),
        ("'14-5", {"2014-05": ("century", True)}),
        ("14.13.7", {}),
        ("05/07/2014", {"2014-05-07": ("one_reading", False), "2014-07-05": ("one_reading", False)}),
        ("2014-2015", {"2014": ("first_of_span", True)}),
        ("2014年5月至2016年", {"2014-05": ("first_of_span", True)}),
        ("2014.3-2016.5", {"2014-03": ("first_of_span", True)}),
        ("2015-02-30", {"2015-02": ("without_day", True)}),
        ("20150230", {"2015-02": ("without_day", True)}),
        ("2014.13.5", {"2014-05-13": ("day_and_month_exchanged", False)}),
        ("2014.13.32", {}),
        ("不清楚", {}),
        ("2014-05-07", {}),
    ],
)
@pytest.mark.parametrize("column", ["join_date", "founded"])
def test_a_date_that_cannot_stand_is_proposed_as_it_may_have_been_meant(column, cell, found):
    assert proposed(column, cell) == found


def test_a_number_cell_that_may_be_january_or_october_has_two_readings():
    (first, second) = COLUMNS["join_date"].propose("2014.1", "date_ambiguous", SETTING)
    assert (first, second) == (Proposal("2014-01", "one_reading"), Proposal("2014-10", "one_reading"))


@given(DAYS, st.sampled_from(["{0:%y}.{0.month}.{0.day}", "{0:%y}年{0.month}月{0.day}日", "{0:%y}-{0.month}-{0.day}"]))
def test_a_year_of_two_digits_is_the_last_one_that_has_come(day, form):
    assert proposed("join_date", form.format(day)) == {day.isoformat(): ("century", True)}


# Areas and telephones


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("荥阳县", {"荥阳市": ("near_name", True)}),
        ("金山区", {"金水区": ("near_name", False), "惠济区": ("near_name", False)}),
        ("郑州市金水曲", {"金水区": ("near_name", False)}),
        ("火星", {}),
    ],
)
def test_a_county_is_proposed_by_the_names_written_nearly_so(cell, found):
    assert proposed("county", cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1700-000-0001", {"17000000001": ("digits_only", True)}),
        ("170.0000.0001", {"17000000001": ("digits_only", True)}),
        ("1700000000", {}),
        ("170000000011", {}),
        ("手机17000000001,12345678901", {}),
    ],
)
def test_a_telephone_is_freed_of_signs_but_no_digit_is_added_or_left_out(cell, found):
    assert proposed("phones", cell) == found


# All of them

_CELLS = st.one_of(
    st.builds(
        lambda number, place, sign: uscc(number)[:place] + sign + uscc(number)[place + 1 :],
        NUMBERS,
        st.integers(0, 17),
        st.sampled_from(ascii_uppercase + digits + "l|"),
    ),
    st.text(digits + "./-年月日至~'", max_size=12),
    st.builds(
        lambda day, form: day.strftime(form),
        DAYS.map(lambda d: d + timedelta(days=20_000)),
        st.sampled_from(["%Y-%m-%d"]),
    ),
    st.text(digits + "OIZSl -|", min_size=7, max_size=20),
    st.text("金水区市县二七郑州荥阳新", max_size=6),
    st.text(max_size=12),
)


@given(st.sampled_from([key for key, column in COLUMNS.items() if column.propose]), _CELLS)
def test_an_accepted_proposal_never_leaves_a_problem_in_its_cell(key, cell):
    column = COLUMNS[key]
    for code in column.clean(cell, SETTING)[1]:
        for proposal in column.propose(cell, code, SETTING):
            fields, codes = column.clean(proposal.text, SETTING)
            assert (bool(fields), codes) == (True, ())
            assert proposal.text != cell


@given(_CELLS, _CELLS)
def test_a_row_says_in_which_cell_each_problem_lies(code, day):
    table = {"headings": ["企业名称", "代码", "入会时间"], "columns": {"name": [0], "uscc": [1], "join_date": [2]}}
    cells = ["示例公司", code, day]
    wrong = {p: COLUMNS[key].clean(cells[p], SETTING)[1] for key, p in (("uscc", 1), ("join_date", 2))}
    codes = {code for found in wrong.values() for code in found}
    faults = faults_of(cells, table, codes, ROSTER, TODAY)
    assert [(fault.position, fault.code) for fault in faults] == [
        (p, c) for p in (1, 2) for c in dict.fromkeys(wrong[p])
    ]
    for fault in faults:
        assert fault.proposals == proposals_for(cells, table, fault.position, fault.code, ROSTER, TODAY)
        assert fault.sure is None or fault.sure in fault.proposals


def test_a_column_without_proposals_and_a_short_row_have_none():
    table = {"headings": ["企业名称", "代码"], "columns": {"name": [0], "uscc": [1]}}
    assert proposals_for(["示例公司"], table, 0, "name_missing", ROSTER, TODAY) == ()
    assert proposals_for(["示例公司"], table, 1, "uscc_bad_check", ROSTER, TODAY) == ()
    assert proposals_for(["示例公司"], table, 7, "uscc_bad_check", ROSTER, TODAY) == ()
