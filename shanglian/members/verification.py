"""Proof that the register balances: every projection is computed again from the ledger and compared.

Each check reads only; what it finds it says with the numbers. Nothing is mended here.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from shanglian.directory.models import OrgPlace
from shanglian.directory.queries import tree_faults

SHOWN = 20  # problems listed per check; the count is always complete


@dataclass(frozen=True)
class Check:
    """One proof: how many things were looked at and what was wrong with them (the first SHOWN)."""

    name: str
    checked: int
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


# name → (how many things, the faulty ones as text)
CHECKS: dict[str, tuple[str, str]] = {
    "every movement has legs": (
        "SELECT count(*) FROM members_movement",
        """SELECT format('movement %s (%s) has no legs', m.id, m.kind) FROM members_movement m
            WHERE NOT EXISTS (SELECT FROM members_leg l WHERE l.movement_id = m.id)""",
    ),
    "legs balance": (
        "SELECT count(*) FROM members_leg",
        """SELECT format('movement %s (%s): memberships %s, heads %s', m.id, m.kind, sum(l.memberships), sum(l.heads))
             FROM members_movement m JOIN members_leg l ON l.movement_id = m.id
            WHERE m.kind IN ('moved', 'rehomed', 'reclassified') GROUP BY m.id, m.kind
           HAVING sum(l.memberships) <> 0 OR sum(l.heads) <> 0""",
    ),
    "legs carry the dates of their movement": (
        "SELECT count(*) FROM members_leg",
        """SELECT format('movement %s: %s %s, leg %s %s', m.id, m.effective_on, m.recorded_at, l.effective_on, l.recorded_at)
             FROM members_leg l JOIN members_movement m ON m.id = l.movement_id
            WHERE (l.effective_on, l.recorded_at) IS DISTINCT FROM (m.effective_on, m.recorded_at)""",
    ),
    "reversals mirror what they reverse": (
        "SELECT count(*) FROM members_movement WHERE kind = 'reversal'",
        """SELECT format('movement %s does not mirror %s', x.reversal, x.original)
             FROM (SELECT r.id AS reversal, r.reverses_id AS original, l.line, l.membership_id, l.effective_on, l.county,
                          l.category, l.profile_id, sum(l.memberships) AS m, sum(l.heads) AS h
                     FROM members_movement r JOIN members_leg l ON l.movement_id IN (r.id, r.reverses_id)
                    WHERE r.kind = 'reversal' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) x
            WHERE x.m <> 0 OR x.h <> 0 GROUP BY x.reversal, x.original""",
    ),
    "one home while any membership is open": (
        "SELECT count(*) FROM members_entity",
        """WITH states AS MATERIALIZED (
                SELECT * FROM ledger_states((SELECT coalesce(array_agg(DISTINCT entity_id), '{}') FROM members_membership))),
            days AS (SELECT entity_id, day, sum(sum(home_step)) OVER w AS homes, sum(sum(open_step)) OVER w AS opened
                       FROM states GROUP BY entity_id, day WINDOW w AS (PARTITION BY entity_id ORDER BY day))
           SELECT format('entity %s on %s: %s homes, %s open memberships', entity_id, day, homes, opened) FROM days
            WHERE homes <> (CASE WHEN opened > 0 THEN 1 ELSE 0 END)""",
    ),
    "spans follow the ledger": (
        "SELECT count(*) FROM members_span",
        """WITH states AS (
                SELECT * FROM ledger_states((SELECT coalesce(array_agg(DISTINCT entity_id), '{}') FROM members_membership))
                 WHERE open_sum = 1),
            ought AS (SELECT membership_id, entity_id, org_id, county, category, profile_id, home_sum = 1 AS home,
                             daterange(day, until) AS during, min(day) OVER (PARTITION BY membership_id) AS since
                        FROM states),
            kept AS (SELECT membership_id, entity_id, org_id, county, category, profile_id, home, during, since
                       FROM members_span)
           SELECT 'missing span of ' || a::text FROM (SELECT * FROM ought EXCEPT ALL SELECT * FROM kept) a
           UNION ALL SELECT 'span without ledger ' || b::text FROM (SELECT * FROM kept EXCEPT ALL SELECT * FROM ought) b""",
    ),
    "spans stand in lists by the name of their entity": (
        "SELECT count(*) FROM members_span",
        """SELECT format('membership %s: span %s has the sort key %s, the entity %s', s.membership_id, s.id, s.sort_key,
                         e.sort_key)
             FROM members_span s JOIN members_entity e ON e.id = s.entity_id WHERE s.sort_key <> e.sort_key""",
    ),
    "monthly roll-up equals the ledger": (
        "SELECT count(*) FROM members_flow",
        """WITH ought AS (SELECT org_id, category, date_trunc('month', effective_on)::date AS month, line,
                                 sum(memberships)::bigint AS m, sum(heads)::bigint AS h
                            FROM members_leg GROUP BY 1, 2, 3, 4),
            kept AS (SELECT org_id, category, month, line, memberships AS m, heads AS h FROM members_flow)
           SELECT format('organisation %s, %s, %s, %s: roll-up %s/%s, ledger %s/%s', coalesce(o.org_id, k.org_id),
                         coalesce(o.category, k.category), coalesce(o.month, k.month), coalesce(o.line, k.line),
                         k.m, k.h, o.m, o.h)
             FROM ought o FULL JOIN kept k USING (org_id, category, month, line)
            WHERE (coalesce(o.m, 0), coalesce(o.h, 0)) IS DISTINCT FROM (coalesce(k.m, 0), coalesce(k.h, 0))""",
    ),
    "daily roll-up of the whole register equals the ledger": (
        "SELECT count(*) FROM members_registerflow",
        """WITH ought AS (SELECT effective_on AS day, category, line, sum(memberships)::bigint AS m, sum(heads)::bigint AS h
                            FROM members_leg GROUP BY 1, 2, 3),
            kept AS (SELECT day, category, line, memberships AS m, heads AS h FROM members_registerflow)
           SELECT format('%s, %s, %s: roll-up %s/%s, ledger %s/%s', day, category, line, k.m, k.h, o.m, o.h)
             FROM ought o FULL JOIN kept k USING (day, category, line)
            WHERE (coalesce(o.m, 0), coalesce(o.h, 0)) IS DISTINCT FROM (coalesce(k.m, 0), coalesce(k.h, 0))""",
    ),
    "year-end balances equal the ledger": (
        "SELECT count(*) FROM members_balance",
        """WITH ought AS (SELECT l.org_id, l.category, y.year, sum(l.memberships)::bigint AS m, sum(l.heads)::bigint AS h
                            FROM members_yearclose y
                            JOIN members_leg l ON l.effective_on <= make_date(y.year, 12, 31) GROUP BY 1, 2, 3),
            kept AS (SELECT org_id, category, year, memberships AS m, heads AS h FROM members_balance)
           SELECT format('organisation %s, %s, end of %s: balance %s/%s, ledger %s/%s', coalesce(o.org_id, k.org_id),
                         coalesce(o.category, k.category), coalesce(o.year, k.year), k.m, k.h, o.m, o.h)
             FROM ought o FULL JOIN kept k USING (org_id, category, year)
            WHERE (coalesce(o.m, 0), coalesce(o.h, 0)) IS DISTINCT FROM (coalesce(k.m, 0), coalesce(k.h, 0))""",
    ),
    "monthly roll-up by attribute equals the ledger": (
        "SELECT count(*) FROM members_attributeflow",
        """WITH ought AS (SELECT l.org_id, l.category, a.attribute, a.code, date_trunc('month', l.effective_on)::date AS month,
                                 sum(l.memberships)::bigint AS m, sum(l.heads)::bigint AS h
                            FROM members_leg l JOIN members_profile p ON p.id = l.profile_id
                           CROSS JOIN LATERAL (VALUES ('section', p.section), ('registration_type', p.registration_type),
                                                      ('group_kind', p.group_kind)) AS a(attribute, code)
                           GROUP BY 1, 2, 3, 4, 5),
            kept AS (SELECT org_id, category, attribute, code, month, memberships AS m, heads AS h
                       FROM members_attributeflow)
           SELECT format('organisation %s, %s, %s %s, %s: roll-up %s/%s, ledger %s/%s', org_id, category, attribute, code,
                         month, k.m, k.h, o.m, o.h)
             FROM ought o FULL JOIN kept k USING (org_id, category, attribute, code, month)
            WHERE (coalesce(o.m, 0), coalesce(o.h, 0)) IS DISTINCT FROM (coalesce(k.m, 0), coalesce(k.h, 0))""",
    ),
    "year-end balances by attribute equal the ledger": (
        "SELECT count(*) FROM members_attributebalance",
        """WITH legs AS (SELECT org_id, category, profile_id, extract(year FROM effective_on) AS year,
                                sum(memberships) AS m, sum(heads) AS h FROM members_leg GROUP BY 1, 2, 3, 4),
            ought AS (SELECT l.org_id, l.category, a.attribute, a.code, y.year, sum(l.m)::bigint AS m, sum(l.h)::bigint AS h
                        FROM members_yearclose y JOIN legs l ON l.year <= y.year
                        JOIN members_profile p ON p.id = l.profile_id
                       CROSS JOIN LATERAL (VALUES ('section', p.section), ('registration_type', p.registration_type),
                                                  ('group_kind', p.group_kind)) AS a(attribute, code)
                       GROUP BY 1, 2, 3, 4, 5),
            kept AS (SELECT org_id, category, attribute, code, year, memberships AS m, heads AS h
                       FROM members_attributebalance)
           SELECT format('organisation %s, %s, %s %s, end of %s: balance %s/%s, ledger %s/%s', org_id, category, attribute,
                         code, year, k.m, k.h, o.m, o.h)
             FROM ought o FULL JOIN kept k USING (org_id, category, attribute, code, year)
            WHERE (coalesce(o.m, 0), coalesce(o.h, 0)) IS DISTINCT FROM (coalesce(k.m, 0), coalesce(k.h, 0))""",
    ),
    "particulars equal the entity's columns": (
        "SELECT count(*) FROM members_particular",
        """SELECT format('entity %s, %s: the register does not say what the facts say', e.id, p.field)
             FROM particulars_on((SELECT array_agg(DISTINCT entity_id) FROM members_particular), NULL, NULL) p
             JOIN members_entity e ON e.id = p.entity_id
            WHERE particular_of(e, p.field) IS DISTINCT FROM p.value
           UNION ALL
           SELECT format('entity %s, %s: what it came with is not written down', p.entity_id, p.field)
             FROM members_particular p GROUP BY p.entity_id, p.field
           HAVING count(*) FILTER (WHERE p.actor_id IS NULL) = 0
           UNION ALL
           SELECT format('particular %s does not mirror %s', r.id, o.id)
             FROM members_particular r JOIN members_particular o ON o.id = r.reverses_id
            WHERE o.actor_id IS NULL OR o.reverses_id IS NOT NULL
               OR (o.entity_id, o.field, o.value, o.since) IS DISTINCT FROM (r.entity_id, r.field, r.value, r.since)""",
    ),
    "members stand at organisations that exist": (
        "SELECT count(*) FROM members_span",
        """SELECT format('membership %s is open at organisation %s during %s, which exists during %s', s.membership_id,
                         o.code, s.during, coalesce(f.lives::text, 'never'))
             FROM members_span s JOIN directory_org o ON o.id = s.org_id
             LEFT JOIN (SELECT org_id, range_agg(during) AS lives FROM directory_orglife
                         WHERE upper_inf(known) GROUP BY org_id) f ON f.org_id = s.org_id
            WHERE f.lives IS NULL OR NOT f.lives @> s.during""",
    ),
}


def verify_register() -> list[Check]:
    """All checks in one snapshot, so that bookings made meanwhile cannot look like faults."""
    found = []
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name, (count_sql, fault_sql) in CHECKS.items():
            cursor.execute(count_sql)
            (checked,) = cursor.fetchone()
            cursor.execute(fault_sql)
            faults: list[tuple[Any, ...]] = cursor.fetchall()
            problems = [row[0] for row in faults[:SHOWN]]
            if len(faults) > SHOWN:
                problems.append(f"… and {len(faults) - SHOWN} more")
            found.append(Check(name, checked, problems))
        faults_of_tree = tree_faults()
        found.append(Check("the tree holds together on every day", OrgPlace.objects.count(), faults_of_tree[:SHOWN]))
    return found
