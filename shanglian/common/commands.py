"""What the management commands share: days and moments as arguments, JSON to stdout or a file. No figures here."""

import json
import sys
from argparse import ArgumentTypeError
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone


def day(text: str) -> date:
    """An ISO day; the end of that day is meant."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            f"'{text}' is not a day; write it like 2015-12-31. 日期格式不对，请写成 2015-12-31"
        ) from error


def moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is China's time."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            f"'{text}' is not a moment; write it like 2016-01-05T10:00. 时间格式不对，请写成 2016-01-05T10:00"
        ) from error
    return value if value.tzinfo else timezone.make_aware(value)


def add_json(parser: CommandParser) -> None:
    parser.add_argument("--json", metavar="PATH", help="write JSON to PATH, or to stdout with -")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return local_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return float(value)
    raise TypeError(type(value).__name__)


def local_iso(value: datetime) -> str:
    """A moment in China's time, ISO 8601 with offset."""
    return timezone.localtime(value).isoformat()


def write_json(target: str | None, data: Any) -> None:
    """`-` is stdout; a path is written whole or not at all; None writes nothing."""
    if target is None:
        return
    text = json.dumps(data, ensure_ascii=False, default=_plain, indent=1)
    if target == "-":
        sys.stdout.write(text + "\n")
        return
    path = Path(target)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}. 无法写入 {path}") from error


def end_of_time_is_now(known_on: datetime | None) -> datetime | None:
    """A moment in the future means now: nothing can be known then that is not known yet."""
    return None if known_on is not None and known_on > datetime.now(UTC) else known_on
