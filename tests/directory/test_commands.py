"""The commands that give an empty installation its first organisations and accounts."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from shanglian.directory.core.rights import Role
from shanglian.directory.models import Appointment, Org, User
from shanglian.directory.queries import org_by_code, subtree_ids, today, user_of_token
from tests.factories.directory import make_user

SMALL = """
tree_since: 1990-01-01
organisations:
  - {code: "990100", kind: city, name: 示例市工商业联合会, short_name: 示例市}
  - {code: "990102", kind: county, parent: "990100", name: 示例区工商业联合会, short_name: 示例区}
"""


def test_the_shipped_file_gives_province_city_counties_and_zones_and_may_be_repeated(db, capsys):
    for expected in (
        "18 organisations founded, 0 were there already",
        "0 organisations founded, 18 were there already",
    ):
        call_command("found_organisations", "410100")
        assert expected in capsys.readouterr().err
    city = org_by_code("410100")
    assert len(subtree_ids(city, on=today())) == 17
    assert not Org.objects.filter(sample=True).exists()


def test_a_federation_brings_its_own_file(db, tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text(SMALL, encoding="utf-8")
    call_command("found_organisations", str(path))
    assert sorted(Org.objects.values_list("code", flat=True)) == ["990100", "990102"]


def test_a_faulty_file_is_named_with_line_and_remedy_and_founds_nothing(db, tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text(SMALL.replace('parent: "990100"', 'parent: "990199"'), encoding="utf-8")
    with pytest.raises(CommandError, match=r"own\.yaml 第5行 .*990199 / line 5"):
        call_command("found_organisations", str(path))
    assert Org.objects.count() == 0


def test_the_first_account_can_sign_in_and_must_change_its_password(db, capsys):
    call_command("found_organisations", "410100")
    call_command("open_account", "keeper", name="示例管理员", role="admin", org="410100")
    password = capsys.readouterr().out.strip()
    assert Appointment.objects.get().role == Role.ADMIN
    client = Client()
    client.post("/account/login/", {"login": "keeper", "password": password})
    assert client.get("/orgs/").url.startswith("/account/password/")


def test_a_name_that_is_taken_or_an_organisation_that_is_unknown_opens_no_account(db):
    call_command("found_organisations", "410100")
    call_command("open_account", "keeper", name="示例管理员", role="admin", org="410100")
    with pytest.raises(CommandError):
        call_command("open_account", "keeper", name="示例管理员", role="admin", org="410100")
    with pytest.raises(CommandError, match="999999"):
        call_command("open_account", "other", name="示例经办人", role="clerk", org="999999")
    assert User.objects.exclude(username="system").count() == 1


def test_a_token_is_printed_once_listed_without_its_text_and_revoked(db, capsys):
    user = make_user(username="reader", password="tiger-lily-91-quartz")
    call_command("api_token", "reader", days=3)
    text = capsys.readouterr().out.strip()
    assert user_of_token(text) == user
    call_command("api_token", "reader", list=True)
    number = capsys.readouterr().out.split("\t")[0]
    call_command("api_token", "reader", revoke=int(number))
    assert user_of_token(text) is None
    for refused in ({"days": 0}, {"days": 400}, {"revoke": 10**9}):
        with pytest.raises(CommandError):
            call_command("api_token", "reader", **refused)
    with pytest.raises(CommandError):
        call_command("api_token", "nobody-of-that-name")
