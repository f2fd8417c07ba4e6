"""The frame around every page: whose it is, where it leads, which organisation it is about."""

from datetime import date
from typing import Any

import pytest
from django.test import RequestFactory

from shanglian.directory import actions
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org, User
from shanglian.directory.queries import system_user, today
from shanglian.reports.context import Shell, shell
from tests.factories.directory import make_org, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Org:
    city = make_org(name="甲市工商业联合会")
    make_org(code=f"{city.code}-a", kind=OrgKind.COUNTY, name="乙县工商业联合会", parent=city)
    make_org(code=f"{city.code}-b", kind=OrgKind.COUNTY, name="丙区工商业联合会", parent=city)
    return city


def shell_of(rf: RequestFactory, user: User, path: str = "/") -> Shell:
    request = rf.get(path)
    request.user = user
    found: Shell = shell(request)["shell"]
    return found


def test_an_officer_sees_the_own_organisation_and_all_below(rf: RequestFactory, city: Org) -> None:
    officer = make_user(org=city, role=Role.OFFICER)
    frame = shell_of(rf, officer)
    assert frame.org == city
    assert [(choice.name, choice.level, choice.current) for choice in frame.orgs] == [
        ("甲市工商业联合会", 0, True),
        ("乙县工商业联合会", 1, False),
        ("丙区工商业联合会", 1, False),
    ]
    assert (frame.org_name, frame.own_name, str(frame.role)) != ("", "", "")
    assert frame.initial == officer.name[0]


def test_the_address_names_the_organisation_looked_at(rf: RequestFactory, city: Org) -> None:
    officer = make_user(org=city, role=Role.OFFICER)
    frame = shell_of(rf, officer, f"/?org={city.code}-a")
    assert frame.org_name == "乙县工商业联合会"
    assert [entry.url for group in frame.nav for entry in group.entries if entry.url.startswith("/members/")] == [
        f"/members/?org={city.code}-a"
    ]


@pytest.mark.parametrize("code", ["b", "nowhere"])
def test_what_is_not_visible_falls_back_to_the_own(rf: RequestFactory, city: Org, code: str) -> None:
    county = Org.objects.get(code=f"{city.code}-a")
    clerk = make_user(org=county, role=Role.CLERK)
    frame = shell_of(rf, clerk, f"/?org={city.code}-{code}")
    assert (frame.org, [choice.code for choice in frame.orgs]) == (county, [county.code])


def test_somebody_without_a_post_gets_a_frame_without_an_organisation(rf: RequestFactory, city: Org) -> None:
    frame = shell_of(rf, make_user())
    assert (frame.org, frame.org_name, frame.orgs, frame.role) == (None, "", [], "")


def test_the_current_page_is_marked_once(rf: RequestFactory, city: Org) -> None:
    frame = shell_of(rf, make_user(org=city, role=Role.OFFICER), "/members/7/")
    current = [entry.url for group in frame.nav for entry in group.entries if entry.current]
    assert current == ["/members/"]


def test_sample_data_anywhere_marks_every_page(rf: RequestFactory, city: Org) -> None:
    user = make_user()
    assert shell_of(rf, user).sample is False
    actions.found_org(
        code="99-sample",
        kind=OrgKind.CITY,
        name="示例",
        parent=None,
        on=date(2000, 1, 1),
        sample=True,
        actor=system_user(),
    )
    assert shell_of(rf, user).sample is True


def test_a_fragment_that_asks_for_nothing_costs_nothing(
    rf: RequestFactory, city: Org, django_assert_num_queries: Any
) -> None:
    user = make_user()
    with django_assert_num_queries(0):
        shell_of(rf, user)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2013, 12, 30), None),
        (date(2013, 12, 31), (0, False)),  # the plan's base day
        (date(2014, 1, 1), (1, False)),
        (date(2016, 6, 30), (10, False)),
        (date(2017, 12, 31), (16, False)),
        (date(2018, 1, 1), (0, True)),
    ],
)
def test_below_the_issuer_of_a_plan_the_frame_tells_its_quarter(rf: RequestFactory, day: date, told: Any) -> None:
    city = make_org(code="410100")
    county = make_org(code="410105", kind=OrgKind.COUNTY, parent=city)
    period = shell_of(rf, make_user(org=county, role=Role.CLERK), f"/orgs/410105/?on={day}").period
    assert told == (period and (period.quarter, period.ended))
    assert period is None or (period.first_day.year, period.last_day.year, period.quarters) == (2014, 2017, 16)


@pytest.mark.parametrize("on", ["", "2016-06-31", "some day"])
def test_without_a_day_in_the_address_the_frame_is_about_today(rf: RequestFactory, city: Org, on: str) -> None:
    assert shell_of(rf, make_user(org=city, role=Role.OFFICER), f"/members/?on={on}").day == today()


def test_without_a_plan_the_frame_tells_no_period(rf: RequestFactory, city: Org) -> None:
    assert shell_of(rf, make_user(org=city, role=Role.OFFICER)).period is None
