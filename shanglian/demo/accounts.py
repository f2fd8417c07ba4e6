"""The demo's accounts: one per role, with passwords of this installation, kept in $SHANGLIAN_HOME/accounts.json.

The file (mode 0600) is a list of {"username", "password", "role", "org"}. A file that is there already is used again,
so passwords survive a database made anew; one that was lost gives the accounts new passwords.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from shanglian.directory.actions import appoint, change_password, create_user
from shanglian.directory.actions.users import generate_password
from shanglian.directory.core.rights import Role
from shanglian.directory.models import User
from shanglian.directory.queries import org_by_code
from shanglian.runtime.places import Unusable, write_private

SINCE = date(2013, 1, 1)

# role → (user name, name shown, organisation)
HOLDERS = {
    Role.LEADER: ("leader", "示例领导", "410100"),
    Role.OFFICER: ("officer", "示例会员部专员", "410100"),
    Role.CLERK: ("clerk", "示例县区经办人", "410105"),
    Role.SECRETARY: ("secretary", "示例商会秘书", "410105-sh-001"),
    Role.REVIEWER: ("reviewer", "示例省级复核人", "410000"),
    Role.ADMIN: ("admin", "示例管理员", "410100"),
}


@dataclass(frozen=True)
class Account:
    username: str
    password: str
    role: str
    org: str


def accounts_path(home: Path) -> Path:
    return home / "accounts.json"


def read_accounts(home: Path) -> list[Account]:
    """The accounts kept in the home; empty when there are none. Raises Unusable for a damaged file."""
    path = accounts_path(home)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [Account(**entry) for entry in found]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        raise Unusable(
            f"{path} 无法读取或已损坏；删除它后重新运行，会生成新的密码。",
            f"{path} cannot be read or is damaged; delete it and run again, and new passwords will be made.",
        ) from None


def write_accounts(home: Path, accounts: Iterable[Account]) -> None:
    text = json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    write_private(accounts_path(home), text + "\n")


def planned_accounts(kept: Iterable[Account]) -> list[Account]:
    """One account per role, with the password kept from before or a new one."""
    passwords = {account.username: account.password for account in kept}
    return [
        Account(username, passwords.get(username) or generate_password(), str(role), org)
        for role, (username, _name, org) in HOLDERS.items()
    ]


def open_accounts(accounts: Iterable[Account], *, actor: User) -> None:
    """Make the accounts and appoint their holders; they need not change the password."""
    for account in accounts:
        role = Role(account.role)
        user, _password = create_user(
            username=account.username,
            name=HOLDERS[role][1],
            password=account.password,
            must_change_password=False,
            actor=actor,
        )
        appoint(user, org=org_by_code(account.org), role=role, on=SINCE, actor=actor)


def renew_passwords(accounts: Iterable[Account]) -> None:
    """The file with the passwords was lost: each account gets the new one given here."""
    for account in accounts:
        user = User.objects.get(username=account.username)
        change_password(user, password=account.password, actor=user)
