"""What reaches the log, and what never does."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from shanglian.common.logging import logging_config, mask, masked


@pytest.fixture
def lines() -> Iterator[Any]:
    """Configures logging into memory; call it to get the lines written so far."""
    stream = io.StringIO()
    config = logging_config(debug=False)
    config["handlers"]["stderr"]["stream"] = stream
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = handlers, level


@pytest.mark.parametrize(
    "personal",
    [
        "13812345678",
        "+86 138-1234-5678",
        "８６ １３８１２３４５６７８",
        "410105199001011234",
        "41010519900101123x",
        "410105900101123",
        "91410105MA40X7Q29L",
        "li.ming@example.org",
    ],
)
def test_numbers_and_addresses_of_people_are_masked(personal: str) -> None:
    assert mask(f"联系人{personal}，已通知").replace("８６ ", "") in {
        "联系人***，已通知",
        "联系人***@***，已通知",
    }


@pytest.mark.parametrize(
    "harmless",
    ["32,318 members", "2016-07-04", "row 1380013800", "8f14e45fceea167a", "410105-sh-001", "batch 20161231"],
)
def test_what_only_looks_like_it_stays(harmless: str) -> None:
    assert mask(harmless) == harmless


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("password=hunter2 ok", "password=*** ok"),
        ('{"password": "hunter2"}', '{"password": "***"}'),
        ("密码：hunter2", "密码：***"),
        ("token=abc&next=/", "token=***&next=/"),
    ],
)
def test_secrets_in_text_are_masked(text: str, clean: str) -> None:
    assert mask(text) == clean


def test_secret_fields_are_masked_at_any_depth() -> None:
    event = {
        "form": {"password1": "x", "name": "Acme", "rows": [13812345678, 7]},
        "csrf_token": "y",
        "ok": True,
    }
    assert masked(event) == {
        "form": {"password1": "***", "name": "Acme", "rows": ["***", 7]},
        "csrf_token": "***",
        "ok": True,
    }


def test_the_standard_library_and_structlog_write_the_same_lines(lines: Any) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abcd1234"):
        logging.getLogger("some.library").warning("called %s", "13812345678")
        structlog.get_logger("shanglian.x").info("called", mobile="13812345678", rows=3)
    first, second = lines()
    assert {k: first[k] for k in ("event", "level", "logger", "request_id")} == {
        "event": "called ***",
        "level": "warning",
        "logger": "some.library",
        "request_id": "abcd1234",
    }
    assert {k: second[k] for k in ("event", "mobile", "rows", "request_id")} == {
        "event": "called",
        "mobile": "***",
        "rows": 3,
        "request_id": "abcd1234",
    }


def test_a_traceback_is_one_line_and_masked(lines: Any) -> None:
    try:
        raise ValueError("bad number 13812345678")
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    (line,) = lines()
    assert "ValueError: bad number ***" in line["exception"]
