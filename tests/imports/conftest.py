"""An import machine with a kind that has no register behind it, and a place of its own for stored files."""

import pytest


@pytest.fixture(autouse=True)
def fake_kind(settings, tmp_path):
    """Both keys mean the fake: the commands ask for "roster"."""
    settings.IMPORT_KINDS = {"fake": "tests.imports.workbooks.FAKE", "roster": "tests.imports.workbooks.FAKE"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in here
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.UPLOAD_ROOT = tmp_path / "uploads"
