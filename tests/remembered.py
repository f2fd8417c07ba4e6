"""What policy files are read once per process: forgotten before and after a test that brings files of its own."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def fresh_policies() -> Iterator[None]:
    from shanglian.members import reading  # noqa: PLC0415 -- Django is not set up when this file is read
    from shanglian.structure import org_reading, post_reading  # noqa: PLC0415

    rooms = (reading, org_reading, post_reading)
    kept = [one for room in rooms for one in vars(room).values() if hasattr(one, "cache_clear")]
    for one in kept:
        one.cache_clear()
    yield
    for one in kept:
        one.cache_clear()
