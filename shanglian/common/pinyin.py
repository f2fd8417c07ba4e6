"""Sort keys for Chinese names: no embedded engine has a Chinese collation, so the order is stored.

Character by character with the first reading, for speed and so that the same name always gets the same key; names
with characters of several readings may sort under the more frequent one.
"""

from functools import lru_cache

from pypinyin import Style, pinyin


@lru_cache(maxsize=20_000)
def syllable(char: str) -> str:
    """Toneless first reading of one character; other characters as they are, in lower case."""
    readings = pinyin(char, style=Style.NORMAL, errors="ignore")
    return readings[0][0] if readings else char.lower()


def sort_key(name: str) -> str:
    """'郑州云图' → 'zheng zhou yun tu': compares in C order as a Chinese reader expects."""
    return " ".join(map(syllable, name))
