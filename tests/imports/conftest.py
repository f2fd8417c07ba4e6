"""An import machine with a kind that has no register behind it, and a place of its own for stored files."""

import pytest


@pytest.fixture(autouse=True)
def fake_kind(settings, tmp_path):
    """Both keys mean the fake: the commands ask for "roster"."""
    settings.IMPORT_KINDS = {"fake": "tests.imports.workbooks.FAKE", "roster": "tests.imports.workbooks.FAKE"}
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.UPLOAD_ROOT = tmp_path / "uploads"


@pytest.fixture
def rosters(settings, fake_kind):
    """The real roster instead of the fake."""
    settings.IMPORT_KINDS = {"roster": "shanglian.members.sheets.ROSTER"}


@pytest.fixture
def federation(db):
    from tests.little_federation import little_federation  # noqa: PLC0415  models, once the apps are loaded

    return little_federation()
