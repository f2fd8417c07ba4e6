"""Where the demo refuses to begin, and where it goes on after an interruption."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shanglian.archive.models import LogEntry
from shanglian.demo import build
from shanglian.demo.story import Step
from shanglian.demo.terms import Terms
from shanglian.directory.models import Org, User
from shanglian.runtime.places import Unusable
from tests.factories.directory import make_org
from tests.factories.members import make_entity

pytestmark = pytest.mark.django_db
TERMS = Terms(seed=1, members=200)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_a_database_with_a_real_organisation_is_left_alone(home: Path):
    make_org()

    with pytest.raises(Unusable, match=r"正式的组织或会员[\s\S]*real organisations or members"):
        call_command("demo", "--no-serve")

    assert Org.objects.count() == 1
    assert not LogEntry.objects.filter(verb="demo.begin").exists()
    assert not (home / "accounts.json").exists()


def test_a_database_with_a_real_member_is_left_alone():
    make_entity(sample=False)

    with pytest.raises(Unusable):
        call_command("demo", "--no-serve")

    assert not Org.objects.exists()


def test_the_stage_orgs_founds_organisations_and_opens_the_accounts(home: Path):
    call_command("demo", "--no-serve", "--stage", "orgs")

    assert {"410000", "410100", "410105", "410100-hkg", "410105-sh-001"} <= set(
        Org.objects.values_list("code", flat=True)
    )
    assert User.objects.filter(username="officer").exists()
    assert (home / "accounts.json").exists()


def test_a_demo_that_was_interrupted_goes_on_with_the_step_it_stopped_at():
    def break_off(actor: User) -> None:
        raise KeyboardInterrupt

    steps = build.steps_left("roster", build.begin(TERMS))
    with pytest.raises(KeyboardInterrupt):
        build.play([steps[0], Step("broken", "", break_off)], progress=lambda step: None)

    assert [step.key for step in build.steps_left("roster", TERMS)] == [step.key for step in steps[1:]]


def test_a_demo_that_was_begun_keeps_its_seed_and_size():
    build.begin(TERMS)

    assert build.begin(Terms(seed=9, members=5000)) == TERMS


@pytest.mark.parametrize("arguments", [["--stage", "epilogue"], ["--members", "5"], ["--members", "many"]])
def test_wrong_usage_is_refused(arguments: list[str]):
    with pytest.raises(CommandError):
        call_command("demo", "--no-serve", *arguments)


def test_a_damaged_file_of_accounts_says_what_to_do(home: Path):
    (home / "accounts.json").write_text("{")

    with pytest.raises(Unusable, match="删除它后重新运行"):
        call_command("demo", "--no-serve", "--stage", "orgs")
