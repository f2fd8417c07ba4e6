"""`shanglian worker`: does the jobs in the queue until told to stop. `shanglian serve` runs one by itself."""

from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from shanglian.runtime.jobs import HEARTBEAT, STALLED


class Command(BaseCommand):
    help = "Do background jobs until stopped. 执行后台任务，直到停止"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=1, help="jobs at a time; default 1")

    def handle(self, *args: Any, **options: Any) -> None:
        connector = cast(DjangoConnector, app.connector)
        with app.replace_connector(connector.get_worker_connector()) as worker_app:
            worker_app.run_worker(
                concurrency=options["concurrency"],
                shutdown_graceful_timeout=5,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
            )
