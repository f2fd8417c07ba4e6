"""Particulars as facts: what the database refuses and projects, and that a plain replay says the same."""

import os
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.directory.queries import today
from shanglian.members.actions.booking import Stamp, take_stamp
from shanglian.members.actions.particulars import NewFact, enter_facts
from shanglian.members.core.particulars import Fact, Field, holding
from shanglian.members.models import Entity, Particular
from shanglian.members.particulars import as_kept, particulars_of
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity
from tests.little_federation import LittleFederation, little_federation

DAY, LATER, LAST = date(2013, 12, 31), date(2014, 12, 31), date(2015, 12, 31)
EXAMPLES = int(os.environ.get("SHANGLIAN_EXAMPLES", "40"))


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


def faults() -> list[str]:
    return [check.name for check in verify_register() if not check.ok]


def present(name: str = "legal_rep") -> Any:
    return Entity.objects.values_list(name, flat=True).get()


def enter(federation: LittleFederation, *facts: NewFact) -> None:
    with transaction.atomic():
        enter_facts(take_stamp(), facts, actor=federation.alice)


# What the database refuses ------------------------------------------------------------


def test_the_first_change_writes_down_what_was_there_before(federation):
    acme = make_entity("甲示例公司", legal_rep="示例甲")
    enter(federation, NewFact(acme.pk, Field.LEGAL_REP, "示例乙", LATER))
    before, after = Particular.objects.order_by("recorded_at")
    assert (before.value, before.since, before.recorded_at, before.actor) == ("示例甲", None, acme.recorded_at, None)
    assert (after.value, after.since, after.actor) == ("示例乙", LATER, federation.alice)
    assert present() == "示例乙"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.NAME, as_kept(Field.NAME, "甲新示例公司")),
        (Field.PHONES, ["17000000001", "17000000002"]),
        (Field.PHONES, []),
        (Field.ADDRESS, "示例路2号"),
        (Field.FOUNDED_ON, "2010-05-01"),
        (Field.FOUNDED_ON, None),
    ],
)
def test_every_column_follows_its_facts(federation, field, value):
    acme = make_entity("甲示例公司", phones=["17000000009"], founded_on=DAY)
    enter(federation, NewFact(acme.pk, field, value, LATER))
    acme = Entity.objects.get()
    column = getattr(acme, field)
    if field == Field.NAME:
        assert {"name": acme.name, "key": acme.name_key, "sort": acme.sort_key} == value
    else:
        assert (column.isoformat() if isinstance(column, date) else column) == value
    assert faults() == []


@pytest.mark.parametrize(
    ("value", "field", "constraint"),
    [
        ("示例乙", Field.PHONES, "particular_value_fits_its_field"),
        ({"name": "乙"}, Field.NAME, "particular_value_fits_its_field"),
        (None, Field.LEGAL_REP, "particular_value_fits_its_field"),
        ("示例乙", "colour", "particular_field_is_known|particular_value_fits_its_field"),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(federation, value, field, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        enter(federation, NewFact(make_entity().pk, field, value, LATER))


def test_a_fact_of_the_future_is_refused(federation):
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(IntegrityError, match="begin in the future"):
        enter(federation, NewFact(make_entity().pk, Field.ADDRESS, "示例路", tomorrow))


def test_a_fact_without_a_day_is_refused(federation):
    with pytest.raises(IntegrityError, match="particular_has_a_day_and_an_actor"):
        enter(federation, NewFact(make_entity().pk, Field.ADDRESS, "示例路", None))


def test_a_fact_without_its_own_stamp_is_refused(federation):
    fact = NewFact(make_entity().pk, Field.ADDRESS, "示例路", LATER)
    with transaction.atomic():
        forged = Stamp(take_stamp().at.replace(year=2014))
        with pytest.raises(IntegrityError, match="stamp of their own"), transaction.atomic():
            enter_facts(forged, [fact], actor=federation.alice)


def test_the_application_cannot_write_down_what_was_there_before(federation):
    sql = """INSERT INTO members_particular (entity_id, field, value, recorded_at, reason)
             VALUES (%s, 'address', '"x"', ledger_stamp(), '')"""
    with pytest.raises(IntegrityError, match="without an actor"), transaction.atomic():
        connection.cursor().execute(sql, [make_entity().pk])


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "示例丙"},
        {"since": LAST},
        {"field": Field.ADDRESS},
    ],
)
def test_a_reversal_that_is_not_the_mirror_is_refused(federation, wrong):
    acme = make_entity()
    enter(federation, NewFact(acme.pk, Field.LEGAL_REP, "示例乙", LATER))
    original = Particular.objects.get(actor__isnull=False)
    mirror = {"field": original.field, "value": original.value, "since": original.since}
    with pytest.raises(IntegrityError, match="not the mirror"):
        enter(federation, NewFact(acme.pk, **mirror | wrong, reverses=original.pk))
    enter(federation, NewFact(acme.pk, **mirror, reverses=original.pk))
    assert present() == ""
    with pytest.raises(IntegrityError, match="reverses_id"):
        enter(federation, NewFact(acme.pk, **mirror, reverses=original.pk))


def test_what_was_there_before_and_a_reversal_are_not_reversed(federation):
    acme = make_entity(legal_rep="示例甲")
    enter(federation, NewFact(acme.pk, Field.LEGAL_REP, "示例乙", LATER))
    before, changed = Particular.objects.order_by("recorded_at")
    enter(federation, NewFact(acme.pk, Field.LEGAL_REP, "示例乙", LATER, reverses=changed.pk))
    back = Particular.objects.get(reverses=changed)
    for one, since in ((before, DAY), (back, LATER)):
        with pytest.raises(IntegrityError, match="not the mirror"):
            enter(federation, NewFact(acme.pk, Field.LEGAL_REP, one.value, since, reverses=one.pk))


def test_the_application_does_not_write_an_entity_over(federation):
    make_entity()
    for column in ("name = name", "legal_rep = ''", "phones = '{}'", "source_row_id = NULL", "recorded_at = now()"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(f"UPDATE members_entity SET {column}")


def test_what_the_owner_tampers_with_is_found(federation, as_owner):
    enter(federation, NewFact(make_entity().pk, Field.LEGAL_REP, "示例乙", LATER))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_entity SET legal_rep = '示例丙'")
    assert faults() == ["particulars equal the entity's columns"]


def test_even_the_owner_does_not_change_a_fact(federation, as_owner):
    enter(federation, NewFact(make_entity().pk, Field.LEGAL_REP, "示例乙", LATER))
    with pytest.raises(DatabaseError, match="只增不改"), as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_particular SET since = since")


# The plain replay ------------------------------------------------------------

_days = st.integers(0, 6).map(lambda n: DAY + timedelta(days=n))
_fields = st.sampled_from([Field.LEGAL_REP, Field.PHONES])
_steps = st.lists(
    st.tuples(st.sampled_from(["enter", "enter", "undo"]), st.integers(0, 1), _fields, _days, st.integers(0, 4)),
    min_size=1,
    max_size=10,
)


def _value(field: Field, n: int) -> Any:
    return f"示例{n}" if field == Field.LEGAL_REP else [f"1700000000{n}"]


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(steps=_steps, day=_days, moment=st.integers(0, 9))
def test_sql_and_the_plain_replay_agree_on_any_day_as_known_at_any_moment(federation, steps, day, moment):
    with transaction.atomic():
        entities = [make_entity(legal_rep="示例甲"), make_entity()]
        for kind, which, field, since, n in steps:
            _take(federation, kind, entities[which], field, since, n)
        stamps = sorted(set(Particular.objects.filter(actor__isnull=False).values_list("recorded_at", flat=True)))
        for entity in entities:
            facts = [one.as_fact() for one in Particular.objects.filter(entity=entity).order_by("recorded_at", "id")]
            for known in (None, *stamps[moment : moment + 1]):
                assert _by_sql(entity, day, known) == _by_replay(entity, facts, day, known)
            entity.refresh_from_db()
            assert (entity.legal_rep, entity.phones) == tuple(_by_replay(entity, facts, None, None).values())
        assert faults() == []
        transaction.set_rollback(True)


def _take(federation: LittleFederation, kind: str, entity: Entity, field: Field, since: date, n: int) -> None:
    if kind == "enter":
        return enter(federation, NewFact(entity.pk, field, _value(field, n), since))
    open_ = Particular.objects.filter(actor__isnull=False, reverses=None, reversed_by=None).order_by("id")
    if found := list(open_):
        one = found[n % len(found)]
        enter(federation, NewFact(one.entity_id, one.field, one.value, one.since, reverses=one.pk))
    return None


def _by_sql(entity: Entity, day: date, known: Any) -> dict[str, Any]:
    held = particulars_of(entity, on=day, known_on=known)
    return {field: held[field].value for field in (Field.LEGAL_REP, Field.PHONES)}


def _by_replay(entity: Entity, facts: list[Fact], day: date | None, known: Any) -> dict[str, Any]:
    held = {field: fact.value for field, fact in holding(facts, on=day, known=known).items()}
    return {
        field: held.get(field, getattr(entity, field)) for field in (Field.LEGAL_REP, Field.PHONES)
    }  # what never changed is as it came


def test_nothing_is_known_before_the_entity_was(federation):
    acme = make_entity(legal_rep="示例甲")
    enter(federation, NewFact(acme.pk, Field.LEGAL_REP, "示例乙", LATER))
    acme.refresh_from_db()
    assert particulars_of(acme, known_on=acme.recorded_at - timedelta(days=1)) == {}
    assert particulars_of(acme, known_on=acme.recorded_at)[Field.LEGAL_REP].value == "示例甲"
