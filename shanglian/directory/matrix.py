"""The table of grants as a text that a person can read and a diff can show. Both languages, independent of
settings.
"""

from shanglian.directory.core.rights import Role, Scope
from shanglian.directory.grants import GRANTS, VERBS

ROLE_WORDS = {
    Role.LEADER: "市工商联领导 leader",
    Role.OFFICER: "市会员部专员 membership officer",
    Role.CLERK: "县（市）区经办人 county clerk",
    Role.SECRETARY: "商会秘书 chamber secretary",
    Role.REVIEWER: "省级复核人 provincial reviewer",
    Role.ADMIN: "管理员 administrator",
}
SCOPE_WORDS = {
    Scope.OWN: "本组织 own organisation",
    Scope.BELOW: "下级组织 all below, not the own",
    Scope.OWN_AND_BELOW: "本组织及下级 own and all below",
    Scope.OWN_AND_ABOVE: "本组织及上级 own and all above",
    Scope.ALL: "全部组织 every organisation",
}
VERB_WORDS = {
    "members.view": "查看会员 look at members",
    "members.edit": "办理入会、退会、变更 admit, end and change members",
    "members.export": "导出会员名单（含联系方式） take the list of members away, telephones included",
    "imports.view": "查看导入 look at imports",
    "imports.upload": "上传名册 upload rosters",
    "imports.commit": "确认入库、撤销 commit and undo imports",
    "chambers.view": "查看商会名录的导入 look at imports of chambers",
    "chambers.edit": "导入所属商会名录：设立、更名、调整、撤销 import the list of the own chambers",
    "plans.view": "查看规划进度 look at the plan's progress",
    "orgs.view": "查看组织 look at organisations",
    "orgs.edit": "设立、变更、撤销组织 found, change and close organisations",
    "posts.view": "查看职务 look at posts",
    "posts.edit": "导入、撤销职务名单 import lists of posts, take them back",
    "users.edit": "管理账号和任职 manage accounts and appointments",
    "log.view": "查看操作日志 look at the log",
}
HEAD = """\
权限矩阵 / Who may do what, where
由 shanglian permissions 生成；测试比对此文件 / printed by `shanglian permissions`; a test compares this file
范围按当日组织树计算 / scopes follow today's tree of organisations
"""


def matrix() -> str:
    """One block per right; a role that is not named has no such right."""
    return HEAD + "".join(_block(verb) for verb in sorted(VERBS))


def _block(verb: str) -> str:
    lines = [
        f"    {ROLE_WORDS[role]}: {SCOPE_WORDS[grant.scope]}\n"
        for role in Role
        for grant in GRANTS
        if grant.role is role and grant.verb == verb
    ]
    return f"\n{verb}  {VERB_WORDS[verb]}\n{''.join(lines)}"
