"""Unified codes of nobody, with right check signs."""

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign


def uscc(number: int, prefix: str = "91", area: str = "410105") -> str:
    """The unified code with this number; the organisation part begins with YY, which no authority gives."""
    body = f"YY{number:06d}"
    organisation = body + org_code_check_sign(body)
    return prefix + area + organisation + uscc_check_sign(prefix + area + organisation)
