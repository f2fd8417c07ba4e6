from datetime import date

from shanglian.common.core.codes import org_code_is_valid, subject_code, uscc_is_valid
from shanglian.demo.firms import CODES, NAMES, Firm, invent_firm


def firm(number: int, seed: int = 1) -> Firm:
    return invent_firm(number, seed=seed, place="金水区", area="410105", before=date(2013, 1, 1))


def test_a_number_and_a_seed_say_everything():
    assert firm(7) == firm(7)
    assert firm(7) != firm(8)
    assert firm(7) != firm(7, seed=2)


def test_codes_check_and_are_marked_as_invented():
    codes = [firm(number).uscc for number in range(300)]

    assert all(uscc_is_valid(code) and org_code_is_valid(subject_code(code)) for code in codes)
    assert {code[8:10] for code in codes} == {"YY"}


def test_every_name_says_that_it_is_a_sample():
    firms = [firm(number) for number in range(300)]

    assert all("示例" in found.name and found.legal_rep.startswith("示例") for found in firms)
    assert all("示例" in found.address for found in firms)


def test_telephone_numbers_lie_in_a_range_that_nobody_has():
    assert {firm(number).phone[:7] for number in range(300)} == {"1700000"}


def test_no_two_numbers_share_a_code_or_the_sign_of_the_name():
    firms = [firm(number) for number in range(5000)]

    assert len({found.uscc for found in firms}) == 5000
    assert len({found.name.split("示例")[0] for found in firms}) == 5000
    assert NAMES > 80_000
    assert CODES > NAMES


def test_a_firm_is_founded_before_the_day_it_is_asked_for():
    assert all(firm(number).founded < date(2013, 1, 1) for number in range(300))
