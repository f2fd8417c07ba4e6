"""The demo's organisations: the federations of the policy file and invented chambers below them.

All are marked as samples. The federations bear real names, because the demo plays in their plan; their members,
figures and chambers are invented.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from shanglian.common.core.policy import PolicyError, PolicyProblem
from shanglian.directory.actions import found_org, found_tree, rename_org
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.orgfile import OrgEntry, parse_organisations
from shanglian.directory.models import Org, User
from shanglian.directory.queries import org_by_code

FILE = "organisations/410100.yaml"
CITY = "410100"


@dataclass(frozen=True)
class Chamber:
    """An invented chamber. `share`: how many of a hundred members of the organisation above also join it."""

    code: str
    kind: OrgKind
    name: str
    short_name: str
    parent: str
    since: date
    share: int = 0


K = OrgKind
CHAMBERS = (
    Chamber("410100-sh-001", K.INDUSTRY_CHAMBER, "郑州市示例餐饮行业商会", "示例餐饮商会", CITY, date(2006, 5, 18), 30),
    Chamber("410100-sh-002", K.NON_LOCAL_CHAMBER, "郑州市示例异地商会", "示例异地商会", CITY, date(2008, 9, 8), 20),
    Chamber(
        "410105-sh-001",
        K.INDUSTRY_CHAMBER,
        "金水区示例信息技术商会",
        "示例信息技术商会",
        "410105",
        date(2010, 3, 26),
        12,
    ),
    Chamber("410105-sh-002", K.STREET_CHAMBER, "金水区示例街道商会", "示例街道商会", "410105", date(2012, 6, 1), 6),
    Chamber("410103-sh-001", K.MARKET_CHAMBER, "二七区示例市场商会", "示例市场商会", "410103", date(2009, 11, 11), 10),
    Chamber(
        "410181-sh-001",
        K.INDUSTRY_CHAMBER,
        "巩义市示例装备制造商会",
        "示例装备制造商会",
        "410181",
        date(2007, 4, 16),
        10,
    ),
    Chamber("410183-sh-001", K.TOWNSHIP_CHAMBER, "新密市示例镇商会", "示例镇商会", "410183", date(2011, 8, 20), 8),
    Chamber(
        "410122-sh-001",
        K.CLUSTER_CHAMBER,
        "中牟县示例产业集聚区商会",
        "示例产业集聚区商会",
        "410122",
        date(2013, 5, 9),
        10,
    ),
)

# Founded while the plan runs; its first members join it directly, on its first days.
NEW_CHAMBER = Chamber(
    "410105-sh-003", OrgKind.BUILDING_CHAMBER, "金水区示例楼宇商会", "示例楼宇商会", "410105", date(2015, 6, 18)
)
# A chamber that changes its name on a day: reports of earlier days keep the old one.
RENAMED = ("410105-sh-001", date(2015, 9, 10), "金水区示例数字经济商会", "示例数字经济商会")


def found_organisations(*, actor: User) -> None:
    """The whole tree of the demo, each change on its day."""
    found_tree(organisations(), sample=True, actor=actor)
    for chamber in (*CHAMBERS, NEW_CHAMBER):
        found_org(
            code=chamber.code,
            kind=chamber.kind,
            name=chamber.name,
            short_name=chamber.short_name,
            parent=org_by_code(chamber.parent),
            on=chamber.since,
            sample=True,
            reason="示例商会",
            actor=actor,
        )
    code, day, name, short_name = RENAMED
    rename_org(org_by_code(code), name=name, short_name=short_name, on=day, reason="示例更名", actor=actor)


def organisations() -> tuple[OrgEntry, ...]:
    """The federations and zones of the policy file; an installation's own file comes before ours."""
    path = next((p for folder in settings.POLICY_DIRS if (p := Path(folder) / FILE).is_file()), None)
    if path is None:
        raise PolicyError([PolicyProblem(FILE, 1, "", "missing")])
    return parse_organisations(path.read_text(encoding="utf-8-sig"), file=str(path))


def real_organisations() -> bool:
    """Whether the database holds an organisation that is no sample: then it is an installation at work."""
    return Org.objects.filter(sample=False).exists()
