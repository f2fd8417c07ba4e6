"""Numbers by which a person can be called or known, as pages show them: the middle is covered. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from shanglian.common.core.codes import Scheme, State, read_code

_FREE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_EXTENSION = r"(?P<rest>(?: ?(?:转|分机|ext\.?|[-#]) ?\d{1,5}(?!\d))?)"
_MOBILE: Final = re.compile(rf"{_FREE}(?:(?:\+|00)?86[- ]?)?(?P<number>1[3-9]\d(?:[- ]?\d){{8}}){_END}")
_FIXED: Final = re.compile(
    rf"{_FREE}(?:\+?86[- ]?)?[(]?(?P<number>0\d{{2,3}}[)]?[- .]{{0,2}}\d(?:[- ]?\d){{6,7}})(?![0-9A-Za-z]){_EXTENSION}"
    r"(?P<more>(?: ?[/、,;] ?\d{7,8}(?!\d))*)",
    re.IGNORECASE,
)
_SERVICE: Final = re.compile(rf"{_FREE}(?P<number>[48]00(?:[- ]\d{{3,4}}){{2}}){_END}")
_SAID: Final = re.compile(
    r"(?P<word>(?:电话|手机|座机|固话|\btel\.?)[:( ]{0,3})(?P<number>\d{7,8})(?!\d)", re.IGNORECASE
)
_ANY: Final = re.compile(r"(?<![\d*])(?P<number>\d(?:[- ]?\d){6,})(?!\d)(?P<rest>(?: ?(?:转|分机) ?\d{1,5})?)")
_RESIDENT: Final = re.compile(
    rf"{_FREE}([1-8]\d{{5}})(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(\d{{3}}[\dXx]){_END}"
)
_DASHES: Final = str.maketrans("—–−‐‑", "-----")
_CALLS: Final = re.compile(r"电话|手机|座机|固话|传真|联系方式|phone|mobile|\btel|\bfax", re.IGNORECASE)


def of_calls(heading: str) -> bool:
    """What stands below this heading are telephones."""
    return _CALLS.search(heading) is not None


def covered_number(number: str) -> str:
    """A telephone with three digits in front and four behind; of one without its area, one and three."""
    digits = "".join(filter(str.isdigit, number))
    if len(digits) >= 10:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{digits[:1]}****{digits[-3:]}" if len(digits) >= 7 else number


def covered_numbers(numbers: Iterable[str]) -> str:
    """Telephones in one line."""
    return " ".join(map(covered_number, numbers))


def covered(text: str, *, calls: bool = False) -> str:
    """A text in which the middle of telephone and resident numbers is covered; anything else stays as it is.

    `calls`: it stands where telephones stand, so that any longer number is one.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    shown = _RESIDENT.sub(r"\1********\2", plain)
    for pattern in (_FIXED, _MOBILE, _SERVICE, _SAID, *([_ANY] if calls else [])):
        shown = pattern.sub(_covered, shown)
    return text if shown == plain or _is_code(plain) else shown


def _is_code(text: str) -> bool:
    """A unified code that checks, written in groups."""
    code = read_code(text)
    return code.scheme is Scheme.USCC and code.state is State.VALID


def _covered(found: re.Match[str]) -> str:
    """The number; an extension and further numbers of the same area behind it."""
    parts = found.groupdict()
    rest = re.sub(r"\d", "*", parts.get("rest") or "")
    more = re.sub(r"\d{7,8}", lambda one: covered_number(one[0]), parts.get("more") or "")
    return f"{parts.get('word') or ''}{covered_number(parts['number'])}{rest}{more}"
