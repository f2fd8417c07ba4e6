"""Storing files: content addressed, once, whole or not at all."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from shanglian.archive.actions import store_document
from shanglian.archive.models import Document, LogEntry
from shanglian.archive.queries import document_path, open_document
from shanglian.directory.queries import system_user

pytestmark = pytest.mark.django_db
CONTENT = "名册\n".encode() * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return settings.DOCUMENT_ROOT


def test_a_file_lies_under_the_hash_of_its_content(root):
    document = store_document(stream=BytesIO(CONTENT), name="2015/名册.csv", actor=system_user())
    assert (document.sha256, document.name, document.size, document.media_type) == (
        SHA,
        "名册.csv",
        len(CONTENT),
        "text/csv",
    )
    assert (root / SHA[:2] / SHA).read_bytes() == CONTENT
    with open_document(document) as stored:
        assert stored.read() == CONTENT


def test_the_same_content_is_stored_once(root, tmp_path):
    first = store_document(stream=BytesIO(CONTENT), name="a.csv", actor=system_user())
    copy = tmp_path / "b.csv"
    copy.write_bytes(CONTENT)
    assert store_document(path=copy, name="b.csv", actor=system_user()) == first
    assert [path.name for path in root.rglob("*") if path.is_file()] == [SHA]
    assert LogEntry.objects.filter(verb="document.store").count() == 1


def test_a_stream_that_breaks_leaves_nothing_behind(root):
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= len(CONTENT):
                raise OSError("gone")
            return super().read(size)

    with pytest.raises(OSError, match="gone"):
        store_document(stream=Broken(CONTENT), name="a.csv", actor=system_user())
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert not Document.objects.exists()


def test_exactly_one_source_is_given():
    with pytest.raises(ValueError, match="either"):
        store_document(name="a.csv", actor=system_user())


def test_an_empty_file_and_one_without_a_known_kind():
    document = store_document(stream=BytesIO(b""), name="x.unheard", actor=None)
    assert (document.size, document.media_type, document.stored_by) == (0, "application/octet-stream", None)
    assert document_path(document.sha256).is_file()


def test_a_document_is_not_changed(as_owner):
    document = store_document(stream=BytesIO(CONTENT), name="a.csv", actor=system_user())
    with pytest.raises(ProgrammingError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(name="b.csv")
    with pytest.raises(IntegrityError, match="archive_document"), as_owner():
        Document.objects.filter(pk=document.pk).update(name="b.csv")


@pytest.mark.parametrize("sha256", ["", "A" * 64, "0" * 63])
def test_a_hash_is_sixty_four_hexadecimal_signs(sha256):
    with pytest.raises(IntegrityError, match="archive_document_sha256_is_hex"):
        Document.objects.create(sha256=sha256, name="x", size=1, media_type="text/csv")
