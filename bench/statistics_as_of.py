"""`statistics` by organisation and category on ten random days, against a plain GROUP BY over all legs, in one run."""

import os
import random
import time
from datetime import date, timedelta
from statistics import median

from common import fresh_home, report, shanglian

from shanglian.runtime.engine import attached
from shanglian.runtime.home import home_path

RAW = """SELECT org_id, category, sum(heads)::bigint FROM members_leg WHERE effective_on <= %(on)s
          GROUP BY org_id, category HAVING sum(heads) <> 0"""


def main() -> None:
    with fresh_home():
        shanglian("demo", "--members", "27800", "--no-serve")
        with attached(home_path(os.environ)):
            measure()


def measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanglian.config.settings")
    import django  # noqa: PLC0415  the home must exist before the settings are read

    django.setup()
    from shanglian.directory.models import Org  # noqa: PLC0415
    from shanglian.directory.queries import subtree_ids  # noqa: PLC0415
    from shanglian.members.queries import Reach, figures, rows  # noqa: PLC0415

    chance = random.Random(7)
    days = [date(2013, 12, 31) + timedelta(days=chance.randrange(900)) for _ in range(10)]
    city = Org.objects.get(code="410100")
    ours, raw = [], []
    for day in days:
        started = time.perf_counter()
        reach = Reach(tuple(subtree_ids(city, on=day)))
        found = figures(reach, on=day, by=["org", "category"])
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        plain = {tuple(key): value for *key, value in rows(RAW, {"on": day})}
        raw.append(time.perf_counter() - started)
        assert found == plain, day
    ((legs,),) = rows("SELECT count(*) FROM members_leg", {})
    report(
        "statistics_as_of",
        legs=legs,
        days=len(days),
        median_ms=round(median(ours) * 1000, 2),
        raw_group_by_ms=round(median(raw) * 1000, 2),
        ratio_to_raw=round(median(ours) / median(raw), 2),
    )


if __name__ == "__main__":
    main()
