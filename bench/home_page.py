"""The home page at about 36,500 members against an empty view that signs the same reader in, in one run."""

import os
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from common import fresh_home, report, shanglian

from shanglian.runtime.engine import attached
from shanglian.runtime.home import home_path

ROUNDS = 15
PAGES = {
    "city": "/?org=410100&on=2016-06-30",
    "county": "/?org=410105&on=2016-06-30",
}


def main() -> None:
    if os.environ.get("SHANGLIAN_HOME"):
        with attached(home_path(os.environ)):
            measure()
        return
    with fresh_home():
        shanglian("demo", "--members", "27800", "--no-serve")
        with attached(home_path(os.environ)):
            measure()


def timed(ask: Callable[[], Any]) -> float:
    ask()
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - started)
    return median(spent) * 1000


def measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanglian.config.settings")
    import django  # noqa: PLC0415  the home must exist before the settings are read

    django.setup()
    from shanglian.config.management.commands.serve import collect_static  # noqa: PLC0415

    collect_static()
    from django.db import connection  # noqa: PLC0415
    from django.http import HttpRequest, HttpResponse  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415
    from django.urls import path  # noqa: PLC0415

    from shanglian.config import urls  # noqa: PLC0415
    from shanglian.directory.models import User  # noqa: PLC0415
    from shanglian.members.models import Span  # noqa: PLC0415
    from shanglian.reports.kept import forget  # noqa: PLC0415

    def anew(client: Client, address: str) -> None:
        forget()
        client.get(address)

    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.user.pk))

    urls.urlpatterns.append(path("empty", empty))
    client = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="leader"))
    bare = timed(lambda: client.get("/empty"))
    figures = {"empty_ms": round(bare, 2), "members": Span.objects.filter(home=True, during__endswith=None).count()}
    for name, address in PAGES.items():
        spent, first = timed(partial(client.get, address)), timed(partial(anew, client, address))
        forget()
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        in_sql = sum(float(query["time"]) for query in asked.captured_queries) * 1000
        figures |= {
            f"{name}_ms": round(spent, 1),
            f"{name}_ratio": round(spent / bare, 1),
            f"{name}_first_ms": round(first, 1),
            f"{name}_first_ratio": round(first / bare, 1),
            f"{name}_queries": len(asked),
            f"{name}_sql_ms": round(in_sql, 1),
        }
    report("home_page", **figures)


if __name__ == "__main__":
    main()
