"""`plan_status` and `measure` in the shell: JSON alone on stdout, reasons in two languages, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from shanglian.directory.models import Org
from tests.plans.samples import HARBOUR

Orgs = dict[str, Org]


def run_json(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    call_command(*args, "--json", "-")
    return json.loads(capsys.readouterr().out)


def refusal(*args: str) -> CommandError:
    with pytest.raises(CommandError) as caught:
        call_command(*args)
    return caught.value


def test_plan_status_gives_the_issuers_figures(federations: Orgs, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "plan_status", "zhengzhou-2014-2017", "--on", "2015-12-31")
    assert (found["plan"], found["on"], found["org"]) == ("zhengzhou-2014-2017", "2015-12-31", "410100")
    assert [(t["indicator"], t["actual"], t["due"], t["state"]) for t in found["targets"]] == [
        ("members", 31_828, 31_828.2, "met"),
        ("coverage", 25, 24.0, "ahead"),
        ("enterprise_share", 46.5, 46.5, "met"),
        ("group_share", 2.2, 2.5, "behind"),
        ("five_good_counties", None, 100.0, "unknown"),
        ("chambers", 104, 104.0, "met"),
    ]


def test_plan_status_reads_a_naive_moment_as_china_time(federations: Orgs, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["plan_status", "zhengzhou-2014-2017", "--on", "2015-12-31", "--known-on"]
    before = run_json(capsys, *args, "2016-01-10T07:59")  # one minute before midnight UTC
    after = run_json(capsys, *args, "2016-01-10T08:00")
    assert [found["targets"][0]["actual"] for found in (before, after)] == [31_826, 31_828]


def test_plan_status_takes_a_file_and_an_organisation(
    federations: Orgs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "any name.yaml").write_text(HARBOUR, encoding="utf-8")
    found = run_json(capsys, "plan_status", str(tmp_path / "any name.yaml"), "--org", "990103", "--on", "2021-06-30")
    assert [(t["indicator"], t["due"], t["official"]) for t in found["targets"]] == [
        ("memberships", 375.0, False),
        ("coverage", None, False),
        ("arrears", None, False),
    ]


def test_plan_status_without_json_leaves_stdout_empty(federations: Orgs, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("plan_status", "zhengzhou-2014-2017", "--on", "2015-12-31")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[1].split("\t")[1:4] == ["31828", "31828.2", "-0.2"]


def test_a_bad_plan_file_is_refused_with_file_line_and_field(figures: None, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(HARBOUR.replace("value: 1800", "value: many"), encoding="utf-8")
    error = refusal("plan_status", str(path))
    assert error.returncode == 1
    assert str(error).splitlines()[1:] == [
        f"{path} 第37行 targets[0].value：不是数字：many / line 37, targets[0].value: this is not a number: many"
    ]


@pytest.mark.parametrize(
    ("args", "chinese", "english"),
    [
        (["plan_status", "nowhere"], "找不到规划“nowhere”", "There is no plan “nowhere”"),
        (["plan_status", "zhengzhou-2014-2017", "--org", "410171"], "没有代码为“410171”的组织", "410171"),
        (
            ["plan_status", "zhengzhou-2014-2017", "--org", "990102"],
            "不在规划",
            "did not stand under the issuer",
        ),
        (["measure", "members.tails", "--org", "410100"], "没有数据项“members.tails”", "There is no figure"),
    ],
)
def test_what_cannot_be_answered_says_so_in_both_languages(
    federations: Orgs, args: list[str], chinese: str, english: str
) -> None:
    error = refusal(*args)
    assert error.returncode == 1
    assert chinese in str(error)
    assert english in str(error)


def test_measure_gives_the_figure_and_what_is_behind_it(federations: Orgs, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["measure", "members.heads", "--org", "410105", "--on", "2015-12-31", "--items-limit", "2"]
    assert run_json(capsys, *args) == {
        "measure": "members.heads",
        "value": 3_100,
        "unit": "members",
        "items": [1, 2],
        "items_total": 3_100,
        "definition": {"org": "410105", "on": "2015-12-31", "source": ""},
    }


def test_measure_lists_what_there_is(figures: None, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "measure", "--list")
    assert found["measures"][0] == {"measure": "fake.arrears", "unit": "firms"}
    assert {"members.heads", "registry.private_enterprises"} <= {one["measure"] for one in found["measures"]}


def test_measure_without_json_leaves_stdout_empty(federations: Orgs, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("measure", "members.heads", "--org", "410122", "--on", "2013-12-31")
    call_command("measure", "--list")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[1] == "members.heads\t410122\t2013-12-31\t—\tmembers"


def test_a_measure_without_an_organisation_is_wrong_usage(figures: None) -> None:
    assert refusal("measure", "members.heads").returncode == 2


def test_plan_check_gives_its_findings_and_ends_well_without_errors(
    figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_json(capsys, "plan_check", "zhengzhou-2014-2017")
    growth = next(one for one in found["findings"] if one["code"] == "implied_growth")
    assert found["plan"] == "zhengzhou-2014-2017"
    assert {key: growth[key] for key in ("severity", "indicator", "clause", "figures", "org")} == {
        "severity": "info",
        "indicator": "enterprise_members",
        "clause": "2.2.3",
        "figures": {"base": 11_954, "target": 18_250, "added": 6_296, "years": 4, "rate": 0.1116},
        "org": "410100",
    }
    assert {one["severity"] for one in found["findings"]} == {"info", "warning"}


def test_plan_check_takes_a_file_and_ends_with_1_for_a_contradiction(
    figures: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HARBOUR.replace("    path: linear", "    growth: {rate: 0.01}\n    path: stated_growth", 1)
    (tmp_path / "harbour.yaml").write_text(text, encoding="utf-8")
    error = refusal("plan_check", str(tmp_path / "harbour.yaml"), "--json", "-")
    found = json.loads(capsys.readouterr().out)["findings"]
    assert error.returncode == 1
    assert [(one["code"], one["indicator"]) for one in found if one["severity"] == "error"] == [
        ("growth_differs", "memberships")
    ]


def test_plan_check_gives_the_problems_of_a_broken_file_as_findings(
    figures: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "harbour.yaml").write_text(HARBOUR.replace("value: 1800", "value: many"), encoding="utf-8")
    error = refusal("plan_check", str(tmp_path / "harbour.yaml"), "--json", "-")
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert error.returncode == 1
    assert (found["severity"], found["code"], found["file"]) == (
        "error", "not_a_number", str(tmp_path / "harbour.yaml"),
    )  # fmt: skip
    assert "targets[0].value" in found["message"]
    assert found["line"] == HARBOUR.splitlines().index("    value: 1800") + 1


def test_plan_check_without_json_is_a_table_beside_an_empty_stdout(
    figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("plan_check", "zhengzhou-2014-2017")
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) > 10
