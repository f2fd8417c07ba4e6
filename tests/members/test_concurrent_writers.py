"""Several writers at once: "as known on T" never changes afterwards, and no member is admitted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from shanglian.directory.models import Org, User
from shanglian.members.core.kinds import Count
from shanglian.members.core.refusals import Refused
from shanglian.members.models import Span
from shanglian.members.queries import Reach, figures, visible_stamp
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity, make_member
from tests.little_federation import little_federation

DAY = date(2014, 3, 1)


@pytest.fixture
def federation(database_clone):
    return little_federation()


def in_own_connection(work):
    """Runs in a thread with a connection of its own, closed at the end."""

    def running(*args):
        try:
            return work(*args)
        finally:
            connection.close()

    return running


def test_what_was_known_at_a_visible_stamp_stays_known(federation):
    orgs, officer = [federation.jinshui, federation.erqi, federation.longting], federation.olivia

    @in_own_connection
    def write(org: Org, actor: User) -> None:
        for _ in range(20):
            make_member(org, DAY, actor)

    @in_own_connection
    def probe(times: int) -> list[tuple[object, int]]:
        return [(stamp, total(stamp)) for stamp in (visible_stamp() for _ in range(times))]

    def total(stamp: object) -> int:
        return sum(figures(Reach(None, Count.HEADS, stamp), on=DAY).values())  # type: ignore[arg-type]

    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write, org, officer) for org in orgs]
        probing = [pool.submit(probe, 40) for _ in range(2)]
        [job.result() for job in writing]
        probes = [found for job in probing for found in job.result()]

    assert [(stamp, total(stamp)) for stamp, _ in probes] == probes
    assert total(visible_stamp()) == 60
    assert [check for check in verify_register() if not check.ok] == []


def test_two_clerks_admitting_one_firm_at_the_same_time_admit_it_once(federation):
    acme = make_entity("甲示例公司")

    @in_own_connection
    def admit_acme(_: int) -> str:
        try:
            make_member(federation.jinshui, DAY, federation.alice, entity=acme)
        except Refused as refusal:
            return refusal.code
        return "admitted"

    with ThreadPoolExecutor() as pool:
        answers = sorted(pool.map(admit_acme, range(4)))
    assert answers == ["admitted", "already_member", "already_member", "already_member"]
    assert Span.objects.filter(entity=acme).count() == 1
