"""Logs: one JSON object per line on stderr, from structlog and the standard library, without personal data.

Masking is a net, not a licence: do not log names, numbers or form contents in the first place.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog

MASK = "***"
_DIGIT = "[0-9０-９]"
_CODE_SIGN = "[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy]"
_START, _END = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
_SECRET = re.compile(
    r"(?i)(pass(?:word|wd|phrase)?|pwd|secret|token|密码|口令)(['\"]?\s*[:=：]\s*)(['\"]?)[^\s'\",;&]+"
)
_EMAIL = re.compile(r"[A-Za-z0-9._+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NUMBERS = [
    # identity numbers, today's with 18 signs and the old ones with 15 digits
    re.compile(rf"{_START}{_DIGIT}{{17}}[0-9０-９XxＸｘ]{_END}"),
    re.compile(rf"{_START}{_DIGIT}{{15}}{_END}"),
    # unified codes of organisations
    re.compile(rf"{_START}{_CODE_SIGN}{{2}}[0-9]{{6}}{_CODE_SIGN}{{10}}{_END}"),
    # mobile numbers, with or without +86 and separators
    re.compile(rf"{_START}(?:\+?86[- ]?)?[1１][3-9３-９]{_DIGIT}[- ]?{_DIGIT}{{4}}[- ]?{_DIGIT}{{4}}{_END}"),
]
_SECRET_KEYS = re.compile(
    r"(?i)pass(word|wd|phrase)?\d?$|^pwd$|secret|token|cookie|authorization|session_?(id|key)$"
    r"|^(mobile|phone|email|id_?number|identity_?number)$"
)


def mask(text: str) -> str:
    """The text without mobile numbers, identity numbers, unified codes, e-mail addresses and passwords."""
    text = _EMAIL.sub(f"{MASK}@{MASK}", _SECRET.sub(rf"\1\2\3{MASK}", text))
    for pattern in _NUMBERS:
        text = pattern.sub(MASK, text)
    return text


def masked(value: Any) -> Any:
    """The same for anything that may be logged; what is not plain data is written as masked text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if mask(str(value)) == str(value) else MASK
    if isinstance(value, Mapping):
        return {str(k): MASK if _SECRET_KEYS.search(str(k)) else masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    return mask(str(value))


def mask_personal(logger: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The structlog processor. Runs after the traceback was made text, before the line is written."""
    plain: dict[str, Any] = masked(event)
    return plain


def logging_config(debug: bool) -> dict[str, Any]:
    """A dictConfig for stderr. Also points structlog at the standard library, so that both come out alike."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": structlog.stdlib.ProcessorFormatter, **_formatter(shared)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "DEBUG" if debug else "INFO"},
        "loggers": {
            # Django's own handlers would write a second, unmasked line
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # says on every start of every command which tasks it found
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            # statements carry the values of rows
            "django.db.backends": {"level": "WARNING"},
        },
    }


def _formatter(shared: list[structlog.typing.Processor]) -> dict[str, Any]:
    return {
        "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder(allow=["status_code"])],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_personal,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
