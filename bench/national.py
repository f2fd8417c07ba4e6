"""Statistics and search in a register of national size: 3,400 organisations, 5.5 million memberships, 20 million
entries.

`make bench-national` enters it by COPY through the real constraints and triggers (hours at full size), then measures.
--scale 0.05 enters fewer members at as many organisations; --home DIR keeps the register, and goes on with it where it
was stopped.
"""

import argparse
import os
import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from common import fresh_home, report, shanglian

from shanglian.runtime.engine import attached
from shanglian.runtime.home import home_path

MEMBERSHIPS, PROVINCES, CITIES, COUNTIES = 5_500_000, 32, 334, 3_033
LIMITS = {  # milliseconds, as demanded at full size
    "figure nation": 100, "figure province": 50, "figure city": 50, "figure county": 50,
    "movements nation": 100, "movements province": 50, "movements city": 50, "movements county": 50,
    "a year ago nation": 300, "a year ago province": 300, "a year ago county": 300,
    "rare search": 100, "first page nation": 100, "first page province": 100, "first page county": 100,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the whole nation; default 1")
    parser.add_argument("--home", type=Path, help="keep the register here, or go on with the one that is there")
    terms = parser.parse_args()
    if terms.home:
        os.environ["SHANGLIAN_HOME"] = str(terms.home.resolve())
    with nullcontext() if terms.home else fresh_home():
        shanglian("migrate")
        with attached(home_path(os.environ)):
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanglian.config.settings")
            import django  # noqa: PLC0415  the home must exist before the settings are read

            django.setup()
            run(terms.scale)


def run(scale: float) -> None:
    from django.db import connection  # noqa: PLC0415
    from population import plan, populate  # noqa: PLC0415

    from shanglian.directory.queries import system_user  # noqa: PLC0415

    places = found_nation()
    chunks = plan(places, round(MEMBERSHIPS * scale))
    started = time.perf_counter()
    populate(chunks, before=0, actor=system_user())
    spent = time.perf_counter() - started
    with connection.cursor() as cursor:
        rolled_up = ("flow", "balance", "registerflow", "attributeflow", "attributebalance")
        for table in ("leg", *rolled_up, "span", "entity", "membership"):
            cursor.execute(f"ANALYZE members_{table}")
    older = sum(part.count for chunk in chunks for part in chunk if not part.recent)
    measure(scale, spent, older)


def found_nation() -> list[Any]:
    """The tree (nation, provinces, cities, counties) and the counties, where the members are."""
    from population import Place  # noqa: PLC0415

    from shanglian.directory.actions import found_tree  # noqa: PLC0415
    from shanglian.directory.core.kinds import OrgKind  # noqa: PLC0415
    from shanglian.directory.core.orgfile import OrgEntry  # noqa: PLC0415
    from shanglian.directory.queries import system_user  # noqa: PLC0415

    since = date(1949, 10, 1)
    entries = [OrgEntry("000000", OrgKind.NATION, "示例全国工商联", "示例全国", None, since)]
    provinces = [f"{10 + n}0000" for n in range(PROVINCES)]
    entries += [OrgEntry(p, OrgKind.PROVINCE, f"示例{p}省工商联", f"示例{p}省", "000000", since) for p in provinces]
    below: dict[str, str] = {f"{10 + n % PROVINCES}{1 + n // PROVINCES:02}00": provinces[n % PROVINCES]
                             for n in range(CITIES)}  # fmt: skip
    entries += [OrgEntry(c, OrgKind.CITY, f"示例{c}市工商联", f"示例{c}市", up, since) for c, up in below.items()]
    own = {f"{city[:4]}{1 + turn:02}": city for turn in range(COUNTIES // CITIES + 1) for city in below}
    own = dict(list(own.items())[:COUNTIES])
    entries += [OrgEntry(c, OrgKind.COUNTY, f"示例{c}县工商联", f"示例{c}县", up, since) for c, up in own.items()]
    orgs = found_tree(entries, sample=True, actor=system_user())
    return [Place(orgs[code].pk, code, code) for code in own]


def measure(scale: float, spent: float, older: int) -> None:
    from django.http import QueryDict  # noqa: PLC0415

    from shanglian.directory.models import Org  # noqa: PLC0415
    from shanglian.directory.queries import subtree_ids  # noqa: PLC0415
    from shanglian.members.listing import listing  # noqa: PLC0415
    from shanglian.members.models import Entity  # noqa: PLC0415
    from shanglian.members.queries import Reach, figures, movement_table, rows  # noqa: PLC0415

    ((legs,),) = rows("SELECT count(*) FROM members_leg", {})
    ((orgs,),) = rows("SELECT count(*) FROM directory_org", {})
    ((year_ago,),) = rows("SELECT recorded_at FROM members_entity ORDER BY id OFFSET %(n)s LIMIT 1", {"n": older - 1})
    chance = random.Random(7)
    days = [date(2006, 1, 1) + timedelta(days=chance.randrange(4380)) for _ in range(5)]
    name = Entity.objects.order_by("pk").values_list("name", flat=True)[older // 2]
    found: dict[str, list[float]] = {}
    for level, code in (("nation", "000000"), ("province", "100000"), ("city", "100100"), ("county", "100101")):
        inside = tuple(subtree_ids(Org.objects.get(code=code), on=days[0]))

        def figure(day: date, known: datetime | None = None, inside: tuple[int, ...] = inside) -> object:
            return figures(Reach(inside, known_on=known), on=day, by=["category"])

        def movements(day: date, inside: tuple[int, ...] = inside) -> object:
            return movement_table(Reach(inside), since=date(day.year, 1, 1), until=day, by=["category"])

        def known(day: date, figure: Callable[..., object] = figure) -> object:
            return figure(date(2017, 12, 31) - timedelta(days=day.day), year_ago)

        def page(day: date, inside: tuple[int, ...] = inside) -> object:
            return listing(QueryDict(f"on={day}"), list(inside)).page(1, 25)

        found[f"figure {level}"] = warm(figure, days)
        found[f"movements {level}"] = warm(movements, days)
        found[f"a year ago {level}"] = warm(known, days)
        found[f"first page {level}"] = warm(page, days)
        if level == "nation":
            query = QueryDict(mutable=True)
            query["q"] = name[7:9] if len(name) > 8 else name[:2]

            def search(day: date, query: QueryDict = query, inside: tuple[int, ...] = inside) -> object:
                return listing(query, list(inside)).page(1, 25)

            found["rare search"] = warm(search, days)
    report(
        "national",
        scale=scale,
        organisations=orgs,
        entries=legs,
        entered_in_seconds=round(spent),
        median_and_worst_ms={
            what: [round(median(times) * 1000, 1), round(max(times) * 1000, 1), LIMITS.get(what)]
            for what, times in found.items()
        },
    )


def warm(ask: Callable[[date], object], days: list[date]) -> list[float]:
    """Seconds for each day, the second time it is asked."""
    found = []
    for day in days:
        ask(day)
        started = time.perf_counter()
        ask(day)
        found.append(time.perf_counter() - started)
    return found


if __name__ == "__main__":
    main()
