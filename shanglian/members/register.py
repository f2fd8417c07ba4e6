"""What the register knows of the rows of a roster: read for all of them in a few set-based queries.

Who a row is, matching.py finds out. Reads only; called under the ledger lock that actions/rosters.py took before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef

from shanglian.common.core.codes import subject_code
from shanglian.common.core.names import name_key
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on
from shanglian.imports.kinds import ReadRow
from shanglian.imports.paging import portions
from shanglian.members.changes import Standing, read_known, read_standings
from shanglian.members.core.moving import Stay
from shanglian.members.core.particulars import Known
from shanglian.members.core.roster_rules import identifiers, joined_on
from shanglian.members.models import Span
from shanglian.members.places import Places
from shanglian.members.queries import rows as query


@dataclass(frozen=True)
class Terms:
    """What the batch says about all its rows: whose roster, of which day, with or without its history, whole or not;
    and where each belongs, if the roster has an organisation column (see places.py).
    """

    org: Org
    on: date
    history: bool
    sample: bool
    complete: bool = False
    places: Places = field(default_factory=Places)

    def org_of(self, row: ReadRow) -> Org:
        """Where the row belongs."""
        return self.places.of_row.get(row.id, self.org)

    @cached_property
    def orgs(self) -> set[int]:
        """The organisations this roster speaks of: its own, or those its organisation column names."""
        return {org.pk for org in self.places.of_row.values()} or {self.org.pk}

    def asks_about(self, leaves: int) -> bool:
        """Whether a home elsewhere is a question of itself: the roster is for that organisation too."""
        return leaves in self.places.below

    def day_of(self, row: ReadRow) -> date:
        """The row's own full join date with the history, else the roster's day."""
        return (joined_on(row.record, self.on) if self.history else None) or self.on

    def county_of(self, row: ReadRow) -> str:
        """Area code of the row's place of business; without one, that of the organisation."""
        return row.record.get("county_code") or self.org_of(row).code[:6]


@dataclass(frozen=True, slots=True)
class Namesake:
    """A member of the roster's day that has or (`earlier`) had a name: where, and what else can be compared."""

    entity: int
    org: int
    county: str
    legal_rep: str
    phones: tuple[str, ...]
    earlier: bool = False


@dataclass
class Register:
    """What the register knows of the rows at hand, read in a few set-based queries."""

    by_number: dict[tuple[str, str], int] = field(default_factory=dict)
    inside: dict[str, set[int]] = field(default_factory=dict)  # organisation codes inside unified codes
    known: dict[int, Known] = field(default_factory=dict)  # what it says of an entity on the roster's day
    standings: dict[tuple[int, int], Standing] = field(default_factory=dict)  # entity and organisation, on that day
    numbers: dict[int, list[tuple[str, str]]] = field(default_factory=dict)  # of namesakes and of partly known ones
    stays: dict[int, list[Stay]] = field(default_factory=dict)
    namesakes: dict[str, list[Namesake]] = field(default_factory=dict)
    org_names: dict[int, str] = field(default_factory=dict)  # of the organisations in `stays` and of the roster
    with_history: frozenset[int] = frozenset()  # those of the roster's organisations that had a member before

    def holders(self, own: Sequence[tuple[str, str]]) -> set[int]:
        """Who holds the numbers of a row. The code inside a unified code counts where the whole is unknown."""
        found = {self.by_number[number] for number in own if number in self.by_number}
        for scheme, value in own:
            if scheme == "org_code":
                found |= self.inside.get(value, set())
            elif scheme == "uscc" and ("uscc", value) not in self.by_number:
                stated = self.by_number.get(("org_code", subject_code(value)))
                found |= {stated} if stated else set()
        return found


# Reading the register ------------------------------------------------------------

_BY_NUMBER = """SELECT value, entity_id FROM members_identifier
                 WHERE scheme = %(scheme)s AND value = ANY (%(values)s) AND state = 'valid'"""
_INSIDE = """SELECT substring(value, 9, 9), entity_id FROM members_identifier
              WHERE scheme = 'uscc' AND state = 'valid' AND substring(value, 9, 9) = ANY (%(values)s)"""
_NUMBERS = """SELECT entity_id, scheme, value FROM members_identifier
               WHERE entity_id = ANY (%(entities)s) AND state = 'valid'"""
_STAYS = """SELECT entity_id, org_id, home, lower(during), upper(during) FROM members_span
             WHERE entity_id = ANY (%(entities)s) AND during && daterange(%(since)s, NULL) ORDER BY lower(during)"""
_NAMESAKES = """WITH called AS (
                  SELECT id AS entity, name_key AS key, false AS earlier FROM members_entity
                   WHERE name_key = ANY (%(names)s)
                  UNION
                  SELECT p.entity_id, p.value ->> 'key', true
                    FROM members_particular p
                    JOIN members_entity e ON e.id = p.entity_id AND e.name_key <> p.value ->> 'key'
                    LEFT JOIN members_particular r ON r.reverses_id = p.id
                   WHERE p.field = 'name' AND p.value ->> 'key' = ANY (%(names)s)
                     AND coalesce(p.reverses_id, 0) = 0 AND r.id IS NULL)
                SELECT c.key, e.id, s.org_id, coalesce(nullif(s.county, ''), left(o.code, 6)), e.legal_rep, e.phones,
                       c.earlier
                  FROM called c
                  JOIN members_entity e ON e.id = c.entity
                  JOIN members_span s ON s.entity_id = e.id AND s.during @> %(on)s::date
                  JOIN directory_org o ON o.id = s.org_id ORDER BY e.id"""


def read_register(rows: Iterable[ReadRow], terms: Terms) -> Register:
    """Everything the comparison needs about these rows, as of the roster's day. Values go as arrays, not as lists."""
    begun = Org.objects.filter(Exists(Span.objects.filter(org=OuterRef("pk"))), pk__in=terms.orgs)
    register = Register(with_history=frozenset(begun.values_list("pk", flat=True)))
    matched: set[int] = set()
    partly: set[int] = set()  # those that a row has a number for which nobody has
    since = date.max
    for part in portions(rows):
        _read_numbers(register, part)
        unmatched = []
        for row in part:
            own = identifiers(row.record)
            if found := register.holders(own):
                matched |= found
                if any(number not in register.by_number for number in own):
                    partly |= found
            elif row.outcome == "accept":
                unmatched.append(row)
        _read_namesakes(register, unmatched, terms)
        since = min(since, *map(terms.day_of, part))
    namesakes = {one.entity for group in register.namesakes.values() for one in group}
    for pk, *number in query(_NUMBERS, {"entities": list(partly | namesakes)}):
        register.numbers.setdefault(pk, []).append((number[0], number[1]))
    known = list(namesakes | matched)
    if known:
        for pk, *stay in query(_STAYS, {"entities": known, "since": since}):
            register.stays.setdefault(pk, []).append(Stay(*stay))
        register.known = read_known(known, terms.on)
        register.standings = read_standings(known, terms.on)
        orgs = {stay.org for stays in register.stays.values() for stay in stays}
        register.org_names = names_on(orgs | terms.orgs, terms.on)
    return register


def _read_numbers(register: Register, rows: Iterable[ReadRow]) -> None:
    by_scheme: dict[str, list[str]] = {}
    for row in rows:
        for scheme, value in identifiers(row.record):
            by_scheme.setdefault(scheme, []).append(value)
    whole, bare = by_scheme.pop("uscc", []), by_scheme.pop("org_code", [])
    _look_up(register, "uscc", whole)
    inner = [subject_code(value) for value in whole if ("uscc", value) not in register.by_number]
    _look_up(register, "org_code", [*bare, *inner])
    for scheme, values in by_scheme.items():
        _look_up(register, scheme, values)
    for value, pk in query(_INSIDE, {"values": bare}) if bare else ():
        register.inside.setdefault(value, set()).add(pk)


def _look_up(register: Register, scheme: str, values: list[str]) -> None:
    if values:
        found = query(_BY_NUMBER, {"scheme": scheme, "values": values})
        register.by_number |= {(scheme, value): pk for value, pk in found}


def _read_namesakes(register: Register, rows: Sequence[ReadRow], terms: Terms) -> None:
    names = list({key for row in rows for key in name_keys(row)} - register.namesakes.keys())
    found = query(_NAMESAKES, {"names": names, "on": terms.on}) if names else []
    for key, pk, org, county, legal_rep, phones, earlier in found:
        register.namesakes.setdefault(key, []).append(Namesake(pk, org, county, legal_rep, tuple(phones), earlier))


def name_keys(row: ReadRow) -> tuple[str, ...]:
    """The key of the row's name, and of the former name it states."""
    former = row.record.get("former_name")
    return (row.record["name_key"], name_key(former)) if former else (row.record["name_key"],)
