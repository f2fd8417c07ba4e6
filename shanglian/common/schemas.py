"""What requests and answers of the API share: codes, days and moments as they are asked, pages of a list, problems."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Schema
from pydantic import AfterValidator

from shanglian.common.commands import end_of_time_is_now, local_iso

EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)
CODE = r"^[0-9a-z]+(-[0-9a-z]+)*$"
LIMIT = 200


def _in_china(value: datetime) -> datetime | None:
    """A moment without an offset is China's time; one to come means now."""
    aware = value if value.tzinfo else timezone.make_aware(value)
    if not EARLIEST <= aware.date() <= LATEST:
        raise ValueError(f"between {EARLIEST} and {LATEST}")
    return end_of_time_is_now(aware)


Code = Annotated[str, Field(pattern=CODE, max_length=40, description="code of an organisation, like 410105")]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST, description="the end of this day")]
Known = Annotated[datetime, AfterValidator(_in_china), Field(description="as known at this moment; without it, now")]
Words = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
Limit = Annotated[int, Field(ge=1, le=LIMIT, description=f"lines of a page, at most {LIMIT}")]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


def moment(value: datetime | None) -> str | None:
    """A moment in an answer: China's time with its offset."""
    return local_iso(value) if value else None


class Paged(Schema):
    """A page of a list. `next`: the number of the next page, null on the last."""

    total: int
    page: int
    limit: int
    next: int | None


def paged(total: int, page: int, limit: int) -> dict[str, Any]:
    """The fields of Paged."""
    return {"total": total, "page": page, "limit": limit, "next": page + 1 if page * limit < total else None}


def window(page: int, limit: int) -> slice:
    return slice((page - 1) * limit, page * limit)


class Problem(Schema):
    """RFC 9457. `code` is stable; `detail` is a sentence for the reader; `request_id` stands in the log."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str
