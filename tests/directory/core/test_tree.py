"""Runs of days and the replayed tree, without a database."""

from datetime import date

from shanglian.directory.core.tree import (
    Change,
    ChangeKind,
    Run,
    covers_days,
    cut,
    joined,
    replay,
    run_on,
    set_from,
    value_on,
)

D = date


def test_a_value_holds_from_its_day_until_the_value_next_changes():
    runs = (Run(D(2010, 1, 1), D(2016, 1, 1), "A"), Run(D(2016, 1, 1), None, "B"))
    assert set_from(runs, D(2014, 1, 1), "C") == (
        Run(D(2010, 1, 1), D(2014, 1, 1), "A"),
        Run(D(2014, 1, 1), D(2016, 1, 1), "C"),
        Run(D(2016, 1, 1), None, "B"),
    )


def test_a_value_set_on_the_first_day_replaces_the_run():
    assert set_from((Run(D(2010, 1, 1), None, "A"),), D(2010, 1, 1), "B") == (Run(D(2010, 1, 1), None, "B"),)


def test_neighbours_of_one_value_are_one_run():
    pieces = [Run(D(2012, 1, 1), None, "A"), Run(D(2010, 1, 1), D(2012, 1, 1), "A")]
    assert joined(pieces) == (Run(D(2010, 1, 1), None, "A"),)
    assert run_on(pieces, D(2011, 1, 1)) == Run(D(2010, 1, 1), None, "A")


def test_nothing_is_set_where_nothing_holds():
    runs = (Run(D(2010, 1, 1), D(2012, 1, 1), "A"),)
    assert set_from(runs, D(2013, 1, 1), "B") == runs
    assert value_on(runs, D(2012, 1, 1)) is None


def test_cut_leaves_the_days_before():
    runs = (Run(D(2010, 1, 1), D(2012, 1, 1), "A"), Run(D(2012, 1, 1), None, "B"))
    assert cut(runs, D(2011, 1, 1)) == (Run(D(2010, 1, 1), D(2011, 1, 1), "A"),)
    assert cut(runs, D(2013, 1, 1)) == (runs[0], Run(D(2012, 1, 1), D(2013, 1, 1), "B"))


def test_days_are_covered_only_without_a_gap():
    runs = (Run(D(2010, 1, 1), D(2012, 1, 1), "A"), Run(D(2012, 1, 1), D(2015, 1, 1), "B"))
    assert covers_days(runs, D(2011, 1, 1), D(2015, 1, 1))
    assert not covers_days(runs, D(2011, 1, 1), None)
    assert not covers_days(runs, D(2009, 1, 1), D(2011, 1, 1))
    assert not covers_days((runs[0], Run(D(2013, 1, 1), None, "B")), D(2011, 1, 1), D(2014, 1, 1))
    assert covers_days((Run(D(2010, 1, 1), None, "A"),), D(2011, 1, 1), None)


HISTORY = [
    Change(ChangeKind.FOUND, "p", D(2000, 1, 1)),
    Change(ChangeKind.FOUND, "a", D(2000, 1, 1), "p"),
    Change(ChangeKind.FOUND, "b", D(2000, 1, 1), "p"),
    Change(ChangeKind.FOUND, "x", D(2005, 1, 1), "a"),
    Change(ChangeKind.MOVE, "x", D(2010, 1, 1), "b"),
    Change(ChangeKind.CLOSE, "x", D(2015, 1, 1)),
]


def test_the_tree_of_a_day():
    tree = replay(HISTORY)
    assert tree.subtree("a", D(2009, 12, 31)) == {"a", "x"}
    assert tree.subtree("a", D(2010, 1, 1)) == {"a"}
    assert tree.subtree("b", D(2014, 12, 31)) == {"b", "x"}
    assert tree.subtree("p", D(2015, 1, 1)) == {"p", "a", "b"}
    assert tree.subtree("x", D(2004, 1, 1)) == frozenset()
    assert tree.path("x", D(2012, 1, 1)) == "/p/b/x/"


def test_a_closed_organisation_keeps_its_last_place_in_todays_tree():
    assert replay(HISTORY).subtree_today("b", D(2026, 1, 1)) == {"b", "x"}
    assert replay(HISTORY).subtree_today("a", D(2026, 1, 1)) == {"a"}


def test_what_is_founded_later_is_not_in_todays_tree():
    assert replay(HISTORY).subtree_today("p", D(2004, 1, 1)) == {"p", "a", "b"}
