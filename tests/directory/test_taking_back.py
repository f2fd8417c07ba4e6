"""A change of the tree is taken back: what it replaced holds again, and what stands on it keeps it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shanglian.archive.models import LogEntry
from shanglian.directory import actions, facts
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.models import OrgLife, OrgName, OrgPlace
from shanglian.directory.queries import children_on, is_alive, names_on, parent_on, subtree_ids, tree_faults

D = date


def found(little, code="410105-sh-002", parent=None, kind=OrgKind.STREET_CHAMBER):
    return actions.found_org(
        code=code, kind=kind, name="示例街道商会", parent=parent or little.jinshui, on=D(2010, 1, 1), actor=little.adam
    )


def take_back(org, change, little):
    actions.take_back_change(org, change=change, reason="导入有误", actor=little.adam)


def refused(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def believed(org):
    """Every fact of the organisation as believed now, without the second clock."""
    names = OrgName.objects.known_at().filter(org=org).values_list("name", "short_name", "during")
    places = OrgPlace.objects.known_at().filter(path__contains=f"/{org.code}/").values_list("org", "path", "during")
    lives = OrgLife.objects.known_at().filter(org=org).values_list("during")
    return sorted(map(str, names)), sorted(map(str, places)), sorted(map(str, lives))


def test_an_organisation_founded_by_mistake_never_was(little):
    chamber = found(little)
    take_back(chamber, facts.last_stamp(), little)

    assert believed(chamber) == ([], [], [])
    assert chamber not in children_on(little.jinshui, D(2015, 1, 1))
    assert names_on([chamber.pk], D(2015, 1, 1)) == {}
    assert tree_faults() == []
    assert OrgName.objects.filter(org=chamber).count() == 1, "what was believed meanwhile stays readable"
    assert LogEntry.objects.filter(verb="org.take_back").get().detail["reason"] == "导入有误"
    with refused("code_taken"):
        found(little)


@pytest.mark.parametrize("what", ["rename", "move", "close"])
def test_what_a_change_replaced_holds_again(little, what):
    before = believed(little.textile), believed(little.erqi)
    changes = {
        "rename": lambda org: actions.rename_org(org, name="示例新名", on=D(2014, 1, 1), actor=little.adam),
        "move": lambda org: actions.move_org(org, to=little.erqi, on=D(2014, 1, 1), actor=little.adam),
        "close": lambda org: actions.close_org(org, on=D(2014, 1, 1), actor=little.adam),
    }
    changes[what](little.textile)
    change = facts.last_stamp()
    assert believed(little.textile) != before[0]
    take_back(little.textile, change, little)

    assert (believed(little.textile), believed(little.erqi)) == before
    assert tree_faults() == []


def test_a_move_takes_what_stands_below_back_with_it(little):
    actions.move_org(little.jinshui, to=little.kaifeng, on=D(2014, 1, 1), actor=little.adam)
    take_back(little.jinshui, facts.last_stamp(), little)

    assert parent_on(little.jinshui, D(2015, 1, 1)) == little.zhengzhou
    assert little.textile.pk in subtree_ids(little.zhengzhou, on=D(2015, 1, 1))


def test_closing_is_taken_back_for_all_days(little):
    street = found(little)
    market = found(little, "410105-sh-003", street, OrgKind.MARKET_CHAMBER)
    actions.close_org(market, on=D(2012, 1, 1), actor=little.adam)
    actions.close_org(street, on=D(2014, 1, 1), actor=little.adam)
    take_back(street, facts.last_stamp(), little)

    assert is_alive(street, D(2030, 1, 1))
    assert not is_alive(market, D(2013, 1, 1))


def test_what_a_later_change_stands_on_is_kept(little):
    chamber = found(little)
    founding = facts.last_stamp()
    actions.rename_org(chamber, name="示例新名", on=D(2014, 1, 1), actor=little.adam)
    before = believed(chamber)
    with refused("changed_since"):
        take_back(chamber, founding, little)
    assert believed(chamber) == before


def test_what_others_stand_below_is_kept(little):
    chamber = found(little)
    founding = facts.last_stamp()
    below = found(little, "410105-sh-003", chamber, OrgKind.MARKET_CHAMBER)
    with refused("others_stand_on_it"):
        take_back(chamber, founding, little)
    assert parent_on(below, D(2015, 1, 1)) == chamber


def test_a_change_is_taken_back_once(little):
    chamber = found(little)
    founding = facts.last_stamp()
    take_back(chamber, founding, little)
    with refused("changed_since"):
        take_back(chamber, founding, little)
