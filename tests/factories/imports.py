"""A source row to point at, where a test needs evidence but no file."""

from datetime import date
from hashlib import sha256

from shanglian.archive.models import Document
from shanglian.directory.models import Org, User
from shanglian.imports.models import Batch, Row, SourceFile


def make_row(org: Org, actor: User, number: int = 2) -> Row:
    content = sha256(f"{org.code} {number}".encode()).hexdigest()
    document = Document.objects.create(sha256=content, name="roster.csv", size=1, media_type="text/csv")
    batch = Batch.objects.create(kind="roster", org=org, on_day=date(2014, 1, 1), created_by=actor)
    file = SourceFile.objects.create(batch=batch, document=document, name="roster.csv", position=0)
    return Row.objects.create(
        source_file=file,
        sheet="csv",
        number=number,
        cells=["示例"],
        record={"name": "示例"},
        outcome="accept",
    )
