"""Signing in: failures counted in the database, the lock, the forced change of the first password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shanglian.archive.models import LogEntry
from shanglian.directory import actions
from shanglian.directory.core.lockout import PER_ADDRESS, PER_USERNAME, Attempt
from shanglian.directory.models import LoginFailure
from tests.factories.directory import make_user

RIGHT, WRONG = "a-good-long-word", "a-bad-long-word"
LIMIT = PER_USERNAME.failures


def sign_in(client: Client, username: str, password: str, address: str = "10.0.0.1"):
    data = {"login": username, "password": password}
    return client.post(reverse("account_login"), data, REMOTE_ADDR=address)


def sentence(response) -> str:
    return "".join(response.context["form"].non_field_errors())


@pytest.fixture
def lan(db):
    return make_user(username="lan", password=RIGHT)


def test_the_right_password_opens_the_house(client, lan):
    response = sign_in(client, "lan", RIGHT)
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(lan.pk)


def test_the_message_counts_down_and_then_says_how_long_to_wait(client, lan):
    said = [sentence(sign_in(client, "lan", WRONG)) for _ in range(LIMIT)]
    assert [str(left) in text for left, text in zip(range(LIMIT - 1, 0, -1), said, strict=False)] == [True] * 4
    assert "15" in said[-1]
    assert "_auth_user_id" not in client.session


def test_a_locked_name_is_refused_even_with_the_right_password(client, lan):
    for _ in range(LIMIT):
        sign_in(client, "lan", WRONG)
    assert "15" in sentence(sign_in(client, "lan", RIGHT))
    assert LogEntry.objects.filter(verb="login.locked").count() == 1


def test_an_unknown_name_is_treated_the_same(client, lan):
    known = [sentence(sign_in(client, "lan", WRONG)) for _ in range(LIMIT + 1)]
    unknown = [sentence(sign_in(client, "nobody-here", WRONG)) for _ in range(LIMIT + 1)]
    assert known == unknown


def test_success_clears_the_count_of_the_name(client, lan):
    for _ in range(LIMIT - 1):
        sign_in(client, "lan", WRONG)
    assert sign_in(client, "lan", RIGHT).status_code == 302
    assert sign_in(Client(), "lan", WRONG).status_code == 200
    assert LoginFailure.objects.get(key__startswith="u").failures == 1


def test_the_lock_ends(client, lan):
    for _ in range(LIMIT):
        sign_in(client, "lan", WRONG)
    past = datetime.now(UTC) - PER_USERNAME.lock - timedelta(seconds=1)
    LoginFailure.objects.update(last_at=past, locked_until=past + PER_USERNAME.lock)
    assert sign_in(client, "lan", RIGHT).status_code == 302


def test_old_failures_are_forgotten(client, lan):
    for _ in range(LIMIT - 1):
        sign_in(client, "lan", WRONG)
    LoginFailure.objects.update(last_at=datetime.now(UTC) - PER_USERNAME.lock - timedelta(seconds=1))
    sign_in(client, "lan", WRONG)
    assert LoginFailure.objects.get(key__startswith="u").failures == 1


def test_one_address_cannot_try_many_names(db):
    for number in range(PER_ADDRESS.failures):
        assert actions.begin_attempt(username=f"name{number}", address="10.0.0.9", actor=None).allowed
    assert not actions.begin_attempt(username="another", address="10.0.0.9", actor=None).allowed
    assert actions.begin_attempt(username="another", address="10.0.0.8", actor=None).allowed


def test_a_valid_account_does_not_clear_the_address(lan):
    for number in range(3):
        actions.begin_attempt(username=f"name{number}", address="10.0.0.9", actor=None)
    actions.begin_attempt(username="lan", address="10.0.0.9", actor=None)
    actions.clear_attempts(username="lan", address="10.0.0.9", actor=lan)
    assert LoginFailure.objects.get(key__startswith="a").failures == 3


def test_neither_name_nor_address_is_kept(client, lan):
    sign_in(client, "lan", WRONG)
    kept = str(list(LoginFailure.objects.values()))
    assert "lan" not in kept
    assert "10.0.0.1" not in kept


def test_many_at_once_get_no_more_tries_than_the_limit(database_clone):
    def attempt(number: int) -> bool:
        try:
            return actions.begin_attempt(username="lan", address=f"10.1.0.{number}", actor=None).allowed
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(attempt, range(24)))
    assert sum(allowed) == LIMIT


def test_minutes_to_wait_are_rounded_up():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert Attempt(False, 0, now + timedelta(seconds=61)).minutes_to_wait(now) == 2
    assert Attempt(False, 0, now + timedelta(milliseconds=5)).minutes_to_wait(now) == 1
    assert Attempt(False, 0, now).minutes_to_wait(now) == 0
    assert Attempt(True, 3).minutes_to_wait(now) == 0


@pytest.fixture
def newcomer(db):
    return make_user(username="mei", password=RIGHT, must_change_password=True)


def test_a_newcomer_goes_nowhere_before_changing_the_password(client, newcomer):
    sign_in(client, "mei", RIGHT)
    for path in ("/", reverse("directory:orgs")):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, reverse("account_change_password"))
    assert client.get(reverse("account_change_password")).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_a_newcomer_who_changed_the_password_is_free_and_stays_signed_in(client, newcomer):
    sign_in(client, "mei", RIGHT)
    change = {"oldpassword": RIGHT, "password1": "quite-another-word", "password2": "quite-another-word"}
    response = client.post(reverse("account_change_password"), change)
    assert (response.status_code, response.url) == (302, "/")
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    assert client.session["_auth_user_id"] == str(newcomer.pk)
    assert newcomer.check_password("quite-another-word")


def test_the_old_password_again_is_refused(client, newcomer):
    sign_in(client, "mei", RIGHT)
    same = {"oldpassword": RIGHT, "password1": RIGHT, "password2": RIGHT}
    response = client.post(reverse("account_change_password"), same)
    assert response.status_code == 200
    assert response.context["form"].errors
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_a_newcomer_may_sign_out(client, newcomer):
    sign_in(client, "mei", RIGHT)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_there_is_no_way_to_register(client, db):
    assert client.get("/account/signup/").status_code in (302, 404)
    assert b"signup" not in client.get(reverse("account_login")).content
