"""The movement table: opening + joined + moved in − left − moved out = closing, or an error that names the row."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from shanglian.members.core.kinds import Line


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One row of the movement table; every column counts members, none is negative in an orderly register.

    `opening` holds the balance before the period and the stocks taken over within it (`taken_over` of them): a first
    roster is a stock, not a join. A head that changes its home is moved: rehomed legs stand in `moved_in`/`moved_out`.
    """

    opening: int = 0
    joined: int = 0
    moved_in: int = 0
    reclassified_in: int = 0
    left: int = 0
    moved_out: int = 0
    reclassified_out: int = 0
    closing: int = 0
    taken_over: int = 0

    def __add__(self, other: "MovementRow") -> "MovementRow":
        return MovementRow(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def balances(self) -> bool:
        gained = self.joined + self.moved_in + self.reclassified_in
        lost = self.left + self.moved_out + self.reclassified_out
        return self.opening + gained - lost == self.closing

    def is_empty(self) -> bool:
        return not any(getattr(self, f.name) for f in fields(self))


class Unbalanced(ValueError):
    """A row of the movement table does not add up: a fault of the register, never of the reader."""


def movement_row(before: int, by_line: Mapping[str, int], closing: int) -> MovementRow:
    """One row from the balance before the period, the sums by line within it and the balance after it.

    Raises Unbalanced, naming the figures, when they do not add up.
    """

    def of(*lines: Line) -> int:
        return sum(by_line.get(line, 0) for line in lines)

    row = MovementRow(
        opening=before + of(Line.OPENING),
        joined=of(Line.JOINED),
        moved_in=of(Line.MOVED_IN, Line.REHOMED_IN),
        reclassified_in=of(Line.RECLASSIFIED_IN),
        left=-of(Line.LEFT),
        moved_out=-of(Line.MOVED_OUT, Line.REHOMED_OUT),
        reclassified_out=-of(Line.RECLASSIFIED_OUT),
        closing=closing,
        taken_over=of(Line.OPENING),
    )
    if not row.balances():
        raise Unbalanced(f"{row}")
    return row
