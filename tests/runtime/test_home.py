"""The secret key and the database's address, as the settings get them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shanglian.runtime.home import database_settings, parse_database_url, secret_key
from shanglian.runtime.places import Unusable

APP = "-c role=shanglian_app"


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    key = secret_key(home, {})
    assert len(key) >= 50
    assert secret_key(home, {}) == key
    assert [(path.name, path.stat().st_mode & 0o777) for path in home.iterdir()] == [("secret_key", 0o600)]


def test_many_who_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path / "home", {}), range(64)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret_key"]


def test_a_key_open_to_others_is_closed(tmp_path: Path) -> None:
    key = secret_key(tmp_path, {})
    (tmp_path / "secret_key").chmod(0o644)
    assert secret_key(tmp_path, {}) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_given_key_touches_no_disk(tmp_path: Path) -> None:
    given = "k" * 50
    assert secret_key(tmp_path / "absent", {"SHANGLIAN_SECRET_KEY": given}) == given
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("key", ["xyzzy", "k" * 49])
def test_a_short_key_is_refused_without_showing_it(tmp_path: Path, key: str) -> None:
    with pytest.raises(Unusable, match="too short") as given:
        secret_key(tmp_path, {"SHANGLIAN_SECRET_KEY": key})
    (tmp_path / "secret_key").write_text(key)
    with pytest.raises(Unusable, match="too short"):
        secret_key(tmp_path, {})
    assert key not in str(given.value)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match=r"无法建立目录 .*file/home[\s\S]*SHANGLIAN_HOME"):
        secret_key(tmp_path / "file" / "home", {})


def test_reading_the_settings_creates_and_starts_nothing(tmp_path: Path) -> None:
    entry = database_settings(tmp_path / "home", {})
    assert (entry["NAME"], entry["USER"]) == ("shanglian", "shanglian")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "place", "options"),
    [
        ("postgres://u:p@h:5433/db", ("db", "u", "p", "h", "5433"), {"options": APP}),
        ("postgresql://u:p%40%2F@h/db", ("db", "u", "p@/", "h", ""), {"options": APP}),
        ("postgres:///db?host=/run/pg&user=u", ("db", "u", "", "/run/pg", ""), {"options": APP}),
        ("postgres://u@%2Frun%2Fpg/db", ("db", "u", "", "/run/pg", ""), {"options": APP}),
        ("postgres://[::1]:5433/db", ("db", "", "", "::1", "5433"), {"options": APP}),
        (
            "postgres://u@a:1,b:2/db?target_session_attrs=read-write&sslmode=require",
            ("db", "u", "", "a,b", "1,2"),
            {"target_session_attrs": "read-write", "sslmode": "require", "options": APP},
        ),
        (
            "postgres:///db?options=-c%20statement_timeout%3D5s",
            ("db", "", "", "", ""),
            {"options": f"{APP} -c statement_timeout=5s"},
        ),
        ("host=h dbname='a b' user=u", ("a b", "u", "", "h", ""), {"options": APP}),
    ],
)
def test_the_address_of_a_server_of_ones_own(url: str, place: tuple[str, ...], options: dict[str, str]) -> None:
    entry = database_settings(Path(), {"DATABASE_URL": url})
    assert tuple(entry[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == place
    assert entry["OPTIONS"] == options
    assert (entry["CONN_MAX_AGE"], entry["CONN_HEALTH_CHECKS"]) == (None, True)


@pytest.mark.parametrize(
    "url",
    ["mysql://u:secret@h/db", "postgres://u:secret@h/", "postgres://u:secret@h", "nonsense", "http://["],
)
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Unusable, match=r"^DATABASE_URL 无法识别[\s\S]*\nDATABASE_URL cannot be read") as refusal:
        parse_database_url(url)
    assert "secret" not in str(refusal.value)


def test_the_owner_has_an_address_of_its_own_if_given() -> None:
    environ = {"DATABASE_URL": "postgres://app@h/db", "SHANGLIAN_DB_ROLE": "owner"}
    shared = database_settings(Path(), environ)
    assert (shared["USER"], shared["OPTIONS"]) == ("app", {})
    own = database_settings(Path(), {**environ, "DATABASE_OWNER_URL": "postgres://boss@h/db"})
    assert (own["USER"], own["OPTIONS"]) == ("boss", {})
