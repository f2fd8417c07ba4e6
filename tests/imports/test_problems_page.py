"""The third step: problems are mended in place, accepted, taken back; who may not, reads; the second of two is told."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shanglian.imports.actions import (
    IncomingFile,
    amend_cell,
    commit_batch,
    decide_row,
    preview_batch,
    read_batch,
    receive_file,
)
from shanglian.imports.models import Amendment, Batch
from tests.guards import assert_guarded
from tests.imports.visits import page_of, signed_in, text_of
from tests.imports.workbooks import csv_bytes, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rosters")]
ON = date(2016, 7, 2)
HEADINGS = ["序号", "企业名称", "统一社会信用代码", "入会时间", "联系电话"]
LOOKALIKE = uscc(2).replace("0", "O", 1)


def firm(number, code=None, joined="2014-05-07", phone="17000000001"):
    return [number, f"示例改格{number}有限公司", uscc(number) if code is None else code, joined, phone]


def a_batch(federation, *rows) -> Batch:
    files = [IncomingFile("名册.csv", csv_bytes([HEADINGS, *rows]))]
    alice = federation.alice
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=alice)
    return preview_batch(batch=read_batch(batch=batch, actor=alice), actor=alice)


def say(client, batch, place="", follow=True, **words):
    return client.post(page_of(batch, "problems"), {"seen": "0", "place": place} | words, follow=follow)


def outcomes(batch) -> list[str]:
    return list(batch.rows().values_list("outcome", flat=True))


# What stands there


def test_each_problem_stands_there_with_its_cell_what_is_wrong_and_what_is_proposed(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE), firm(3, joined="2061-05-01"))
    page = text_of(signed_in(federation.alice).get(page_of(batch, "problems")))
    assert "The unified code holds a character that is not allowed" in page
    assert f'name="text" value="{LOOKALIKE}"' in page
    assert f'name="accept" value="{uscc(2)}">Accept {uscc(2)}' in page
    assert "With digits for the letters that look like them the check character is right." in page
    assert 'name="accept" value="2016-05-01"' in page
    assert "Should it be 2016-05-01?" in page
    assert 'aria-describedby="d0-0-3-2"' in page
    assert 'id="d0-0-3-2"' in page
    assert "autofocus" not in page


def test_a_proposal_that_proves_nothing_is_offered_but_not_for_many_at_once(federation):
    wrong = uscc(2)[:-1] + ("0" if uscc(2)[-1] != "0" else "1")
    page = text_of(signed_in(federation.alice).get(page_of(a_batch(federation, firm(1), firm(2, wrong)), "problems")))
    assert f'name="accept" value="{uscc(2)}"' in page
    assert 'name="code"' not in page


def test_a_repeat_says_which_row_it_repeats_and_a_doubtful_row_leads_to_the_comparison(federation):
    commit_batch(batch=a_batch(federation, firm(1, ""), firm(2, "")), actor=federation.alice)
    page = text_of(signed_in(federation.alice).get(page_of(a_batch(federation, firm(1), firm(3), firm(3)), "problems")))
    assert "It repeats row 3; the earlier row is kept." in page
    assert f"{reverse('imports:review', args=[Batch.objects.latest('created_at').pk])}#h-row-" in page


def test_a_number_without_a_column_of_its_own_leads_to_the_columns(federation):
    files = [IncomingFile("名册.csv", csv_bytes([["企业名称", "联系电话"], ["示例无号有限公司", "17000000001"]]))]
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=federation.alice)
    preview_batch(batch=read_batch(batch=batch, actor=federation.alice), actor=federation.alice)
    page = text_of(signed_in(federation.alice).get(page_of(batch, "problems")))
    assert "The file has no column for it." in page
    assert page_of(batch, "columns") in page


def test_the_segments_count_what_they_show(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE), firm(3, joined="2061-05-01"), firm(3))
    client = signed_in(federation.alice)
    page = text_of(client.get(page_of(batch, "problems")))
    for word, number in (("All", 3), ("Wrong", 2), ("To be confirmed", 1), ("Mended", 0)):
        assert f'{word}&nbsp;<span class="num">{number}</span>' in page
    for show, rows in (("all", "345"), ("wrong", "35"), ("asked", "4"), ("mended", "")):
        page = text_of(client.get(page_of(batch, "problems"), {"show": show, "grid": "all"}))
        assert re.findall(r'data-l="Row"><div><span class="num">(\d)', page) == list(rows)
    assert client.get(page_of(batch, "problems"), {"show": "x"}).status_code == 404


def test_what_was_left_out_by_decision_is_no_problem_any_more(federation):
    commit_batch(batch=a_batch(federation, firm(1, "")), actor=federation.alice)
    batch = a_batch(federation, firm(1))
    decide_row(row=batch.rows().get(), choice="skip", actor=federation.alice)
    preview_batch(batch=batch, actor=federation.alice)
    client = signed_in(federation.alice)
    assert "No problems here" in text_of(client.get(page_of(batch, "problems")))
    assert "There is no row to be mended." in text_of(client.get(page_of(batch, "rejected"), follow=True))


# Mending


def test_a_proposal_is_accepted_with_one_click(federation):
    batch, client = a_batch(federation, firm(1), firm(2, LOOKALIKE)), signed_in(federation.alice)
    page = text_of(say(client, batch, "0-0-3-2", accept=uscc(2)))
    assert "Row 3 has been mended." in page
    assert "No problems here" in page
    assert outcomes(batch) == ["accept", "accept"]
    made = Amendment.objects.get()
    assert (made.number, made.position, made.before, made.text, made.proposed) == (3, 2, LOOKALIKE, uscc(2), True)
    page = text_of(client.get(page_of(batch, "problems"), {"show": "mended"}))
    assert LOOKALIKE in page
    assert f"<b>{uscc(2)}</b>" in page


def test_all_sure_proposals_of_a_kind_are_accepted_together_and_taken_back_together(federation):
    rows = [firm(n, joined=day) for n, day in enumerate(["2061-05-01", "14.5.7", "14.6", "05/07/2014"], 1)]
    batch, client = a_batch(federation, *rows), signed_in(federation.alice)
    page = text_of(client.get(page_of(batch, "problems")))
    assert 'name="code" value="date_two_digit_year"' in page
    assert 'name="code" value="date_ambiguous"' not in page
    page = text_of(say(client, batch, code="date_two_digit_year"))
    assert "2 proposals have been accepted." in page
    joined = [row.record.get("join_date") for row in batch.rows()]
    assert joined == [None, "2014-05-07", "2014-06", None]
    page = text_of(say(client, batch, undo="last"))
    assert "2 mended cells were taken back." in page
    assert [row.record.get("join_date") for row in batch.rows()] == [None] * 4


def test_a_cell_is_typed_and_taken_back(federation):
    batch, client = a_batch(federation, firm(1), firm(2, "91410")), signed_in(federation.alice)
    assert "Row 3 has been mended." in text_of(say(client, batch, "0-0-3-2", text=f" {uscc(7)} "))
    assert batch.rows().get(number=3).record["uscc"] == uscc(7)
    page = text_of(client.get(page_of(batch, "problems"), {"show": "mended"}))
    undo = re.search(r'name="undo" value="(\d+)"', page)
    assert "1 mended cell was taken back." in text_of(say(client, batch, undo=undo[1]))
    assert outcomes(batch) == ["accept", "reject"]
    assert "There is no mended cell to take back." in text_of(say(client, batch, undo=undo[1]))


def test_a_missing_cell_is_filled_in(federation):
    batch, client = a_batch(federation, firm(1), firm(2, "", joined="")), signed_in(federation.alice)
    say(client, batch, "0-0-3-3", text="2015年3月")
    say(client, batch, "0-0-3-2", text=uscc(2))
    row = batch.rows().get(number=3)
    assert (row.record["join_date"], row.record["uscc"], row.warnings) == ("2015-03", uscc(2), [])
    assert row.cells == ["2", "示例改格2有限公司", "", "", "17000000001"]


def test_what_is_wrong_still_stays_in_sight_with_the_text_that_was_typed(federation):
    batch, client = a_batch(federation, firm(1), firm(2, "91410")), signed_in(federation.alice)
    page = text_of(say(client, batch, "0-0-3-2", text="914101"))
    assert 'name="text" value="914101"' in page
    assert "In the file: 91410; mended by Alice." in page
    assert re.search(r'id="c0-0-3-2"[^>]* autofocus', page)


def test_after_saving_the_focus_is_at_the_next_problem(federation):
    batch, client = a_batch(federation, firm(1, "1"), firm(2, "2"), firm(3, "3")), signed_in(federation.alice)
    page = text_of(say(client, batch, "0-0-3-2", text=uscc(2)))
    assert re.findall(r'id="(c[\d-]+)"[^>]* autofocus', page) == ["c0-0-4-2"]
    page = text_of(say(client, batch, "0-0-4-2", text=uscc(3)))
    assert re.findall(r'id="(c[\d-]+)"[^>]* autofocus', page) == ["c0-0-2-2"]


def test_htmx_gets_the_part_that_changes_with_what_is_to_be_said(federation):
    batch, client = a_batch(federation, firm(1), firm(2, LOOKALIKE)), signed_in(federation.alice)
    said = {"seen": "0", "place": "0-0-3-2", "accept": uscc(2)}
    answer = client.post(page_of(batch, "problems"), said, headers={"hx-request": "true", "hx-target": "mending"})
    page = text_of(answer).strip()
    assert answer.status_code == 200
    assert page.startswith('<div id="mending">')
    assert re.search(r'id="live" hx-swap-oob="innerHTML">.*Row 3 has been mended', page)


@pytest.mark.parametrize(
    ("place", "text", "sentence"),
    [
        ("0-0-3-2", "示" * 1001, "A cell holds at most 1,000 signs"),
        ("0-0-3-2", "a\x00b", "The text holds invisible control signs"),
        ("0-0-3-2", "a\x1bb", "The text holds invisible control signs"),
        ("0-0-3-9", "x", "There is no such cell"),
        ("0-0-99-2", "x", "There is no such cell"),
        ("0-7-3-2", "x", "There is no such cell"),
        ("1-0-3-2", "x", "There is no such cell"),
        ("", "x", "There is no such cell"),
        ("0-0-3", "x", "There is no such cell"),
        ("0-0-3-" + "9" * 30, "x", "There is no such cell"),
    ],
)
def test_what_cannot_stand_in_a_cell_is_refused_with_a_sentence(federation, place, text, sentence):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE))
    assert sentence in text_of(say(signed_in(federation.alice), batch, place, text=text))
    assert Amendment.objects.count() == 0


def test_what_is_not_proposed_is_not_accepted(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE))
    page = text_of(say(signed_in(federation.alice), batch, "0-0-3-2", accept=uscc(5)))
    assert "This is no longer proposed" in page
    assert Amendment.objects.count() == 0


def test_in_a_large_file_a_mended_cell_waits_for_the_next_check(federation, monkeypatch):
    batch, client = a_batch(federation, firm(1), firm(2, LOOKALIKE)), signed_in(federation.alice)
    monkeypatch.setattr("shanglian.imports.pages.LARGE", 0)
    page = text_of(say(client, batch, "0-0-3-2", accept=uscc(2)))
    assert "Mended cells have not been checked yet" in page
    assert "Not checked yet." in page
    assert f'name="text" value="{uscc(2)}"' in page
    assert page_of(batch, "check") in page
    assert outcomes(batch) == ["accept", "reject"]
    monkeypatch.undo()
    client.post(page_of(batch, "check"))
    assert outcomes(batch) == ["accept", "accept"]
    assert "No problems here" in text_of(client.get(page_of(batch, "problems")))


# Two people


def test_the_second_of_two_is_told_and_nothing_of_the_second_is_kept(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE))
    amend_cell(batch=batch, row=batch.rows().get(number=2), position=4, text="17000000009", actor=federation.sam)
    page = text_of(say(signed_in(federation.alice), batch, "0-0-3-2", accept=uscc(2)))
    assert re.search(r"Sam 20\d\d-\d\d-\d\d \d\d:\d\d changed this import after you opened the page", page)
    assert list(Amendment.objects.values_list("made_by", flat=True)) == [federation.sam.pk]


def test_a_colleague_who_was_here_lately_is_named(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE))
    client = signed_in(federation.alice)
    amend_cell(batch=batch, row=batch.rows().get(number=2), position=4, text="17000000009", actor=federation.sam)
    assert "Sam changed this import at" in text_of(client.get(page_of(batch, "problems")))
    Batch.objects.update(touched_at=timezone.now() - timedelta(hours=1))
    assert "Sam changed this import at" not in text_of(client.get(page_of(batch, "problems")))


def test_the_page_asks_whether_something_was_said_since(federation):
    batch, client = a_batch(federation, firm(1), firm(2, LOOKALIKE)), signed_in(federation.alice)
    assert f'hx-get="{page_of(batch, "changed")}?seen=0"' in text_of(client.get(page_of(batch, "problems")))
    assert client.get(page_of(batch, "changed"), {"seen": "0"}).status_code == 204
    amend_cell(batch=batch, row=batch.rows().get(number=2), position=4, text="17000000009", actor=federation.sam)
    answer = client.get(page_of(batch, "changed"), {"seen": "0"})
    assert answer.status_code == 286  # htmx asks no more
    assert "By Sam at" in text_of(answer)
    assert "Load the page again" in text_of(answer)


# Who may


def test_only_who_may_hand_in_mends(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE))
    guard = {"forbidden": federation.nobody, "elsewhere": federation.bob}
    assert_guarded(page_of(batch, "problems"), allowed=federation.alice, **guard)
    assert_guarded(page_of(batch, "problems"), allowed=federation.alice, method="post", ok=302, **guard)
    assert_guarded(page_of(batch, "changed") + "?seen=0", allowed=federation.alice, ok=204, **guard)


def test_who_may_only_look_reads(federation):
    batch = a_batch(federation, firm(1), firm(2, LOOKALIKE))
    page = text_of(signed_in(federation.lin).get(page_of(batch, "problems")))
    assert "You may look, not mend" in page
    assert LOOKALIKE in page
    assert 'name="text"' not in page
    assert 'name="accept"' not in page
    assert say(signed_in(federation.lin), batch, "0-0-3-2", text="x").status_code == 403


def test_after_the_commit_the_page_only_tells(federation):
    batch, client = a_batch(federation, firm(1), firm(2, LOOKALIKE)), signed_in(federation.alice)
    commit_batch(batch=batch, actor=federation.alice)
    page = text_of(client.get(page_of(batch, "problems")))
    assert LOOKALIKE in page
    assert 'name="text"' not in page
    assert "This import has been committed already." in text_of(say(client, batch, "0-0-3-2", accept=uscc(2)))


def test_a_batch_that_was_not_read_has_no_problems_page(federation):
    files = [IncomingFile("名册.csv", csv_bytes([HEADINGS, firm(1)]))]
    batch = receive_file(org=federation.jinshui, kind="roster", files=files, on=ON, actor=federation.alice)
    client = signed_in(federation.alice)
    assert client.get(page_of(batch, "problems")).headers["Location"] == page_of(batch, "batch")
    assert client.get(page_of(batch, "problems"), headers={"hx-request": "true"}).headers["HX-Redirect"] == page_of(
        batch, "batch"
    )


def test_the_page_asks_as_often_for_many_rows_as_for_few(federation, django_assert_max_num_queries):
    costs = []
    for count in (2, 9):
        batch = a_batch(federation, *[firm(10 * count + n, "91410") for n in range(count)])
        for row in batch.rows():
            amend_cell(batch=batch, row=row, position=2, text="914", actor=federation.alice)
        client = signed_in(federation.alice)
        client.get(page_of(batch, "problems"))
        for show in ("all", "mended"):
            with django_assert_max_num_queries(40) as asked:
                client.get(page_of(batch, "problems"), {"show": show})
            costs.append(len(asked))
    assert costs[:2] == costs[2:]


# Telephones


WHOLE = ("0371 63950001", "(0371)63950001转801", "17000000001", "138123456789")


def a_batch_with_telephones(federation) -> Batch:
    rows = [firm(n, phone=phone) for n, phone in enumerate(WHOLE, 1)]
    rows[1][2] = LOOKALIKE
    return a_batch(federation, *rows, firm(1, phone=WHOLE[0]))


@pytest.mark.parametrize("page", ["batch", "problems", "problems?show=wrong&grid=all", "rows", "columns", "review"])
def test_telephones_are_covered_for_who_only_looks(federation, page):
    batch = a_batch_with_telephones(federation)
    name, _mark, asked = page.partition("?")
    text = text_of(signed_in(federation.rita).get(f"{page_of(batch, name)}?{asked}"))
    assert [number for number in (*WHOLE, "63950001") if number in text] == []


def test_who_may_mend_a_telephone_has_it_whole_in_the_field_alone(federation):
    batch = a_batch_with_telephones(federation)
    text = text_of(signed_in(federation.alice).get(page_of(batch, "problems"), {"grid": "all"}))
    assert text.count("138123456789") == 1
    assert 'name="text" value="138123456789"' in text
    assert "63950001" not in text


def test_a_mended_telephone_is_covered_in_every_account_of_it(federation):
    batch, client = a_batch_with_telephones(federation), signed_in(federation.alice)
    say(client, batch, "0-0-5-4", text="13812345670")
    for name, asked in (("problems", {"show": "mended"}), ("problems", {"grid": "all"}), ("rows", {}), ("batch", {})):
        page = text_of(client.get(page_of(batch, name), asked))
        assert [number for number in ("138123456789", "13812345670") if number in page] == []


def test_files_and_rows_with_whole_telephones_are_taken_by_few(federation):
    batch, reader = a_batch_with_telephones(federation), federation.rita
    for address in (page_of(batch, "rejected"), page_of(batch, "file", 0)):
        assert signed_in(reader).get(address).status_code == 403
        assert address not in text_of(signed_in(reader).get(page_of(batch)))
        assert address not in text_of(signed_in(reader).get(page_of(batch, "problems")))
        assert address in text_of(signed_in(federation.alice).get(page_of(batch)))
    taken = b"".join(signed_in(federation.alice).get(page_of(batch, "rejected")).streaming_content)
    assert taken.startswith(b"PK")


def test_what_the_first_row_of_a_group_says_is_proposed_for_all_and_accepted_together(federation):
    counties = ["金水区", "", "二七区", "", "管城区", ""]
    rows = [["企业名称", "统一社会信用代码", "县区"]]
    rows += [[f"示例改格{n}有限公司", uscc(n), county] for n, county in enumerate(counties)]
    batch = receive_file(
        org=federation.jinshui, kind="roster", files=[IncomingFile("名册.csv", csv_bytes(rows))], on=ON,
        actor=federation.alice,
    )  # fmt: skip
    preview_batch(batch=read_batch(batch=batch, actor=federation.alice), actor=federation.alice)
    client = signed_in(federation.alice)
    page = text_of(client.get(page_of(batch, "problems")))
    assert page.count("Blank, and only the first row of its group says it") >= 3
    assert "The first row of the group says 二七区." in page
    assert 'name="accept" value="管城区"' in page
    assert "3 proposals have been accepted." in text_of(say(client, batch, code="blank_in_group"))
    read = [row.record.get("county_code") for row in batch.rows()]
    assert read == ["410105", "410105", "410103", "410103", "410104", "410104"]
    assert "No problems here" in text_of(client.get(page_of(batch, "problems")))
