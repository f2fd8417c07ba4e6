"""The little federation with a few members, an import and a plan, and programs that show a token."""

from typing import Any

import pytest


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> Any:
    """The story of the home page's tests, and a list of posts imported at Jinshui."""
    from tests.factories.structure import import_posts  # noqa: PLC0415  models, once the apps are loaded
    from tests.reports.story import empty_world, tell  # noqa: PLC0415

    settings.POLICY_DIRS = [tmp_path / "policies", settings.BASE_DIR / "policies"]
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    world = tell(empty_world(tmp_path / "policies" / "plans"))
    rows = [["示例丙", "主席", "十七届", "2012年6月", "", "", ""]]
    import_posts(world.little.jinshui, world.little.alice, rows)
    return world


@pytest.fixture
def program() -> Any:
    """`program(user)` reads as this user's program: a client with a token."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from shanglian.directory.actions import issue_api_token  # noqa: PLC0415
    from shanglian.directory.queries import system_user  # noqa: PLC0415

    def client(user: Any, language: str = "en") -> Client:
        if not user.has_usable_password():
            user.password = make_password("示例口令")
        _token, text = issue_api_token(user, days=1, actor=system_user())
        return Client(headers={"authorization": f"Bearer {text}", "accept-language": language})

    return client
