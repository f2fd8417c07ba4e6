"""The trajectory's points as a table, as the data of a chart, and as the pace of the last year."""

from datetime import date
from fractions import Fraction

from django.utils.translation import override

from shanglian.plans.core.plan import Direction, Indicator, Label, Scope
from shanglian.plans.core.status import Point
from shanglian.reports.trajectory import chart_data, label_of, outlook, point_lines, recent_pace, stepped

MEMBERS = Indicator("members", Label("会员总数", "Members"), "members", 0, Direction.UP, Scope.ALL, "members.heads")
SHARE = Indicator(
    "share", Label("占比", "Share"), "percent", 1, Direction.UP, Scope.ALL, None, "members.a", "members.heads"
)
YEARS = [
    Point(date(2013, 12, 31), Fraction(27_800), 27_800),
    Point(date(2014, 12, 31), Fraction(29_746), 29_512),
    Point(date(2015, 12, 31), Fraction("31828.22"), 31_828),
    Point(date(2017, 12, 31), Fraction(36_500), None),
]


def test_a_line_compares_what_is_printed() -> None:
    line = point_lines(YEARS, MEMBERS)[1]
    assert (line.planned, line.actual, line.gap) == (29_746, 29_512, -234)
    assert line.lag == Fraction(29_512, 29_746) - 1


def test_a_fraction_of_a_member_is_no_gap() -> None:
    assert (point_lines(YEARS, MEMBERS)[2].planned, point_lines(YEARS, MEMBERS)[2].gap) == (31_828, 0)


def test_what_is_not_known_stays_empty() -> None:
    line = point_lines(YEARS, MEMBERS)[3]
    assert (line.actual, line.gap, line.lag, line.is_blank) == (None, None, None, False)
    assert point_lines([Point(date(2017, 12, 31), None, None)], MEMBERS)[0].is_blank


def test_days_are_named_by_quarter_and_year() -> None:
    with override("en"):
        assert [label_of(day) for day in (date(2015, 12, 31), date(2016, 6, 30), date(2016, 5, 7))] == [
            "End of 2015",
            "2016Q2",
            "2016-05-07",
        ]


def test_the_pace_is_that_of_the_last_twelve_months_known() -> None:
    assert recent_pace(YEARS) == (Fraction(31_828 - 29_512, 12), date(2015, 12, 31))
    assert recent_pace(YEARS[:1]) is None
    assert recent_pace(YEARS[3:]) is None


def test_the_chart_has_numbers_words_and_an_axis() -> None:
    with override("en"):
        assert chart_data(point_lines(YEARS, MEMBERS), MEMBERS) == {
            "x": ["End of 2013", "End of 2014", "End of 2015", "End of 2017"],
            "plan": [27_800, 29_746, 31_828, 36_500],
            "actual": [27_800, 29_512, 31_828, None],
            "axis": {"divisor": 1, "suffix": "", "places": 0},
            "words": {
                "plan": "Plan",
                "actual": "Actual",
                "target_label": "Target 36,500",
                "actual_label": "31,828",
                "forecast": "Forecast",
                "forecast_label": "",
            },
        }


def test_an_axis_in_ten_thousands_only_where_its_steps_differ() -> None:
    narrow = [Point(point.day, Fraction(27_800), 27_801 + at) for at, point in enumerate(YEARS)]
    with override("zh-hans"):
        assert chart_data(point_lines(YEARS, MEMBERS), MEMBERS)["axis"] == {
            "divisor": 10_000,
            "suffix": "万",
            "places": 1,
        }
        assert chart_data(point_lines(narrow, MEMBERS), MEMBERS)["axis"]["divisor"] == 1


def test_a_chart_of_nothing_has_no_labels() -> None:
    data = chart_data([], MEMBERS)
    assert (data["x"], data["words"]["target_label"], data["words"]["actual_label"]) == ([], "", "")


def test_by_year_only_year_ends_the_last_known_day_and_the_target_day_are_kept() -> None:
    quarters = [Point(date(2013, 12, 31), Fraction(10), 10), *(Point(date(2014, m, 30), None, 1) for m in (6, 9))]
    points = [*quarters, Point(date(2014, 12, 31), None, None), Point(date(2015, 6, 30), Fraction(20), None)]
    kept = [date(2013, 12, 31), date(2014, 9, 30), date(2014, 12, 31), date(2015, 6, 30)]
    assert [point.day for point in stepped(points, "year")] == kept
    assert stepped(points, "quarter") == points


def test_a_share_is_shown_in_percent_and_its_gap_in_points() -> None:
    line = point_lines([Point(date(2014, 12, 31), Fraction("47.44"), Fraction("47.26"))], SHARE)[0]
    assert (line.planned_text, line.actual_text, line.gap_text) == ("47.4%", "47.3%", "−0.1")
    assert chart_data([line], SHARE)["axis"] == {"divisor": 1, "suffix": "%", "places": 0}


def test_the_forecast_starts_at_the_last_figure_and_ends_on_the_target_day() -> None:
    ends = (date(2014, 12, 31), *(date(2015, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))))
    points = [*(Point(day, None, 100 + 4 * n) for n, day in enumerate(ends)), Point(date(2016, 12, 31), None, None)]
    ahead = outlook(points, date(2015, 12, 31))
    data = chart_data(point_lines(points, MEMBERS, ahead), MEMBERS)
    expected = [None, None, None, None, 116, 132]
    assert (data["mid"], data["low"], data["high"]) == (expected, expected, expected)
    with override("en"):
        assert chart_data(point_lines(points, MEMBERS, ahead), MEMBERS)["words"]["forecast_label"] == "Forecast 132"
