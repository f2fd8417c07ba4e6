"""What is wrong with this installation's policy files, whichever room reads them, in Chinese and English."""

from collections.abc import Sequence

from django.core.management.base import CommandError

from shanglian.common import policy_words
from shanglian.common.core.policy import PolicyProblem
from shanglian.common.policy_files import all_problems
from shanglian.directory import wording as directory
from shanglian.plans import wording as plans

PROBLEMS = {**policy_words.PROBLEMS, **directory.PROBLEMS, **plans.PROBLEMS}


def policies_refused(problems: Sequence[PolicyProblem]) -> str:
    """All of them, one a line, under a head that says what to do."""
    head = (
        "政策文件有误，请按下列各行改正后再运行（shanglian check 可随时检查全部文件）。\n"
        "Policy files have errors; mend the lines below and run again (shanglian check looks at all of them)."
    )
    return "\n".join([head, *(policy_words.problem_line(problem, PROBLEMS) for problem in problems)])


def refuse_broken_policies() -> None:
    """Before anything is started: a page should not be the first to find a slip in a file. Raises CommandError."""
    problems = list(all_problems())
    if problems:
        raise CommandError(policies_refused(problems))
