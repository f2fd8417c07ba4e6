"""`shanglian demo`: build sample data by the real actions, then serve. A second run only serves."""

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from shanglian.common.core.policy import PolicyError
from shanglian.demo import build
from shanglian.demo.accounts import Account, accounts_path
from shanglian.demo.story import Step
from shanglian.demo.terms import Terms
from shanglian.imports.actions import FileRefused, ImportRefused
from shanglian.members.core.refusals import Refused
from shanglian.runtime.places import Lock, make_private

MEMBERS = (200, 60_000)


class Command(BaseCommand):
    help = "生成示例数据并启动服务 / Build sample data and serve."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stage", choices=build.STAGES, default="full", help="how far the story is told; default full"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number, other firms; default 1")
        parser.add_argument(
            "--members", type=members, default=27_800, help="members on 2013-12-31; the plan's own base is 27800"
        )
        parser.add_argument("--no-serve", action="store_true", help="end when the data is there")
        parser.add_argument("--port", default="8000", help="default 8000; 0 takes a free one")

    def handle(self, **options: Any) -> None:
        make_private(settings.HOME)
        with Lock(settings.HOME / "demo.lock"), refusals_as_sentences():
            self._build(options["stage"], Terms(options["seed"], options["members"]))
        if not options["no_serve"]:
            connection.close()
            call_command("serve", "--port", options["port"])

    def _build(self, stage: str, wanted: Terms) -> None:
        build.refuse_real_data()
        terms = build.begin(wanted)
        if terms != wanted:
            note(
                f"已有示例数据（种子 {terms.seed}，{terms.members:,} 名会员），沿用；要重新生成请先 make reset。",
                f"The demo there is kept (seed {terms.seed}, {terms.members:,} members); make reset removes it.",
            )
        steps = build.steps_left(stage, terms)
        if steps:
            play(steps)
        accounts = build.ready_accounts(settings.HOME)
        if more := build.steps_left_after_accounts(stage, terms):
            play(more)
        note("示例数据已就绪。", "The sample data is there.")
        if accounts:
            show(accounts)
        path = accounts_path(settings.HOME)
        note(f"账号和密码在 {path}", f"User names and passwords are in {path}")


def note(chinese: str, english: str) -> None:
    print(f"{chinese}  {english}", file=sys.stderr, flush=True)


def members(text: str) -> int:
    low, high = MEMBERS
    if text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise ArgumentTypeError(f"'{text}': from {low} to {high}. 应为 {low} 到 {high} 的整数")


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """What the actions refuse ends the command with 1 and their sentence."""
    try:
        yield
    except (ValidationError, PolicyError, FileRefused, ImportRefused, Refused) as problem:
        sentence = "; ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        raise CommandError(f"示例数据无法生成：{sentence}\nThe demo cannot be built: {sentence}") from problem


def play(steps: Sequence[Step]) -> None:
    """A moving bar on a terminal, a line for each tenth elsewhere."""
    if not sys.stderr.isatty():
        build.play(steps, progress=_lines(len(steps)))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("示例数据 / sample data", total=len(steps), completed=-1)
        build.play(steps, progress=lambda step: bar.update(task, advance=1, description=step.title))
        bar.update(task, completed=len(steps), description="示例数据 / sample data")


def _lines(total: int) -> build.Progress:
    numbers = iter(range(total))

    def tell(step: Step) -> None:
        number = next(numbers)
        if number * 10 // total != (number - 1) * 10 // total:
            print(f"[{number * 100 // total:3d}%] {step.title}", file=sys.stderr, flush=True)

    return tell


def show(accounts: Sequence[Account]) -> None:
    table = Table(title="示例账号 / demo accounts")
    for heading in ("账号 user name", "密码 password", "角色 role", "组织 org"):
        table.add_column(heading, no_wrap=True)
    for account in accounts:
        table.add_row(account.username, account.password, account.role, account.org)
    Console(stderr=True, width=100 if not sys.stderr.isatty() else None).print(table)
