"""Only what recurs is remembered, and that changes nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shanglian.imports.core import repeats
from shanglian.imports.core.columns import Identity
from shanglian.imports.core.repeats import Recurring, Repeats, Seen

CODES = ["91410100YY0000001A", "91410100YY0000002B", "92410100YY0000001C"]
_identities = st.builds(
    Identity,
    st.sampled_from(["", "甲", "乙", "丙"]),
    st.sampled_from(["", *CODES]),
    st.sampled_from(["", *(code[8:17] for code in CODES)]),
    st.lists(st.sampled_from(["reg_no:1", "other:1"]), max_size=2).map(tuple),
)


class Everything(Recurring):
    def among(self, keys):
        return list(keys)


def remembering_all(files):
    seen, found = Seen(Everything()), []
    for number, rows in enumerate(files):
        seen.next_file()
        found.append([seen.judge(identity, (str(number), index)) for index, identity in enumerate(rows)])
    return found


@settings(max_examples=300)
@given(files=st.lists(st.lists(_identities, max_size=8), max_size=3), slots=st.sampled_from([8, 1 << 24]))
def test_the_repeats_are_those_found_when_everything_is_remembered(files, slots):
    """Also where keys are mistaken for others, as in a filter of eight slots."""
    before, repeats._SLOTS = repeats._SLOTS, slots
    try:
        noted = Repeats()
        for number, rows in enumerate(files):
            assert noted.begin_file() == number
            noted.note([(index, (str(number), index), identity) for index, identity in enumerate(rows)])
        found = [[noted.in_file(number).get(index) for index in range(len(rows))] for number, rows in enumerate(files)]
    finally:
        repeats._SLOTS = before
    assert found == remembering_all(files)
