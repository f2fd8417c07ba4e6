"""The table of posts: what the database refuses, and that what was once believed can be asked for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from shanglian.structure.core.holdings import Precision, When
from shanglian.structure.models import Post
from tests.factories.structure import import_posts
from tests.little_federation import LittleFederation, little_federation

pytestmark = pytest.mark.django_db
DAYS = DateRange(date(2012, 6, 1), None)


@pytest.fixture
def little(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def post(little: LittleFederation, **values: object) -> Post:
    default = {
        "org": little.jinshui, "person": "示例甲", "person_key": "示例甲", "title": "vice_chair", "during": DAYS,
        "since_precision": "month", "until_precision": "", "actor": little.alice,
        "known": DateTimeTZRange(datetime.now(UTC) + timedelta(seconds=1), None),
    }  # fmt: skip
    return Post.objects.create(**default | values)  # type: ignore[arg-type]


def test_a_post_knows_how_exact_its_days_are(little):
    one = post(little, during=DateRange(date(2012, 6, 1), date(2016, 1, 1)), until_precision="year")
    one.refresh_from_db()
    assert (one.since, one.until) == (
        When(date(2012, 6, 1), Precision.MONTH),
        When(date(2016, 1, 1), Precision.YEAR),
    )
    assert one.recorded_at == one.known.lower


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"during": DateRange(date(2012, 6, 1), date(2012, 6, 1))}, "structure_post_ranges_are_not_empty"),
        ({"during": DateRange(None, None)}, "structure_post_has_a_beginning"),
        ({"person_key": ""}, "structure_post_has_a_person"),
        ({"title": "副主席"}, "structure_post_title_is_a_code"),
        ({"since_precision": "decade"}, "structure_post_says_how_exact_its_days_are"),
        ({"until_precision": "day"}, "structure_post_says_how_exact_its_days_are"),
        ({"during": DateRange(date(2012, 6, 1), date(2016, 6, 1))}, "structure_post_says_how_exact_its_days_are"),
        ({"term": 100}, "structure_post_term_is_plausible"),
    ],
)
def test_the_database_refuses_what_no_post_can_be(little, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        post(little, **values)


def test_nobody_holds_the_same_post_twice_on_one_day(little):
    post(little, during=DateRange(date(2007, 6, 1), date(2012, 6, 1)), until_precision="month")
    post(little)
    with pytest.raises(IntegrityError, match="structure_post_held_once_at_a_time"), transaction.atomic():
        post(little, during=DateRange(date(2016, 1, 1), None))
    post(little, title="executive_member")
    post(little, org=little.erqi)
    post(little, person="示例甲（女）", person_key="示例甲(女)")
    assert Post.objects.count() == 5


def test_only_the_second_clock_may_be_closed_and_once(little):
    one = post(little)
    stamp = one.known.lower + timedelta(seconds=1)
    for change in ("person = '示例乙'", "during = daterange('2010-01-01', NULL)"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE structure_post SET {change} WHERE id = %s", [one.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        Post.objects.filter(pk=one.pk)._raw_delete("default")
    Post.objects.filter(pk=one.pk).update(known=DateTimeTZRange(one.known.lower, stamp))
    with pytest.raises(DatabaseError), transaction.atomic():
        Post.objects.filter(pk=one.pk).update(known=DateTimeTZRange(one.known.lower, stamp + timedelta(seconds=1)))


def test_not_even_the_owner_of_the_tables_changes_or_empties_them(little, as_owner):
    post(little)
    for statement in ("UPDATE structure_post SET person = '示例乙'", "DELETE FROM structure_post"):
        with pytest.raises(DatabaseError, match="structure_post"), as_owner(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="TRUNCATE"), as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE structure_post CASCADE")


def test_the_second_clock_is_not_forged(little):
    with pytest.raises(DatabaseError, match="known"), transaction.atomic():
        post(little, known=DateTimeTZRange(datetime(2015, 1, 1, tzinfo=UTC), None))


def test_what_was_believed_before_a_change_can_still_be_asked(little):
    import_posts(little.jinshui, little.alice, [["示例甲", "副主席", "十六届", "2012年6月", "", "示例旧厂", ""]])
    before = Post.objects.get().known.lower
    import_posts(little.jinshui, little.alice, [["示例甲", "副主席", "十六届", "2012年6月", "", "示例新厂", ""]])
    then, now = Post.objects.known_at(before).get(), Post.objects.known_at().get()
    assert (then.firm_name, now.firm_name) == ("示例旧厂", "示例新厂")
    assert (then.known.upper, now.replaces) == (now.known.lower, then)
