"""The little federation with ten members at the end of 2013, and a plan small enough to reckon by hand.

due at the end of 2014 13.75 · 2015 16.50 · 2016 19.25 (a linear path from the 11 printed to 22 at the end of 2017)

on             Jinshui  Erqi  the city itself  Wenzhou chamber  Jinshui's textile chamber   all
2013-12-31        4      4          1                 1                     0                10
2014-06-10       +4                                                        +1                15
2015-03-05              +1, −1                                                               15
2015-12-01       −1                                                                          14
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shanglian.directory.models import Org
from shanglian.members.actions.memberships import admit, end_membership, profile_of
from shanglian.members.core.kinds import Category, Kind
from shanglian.members.models import Membership
from tests.factories.members import make_entity, make_member
from tests.little_federation import LittleFederation, little_federation

BASE_DAY = date(2013, 12, 31)
END_2015 = date(2015, 12, 31)

PLAN = """\
format: 1
id: little-2014-2017
issuer: {name: 郑州市工商业联合会, org: "410100"}
number: 示例〔2014〕1号
title: {zh: 示例规划（2014—2017年）, en: "Sample plan, 2014–2017"}
period: {first: 2014-01-01, last: 2017-12-31}
base_day: 2013-12-31
indicators:
  - code: members
    name: {zh: 会员总数, en: Members}
    measure: members.heads
    unit: members
    decimals: 0
    direction: up
    scope: all
targets:
  - indicator: members
    org: "410100"
    clause: "2.1"
    value: 22
    operator: at_least
    day: 2017-12-31
    base: {kind: given, value: 11}
    path: linear
    tolerance: {ahead: 0.005, met: 0, near: 0.02}
"""


@dataclass(frozen=True)
class World:
    little: LittleFederation
    plans: Path

    def take_over(self, org: Org, on: date = BASE_DAY) -> Membership:
        """One firm of an organisation's first roster."""
        return admit(
            entity=make_entity(),
            org=org,
            category=Category.ENTERPRISE,
            profile=profile_of(),
            on=on,
            kind=Kind.OPENING,
            actor=self.little.officer,
        )

    def join(self, org: Org, on: date) -> Membership:
        return make_member(org, on, self.little.officer)

    def leave(self, membership: Membership, on: date) -> None:
        end_membership(membership=membership, on=on, actor=self.little.officer)


def tell(world: World) -> World:
    """Ten members, and what moved until the end of 2015."""
    little = world.little
    jinshui = [world.take_over(little.jinshui) for _ in range(4)]
    erqi = [world.take_over(little.erqi) for _ in range(4)]
    world.take_over(little.zhengzhou)
    world.take_over(little.wenzhou)
    for _ in range(4):
        world.join(little.jinshui, date(2014, 6, 10))
    world.join(little.textile, date(2014, 6, 10))
    world.join(little.erqi, date(2015, 3, 5))
    world.leave(erqi[0], date(2015, 3, 5))
    world.leave(jinshui[0], date(2015, 12, 1))
    return world


def empty_world(plans: Path) -> World:
    """The federation and the plan, written into `plans`; nobody was ever booked."""
    plans.mkdir(parents=True)
    (plans / "little-2014-2017.yaml").write_text(PLAN, encoding="utf-8")
    return World(little_federation(), plans)
