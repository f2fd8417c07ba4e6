"""`plan_check PLAN|FILE`: what a plan's figures imply and whether they agree; exit 1 for findings of severity error."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanglian.common.commands import add_json, write_json
from shanglian.common.core.policy import PolicyError
from shanglian.plans.check_words import finding_json, problem_json, said
from shanglian.plans.core.checking import Severity, worst
from shanglian.plans.management.arguments import write_table
from shanglian.plans.queries import PlanNotFound, findings_of, load_plan
from shanglian.plans.wording import plan_not_found, policy_message


class Command(BaseCommand):
    help = "Compute what a plan leaves unsaid and check its figures against each other at their printed precision."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", help="id of a plan, or path of a plan file")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = load_plan(options["plan"])
        except PlanNotFound as error:
            raise CommandError(plan_not_found(*error.args)) from error
        except PolicyError as error:
            if options["json"]:
                found = [problem_json(problem) for problem in error.problems]
                write_json(options["json"], {"plan": options["plan"], "findings": found})
            raise CommandError(policy_message(error)) from error
        findings = findings_of(plan)
        if options["json"]:
            write_json(options["json"], {"plan": plan.id, "findings": [finding_json(one, plan) for one in findings]})
        else:
            chinese = (get_language() or "").startswith("zh")
            lines = [
                [one.severity, one.clause, one.indicator, str(one.line), said(one, plan)[0 if chinese else 1]]
                for one in findings
            ]
            head = [_("Severity"), _("Clause"), _("Indicator"), _("Line of the file"), _("Finding")]
            write_table(head, lines, self.stderr)
        if worst(findings) is Severity.ERROR:
            raise CommandError("规划中的数据相互矛盾。 / The plan's figures contradict each other.")
