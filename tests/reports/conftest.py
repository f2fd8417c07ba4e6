"""The story of tests/reports/story.py as fixtures. Models are imported inside: here Django is not set up yet."""

import shutil
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from tests.paths import POLICIES


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any, tmp_path: Path) -> None:
    """Unhashed static files, so that nothing has to be collected first."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def empty_world(db: None, settings: Any, tmp_path: Path) -> Any:
    """The little federation under a plan of its own; nobody was ever booked."""
    from tests.reports.story import empty_world  # noqa: PLC0415

    shutil.copytree(POLICIES / "members", tmp_path / "policies" / "members")  # the closed lists, and no shipped plan
    settings.POLICY_DIRS = [tmp_path / "policies"]
    made = empty_world(tmp_path / "policies" / "plans")
    copy(settings.BASE_DIR / "policies" / "reminders.yaml", tmp_path / "policies")  # the frame of every page asks it
    return made


@pytest.fixture
def world(empty_world: Any) -> Any:
    """The same with the members of the story."""
    from tests.reports.story import tell  # noqa: PLC0415

    return tell(empty_world)


@pytest.fixture
def signed_in() -> Any:
    """A browser in which somebody is signed in: `signed_in(user)`, or in English `signed_in(user, "en")`."""
    from django.test import Client  # noqa: PLC0415

    def browser(user: Any, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user)
        return client

    return browser
