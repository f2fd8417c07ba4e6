"""The movement table adds up, or names the row that does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.members.core.kinds import Line
from shanglian.members.core.replay import contradictions, figures, line_sums
from shanglian.members.core.statistics import MovementRow, Unbalanced, movement_row
from tests.ledger_text import entity_of, ledger

HISTORY = """
    2013-12-31 open   Acme   jinshui
    2013-12-31 open   Bravo  jinshui
    2014-03-01 join   Cedar  jinshui
    2014-05-01 join   Acme   erqi        # a further membership: no second head
    2014-06-01 move   Bravo  jinshui erqi
    2014-09-01 leave  Cedar  jinshui
    2014-10-01 rehome Acme   jinshui erqi
"""


def table(text: str, org: str, since: date, until: date, count: int = 1) -> MovementRow:
    entries = ledger(text)
    before = figures(entries, on=date.fromordinal(since.toordinal() - 1), key=lambda leg: leg.org)
    after = figures(entries, on=until, key=lambda leg: leg.org)
    sums = line_sums(entries, since=since, until=until, key=lambda leg: leg.org)
    by_line = {line: cell[count] for (key, line), cell in sums.items() if key == org}
    return movement_row(before.get(org, (0, 0))[count], by_line, after.get(org, (0, 0))[count])


def test_heads_and_memberships_of_a_year_in_one_county():
    year = (date(2014, 1, 1), date(2014, 12, 31))
    assert table(HISTORY, "jinshui", *year) == MovementRow(opening=2, joined=1, left=1, moved_out=2, closing=0)
    assert table(HISTORY, "jinshui", *year, count=0) == MovementRow(opening=2, joined=1, left=1, moved_out=1, closing=1)
    assert table(HISTORY, "erqi", *year) == MovementRow(moved_in=2, closing=2)
    assert table(HISTORY, "erqi", *year, count=0) == MovementRow(joined=1, moved_in=1, closing=2)


def test_a_first_roster_is_a_stock_and_never_a_join():
    row = table(HISTORY, "jinshui", date(2013, 1, 1), date(2013, 12, 31))
    assert row == MovementRow(opening=2, closing=2, taken_over=2)


def test_a_reversal_counts_negatively_in_the_column_of_what_it_reverses():
    text = HISTORY + "2015-02-01 undo 3\n2015-02-01 undo 6\n"
    row = table(text, "jinshui", date(2014, 1, 1), date(2014, 12, 31))
    assert row == MovementRow(opening=2, joined=0, left=0, moved_out=2, closing=0)


def test_a_row_that_does_not_add_up_is_an_error_with_its_figures():
    with pytest.raises(Unbalanced, match="opening=5, joined=1"):
        movement_row(5, {Line.JOINED: 1}, 7)


def test_the_history_above_is_orderly():
    assert contradictions(ledger(HISTORY), entity_of=entity_of, exists=lambda org, day: True) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2015-01-01 leave Acme erqi", "home"),  # leaves home while jinshui is open
        ("2014-04-01 join Bravo erqi", "membership"),
        ("2015-01-01 undo 1", "home"),
    ],
)
def test_what_would_contradict_the_register_is_named(line, fault):
    assert fault in contradictions(ledger(HISTORY + line), entity_of=entity_of, exists=lambda org, day: True)


def test_an_organisation_unknown_on_its_day_is_named():
    entries = ledger("2014-03-01 join Acme harbour")
    assert contradictions(entries, entity_of=entity_of, exists=lambda org, day: day.year > 2019) == [
        "unknown_organisation"
    ]


counts = st.integers(min_value=0, max_value=10**6)


@given(before=counts, gains=st.tuples(counts, counts, counts, counts), losses=st.tuples(counts, counts, counts))
def test_any_table_built_from_its_lines_balances(before, gains, losses):
    lines = dict(zip([Line.OPENING, Line.JOINED, Line.MOVED_IN, Line.RECLASSIFIED_IN], gains, strict=True))
    lines |= dict(zip([Line.LEFT, Line.MOVED_OUT, Line.RECLASSIFIED_OUT], [-loss for loss in losses], strict=True))
    row = movement_row(before, lines, before + sum(gains) - sum(losses))
    assert row.balances()
    assert (row + row).closing == 2 * row.closing
