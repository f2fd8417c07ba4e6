"""The roster's kind of sheet is read with everything the policy files say."""

from shanglian.members.reading import roster_reading
from tests.members.core.rosters import ROSTER


def test_an_installation_reads_rosters_with_all_words_of_the_policy():
    read = [(column.key, column.headings, column.weak) for column in roster_reading().columns]
    assert read == [(column.key, column.headings, column.weak) for column in ROSTER.columns]
