"""One call that promises a page is guarded: stranger, without the right, with the right, with the right elsewhere."""

from django.test import Client

from shanglian.directory.models import User


def assert_guarded(
    url: str, *, allowed: User, forbidden: User | None, elsewhere: User | None, method: str = "get", ok: int = 200
) -> None:
    """A stranger is sent to sign in (302) or told so (401); `allowed` gets `ok`.

    `forbidden` (may see the organisation but lacks the right, or lacks every right) gets 403 or 404; `elsewhere`
    (has the right, for another organisation) gets 404: what lies elsewhere does not exist for them. Give None
    where a page has no such case.
    """
    assert _status(url, None, method) in (302, 401), "a stranger got in"
    if forbidden is not None:
        assert _status(url, forbidden, method) in (403, 404), "somebody without the right got in"
    if elsewhere is not None:
        assert _status(url, elsewhere, method) == 404, "somebody from elsewhere saw something"
    assert _status(url, allowed, method) == ok


def _status(url: str, user: User | None, method: str) -> int:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = getattr(client, method)(url)
    if response.streaming:
        b"".join(response.streaming_content)  # a download is closed once it is read
    return int(response.status_code)
