"""Files of one's own are read as in a process of its own."""

from tests.remembered import fresh_policies

__all__ = ["fresh_policies"]
