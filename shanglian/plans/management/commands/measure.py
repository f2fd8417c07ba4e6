"""`measure NAME --org CODE --on DAY`: any figure a room offers to plans, and what is behind it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from shanglian.common.commands import add_json, end_of_time_is_now, write_json
from shanglian.plans.core.status import plain
from shanglian.plans.management.arguments import add_clocks, require_org, write_table
from shanglian.plans.queries import UnknownMeasure, all_measures, ask_measure
from shanglian.plans.wording import measure_not_found

ITEMS_LIMIT = 1000  # ids given back; the figure itself and `items_total` are never capped
PLACES = 6


class Command(BaseCommand):
    help = "Give one figure of an organisation with everything below it, as of a day."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="name of the figure; see --list")
        parser.add_argument("--list", action="store_true", help="the figures there are")
        parser.add_argument("--org", metavar="CODE")
        add_clocks(parser)
        parser.add_argument("--items-limit", type=int, default=ITEMS_LIMIT, metavar="N", help="cap of the ids")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list(options["json"])
        elif not options["name"] or not options["org"]:
            raise CommandError("请给出数据项和 --org，或用 --list / give a figure and --org, or --list", returncode=2)
        else:
            self._answer(**options)

    def _list(self, target: str | None) -> None:
        measures = sorted(all_measures().values(), key=lambda measure: measure.name)
        if target:
            found = [{"measure": measure.name, "unit": measure.unit} for measure in measures]
            write_json(target, {"measures": found})
        else:
            write_table([_("Figure"), _("Unit")], [[m.name, m.unit] for m in measures], self.stderr)

    def _answer(self, **options: Any) -> None:
        org, on = require_org(options["org"]), options["on"] or timezone.localdate()
        limit = max(0, options["items_limit"])
        try:
            known_on = end_of_time_is_now(options["known_on"])
            answer = ask_measure(options["name"], org=org, on=on, known_on=known_on, items_limit=limit)
        except UnknownMeasure as error:
            raise CommandError(measure_not_found(options["name"], sorted(all_measures()))) from error
        value = plain(answer.value, PLACES)
        if options["json"]:
            data = {
                "measure": options["name"],
                "value": value,
                "unit": answer.unit,
                "items": answer.items,
                "items_total": answer.items_total,
                "definition": dict(answer.definition),
            }
            write_json(options["json"], data)
        else:
            shown = "—" if value is None else str(value)
            row = [options["name"], org.code, on.isoformat(), shown, answer.unit]
            write_table([_("Figure"), _("Organisation"), _("Day"), _("Value"), _("Unit")], [row], self.stderr)
