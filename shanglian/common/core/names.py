"""The key under which two spellings of one organisation's name are the same.

For comparing only: what is shown is always the name as written. A branch has its own name and so its own key.
"""

import re
import unicodedata

FEDERATIONS = ("工商业联合会", "工商联", "总商会")  # the same body under three words
_DROP = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # signs without width
_BRACKETS = {ord(a): b for a, b in zip("〔〕【】[]〖〗{}", "()()()()()", strict=True)}
_TABLE: dict[int, str | None] = {**_DROP, **_BRACKETS}
_MARKS = "★☆*※●○■□▲△◆◇#√✓"  # set before a name to mark a row
_FORMER = re.compile(r"\((?:原名|曾用名|原|更名前|现名|现更名为|已更名为?)[::].*?\)")


def name_key(text: str) -> str:
    """`text` in NFKC without blanks, with half-width brackets, leading marks and "(原名:…)": "" for nothing.

    Letters keep their case: it is part of a registered name.
    """
    key = text if text.isascii() else unicodedata.normalize("NFKC", text)
    key = "".join(key.split()).translate(_TABLE).lstrip(_MARKS)
    if "名" in key and ":" in key:
        key = _FORMER.sub("", key)
    return key
