"""Rows whose firm has its home elsewhere, on the pages: what is offered to whom, and what a word does."""

from datetime import date

import pytest

from shanglian.imports.actions import (
    IncomingFile,
    commit_batch,
    decide_open_rows,
    preview_batch,
    read_batch,
    receive_file,
)
from shanglian.imports.models import Batch
from shanglian.members.models import Entity
from tests.guards import assert_guarded
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import HEADINGS, csv_bytes, uscc
from tests.members.roster_steps import keeper_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON, LATER = date(2014, 12, 31), date(2015, 12, 31)
OFFERED = {"show": "offered"}


def rehearsed(federation, org, on) -> Batch:
    files = [IncomingFile("名册.csv", csv_bytes([HEADINGS, [1, "甲示例公司", uscc(1), "17000000001"]]))]
    batch = receive_file(org=org, kind="roster", files=files, on=on, actor=federation.bob)
    return preview_batch(batch=read_batch(batch=batch, actor=federation.bob), actor=federation.bob)


@pytest.fixture
def claimed(federation) -> Batch:
    """A member of Jinshui that stands in a roster of Erqi too."""
    commit_batch(batch=rehearsed(federation, federation.jinshui, ON), actor=federation.alice)
    return rehearsed(federation, federation.erqi, LATER)


def test_the_preview_leads_to_the_firms_that_may_have_moved(federation, claimed):
    page = text_of(signed_in(federation.bob).get(page_of(claimed, "batch")))
    assert "1 firm has its home membership at another organisation" in page
    assert f"{page_of(claimed, 'review')}?show=offered" in page


def test_who_keeps_both_registers_says_it_and_the_preview_shows_from_where_to_where(federation, claimed):
    client = signed_in(keeper_of(federation, federation.jinshui))
    assert "It has moved here from 郑州市金水区工商业联合会" in text_of(client.get(page_of(claimed, "review"), OFFERED))
    said = {"row": claimed.rows().get().pk, "choice": f"moved:{Entity.objects.get().pk}", "reason": "示例：注册地迁移"}
    client.post(page_of(claimed, "review"), said)
    decided = text_of(client.get(page_of(claimed, "review"), {"show": "decided"}))
    assert "Has moved here" in decided
    assert "It is a further member here" in decided
    page = text_of(client.get(page_of(claimed, "batch")))
    assert "moved here 1" in page
    assert '<span class="t3">郑州市金水区工商业联合会</span> → <b>郑州市二七区工商业联合会</b>' in page
    client.post(page_of(claimed, "commit"))
    assert claimed.rows().get().verdict == "moved"


def test_the_others_see_why_they_may_not_and_are_refused(federation, claimed):
    client = signed_in(federation.bob)
    page = text_of(client.get(page_of(claimed, "review"), OFFERED))
    assert "Only somebody who may commit imports both there and here can say that it has moved here" in page
    value = f"moved:{Entity.objects.get().pk}"
    assert value not in page
    answer = client.post(page_of(claimed, "review"), {"row": claimed.rows().get().pk, "choice": value}, follow=True)
    assert "You may not commit imports at 郑州市金水区工商业联合会" in text_of(answer)
    assert claimed.rows().get().verdict == "opening"


def test_the_offers_are_guarded(federation, claimed):
    who = {"allowed": federation.bob, "forbidden": federation.nobody, "elsewhere": federation.alice}
    assert_guarded(f"{page_of(claimed, 'review')}?show=offered", **who)


def test_without_such_firms_the_review_has_no_further_tab(federation):
    batch = rehearsed(federation, federation.erqi, ON)
    page = text_of(signed_in(federation.bob).get(page_of(batch, "review")))
    assert "Further memberships" not in page


def city_roster(federation) -> Batch:
    """Members of Jinshui whom the city's complete roster names under Erqi and under the textile chamber."""
    rows = [[n, f"示例{n}有限公司", uscc(n), ""] for n in (1, 2, 3)]
    file = IncomingFile("名册.csv", csv_bytes([HEADINGS, *rows]))
    known = receive_file(org=federation.jinshui, kind="roster", files=[file], on=ON, actor=federation.bob)
    commit_batch(batch=read_batch(batch=known, actor=federation.bob), actor=federation.bob)
    places = ["二七区", "二七区工商联", "410105-sh-001"]
    lines = [[*HEADINGS, "所属工商联"], *([*row, place] for row, place in zip(rows, places, strict=True))]
    terms = {"org": federation.zhengzhou, "kind": "roster", "on": LATER, "complete": True}
    batch = receive_file(**terms, files=[IncomingFile("全市.csv", csv_bytes(lines))], actor=federation.bob)
    return preview_batch(batch=read_batch(batch=batch, actor=federation.bob), actor=federation.bob)


def test_all_moves_a_complete_roster_proposes_may_be_said_at_once_by_who_may(federation):
    keeper = keeper_of(federation, federation.zhengzhou, federation.textile)
    batch, client = city_roster(federation), signed_in(keeper)
    said = {"all": "moved", "sure": "on"}
    assert "has moved there" not in text_of(client.get(page_of(batch, "review"), {"show": "decided"}))
    assert "the 3 firms that this complete roster names under another organisation" in text_of(
        client.get(page_of(batch, "review"))
    )
    assert "0 rows have been decided." in text_of(client.post(page_of(batch, "review"), said, follow=True))
    keeper_of(federation, federation.jinshui)
    assert "3 rows have been decided." in text_of(client.post(page_of(batch, "review"), said, follow=True))
    client.post(page_of(batch, "commit"))
    assert list(batch.rows().values_list("verdict", flat=True)) == ["moved"] * 3


def test_without_a_complete_roster_each_move_is_said_on_its_own(federation, claimed):
    keeper_of(federation, federation.jinshui)
    assert decide_open_rows(batch=claimed, choice="moved", actor=federation.bob) == 0
