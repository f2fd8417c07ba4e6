"""Lists of posts imported by the real actions, for tests."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shanglian.directory.models import Org, User
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.models import Batch
from tests.imports.workbooks import xlsx_bytes

POST_HEADINGS = ["姓名", "职务", "届次", "任职时间", "卸任时间", "工作单位", "统一社会信用代码"]


def post_batch(
    org: Org,
    actor: User,
    rows: Sequence[Sequence[Any]],
    *,
    headings: Sequence[str] = POST_HEADINGS,
    on: date = date(2016, 12, 31),
    complete: bool = False,
    name: str = "职务名单.xlsx",
) -> Batch:
    """A list of posts, read and rehearsed."""
    file = IncomingFile(name, xlsx_bytes({"名单": [list(headings), *map(list, rows)]}))
    batch = receive_file(org=org, kind="posts", files=[file], on=on, complete=complete, actor=actor)
    read_batch(batch=batch, actor=actor)
    return preview_batch(batch=batch, actor=actor)


def import_posts(org: Org, actor: User, rows: Sequence[Sequence[Any]], **options: Any) -> Batch:
    """The same, committed."""
    batch = post_batch(org, actor, rows, **options)
    commit_batch(batch=batch, actor=actor)
    batch.refresh_from_db()
    return batch
