"""Counting failed logins in the database, so that all processes share one count.

An attempt is counted before the password is looked at and taken back when it was right: however many attempts
arrive at once, no more than the limit are tried. Unknown names are counted like known ones.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from shanglian.archive.actions import log
from shanglian.directory.core.lockout import PER_ADDRESS, PER_USERNAME, Attempt, Limit
from shanglian.directory.models import LoginFailure, User

# A row that is locked stays as it is (no row comes back); one whose last failure is old starts again at one.
_COUNT = """
    INSERT INTO directory_loginfailure AS f (key, failures, last_at, locked_until)
    VALUES (%(key)s, 1, clock_timestamp(), NULL)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN f.last_at < clock_timestamp() - %(lock)s THEN 1 ELSE f.failures + 1 END,
        last_at = clock_timestamp(),
        locked_until = CASE
            WHEN f.last_at >= clock_timestamp() - %(lock)s AND f.failures + 1 >= %(limit)s
            THEN clock_timestamp() + %(lock)s
        END
    WHERE f.locked_until IS NULL OR f.locked_until <= clock_timestamp()
    RETURNING failures, locked_until
"""
_GIVE_BACK = """
    UPDATE directory_loginfailure SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE key = %s
"""


def begin_attempt(*, username: str, address: str, actor: User | None) -> Attempt:
    """Count an attempt before it is tried. Not allowed while the name or the address is locked.

    Call outside a transaction: the count must stand even if the request fails. `actor` is nobody yet.
    """
    by_address = _count(_address_key(address), PER_ADDRESS)
    if not by_address.allowed:
        return by_address
    by_name = _count(_username_key(username), PER_USERNAME)
    if not by_name.allowed:
        return by_name
    return min(by_address, by_name, key=lambda attempt: attempt.tries_left)


def clear_attempts(*, username: str, address: str, actor: User) -> None:
    """The password was right: the name starts anew. The address only gets this attempt back, so that one
    valid account does not clear the way for guessing others.
    """
    LoginFailure.objects.filter(pk=_username_key(username)).delete()
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [_address_key(address)])
    log("login.success", subject=actor, actor=actor)


def note_failure(*, attempt: Attempt, actor: User | None) -> None:
    """Put a lock into the log, without the name or the address that was tried."""
    if attempt.locked_until is not None:
        log("login.locked", detail={"until": attempt.locked_until.isoformat()}, actor=actor)


def _count(key: str, limit: Limit) -> Attempt:
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"key": key, "lock": limit.lock, "limit": limit.failures}
        cursor.execute(_COUNT, params)
        row: tuple[int, datetime | None] | None = cursor.fetchone()
    if row is not None:
        failures, locked_until = row
        return Attempt(True, max(limit.failures - failures, 0), locked_until)
    locked = LoginFailure.objects.filter(pk=key).values_list("locked_until", flat=True).first()
    return Attempt(False, 0, locked)


def _username_key(username: str) -> str:
    return "u" + salted_hmac("shanglian.login.username", username.strip().casefold()).hexdigest()


def _address_key(address: str) -> str:
    return "a" + salted_hmac("shanglian.login.address", address).hexdigest()
