"""What a file should hold is policy; how much of it is known is counted."""

from datetime import date
from fractions import Fraction

import pytest

from shanglian.common.core.policy import PolicyError, read_policy
from shanglian.members.core.completeness import Asked, Completeness, completeness, read_asked
from shanglian.members.core.kinds import EntityKind
from shanglian.members.core.particulars import Fact, former_names

WHOLE = "enterprise: [number, phones]\nassociation: [number]\nperson: [phones]\n"


def test_a_file_is_as_complete_as_what_is_known_of_what_is_asked():
    asked = (Asked.NUMBER, Asked.PHONES, Asked.ADDRESS)
    found = completeness(asked, {"phones", "name"})
    assert found == Completeness(3, (Asked.NUMBER, Asked.ADDRESS))
    assert found.share == Fraction(1, 3)
    assert completeness(asked, set(asked)).share == 1


def test_each_kind_is_asked_for_its_own_facts():
    assert read_asked(read_policy(WHOLE, file="archive.yaml")) == {
        EntityKind.ENTERPRISE: (Asked.NUMBER, Asked.PHONES),
        EntityKind.ASSOCIATION: (Asked.NUMBER,),
        EntityKind.PERSON: (Asked.PHONES,),
    }


def test_every_fault_of_the_file_is_named_with_its_line():
    text = "enterprise: [number, fax, number]\nassociation: []\nfirm: [phones]\n"
    with pytest.raises(PolicyError) as error:
        read_asked(read_policy(text, file="archive.yaml"))
    assert sorted((p.line, p.field, p.code) for p in error.value.problems) == [
        (1, "enterprise", "not_one_of"),
        (1, "enterprise", "twice"),
        (1, "person", "missing"),
        (2, "association", "not_a_list"),
        (3, "firm", "unknown_key"),
    ]


def test_former_names_end_where_the_next_one_begins():
    days = (None, date(2014, 1, 1), date(2015, 1, 1), date(2016, 1, 1))
    names = ("甲", "乙", "乙", "丙")
    facts = [Fact(n, "name", {"name": name}, day, n) for n, (name, day) in enumerate(zip(names, days, strict=True))]
    assert former_names(facts) == [("乙", date(2016, 1, 1)), ("甲", date(2014, 1, 1))]
