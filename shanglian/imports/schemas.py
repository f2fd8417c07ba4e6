"""Imports as the API tells them."""

from datetime import date
from uuid import UUID

from ninja import Schema

from shanglian.common.schemas import Moment, Paged


class BatchLineOut(Schema):
    id: UUID
    kind: str
    org: str
    on: date
    state: str
    created_at: Moment
    created_by: str
    committed_at: Moment | None
    undone_at: Moment | None


class BatchesOut(Paged):
    imports: list[BatchLineOut]


class FileOut(Schema):
    name: str
    sha256: str


class BatchOut(BatchLineOut):
    """`rows`: how many there are by what becomes, or became, of them."""

    complete: bool
    files: list[FileOut]
    rows: dict[str, int]
    rows_total: int
