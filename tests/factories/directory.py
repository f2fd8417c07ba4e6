"""Single organisations and users with nothing around them, made by the real actions."""

from datetime import date
from itertools import count

from shanglian.directory import actions
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org, User
from shanglian.directory.queries import system_user

_numbers = count(1)


def make_org(
    *,
    code: str | None = None,
    kind: OrgKind = OrgKind.CITY,
    name: str = "示例市工商业联合会",
    parent: Org | None = None,
    on: date = date(2000, 1, 1),
) -> Org:
    """A city with a free code, unless told otherwise."""
    code = code or f"99{next(_numbers):04}"
    return actions.found_org(code=code, kind=kind, name=name, parent=parent, on=on, actor=system_user())


def make_user(
    *,
    username: str | None = None,
    org: Org | None = None,
    role: Role | None = None,
    password: str | None = None,
    must_change_password: bool = False,
) -> User:
    """A user who need not change the password; with `org` and `role`, appointed since 2000."""
    number = next(_numbers)
    user, _password = actions.create_user(
        username=username or f"user{number}",
        name=f"User {number}",
        password=password,
        must_change_password=must_change_password,
        actor=system_user(),
    )
    if org is not None and role is not None:
        actions.appoint(user, org=org, role=role, on=date(2000, 1, 1), actor=system_user())
    return user
