"""What a demo is made with. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """What a demo was made with."""

    seed: int
    members: int
