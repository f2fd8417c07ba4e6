"""Pages of a served register as multiples of an empty Django view that signs the same reader in, in one run.

Granian with one worker on loopback, one kept connection, signed in as the officer. --members 36500 (default) is the
demonstration; with more, invented members are entered beside it. --home DIR keeps the register and uses it again.
"""

import argparse
import http.client
import os
import random
import subprocess
import sys
import time
from contextlib import closing, nullcontext
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from common import fresh_home, report, shanglian

from shanglian.runtime.engine import attached
from shanglian.runtime.home import home_path

DEMO = 27_800  # grows to 32,946 members by the middle of 2016; the rest is entered beside it
DAY = "2016-06-30"
LIMITS = {"home": 30, "home of a day": 30, "list": 30, "member": 30, "search rare": 15, "search common": 15,
          "search code": 15, "statistics": 15, "api member": 5}  # fmt: skip
ROUNDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=36_500)
    parser.add_argument("--home", type=Path, help="keep the register here, or use the one that is there")
    terms = parser.parse_args()
    if terms.home:
        os.environ["SHANGLIAN_HOME"] = str(terms.home.resolve())
    with nullcontext() if terms.home else fresh_home():
        shanglian("demo", "--no-serve", "--members", str(DEMO))
        with attached(home_path(os.environ)):
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanglian.config.settings")
            import django  # noqa: PLC0415  the home must exist before the settings are read

            django.setup()
            fill(terms.members)
            measure(terms.members)


def fill(wanted: int) -> None:
    """Invented members beside the demo's, at the counties."""
    from django.db import connection  # noqa: PLC0415
    from population import Place, plan, populate  # noqa: PLC0415

    from shanglian.directory.models import Org  # noqa: PLC0415
    from shanglian.directory.queries import names_on, system_user, today  # noqa: PLC0415
    from shanglian.members.models import Entity, Identifier  # noqa: PLC0415

    counties = list(Org.objects.filter(kind="county").order_by("code"))
    names = names_on({org.pk for org in counties}, today())
    places = [Place(org.pk, org.code, names[org.pk].removesuffix("工商业联合会")) for org in counties]
    present = Entity.objects.count()
    entered = Identifier.objects.filter(value__contains="YX").count()
    if wanted > present:
        populate(plan(places, wanted - present, start=entered), before=present, actor=system_user())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def measure(wanted: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from shanglian.config.management.commands.serve import collect_static, environment, free_port  # noqa: PLC0415
    from shanglian.members.models import Entity  # noqa: PLC0415

    pages = addresses()
    cookie = session_of("officer")
    members, entries = Entity.objects.count(), count_of("members_leg")
    connection.close()
    collect_static()
    port = free_port("127.0.0.1", 0)
    options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning",
               "--workers", "1", "--blocking-threads", "1", "--working-dir", str(Path(__file__).parent))  # fmt: skip
    command = [sys.executable, "-m", "granian", *options, "pages_wsgi:application"]
    with subprocess.Popen(command, env=os.environ | environment("127.0.0.1", port)) as server:
        try:
            wait_for(port)
            found = seconds(port, cookie, pages)
        finally:
            server.terminate()
    empty = found.pop("empty")
    report(
        "pages",
        members=wanted,
        entities=members,
        entries=entries,
        empty_view_ms=round(empty * 1000, 2),
        ms_ratio_limit={
            name: [round(spent * 1000, 1), round(spent / empty, 1), LIMITS[name]] if spent else "SKIPPED: not there"
            for name, spent in found.items()
        },
    )


def addresses() -> dict[str, str]:
    from shanglian.members.models import Entity, Identifier, Span  # noqa: PLC0415

    chance = random.Random(7)
    spans = Span.objects.filter(home=True, during__upper_inf=True).order_by("pk")
    entity = Entity.objects.get(pk=spans.values_list("entity_id", flat=True)[chance.randrange(5000)])
    code = Identifier.objects.filter(entity=entity).values_list("value", flat=True)[0]
    rare = entity.name.split("示例")[0][-2:]
    return {
        "empty": "/empty",
        "home": "/",
        "list": "/members/",
        "search rare": f"/members/?q={quote(rare)}",
        "search common": f"/members/?q={quote('商贸')}",
        "search code": f"/members/?q={code[:15]}",
        "member": f"/members/{entity.pk}/",
        "home of a day": f"/?on={DAY}",
        "statistics": f"/api/v1/statistics?org=410100&on={DAY}&by=org,category",
        "api member": f"/api/v1/members/{entity.pk}",
    }


def session_of(username: str) -> str:
    """The cookie of a session signed in as this account."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from shanglian.directory.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def count_of(table: str) -> int:
    from shanglian.members.queries import rows  # noqa: PLC0415

    ((found,),) = rows(f"SELECT count(*) FROM {table}", {})
    return int(found)


def wait_for(port: int) -> None:
    for _attempt in range(150):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as probe:
                probe.request("GET", "/healthz")
                probe.getresponse().read()
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the web server does not answer")


def seconds(port: int, cookie: str, pages: dict[str, str]) -> dict[str, float | None]:
    """Median of each page; the rounds go over all pages in turn, so that what else runs weighs on all alike."""
    spent: dict[str, list[float]] = {name: [] for name in pages}
    missing = set()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        for turn in range(ROUNDS + 2):
            for name, path in pages.items():
                if name in missing:
                    continue
                started = time.perf_counter()
                connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "zh-hans"})
                answer: Any = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    missing.add(name)
                elif turn >= 2:
                    spent[name].append(time.perf_counter() - started)
    return {name: median(times) if times else None for name, times in spent.items()}


if __name__ == "__main__":
    main()
