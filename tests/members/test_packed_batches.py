"""A batch of any size is booked alike: in memory, or packed in pages and written by several statements."""

import pytest

from shanglian.imports.actions import ImportRefused, decide_absence, decide_row, preview_batch, undo_batch
from shanglian.imports.models import Batch
from shanglian.members.models import Entity, Movement, Span
from shanglian.members.verification import verify_register
from tests.full_disk import no_room
from tests.little_federation import LittleFederation, little_federation
from tests.members.roster_steps import LATER, as_if_large, commit, finish, keeper_of, rehearse
from tests.sample_codes import uscc

HEADINGS = "企业名称,统一社会信用代码,法定代表人"
WRONG = uscc(30)[:-1] + ("0" if uscc(30)[-1] != "0" else "1")
BEFORE = [
    *(f"老会员{n}示例公司,{uscc(n)},示例甲" for n in range(1, 7)),
    *(f"无码{n}示例公司,,示例乙" for n in range(1, 5)),
]  # fmt: skip
AT_ERQI = [f"外区{n}示例公司,{uscc(10 + n)},示例丙" for n in range(1, 4)]
ROSTER = [
    f"新会员1示例公司,{uscc(21)},示例丁",
    f"老会员1示例公司,{uscc(1)},示例甲",
    f"老会员2示例公司,{uscc(2)},示例新",
    f"老会员3改名示例公司,{uscc(3)},示例甲",
    f"无码1示例公司,{uscc(22)},示例乙",
    f"无码2示例公司,{uscc(23)},示例乙",
    f"无码3示例公司,{uscc(24)},示例乙",
    f"无码4示例公司,{uscc(25)},示例乙",
    f"外区1示例公司,{uscc(11)},示例丙",
    f"外区2示例公司,{uscc(12)},示例丙",
    f"外区3示例公司,{uscc(13)},示例新",
    f"错码示例公司,{WRONG},示例丁",
    f"新会员2示例公司,{uscc(26)},示例丁",
    f"新会员1示例公司,{uscc(21)},示例丁",
    f"新会员2示例公司,{uscc(27)},示例丁",
    f"新会员3示例公司,{uscc(28)},示例丁",
    "新会员4示例公司,,示例丁",
]
DECIDED = {"无码1示例公司": "same", "无码2示例公司": "different", "无码3示例公司": "skip", "外区1示例公司": "moved"}
BOOKED = [
    ("新会员1示例公司", "joined"),
    ("老会员1示例公司", "already_booked"),
    ("老会员2示例公司", "changed"),
    ("老会员3改名示例公司", "changed"),
    ("无码1示例公司", "already_booked"),
    ("无码2示例公司", "joined"),
    ("无码3示例公司", "left_out"),
    ("无码4示例公司", "doubtful"),
    ("外区1示例公司", "moved"),
    ("外区2示例公司", "joined"),
    ("外区3示例公司", "joined"),
    ("错码示例公司", "reject"),
    ("新会员2示例公司", "joined"),
    ("新会员1示例公司", "duplicate"),
    ("新会员2示例公司", "conflict"),
    ("新会员3示例公司", "joined"),
    ("新会员4示例公司", "joined"),
]


@pytest.fixture
def federation(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def rehearsed(federation: LittleFederation) -> Batch:
    """A complete roster with every kind of row, about which people have said what they may say."""
    commit(federation, *BEFORE, headings=HEADINGS)
    commit(federation, *AT_ERQI, headings=HEADINGS, org=federation.erqi)
    batch = rehearse(federation, *ROSTER, headings=HEADINGS, on=LATER, complete=True)
    keeper = keeper_of(federation, federation.jinshui)
    for row in batch.rows().filter(record__name__in=DECIDED):
        choice = DECIDED[row.record["name"]]
        target = row.finding["candidates"][0]["target"]
        decide_row(row=row, choice=choice, target=target, reason="示例", actor=keeper)
    for title, choice in (("老会员4示例公司", "left"), ("老会员5示例公司", "stays")):
        decide_absence(absence=batch.absences.get(title=title), choice=choice, reason="示例", actor=keeper)
    return preview_batch(batch=batch, actor=federation.alice)


def register() -> list[tuple]:
    """Every stay of every member, and what is known of it."""
    found = Span.objects.order_by("entity__name", "during", "org__code")
    return list(found.values_list("entity__name", "entity__legal_rep", "org__code", "home", "during"))


@pytest.fixture(params=["in memory", "packed"])
def lying(request):
    with as_if_large(request.param == "packed"):
        yield


def test_every_kind_of_row_is_booked_as_rehearsed_and_all_of_it_is_taken_back(federation, lying):
    batch = rehearsed(federation)
    before, entries = register(), Movement.objects.count()
    finish(federation, batch)
    assert [(row.record["name"], row.verdict) for row in batch.rows()] == BOOKED
    assert list(batch.absences.order_by("title").values_list("title", "choice")) == [
        ("无码2示例公司", ""),  # the row of this name is another firm
        ("老会员4示例公司", "left"),
        ("老会员5示例公司", "stays"),
        ("老会员6示例公司", ""),
    ]
    assert sorted(Span.objects.on(LATER).filter(org=federation.jinshui).values_list("entity__name", "home")) == sorted(
        [
            *((f"新会员{n}示例公司", True) for n in (1, 2, 3, 4)),
            *((f"老会员{n}示例公司", True) for n in (1, 2, 5, 6)),
            ("老会员3改名示例公司", True),
            *((f"无码{n}示例公司", True) for n in (1, 2, 2, 3, 4)),
            ("外区1示例公司", True),
            ("外区2示例公司", False),
            ("外区3示例公司", False),
        ]
    )
    booked = Movement.objects.count() - entries
    assert undo_batch(batch=batch, actor=keeper_of(federation)) == booked + 3  # with three changed values
    assert register() == before
    assert [check.name for check in verify_register() if not check.ok] == []
    assert Entity.objects.filter(legal_rep="示例新").count() == 0


def test_it_is_read_rehearsed_and_booked_the_same_either_way(federation, settings):
    seen = []
    for rows, kept, at_once in ((1000, 25, 10_000), (2, 0, 3), (3, 1, 2)):
        settings.IMPORT_PAGE_ROWS, settings.IMPORT_PAGES_KEPT, settings.IMPORT_ROWS_AT_ONCE = rows, kept, at_once
        batch = rehearse(federation, *ROSTER, headings=HEADINGS)
        seen.append((batch.preview, list(batch.rows().values_list("number", "cells", "record", "verdict", "finding"))))
    assert seen[0] == seen[1] == seen[2]


def test_what_cannot_be_taken_back_for_want_of_room_stays_booked_until_it_can(federation, monkeypatch, tmp_path):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with as_if_large():
        batch = finish(federation, rehearsed(federation))
        booked, keeper = register(), keeper_of(federation)
        with no_room(), pytest.raises(ImportRefused) as refusal:
            undo_batch(batch=batch, actor=keeper)
        assert (refusal.value.code, Batch.objects.get(pk=batch.pk).state, register()) == (
            "no_room",
            "committed",
            booked,
        )
        assert undo_batch(batch=batch, actor=keeper) > 0
    assert list((tmp_path / "temporary").iterdir()) == []
