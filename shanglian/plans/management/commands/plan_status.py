"""`plan_status PLAN --on DAY`: where a plan stands; exit 1 with the reason if the plan cannot be used."""

from fractions import Fraction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanglian.common.commands import add_json, end_of_time_is_now, write_json
from shanglian.common.core.policy import PolicyError
from shanglian.plans.core.arithmetic import rounded
from shanglian.plans.core.status import PlanStatus, TargetStatus, status_json
from shanglian.plans.labels import base_label, soft_word_label, standing_label, state_label, unknown_label
from shanglian.plans.management.arguments import add_clocks, require_org, write_table
from shanglian.plans.queries import OrgNotCovered, PlanNotFound, load_plan, plan_status
from shanglian.plans.wording import org_not_covered, plan_not_found, policy_message


class Command(BaseCommand):
    help = "Compare a plan's targets with the register, as of a day and as known at a moment."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", help="id of a plan, or path of a plan file")
        add_clocks(parser)
        parser.add_argument("--org", metavar="CODE", help="default: the plan's issuer")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        status = self._status(**options)
        if options["json"]:
            write_json(options["json"], status_json(status))
        else:
            head = [_("Indicator"), _("Actual"), _("Due"), _("Gap"), _("Target"), _("Target day"), _("Base")]
            head += [_("Needed per month"), _("State"), _("Standing"), _("Why unknown")]
            write_table(head, [_row(target) for target in status.targets], self.stderr)

    def _status(self, **options: Any) -> PlanStatus:
        try:
            plan = load_plan(options["plan"])
            org = require_org(options["org"] or plan.issuer.org)
            on = options["on"] or timezone.localdate()
            known_on = end_of_time_is_now(options["known_on"])
            return plan_status(plan, org=org, on=on, known_on=known_on)
        except PolicyError as error:
            raise CommandError(policy_message(error)) from error
        except PlanNotFound as error:
            raise CommandError(plan_not_found(*error.args)) from error
        except OrgNotCovered as error:
            raise CommandError(org_not_covered(*error.args)) from error


def _row(status: TargetStatus) -> list[str]:
    decimals = status.indicator.decimals
    name, soft = status.indicator.name, soft_word_label(status.target.soft_word)
    return [
        name.zh if (get_language() or "").startswith("zh") else name.en,
        _figure(status.actual, decimals),
        _figure(status.due, decimals + 1),
        _figure(status.gap, decimals + 1),
        f"{_figure(status.goal, decimals)} {soft}".strip(),
        status.target.day.isoformat(),
        f"{_figure(status.base, decimals)} ({base_label(status.base_kind)})",
        _figure(status.pace_needed_per_month, decimals),
        state_label(status.state),
        standing_label(status.official),
        unknown_label(status.unknown),
    ]


def _figure(value: int | Fraction | None, decimals: int) -> str:
    return "—" if value is None else f"{float(rounded(value, decimals)):.{decimals}f}"
