"""Founding, renaming, moving, merging, splitting and closing: what the tree says afterwards, and what is refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from shanglian.archive.models import LogEntry
from shanglian.directory import actions
from shanglian.directory.actions.orgs import NewOrg
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.orgfile import parse_organisations
from shanglian.directory.models import OrgLife, OrgPlace
from shanglian.directory.queries import (
    children_on,
    history_of,
    is_alive,
    names_on,
    org_by_code,
    parent_on,
    subtree_ids,
    system_user,
)
from tests.directory.core.test_orgfile import ZHENGZHOU
from tests.factories.directory import make_org

D = date


def path_on(org, day):
    place = OrgPlace.objects.known_at().on(day).filter(org=org).first()
    return place.path if place else None


def refused(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def test_a_new_organisation_has_a_name_a_place_and_a_life_from_its_day(little):
    chamber = actions.found_org(
        code="410105-sh-002",
        kind=OrgKind.STREET_CHAMBER,
        name="经八路街道商会",
        parent=little.jinshui,
        on=D(2015, 5, 1),
        actor=little.adam,
    )
    assert path_on(chamber, D(2015, 5, 1)) == "/410000/410100/410105/410105-sh-002/"
    assert path_on(chamber, D(2015, 4, 30)) is None
    assert is_alive(chamber, D(2015, 5, 1))
    assert names_on([chamber.pk], D(2015, 5, 1)) == {chamber.pk: "经八路街道商会"}


def test_the_airport_zone_has_a_federation_only_since_2020_09_07(little):
    before, after = D(2020, 9, 6), D(2020, 9, 7)
    assert (is_alive(little.airport, before), is_alive(little.airport, after)) == (False, True)
    assert path_on(little.airport, before) == "/410000/410100/410100-hkg/"


def test_a_zone_founded_later_has_no_life(little):
    zone = make_org(code="410100-gxq", kind=OrgKind.ZONE, parent=little.zhengzhou)
    assert not OrgLife.objects.filter(org=zone).exists()


def test_a_federation_is_founded_once_and_only_for_a_zone(little):
    with refused("already_founded"):
        actions.found_federation(little.airport, on=D(2021, 1, 1), actor=little.adam)
    with refused("not_a_zone"):
        actions.found_federation(little.jinshui, on=D(2021, 1, 1), actor=little.adam)


@pytest.mark.parametrize(
    ("kind", "parent", "code"),
    [
        (OrgKind.PROVINCE, "zhengzhou", "kind_not_allowed"),
        (OrgKind.COUNTY, "jinshui", "kind_not_allowed"),
        (OrgKind.CITY, "textile", "kind_not_allowed"),
        (OrgKind.ZONE, None, "kind_not_root"),
    ],
)
def test_a_kind_stands_only_where_it_may(little, kind, parent, code):
    with refused(code):
        make_org(kind=kind, parent=getattr(little, parent) if parent else None)


def test_a_code_is_never_used_twice(little):
    actions.close_org(little.textile, on=D(2015, 1, 1), actor=little.adam)
    with refused("code_taken"):
        make_org(code="410105-sh-001", kind=OrgKind.INDUSTRY_CHAMBER, parent=little.jinshui)


def test_a_day_before_the_parents_is_refused_with_its_days(little):
    with refused("not_in_place") as caught:
        make_org(kind=OrgKind.COUNTY, parent=little.zhengzhou, on=D(1999, 12, 31))
    assert "410100" in caught.value.messages[0]
    assert "2000-01-01" in caught.value.messages[0]


def test_renaming_holds_from_its_day_and_a_backdated_one_until_the_next(little):
    rename = {"short_name": "", "actor": little.adam}
    actions.rename_org(little.erqi, name="新名", on=D(2016, 1, 1), **rename)
    actions.rename_org(little.erqi, name="中间名", on=D(2014, 1, 1), **rename)
    names = [names_on([little.erqi.pk], D(year, 6, 1))[little.erqi.pk] for year in (2013, 2014, 2015, 2016)]
    assert names == ["郑州市二七区工商业联合会", "中间名", "中间名", "新名"]
    with refused("name_same"):
        actions.rename_org(little.erqi, name="新名", on=D(2017, 1, 1), **rename)


def test_a_name_outside_the_days_is_the_nearest_one(little):
    actions.close_org(little.textile, on=D(2015, 1, 1), actor=little.adam)
    assert names_on([little.textile.pk], D(2020, 1, 1)) == {little.textile.pk: "金水区纺织商会（示例）"}
    assert names_on([little.textile.pk], D(1990, 1, 1)) == {little.textile.pk: "金水区纺织商会（示例）"}


def test_a_move_takes_everything_below_along(little):
    actions.move_org(little.jinshui, to=little.kaifeng, on=D(2016, 1, 1), actor=little.adam)
    assert path_on(little.textile, D(2015, 12, 31)) == "/410000/410100/410105/410105-sh-001/"
    assert path_on(little.textile, D(2016, 1, 1)) == "/410000/410200/410105/410105-sh-001/"
    assert parent_on(little.textile, D(2016, 1, 1)) == little.jinshui
    assert little.jinshui in children_on(little.kaifeng, D(2016, 1, 1))


def test_a_backdated_move_holds_until_the_next_recorded_one(little):
    actions.move_org(little.jinshui, to=little.kaifeng, on=D(2016, 1, 1), actor=little.adam)
    actions.move_org(little.jinshui, to=little.henan, on=D(2014, 1, 1), actor=little.adam)
    paths = [path_on(little.textile, D(year, 6, 1)) for year in (2013, 2014, 2016)]
    assert paths == [
        "/410000/410100/410105/410105-sh-001/",
        "/410000/410105/410105-sh-001/",
        "/410000/410200/410105/410105-sh-001/",
    ]


def test_rows_are_split_where_the_new_parents_own_path_changes(little):
    """The county goes to Kaifeng in 2016; the chamber moved into the county on 2014 follows it there."""
    actions.move_org(little.erqi, to=little.kaifeng, on=D(2016, 1, 1), actor=little.adam)
    actions.move_org(little.textile, to=little.erqi, on=D(2014, 1, 1), actor=little.adam)
    assert path_on(little.textile, D(2015, 1, 1)) == "/410000/410100/410103/410105-sh-001/"
    assert path_on(little.textile, D(2017, 1, 1)) == "/410000/410200/410103/410105-sh-001/"


def test_what_was_known_before_a_change_stays_readable(little):
    before = OrgPlace.objects.known_at().get(org=little.jinshui, during__contains=D(2017, 1, 1)).known.lower
    actions.move_org(little.jinshui, to=little.kaifeng, on=D(2016, 1, 1), actor=little.adam)
    day = D(2017, 1, 1)
    assert little.jinshui.pk not in subtree_ids(little.zhengzhou, on=day)
    believed = OrgPlace.objects.known_at().get(org=little.qixian).known.lower
    assert little.jinshui.pk in subtree_ids(little.zhengzhou, on=day, known_on=believed)
    assert before < believed


def test_a_place_below_itself_is_refused(little):
    actions.found_org(
        code="410105-x",
        kind=OrgKind.TOWNSHIP_CHAMBER,
        name="镇商会",
        parent=little.jinshui,
        on=D(2010, 1, 1),
        actor=little.adam,
    )
    street = make_org(code="s1", kind=OrgKind.STREET_CHAMBER, parent=little.jinshui)
    market = make_org(code="m1", kind=OrgKind.MARKET_CHAMBER, parent=street)
    with refused("kind_not_allowed"):
        actions.move_org(street, to=market, on=D(2012, 1, 1), actor=little.adam)


def test_moving_a_county_below_its_own_zone_is_refused(little):
    zone = make_org(code="410105-z", kind=OrgKind.ZONE, parent=little.jinshui)
    park = make_org(code="410105-p", kind=OrgKind.CLUSTER_CHAMBER, parent=zone)
    with refused("kind_not_allowed"):
        actions.move_org(zone, to=park, on=D(2012, 1, 1), actor=little.adam)


def test_a_move_to_the_same_place_is_refused(little):
    with refused("place_same"):
        actions.move_org(little.jinshui, to=little.zhengzhou, on=D(2012, 1, 1), actor=little.adam)


def test_a_closed_organisation_is_gone_from_its_day(little):
    actions.close_org(little.textile, on=D(2015, 1, 1), reason="注销", actor=little.adam)
    assert path_on(little.textile, D(2014, 12, 31)) is not None
    assert path_on(little.textile, D(2015, 1, 1)) is None
    assert not is_alive(little.textile, D(2015, 1, 1))
    with refused("not_in_place"):
        actions.close_org(little.textile, on=D(2016, 1, 1), actor=little.adam)
    with refused("not_in_place"):
        actions.rename_org(little.textile, name="新", on=D(2016, 1, 1), actor=little.adam)


def test_an_organisation_with_others_below_cannot_close(little):
    with refused("has_children") as caught:
        actions.close_org(little.jinshui, on=D(2015, 1, 1), actor=little.adam)
    assert "410105-sh-001" in caught.value.messages[0]


def test_a_day_before_the_life_is_refused(little):
    with refused("not_in_place"):
        actions.close_org(little.textile, on=D(2000, 1, 1), actor=little.adam)
    with refused("not_in_place"):
        actions.move_org(little.textile, to=little.erqi, on=D(1999, 1, 1), actor=little.adam)


def test_a_merger_moves_what_is_below_and_closes(little):
    actions.absorb_org(little.jinshui, into=little.erqi, on=D(2016, 1, 1), actor=little.adam)
    assert path_on(little.textile, D(2016, 1, 1)) == "/410000/410100/410103/410105-sh-001/"
    assert path_on(little.jinshui, D(2016, 1, 1)) is None
    assert children_on(little.erqi, D(2016, 1, 1)) == [little.textile]


def test_a_split_founds_parts_beside_and_hands_over_children(little):
    [part] = actions.split_org(
        little.jinshui,
        parts=[NewOrg("410109", "新区工商业联合会", "新区")],
        children={"410105-sh-001": "410109"},
        on=D(2016, 1, 1),
        actor=little.adam,
    )
    assert path_on(part, D(2016, 1, 1)) == "/410000/410100/410109/"
    assert parent_on(little.textile, D(2016, 1, 1)) == part
    assert is_alive(little.jinshui, D(2016, 1, 1))


def test_every_change_is_logged_with_day_reason_and_actor(little):
    actions.move_org(little.jinshui, to=little.kaifeng, on=D(2016, 1, 1), reason="区划调整", actor=little.adam)
    entry = LogEntry.objects.latest("pk")
    assert (entry.verb, entry.org, entry.actor) == ("org.move", "410105", little.adam)
    assert entry.detail == {"on": "2016-01-01", "reason": "区划调整", "document": None, "to": "410200"}


@pytest.mark.django_db
def test_the_file_of_zhengzhou_is_founded_once():
    entries = parse_organisations(ZHENGZHOU.read_text("utf-8"), file=ZHENGZHOU.name)
    first = actions.found_tree(entries, sample=True, actor=system_user())
    assert actions.found_tree(entries, sample=True, actor=system_user()) == first
    city = org_by_code("410100")
    assert len(children_on(city, D(2015, 1, 1))) == 16
    living = [org.code for org in children_on(city, D(2020, 9, 7)) if is_alive(org, D(2020, 9, 7))]
    assert len(living) == 13
    assert "410100-hkg" in living


def test_the_history_as_known_at_a_moment_knows_nothing_recorded_later(little):
    before = timezone.now()
    actions.rename_org(little.erqi, name="二七新名", on=date(2016, 1, 1), reason="更名决定", actor=little.adam)
    then, now = history_of(little.erqi, known_on=before), history_of(little.erqi)
    assert [[line.what for line in history.names] for history in (then, now)] == [
        ["郑州市二七区工商业联合会"],
        ["郑州市二七区工商业联合会", "二七新名"],
    ]
    assert [[entry.verb for entry in history.changes] for history in (then, now)] == [
        ["org.found"],
        ["org.found", "org.rename"],
    ]
