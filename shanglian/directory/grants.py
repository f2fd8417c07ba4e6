"""Who may do what, where: the one table of rights. access.py reads it; docs/permissions.txt prints it.

The city reviews, ranks and proposes; it does not edit a county's data: `edit`, `upload` and `commit` stay
with the organisation itself (`chambers.edit`: as to its own chambers). Conditions on state ("only
while the round is open") are not grants.
"""

from shanglian.directory.core.rights import Grant, Role, Scope

GRANTS: tuple[Grant, ...] = (
    #     who             may             on
    Grant(Role.LEADER, "members.view", Scope.OWN_AND_BELOW),
    Grant(Role.LEADER, "imports.view", Scope.OWN_AND_BELOW),
    Grant(Role.LEADER, "chambers.view", Scope.OWN_AND_BELOW),
    Grant(Role.LEADER, "plans.view", Scope.OWN_AND_BELOW),
    Grant(Role.LEADER, "orgs.view", Scope.ALL),
    Grant(Role.LEADER, "posts.view", Scope.OWN_AND_BELOW),
    Grant(Role.LEADER, "log.view", Scope.OWN_AND_BELOW),
    # The city's membership officer keeps the city's own register and looks into the counties'.
    Grant(Role.OFFICER, "members.view", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "members.edit", Scope.OWN),
    Grant(Role.OFFICER, "members.export", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "imports.view", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "imports.upload", Scope.OWN),
    Grant(Role.OFFICER, "imports.commit", Scope.OWN),
    Grant(Role.OFFICER, "chambers.view", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "chambers.edit", Scope.OWN),
    Grant(Role.OFFICER, "plans.view", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "orgs.view", Scope.ALL),
    Grant(Role.OFFICER, "posts.view", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "posts.edit", Scope.OWN),
    # A county's clerk keeps the county's register.
    Grant(Role.CLERK, "members.view", Scope.OWN_AND_BELOW),
    Grant(Role.CLERK, "members.edit", Scope.OWN),
    Grant(Role.CLERK, "members.export", Scope.OWN_AND_BELOW),
    Grant(Role.CLERK, "imports.view", Scope.OWN_AND_BELOW),
    Grant(Role.CLERK, "imports.upload", Scope.OWN),
    Grant(Role.CLERK, "imports.commit", Scope.OWN),
    Grant(Role.CLERK, "chambers.view", Scope.OWN_AND_BELOW),
    Grant(Role.CLERK, "chambers.edit", Scope.OWN),
    Grant(Role.CLERK, "plans.view", Scope.OWN),
    Grant(Role.CLERK, "orgs.view", Scope.ALL),
    Grant(Role.CLERK, "posts.view", Scope.OWN_AND_BELOW),
    Grant(Role.CLERK, "posts.edit", Scope.OWN),
    # A chamber's secretary sees the own chamber.
    Grant(Role.SECRETARY, "members.view", Scope.OWN),
    Grant(Role.SECRETARY, "orgs.view", Scope.ALL),
    Grant(Role.SECRETARY, "posts.view", Scope.OWN),
    # The province looks at what lies below it.
    Grant(Role.REVIEWER, "members.view", Scope.OWN_AND_BELOW),
    Grant(Role.REVIEWER, "imports.view", Scope.OWN_AND_BELOW),
    Grant(Role.REVIEWER, "chambers.view", Scope.OWN_AND_BELOW),
    Grant(Role.REVIEWER, "plans.view", Scope.OWN_AND_BELOW),
    Grant(Role.REVIEWER, "orgs.view", Scope.ALL),
    Grant(Role.REVIEWER, "posts.view", Scope.OWN_AND_BELOW),
    # The administrator keeps organisations and accounts, not members.
    Grant(Role.ADMIN, "orgs.view", Scope.ALL),
    Grant(Role.ADMIN, "orgs.edit", Scope.OWN_AND_BELOW),
    Grant(Role.ADMIN, "chambers.view", Scope.OWN_AND_BELOW),
    Grant(Role.ADMIN, "chambers.edit", Scope.OWN_AND_BELOW),
    Grant(Role.ADMIN, "users.edit", Scope.OWN_AND_BELOW),
    Grant(Role.ADMIN, "log.view", Scope.OWN_AND_BELOW),
)

VERBS = frozenset(grant.verb for grant in GRANTS)


def view_verb(verb: str) -> str:
    """The right that makes a thing visible at all: "members.edit" presupposes "members.view" where that
    exists.
    """
    candidate = f"{verb.split('.', 1)[0]}.view"
    return candidate if candidate in VERBS else verb
