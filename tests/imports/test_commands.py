"""The three commands: shapes on stdout, sentences on stderr, exit codes."""

import json

import pytest
from django.core.management import CommandError, call_command

from shanglian.imports.models import Batch
from tests.imports.workbooks import HEADINGS, csv_bytes, firms, uscc
from tests.little_federation import little_federation


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "名册.csv"
    path.write_bytes(csv_bytes([HEADINGS, *firms(2), [3, "", "", ""], [4, "示例企业1有限公司", uscc(1), ""]]))
    return path


def json_of(capsys, *command, **options):
    call_command(*map(str, command), json="-", **options)
    return json.loads(capsys.readouterr().out)


def test_read_roster_needs_no_database(roster, capsys):
    answer = json_of(capsys, "read_roster", roster)
    assert answer["file"] == "名册.csv"
    assert answer["rows"][0] == {
        "sheet": "csv",
        "row": 2,
        "outcome": "accept",
        "reasons": [],
        "warnings": [],
        "record": {"name": "示例企业1有限公司", "name_key": "示例企业1有限公司", "uscc": uscc(1)},
    }
    assert [(row["row"], row["outcome"]) for row in answer["rows"]] == [(2, "accept"), (3, "accept"), (5, "duplicate")]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", ["文件是空的", "the file is empty"]),
        (b"PK\x03\x04", "a.xlsx", ["文件不完整", "cut off"]),
        (csv_bytes([HEADINGS]), "a.xlsx", ["实际内容是 csv", "which is csv"]),
        (csv_bytes([["甲"]]), "a.csv", ["没有找到表头", "no row of headings"]),
    ],
)
def test_an_unusable_file_is_named_with_the_remedy_in_both_languages(tmp_path, content, name, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        call_command("read_roster", str(path))
    assert caught.value.returncode == 1
    assert all(word in str(caught.value) for word in [name, *words])


def test_a_file_that_is_not_there_is_no_traceback(tmp_path):
    with pytest.raises(CommandError, match="there is no such file"):
        call_command("read_roster", str(tmp_path / "x.csv"))


@pytest.mark.django_db
def test_without_commit_nothing_remains(roster, capsys):
    little_federation()
    answer = json_of(capsys, "import_roster", roster, org="410105")
    (file,) = answer["files"]
    assert (answer["batch"], answer["committed"], Batch.objects.count()) == (None, False, 0)
    assert {key: file[key] for key in ("file", "accept", "reject", "duplicate", "conflict", "already_booked")} == {
        "file": "名册.csv",
        "accept": 2,
        "reject": 0,
        "duplicate": 1,
        "conflict": 0,
        "already_booked": 0,
    }
    assert file["problems"] == [
        {"sheet": "csv", "row": 5, "outcome": "duplicate", "codes": ["duplicate"], "same_as": "csv!2"}
    ]


@pytest.mark.django_db
def test_commit_then_again_then_undo(roster, capsys):
    little_federation()
    first = json_of(capsys, "import_roster", roster, org="410105", commit=True)
    second = json_of(capsys, "import_roster", roster, org="410105", commit=True)
    undone = json_of(capsys, "undo_import", first["batch"])
    assert (first["committed"], first["files"][0]["accept"]) == (True, 2)
    assert (second["files"][0]["accept"], second["files"][0]["already_booked"]) == (0, 2)
    assert undone == {"batch": first["batch"], "undone": True, "reversed": 2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["import_roster", "{roster}", "--org", "999999"], "no organisation with the code 999999"),
        (["undo_import", "nonsense"], "no import nonsense"),
        (["undo_import", "01900000-0000-7000-8000-000000000000"], "no import 01900000"),
    ],
)
def test_wrong_names_are_said(roster, command, words):
    little_federation()
    with pytest.raises(CommandError, match=words):
        call_command(*[word.format(roster=roster) for word in command])


def test_read_sheet_reads_as_the_kind_it_is_told(roster, capsys):
    assert json_of(capsys, "read_sheet", "fake", roster) == json_of(capsys, "read_roster", roster)


@pytest.mark.django_db
def test_import_sheet_does_for_any_kind_what_import_roster_does(roster, capsys):
    little_federation()
    rehearsed = json_of(capsys, "import_sheet", "fake", roster, org="410105", on="2015-12-31")
    assert (rehearsed["committed"], rehearsed["counts"], Batch.objects.count()) == (
        False,
        {"joined": 2, "already_booked": 0},
        0,
    )
    committed = json_of(capsys, "import_sheet", "fake", roster, org="410105", on="2015-12-31", commit=True)
    batch = Batch.objects.get(pk=committed["batch"])
    assert (batch.kind, batch.on_day.isoformat(), batch.complete, batch.history) == ("fake", "2015-12-31", False, False)


@pytest.mark.parametrize("command", ["import_sheet", "read_sheet"])
def test_a_kind_there_is_not_is_wrong_usage(roster, command):
    with pytest.raises(CommandError, match="invalid choice: 'nonsense'"):
        call_command(command, "nonsense", str(roster))
