"""The demo's organisations: the federations of the policy file and invented chambers below them.

All are marked as samples. The federations bear real names, because the demo plays in their plan; their members,
figures and chambers are invented.
"""

from shanglian.common.policy_files import policy_path
from shanglian.demo.chambers import CHAMBERS, RENAMED
from shanglian.directory.actions import found_org, found_tree, rename_org
from shanglian.directory.core.orgfile import OrgEntry
from shanglian.directory.models import Org, User
from shanglian.directory.policies import read_organisations
from shanglian.directory.queries import org_by_code

FILE = "organisations/410100.yaml"


def found_organisations(*, actor: User) -> None:
    """The whole tree of the demo, each change on its day."""
    found_tree(organisations(), sample=True, actor=actor)
    for chamber in CHAMBERS:
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
    return read_organisations(policy_path(FILE))


def real_organisations() -> bool:
    """Whether the database holds an organisation that is no sample: then it is an installation at work."""
    return Org.objects.filter(sample=False).exists()
