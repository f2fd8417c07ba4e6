"""The little federation as a fixture."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.little_federation import LittleFederation


@pytest.fixture
def little(db: None) -> "LittleFederation":
    # This file is read before Django is set up, so models are imported only here.
    from tests.little_federation import little_federation  # noqa: PLC0415

    return little_federation()
