"""What the ledger refuses, whoever writes: with the numbers in the message, by the database itself.

The bookings below go in at the lowest level, past every action. The application's role writes them; refusals that
bind the owner of the tables too are tried as the owner.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from shanglian.members.actions.booking import LEG, Stamp, book, copy_rows, new_ids, open_memberships, take_stamp
from shanglian.members.actions.memberships import end_membership, profile_of, rehome, reverse_movement
from shanglian.members.core.kinds import Category, Kind
from shanglian.members.core.legs import Counted, Draft, Seat, joined, left, mirrored, moved, rehomed
from shanglian.members.core.refusals import Refused
from shanglian.members.models import Entity, Movement, Span
from shanglian.members.verification import verify_register
from tests.factories.imports import make_row
from tests.factories.members import make_entity, make_member
from tests.little_federation import LittleFederation, little_federation

DAY = date(2014, 3, 1)
LATER = date(2015, 3, 1)


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


@pytest.fixture
def enter(federation: LittleFederation) -> Callable[..., list[int]]:
    """Books drafts as they are given; nothing is checked on the way."""

    def entering(*drafts: Draft) -> list[int]:
        with transaction.atomic():
            return book(take_stamp(), drafts, actor=federation.olivia)

    return entering


def seat_at(federation: LittleFederation, org: Any, entity: Entity, *, home: bool) -> Seat:
    (pk,) = open_memberships([(entity.pk, org.pk)])
    return Seat(pk, org.pk, Counted(Category.ENTERPRISE, profile_of(section="C")), home)


def test_two_homes_are_refused(federation, enter):
    acme = make_entity("甲示例公司")
    make_member(federation.jinshui, DAY, federation.alice, entity=acme)
    second = seat_at(federation, federation.erqi, acme, home=True)
    with pytest.raises(IntegrityError, match=rf"entity {acme.pk} on 2015-03-01: 2 homes for 2 open memberships"):
        enter(Draft(Kind.JOINED, LATER, joined(second)))


def test_a_first_membership_that_is_no_home_is_refused(federation, enter):
    acme = make_entity()
    with pytest.raises(IntegrityError, match=rf"entity {acme.pk} on 2014-03-01: 0 homes for 1 open memberships"):
        enter(Draft(Kind.JOINED, DAY, joined(seat_at(federation, federation.jinshui, acme, home=False))))


def test_leaving_the_home_while_another_membership_is_open_is_refused(federation, enter):
    acme = make_entity()
    home = seat_at(federation, federation.jinshui, acme, home=True)
    enter(Draft(Kind.JOINED, DAY, joined(home)))
    enter(Draft(Kind.JOINED, DAY, joined(seat_at(federation, federation.erqi, acme, home=False))))
    with pytest.raises(IntegrityError, match="0 homes for 1 open memberships"):
        enter(Draft(Kind.LEFT, LATER, left(home)))


def test_an_organisation_that_does_not_exist_on_the_day_is_refused(federation, enter):
    before, after = date(2020, 9, 6), date(2020, 9, 7)
    seat = seat_at(federation, federation.airport, make_entity(), home=True)
    with pytest.raises(IntegrityError, match=r"unknown organisations on their day .*410100-hkg on 2020-09-06"):
        enter(Draft(Kind.JOINED, before, joined(seat)))
    enter(Draft(Kind.JOINED, after, joined(seat)))
    assert Span.objects.get().during.lower == after


def test_a_leg_on_a_closed_membership_is_refused(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    enter(Draft(Kind.JOINED, DAY, joined(seat)))
    enter(Draft(Kind.LEFT, LATER, left(seat)))
    with pytest.raises(IntegrityError, match=rf"membership {seat.membership} on 2016-01-01: -1 times open"):
        enter(Draft(Kind.LEFT, date(2016, 1, 1), left(seat)))


def test_leaving_twice_in_one_booking_is_refused(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    enter(Draft(Kind.JOINED, DAY, joined(seat)))
    with pytest.raises(IntegrityError, match="-1 times open"):
        enter(Draft(Kind.LEFT, LATER, left(seat)), Draft(Kind.LEFT, LATER, left(seat)))


def test_leaving_with_another_profile_than_the_one_counted_is_refused(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    enter(Draft(Kind.JOINED, DAY, joined(seat)))
    other = replace(seat, counted=Counted(Category.GROUP, seat.counted.profile))
    with pytest.raises(IntegrityError, match="-1 times open"):
        enter(Draft(Kind.LEFT, LATER, left(other)))


@pytest.mark.parametrize("lost", [0, 1])
def test_a_movement_with_one_leg_missing_is_refused(federation, enter, lost):
    acme = make_entity()
    seat = seat_at(federation, federation.jinshui, acme, home=True)
    enter(Draft(Kind.JOINED, DAY, joined(seat)))
    legs = moved(seat, seat_at(federation, federation.erqi, acme, home=True))
    with pytest.raises(IntegrityError, match=r"1 movements do not balance .*\(moved\): 1 legs"):
        enter(Draft(Kind.MOVED, LATER, (legs[1 - lost],)))


def test_moving_a_head_to_another_entity_is_refused(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    enter(Draft(Kind.JOINED, DAY, joined(seat)))
    stranger = seat_at(federation, federation.erqi, make_entity(), home=True)
    with pytest.raises(IntegrityError, match="do not balance"):
        enter(Draft(Kind.MOVED, LATER, moved(seat, stranger)))
    with pytest.raises(IntegrityError, match="do not balance"):
        enter(Draft(Kind.REHOMED, LATER, rehomed(seat, stranger)))


def test_a_reversal_that_is_no_mirror_is_refused(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    (original,) = enter(Draft(Kind.JOINED, DAY, joined(seat)))
    crooked = Draft(Kind.REVERSAL, DAY, joined(seat), reverses=original)
    with pytest.raises(IntegrityError, match=rf"reverses {original}: memberships differ by 2, heads by 2"):
        enter(crooked)
    with pytest.raises(IntegrityError, match="not the mirror"):
        enter(Draft(Kind.REVERSAL, LATER, mirrored(joined(seat)), reverses=original))


def test_a_movement_is_reversed_at_most_once(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    (original,) = enter(Draft(Kind.JOINED, DAY, joined(seat)))
    undo = Draft(Kind.REVERSAL, DAY, mirrored(joined(seat)), reverses=original)
    (first,) = enter(undo)
    with pytest.raises(IntegrityError, match="reverses_id"):
        enter(undo)
    with pytest.raises(Refused, match="already_reversed"):
        reverse_movement(movement=Movement.objects.get(pk=original), reason="", actor=federation.alice)
    with pytest.raises(IntegrityError, match="not the mirror"):
        enter(Draft(Kind.REVERSAL, DAY, joined(seat), reverses=first))


def test_legs_of_one_movement_in_two_statements_are_refused(federation):
    acme = make_entity()
    here, there = (seat_at(federation, org, acme, home=True) for org in (federation.jinshui, federation.erqi))
    with transaction.atomic():
        stamp = take_stamp()
        (movement,) = book(stamp, [Draft(Kind.JOINED, DAY, joined(here))], actor=federation.alice)
        second = joined(there)[0]
        leg = (
            movement,
            "left",
            second.membership,
            DAY,
            stamp.at,
            second.org,
            "",
            "enterprise",
            second.counted.profile,
            1,
            0,
        )
        with (
            pytest.raises(IntegrityError, match=rf"more than one statement .*movement {movement}: 1 of 2 legs"),
            transaction.atomic(),
        ):
            copy_rows("members_leg", LEG, [leg])


def test_an_own_stamp_is_refused(federation):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    draft = Draft(Kind.JOINED, DAY, joined(seat))
    with transaction.atomic():
        forged = Stamp(take_stamp().at.replace(year=2014))
        with pytest.raises(IntegrityError, match="disagree with the dates"), transaction.atomic():
            book(forged, [draft], actor=federation.alice)
    assert verify_is_clean()


def test_a_leg_at_an_unknown_place_is_refused(federation, enter):
    seat = seat_at(federation, federation.jinshui, make_entity(), home=True)
    with pytest.raises(IntegrityError, match="another organisation than their membership"):
        enter(Draft(Kind.JOINED, DAY, joined(replace(seat, org=federation.erqi.pk))))
    with pytest.raises(IntegrityError, match="another organisation than their membership"):
        enter(Draft(Kind.JOINED, DAY, joined(replace(seat, membership=10**9))))
    with pytest.raises(IntegrityError, match="profiles do not exist"):
        enter(Draft(Kind.JOINED, DAY, joined(replace(seat, counted=Counted(Category.GROUP, 10**6)))))


def test_a_movement_without_legs_is_found_by_the_verification(federation):
    with transaction.atomic():
        stamp = take_stamp()
        (pk,) = new_ids("members_movement", 1)
        columns = ("id", "kind", "effective_on", "recorded_at", "reason", "actor_id")
        copy_rows("members_movement", columns, [(pk, "joined", DAY, stamp.at, "", federation.alice.pk)])
    (faulty,) = [check for check in verify_register() if not check.ok]
    assert (faulty.name, faulty.problems) == (
        "every movement has legs",
        [f"movement {pk} (joined) has no legs"],
    )


@pytest.mark.parametrize(
    "table", ["members_leg", "members_movement", "members_membership", "members_profile", "members_particular"]
)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nobody_changes_the_ledger(federation, as_owner, table, verb):
    make_member(federation.jinshui, DAY, federation.alice)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending foreign keys would stop a TRUNCATE before the guard
    sql = verb.format(table).replace("id = id", "line = line" if table == "members_leg" else "id = id")
    with (
        pytest.raises(DatabaseError, match="只增不改"),
        as_owner(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("table", [
    "span", "flow", "registerflow", "balance", "attributeflow", "attributebalance", "yearclose", "ledgerclock",
])  # fmt: skip
def test_the_application_only_reads_the_projections(federation, table):
    make_member(federation.jinshui, DAY, federation.alice)
    for sql in (f"DELETE FROM members_{table}", f"INSERT INTO members_{table} DEFAULT VALUES"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_the_application_cannot_switch_the_guards_off(db):
    for sql in ("ALTER TABLE members_leg DISABLE TRIGGER ALL", "SET session_replication_role = replica"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_the_owner_tampers_with_is_found(federation, as_owner):
    make_member(federation.jinshui, DAY, federation.alice)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_flow SET heads = heads + 1")
        cursor.execute("UPDATE members_registerflow SET heads = heads + 1")
        cursor.execute("UPDATE members_balance SET heads = heads + 1 WHERE year = 2014")
        cursor.execute("UPDATE members_attributeflow SET heads = heads + 1 WHERE attribute = 'group_kind'")
        cursor.execute("UPDATE members_attributebalance SET heads = heads + 1 WHERE year = 2014")
        cursor.execute("UPDATE members_span SET during = daterange('2014-04-01', NULL)")
    assert [check.name for check in verify_register() if not check.ok] == [
        "spans follow the ledger",
        "monthly roll-up equals the ledger",
        "daily roll-up of the whole register equals the ledger",
        "year-end balances equal the ledger",
        "monthly roll-up by attribute equals the ledger",
        "year-end balances by attribute equal the ledger",
    ]


def test_the_home_can_go_there_and_back(federation):
    acme = make_entity()
    home = make_member(federation.jinshui, DAY, federation.alice, entity=acme)
    other = make_member(federation.erqi, DAY, federation.bob, entity=acme)
    rehome(to=other, on=LATER, actor=federation.bob)
    rehome(to=home, on=date(2016, 3, 1), actor=federation.alice)
    spans = Span.objects.filter(entity=acme, home=True).order_by("during")
    assert [(span.org, span.during.lower) for span in spans] == [
        (federation.jinshui, DAY),
        (federation.erqi, LATER),
        (federation.jinshui, date(2016, 3, 1)),
    ]
    assert verify_is_clean()


def test_ending_the_home_passes_it_on(federation):
    acme = make_entity()
    home = make_member(federation.jinshui, DAY, federation.alice, entity=acme)
    make_member(federation.erqi, DAY, federation.bob, entity=acme)
    end_membership(membership=home, on=LATER, reason="moved away", actor=federation.alice)
    (span,) = Span.objects.filter(entity=acme).on(LATER)
    assert (span.org, span.home) == (federation.erqi, True)
    assert [m.kind for m in Movement.objects.order_by("id")] == ["joined", "joined", "rehomed", "left"]


def test_a_member_is_not_admitted_twice(federation):
    acme = make_entity("甲示例公司")
    make_member(federation.jinshui, DAY, federation.alice, entity=acme)
    with pytest.raises(Refused) as refusal:
        make_member(federation.jinshui, LATER, federation.alice, entity=acme)
    assert refusal.value.figures == {"entity": "甲示例公司", "org": "410105", "day": LATER}


def verify_is_clean() -> bool:
    return all(check.ok for check in verify_register())


def test_a_source_row_is_booked_at_most_once(federation, enter):
    row = make_row(federation.jinshui, federation.alice)
    seats = [seat_at(federation, federation.jinshui, make_entity(), home=True) for _ in range(2)]
    enter(Draft(Kind.JOINED, DAY, joined(seats[0]), source_row=row.pk))
    with pytest.raises(IntegrityError, match="source_row_id"):
        enter(Draft(Kind.JOINED, DAY, joined(seats[1]), source_row=row.pk))
