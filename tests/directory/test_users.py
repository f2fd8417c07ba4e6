"""Accounts, passwords, appointments."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from shanglian.archive.models import LogEntry
from shanglian.directory import actions
from shanglian.directory.core.rights import Role
from shanglian.directory.models import User
from shanglian.directory.queries import system_user
from tests.factories.directory import make_org, make_user

pytestmark = pytest.mark.django_db
D = date


def test_a_made_up_password_is_argon2_and_must_be_changed():
    user, password = actions.create_user(username="lan", name="Lan", actor=system_user())
    assert len(password) == 19
    assert user.check_password(password)
    assert user.password.startswith("argon2$")
    assert user.must_change_password


def test_a_given_password_must_be_good():
    with pytest.raises(ValidationError):
        actions.create_user(username="lan", name="Lan", password="12345678901", actor=system_user())
    assert not User.objects.filter(username="lan").exists()


@pytest.mark.parametrize("username", ["Lan", "lan li", "", "兰", "system"])
def test_a_user_name_is_plain_and_free(username):
    with pytest.raises(ValidationError):
        actions.create_user(username=username, name="Lan", actor=system_user())


def test_a_changed_password_frees_the_account():
    user = make_user(password="first-word-of-many", must_change_password=True)
    actions.change_password(user, password="second-word-of-many", actor=user)
    user.refresh_from_db()
    assert user.check_password("second-word-of-many")
    assert not user.must_change_password
    assert user.password_changed_at is not None


def test_the_same_password_again_is_no_change():
    user = make_user(password="first-word-of-many", must_change_password=True)
    with pytest.raises(ValidationError, check=lambda error: error.code == "password_same"):
        actions.change_password(user, password="first-word-of-many", actor=user)


def test_a_forgotten_password_is_replaced_by_one_to_be_changed():
    user = make_user(password="first-word-of-many")
    password = actions.set_first_password(user, actor=system_user())
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


def test_no_password_is_ever_logged():
    _user, password = actions.create_user(username="lan", name="Lan", actor=system_user())
    assert password not in str(list(LogEntry.objects.values_list("detail", flat=True)))


def test_the_technical_account_cannot_sign_in():
    user = system_user()
    assert (user.is_active, user.has_usable_password(), user.must_change_password) == (False, False, False)


def test_a_role_is_held_once_at_a_time():
    org, user = make_org(), make_user()
    words = {"org": org, "role": Role.CLERK, "actor": system_user()}
    actions.appoint(user, on=D(2014, 1, 1), until=D(2016, 1, 1), **words)
    with pytest.raises(ValidationError):
        actions.appoint(user, on=D(2015, 1, 1), **words)
    again = actions.appoint(user, on=D(2016, 1, 1), **words)
    assert again.during.lower == D(2016, 1, 1)


def test_an_appointment_ends_within_its_days():
    post = actions.appoint(
        make_user(), org=make_org(), role=Role.CLERK, on=D(2014, 1, 1), until=D(2016, 1, 1), actor=system_user()
    )
    for day in (D(2014, 1, 1), D(2016, 1, 2)):
        with pytest.raises(ValidationError):
            actions.end_appointment(post, on=day, actor=system_user())
    actions.end_appointment(post, on=D(2015, 1, 1), actor=system_user())
    post.refresh_from_db()
    assert post.during.upper == D(2015, 1, 1)


def test_the_database_refuses_a_strange_user_name_too():
    with pytest.raises(IntegrityError, match="directory_user_username_is_plain"):
        User.objects.create(username="A B", name="x")
