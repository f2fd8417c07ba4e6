"""The only place of this room that writes: organisations (orgs.py, taking_back.py), accounts and posts (users.py),
failed logins (login.py), tokens of programs (tokens.py).

Refusals are django ValidationErrors with a code and a sentence for the user.
"""

from shanglian.directory.actions.login import begin_attempt, clear_attempts, note_failure
from shanglian.directory.actions.orgs import (
    absorb_org,
    close_org,
    found_federation,
    found_org,
    found_tree,
    move_org,
    rename_org,
    split_org,
)
from shanglian.directory.actions.taking_back import take_back_change
from shanglian.directory.actions.tokens import issue_api_token, revoke_api_token
from shanglian.directory.actions.users import (
    appoint,
    change_password,
    create_user,
    deactivate_user,
    end_appointment,
    set_first_password,
)

__all__ = [
    "absorb_org",
    "appoint",
    "begin_attempt",
    "change_password",
    "clear_attempts",
    "close_org",
    "create_user",
    "deactivate_user",
    "end_appointment",
    "found_federation",
    "found_org",
    "found_tree",
    "issue_api_token",
    "move_org",
    "note_failure",
    "rename_org",
    "revoke_api_token",
    "set_first_password",
    "split_org",
    "take_back_change",
]
