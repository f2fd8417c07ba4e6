"""Every address asks a stranger to sign in, but for a few that are listed here."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

FOR_EVERYBODY = {
    "/account/login/",
    "/account/signup/",
    "/account/inactive/",
    "/account/logout/",
    "/healthz",
    "/language/",
    "/readyz",
}
EXAMPLES = {"int": "1", "uuid": "00000000-0000-7000-8000-000000000000", "str": "x", "slug": "x", "path": "x"}


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry.pattern, RegexPattern):
            raise AssertionError(f"{entry.pattern} is a regular expression; write it with converters")
        here = before + re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES[found[1] or "str"], str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, here)
        else:
            yield here


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any, tmp_path: Path) -> None:
    """Unhashed static files, so that nothing has to be collected first."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_everywhere(client: Client):
    open_to_strangers = set()
    for address in addresses(get_resolver().url_patterns):
        response = client.get(address)
        asked = response.status_code == 401 or (
            response.status_code == 302 and "/account/login/" in response.headers["Location"]
        )
        if not asked:
            open_to_strangers.add(address)

    assert open_to_strangers <= FOR_EVERYBODY
