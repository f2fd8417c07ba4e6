"""The little federation most stories are told in: one province, two cities, four counties, a zone, two chambers.

    410000 Henan
    ├─ 410100 Zhengzhou      Lin leads, Olivia is the membership officer, Adam the administrator
    │  ├─ 410105 Jinshui     Alice is the clerk
    │  │  └─ 410105-sh-001 Jinshui textile chamber      Sam is the secretary
    │  ├─ 410103 Erqi        Bob is the clerk
    │  ├─ 410100-hkg airport zone; its federation was founded on 2020-09-07
    │  └─ 410100-sh-001 Wenzhou merchants in Zhengzhou
    └─ 410200 Kaifeng        Oscar is the membership officer
       ├─ 410202 Longting    Carol is the clerk
       └─ 410221 Qixian

Rita reviews for the province; Nobody has an account and no appointment. Built by the real actions.
"""

from dataclasses import dataclass
from datetime import date

from shanglian.directory import actions
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org, User
from shanglian.directory.queries import system_user

BEGINNING = date(2000, 1, 1)
AIRPORT_FEDERATION = date(2020, 9, 7)


@dataclass(frozen=True)
class LittleFederation:
    henan: Org
    zhengzhou: Org
    jinshui: Org
    erqi: Org
    textile: Org
    wenzhou: Org
    airport: Org
    kaifeng: Org
    longting: Org
    qixian: Org
    lin: User
    olivia: User
    adam: User
    alice: User
    sam: User
    bob: User
    oscar: User
    carol: User
    rita: User
    nobody: User

    @property
    def orgs(self) -> dict[str, Org]:
        return {org.code: org for org in vars(self).values() if isinstance(org, Org)}

    @property
    def officer(self) -> User:
        """Whoever writes where it does not matter who."""
        return self.olivia

    def four_orgs(self, *, late: date) -> tuple[list[Org], dict[int, date]]:
        """The city, two counties and a chamber of one of them founded on `late`; and the first day of each, by id."""
        chamber = actions.found_org(
            code="410105-sh-099",
            kind=OrgKind.INDUSTRY_CHAMBER,
            name="金水区新设商会（示例）",
            parent=self.jinshui,
            on=late,
            actor=self.adam,
        )
        orgs = [self.zhengzhou, self.jinshui, self.erqi, chamber]
        return orgs, {org.pk: late if org == chamber else BEGINNING for org in orgs}


def little_federation() -> LittleFederation:
    henan = _org("410000", OrgKind.PROVINCE, "河南省工商业联合会", "河南省", None)
    zhengzhou = _org("410100", OrgKind.CITY, "郑州市工商业联合会", "郑州市", henan)
    jinshui = _org("410105", OrgKind.COUNTY, "郑州市金水区工商业联合会", "金水区", zhengzhou)
    erqi = _org("410103", OrgKind.COUNTY, "郑州市二七区工商业联合会", "二七区", zhengzhou)
    airport = _org("410100-hkg", OrgKind.ZONE, "郑州航空港经济综合实验区", "航空港区", zhengzhou)
    kaifeng = _org("410200", OrgKind.CITY, "开封市工商业联合会", "开封市", henan)
    actions.found_federation(airport, on=AIRPORT_FEDERATION, actor=system_user())
    textile = _org("410105-sh-001", OrgKind.INDUSTRY_CHAMBER, "金水区纺织商会（示例）", "纺织商会", jinshui)
    longting = _org("410202", OrgKind.COUNTY, "开封市龙亭区工商业联合会", "龙亭区", kaifeng)
    return LittleFederation(
        henan=henan,
        zhengzhou=zhengzhou,
        jinshui=jinshui,
        erqi=erqi,
        textile=textile,
        wenzhou=_org("410100-sh-001", OrgKind.NON_LOCAL_CHAMBER, "郑州市温州商会（示例）", "温州商会", zhengzhou),
        airport=airport,
        kaifeng=kaifeng,
        longting=longting,
        qixian=_org("410221", OrgKind.COUNTY, "杞县工商业联合会", "杞县", kaifeng),
        lin=_user("lin", zhengzhou, Role.LEADER),
        olivia=_user("olivia", zhengzhou, Role.OFFICER),
        adam=_user("adam", zhengzhou, Role.ADMIN),
        alice=_user("alice", jinshui, Role.CLERK),
        sam=_user("sam", textile, Role.SECRETARY),
        bob=_user("bob", erqi, Role.CLERK),
        oscar=_user("oscar", kaifeng, Role.OFFICER),
        carol=_user("carol", longting, Role.CLERK),
        rita=_user("rita", henan, Role.REVIEWER),
        nobody=_user("nobody", None, None),
    )


def _org(code: str, kind: OrgKind, name: str, short_name: str, parent: Org | None) -> Org:
    return actions.found_org(
        code=code,
        kind=kind,
        name=name,
        short_name=short_name,
        parent=parent,
        on=BEGINNING,
        actor=system_user(),
    )


def _user(username: str, org: Org | None, role: Role | None) -> User:
    user, _password = actions.create_user(
        username=username, name=username.capitalize(), must_change_password=False, actor=system_user()
    )
    if org is not None and role is not None:
        actions.appoint(user, org=org, role=role, on=BEGINNING, actor=system_user())
    return user
