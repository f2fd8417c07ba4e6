"""Two small federations, the figures of fakes.py behind the plug, and a directory of own plan files.

Models are imported inside the fixture: when this file is read, Django is not set up yet.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.plans.samples import HARBOUR
from tests.remembered import fresh_policies

__all__ = ["fresh_policies"]


@pytest.fixture
def figures(settings: Any) -> None:
    settings.MEASURES = ["tests.plans.fakes.MEASURES"]


@pytest.fixture
def federations(db: None, figures: None) -> dict[str, Any]:
    """The city 410100 with counties 410105 and 410122; the city 990100 with 990102 and 990103."""
    from shanglian.directory.actions.orgs import found_org  # noqa: PLC0415
    from shanglian.directory.core.kinds import OrgKind  # noqa: PLC0415
    from shanglian.directory.queries import system_user  # noqa: PLC0415

    orgs: dict[str, Any] = {}
    for code in ("410100", "410105", "410122", "990100", "990102", "990103"):
        city = orgs.get(code[:4] + "00")
        kind = OrgKind.COUNTY if city else OrgKind.CITY
        orgs[code] = found_org(
            code=code,
            kind=kind,
            name=f"{code}（示例）",
            parent=city,
            on=date(2010, 1, 1),
            actor=system_user(),
        )
    return orgs


@pytest.fixture
def overlay(settings: Any, tmp_path: Path) -> Path:
    """An installation's own directory of plan files, holding the harbour federation's."""
    plans = tmp_path / "policies" / "plans"
    plans.mkdir(parents=True)
    (plans / "harbour-2020-2022.yaml").write_text(HARBOUR, encoding="utf-8")
    settings.POLICY_DIRS = [tmp_path / "policies", *settings.POLICY_DIRS]
    return plans
