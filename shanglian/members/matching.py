"""Who a row of a roster is: its numbers and its name against the register, and what a person decided about doubts.

Numbers decide, in this order: the unified code; the organisation code, which also stands inside unified codes; the
15-digit number. A name alone never does: a namesake that nothing tells apart is a doubt with candidates, unless the
row says nothing the register does not say. What a known row says otherwise is found by changes.py. Reads only;
actions/rosters.py books what comes out, under the ledger lock that it took before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from shanglian.common.core.codes import subject_code
from shanglian.common.core.names import name_key
from shanglian.directory.models import Org
from shanglian.imports.kinds import ALREADY_BOOKED, CHANGED, DOUBTFUL, LEFT_OUT, Candidate, Decided, Finding, ReadRow
from shanglian.members.changes import Otherwise, Standing, otherwise, read_known, read_standings
from shanglian.members.core.particulars import CountedAs, Field, Known
from shanglian.members.core.roster_rules import (
    CHOICES_OF_DOUBT,
    joined_on,
    numbers_to_add,
    says_another_firm,
)
from shanglian.members.models import Span
from shanglian.members.queries import rows as query

Numbers = Mapping[int, Sequence[tuple[str, str]]]  # row id → (scheme, value)


@dataclass(frozen=True)
class Terms:
    """What the batch says about all its rows: whose roster, of which day, with or without its history."""

    org: Org
    on: date
    history: bool
    sample: bool

    def day_of(self, row: ReadRow) -> date:
        """The row's own full join date with the history, else the roster's day."""
        return (joined_on(row.record, self.on) if self.history else None) or self.on

    def county_of(self, row: ReadRow) -> str:
        """Area code of the row's place of business; without one, that of the organisation."""
        return row.record.get("county_code") or self.org.code[:6]


@dataclass(frozen=True, slots=True)
class Stay:
    """Days an entity was a member somewhere, home or not; `until` None is open."""

    org: int
    home: bool
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


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
    standings: dict[int, Standing] = field(default_factory=dict)  # of entities, at the roster's organisation
    numbers: dict[int, list[tuple[str, str]]] = field(default_factory=dict)  # of namesakes and of partly known ones
    stays: dict[int, list[Stay]] = field(default_factory=dict)
    namesakes: dict[str, list[Namesake]] = field(default_factory=dict)
    is_first_roster: bool = False

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


def read_register(rows: Sequence[ReadRow], numbers: Numbers, terms: Terms) -> Register:
    """Everything the comparison needs about these rows, as of the roster's day. Values go as arrays, not as lists."""
    register = Register(is_first_roster=not Span.objects.filter(org=terms.org).exists())
    _read_numbers(register, numbers)
    matched = {row.id: register.holders(numbers[row.id]) for row in rows}
    _read_namesakes(register, [row for row in rows if not matched[row.id] and row.outcome == "accept"], terms)
    partly = {
        entity
        for row, found in matched.items()
        if any(number not in register.by_number for number in numbers[row])
        for entity in found
    }
    namesakes = {one.entity for group in register.namesakes.values() for one in group}
    for pk, *number in query(_NUMBERS, {"entities": list(partly | namesakes)}):
        register.numbers.setdefault(pk, []).append((number[0], number[1]))
    known = list(namesakes.union(*matched.values()))
    if known:
        since = min(terms.day_of(row) for row in rows)
        for pk, *stay in query(_STAYS, {"entities": known, "since": since}):
            register.stays.setdefault(pk, []).append(Stay(*stay))
        register.known = read_known(known, terms.on)
        register.standings = read_standings(terms.org.pk, known, terms.on)
    return register


def _read_numbers(register: Register, numbers: Numbers) -> None:
    by_scheme: dict[str, list[str]] = {}
    for own in numbers.values():
        for scheme, value in own:
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
    names = list({key for row in rows for key in _keys(row)})
    found = query(_NAMESAKES, {"names": names, "on": terms.on}) if names else []
    for key, pk, org, county, legal_rep, phones, earlier in found:
        register.namesakes.setdefault(key, []).append(Namesake(pk, org, county, legal_rep, tuple(phones), earlier))


def _keys(row: ReadRow) -> tuple[str, ...]:
    """The key of the row's name, and of the former name it states."""
    former = row.record.get("former_name")
    return (row.record["name_key"], name_key(former)) if former else (row.record["name_key"],)


# Comparing ------------------------------------------------------------


@dataclass
class Comparison:
    """The roster against the register: verdicts by row, and the rows to book with their entity (None: new)."""

    verdicts: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, tuple[str, ...]] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    to_book: list[tuple[ReadRow, int | None]] = field(default_factory=list)
    to_add: list[tuple[int, str, str, int]] = field(default_factory=list)  # entity, scheme, value, row id
    renamed: list[tuple[str, str]] = field(default_factory=list)  # old name, new name
    elsewhere: dict[int, tuple[str, list[int]]] = field(default_factory=dict)  # row id → name, organisations
    named: set[int] = field(default_factory=set)  # entities that some row is, or may be
    named_as: set[str] = field(default_factory=set)  # names of rows that no number leads to anybody
    facts: list[tuple[int, Field, Any, int]] = field(default_factory=list)  # entity, field, value, row id
    recounted: list[tuple[int, Standing, CountedAs]] = field(default_factory=list)  # row id, as it is, as it will be
    compared: set[int] = field(default_factory=set)  # entities a row has spoken of

    def note_named(self, row: ReadRow, holders: Iterable[int]) -> None:
        """A row that is not booked still names its firm: by its numbers and by its name."""
        self.named.update(holders)
        self.named_as.add(row.record.get("name_key") or "")

    def note_judged(self, row: ReadRow, verdict: str, entity: int | None) -> None:
        """Whom an accepted row names: the one it is, or every one it may be."""
        if entity is not None:
            self.named.add(entity)
        elif verdict in {DOUBTFUL, LEFT_OUT}:
            self.named.update(one.target for one in self.findings[row.id].candidates)
        elif verdict == ALREADY_BOOKED:  # from the same cell of the same file, and without a number
            self.note_named(row, ())

    def remark(self, row: ReadRow, code: str, before: str = "") -> None:
        """Something to be said of a row beside its verdict; `before`: what the register says."""
        self.reasons[row.id] = (*self.reasons.get(row.id, ()), code)
        if before:
            finding = self.findings.get(row.id, Finding())
            self.findings[row.id] = replace(finding, before={**finding.before, code: before})

    def note_changes(self, row: ReadRow, entity: int, found: Otherwise) -> None:
        """What the row changes, to be booked; shown with the row as old → new."""
        self.facts += [(entity, field, value, row.id) for field, value in found.facts.items()]
        if found.changes:
            self.findings[row.id] = replace(self.findings.get(row.id, Finding()), changes=found.changes)


@dataclass(frozen=True, slots=True)
class _Doubt:
    code: str
    candidates: tuple[Candidate, ...]


def compare(
    rows: Iterable[ReadRow],
    numbers: Numbers,
    register: Register,
    terms: Terms,
    booked_before: Mapping[int, bool],
    decisions: Mapping[int, Decided],
) -> Comparison:
    """What each accepted row would do. `booked_before`: rows whose very cell was booked from the same file, and whether
    it is read as it was then: such a row says nothing new.
    """
    found = Comparison()
    taken: set[int] = set()
    for row in rows:
        if row.outcome != "accept":
            found.note_named(row, register.holders(numbers[row.id]))
            continue
        verdict, entity = _judge(row, numbers[row.id], register, terms, booked_before, taken, decisions, found)
        found.note_judged(row, verdict, entity)
        if verdict:
            found.verdicts[row.id] = verdict
        else:
            found.to_book.append((row, entity))
        if entity is None or verdict in {DOUBTFUL, LEFT_OUT}:
            continue
        if not booked_before.get(row.id):
            _change_known(row, entity, verdict, register, found, terms)
        found.compared.add(entity)
        _remark_on_known(row, entity, numbers[row.id], register, found, to_book=not verdict, terms=terms)
        if not verdict:
            taken.add(entity)
    return found


def _judge(
    row: ReadRow, own: Sequence[tuple[str, str]], register: Register, terms: Terms, booked_before: Mapping[int, bool],
    taken: set[int], decisions: Mapping[int, Decided], found: Comparison,
) -> tuple[str, int | None]:  # fmt: skip
    """(verdict, entity) of a row; an empty verdict means it is to be booked, as a new entity without one."""
    entities = register.holders(own)
    if not entities and row.id in booked_before:
        return ALREADY_BOOKED, None
    if (namesake := _same_by_name(row, own, register, terms, found)) is not None:
        found.remark(row, "same_by_name")
        return ALREADY_BOOKED, namesake
    decision = decisions.get(row.id)
    doubt = _doubt_who(row, own, entities, register, terms)
    entity = next(iter(entities), None)
    if doubt:
        settled, entity = _settle(row, doubt, decision, found)
        if settled:
            return settled, None
    if entity is None:
        return "", None
    verdict, code = _doubt_when(row, entity, register, terms, taken)
    if not code:
        return verdict, entity
    same = Candidate(entity, ("same_number",) if entities else ("same_name",))
    settled, _ = _settle(row, _Doubt(code, (same,)), decision, found)
    return settled or ALREADY_BOOKED, entity


def _settle(row: ReadRow, doubt: _Doubt, decision: Decided | None, found: Comparison) -> tuple[str, int | None]:
    """(verdict, entity) by the person's word; an empty verdict with the entity meant, None for a new one.

    A second doubt about one row (first who it is, then on which days) keeps the candidates of the first.
    """
    choices, before = CHOICES_OF_DOUBT[doubt.code], found.findings.get(row.id)
    found.findings[row.id] = before or Finding(doubt.candidates, choices)
    if decision and decision.choice == "skip":
        found.reasons[row.id] = (doubt.code,)
        return LEFT_OUT, None
    if decision and decision.choice in choices:
        if decision.choice == "different":
            return "", None
        if any(candidate.target == decision.target for candidate in doubt.candidates):
            return "", decision.target
    found.reasons[row.id] = (doubt.code, "decision_outdated") if decision and not before else (doubt.code,)
    return DOUBTFUL, None


def _doubt_who(
    row: ReadRow, own: Sequence[tuple[str, str]], entities: set[int], register: Register, terms: Terms
) -> _Doubt | None:
    """Why it is not plain who the row is; None when it is."""
    if len(entities) > 1:
        return _Doubt("numbers_of_several_members", tuple(Candidate(pk, ("same_number",)) for pk in sorted(entities)))
    if entities:
        (entity,) = entities
        other = says_another_firm(own, register.numbers.get(entity, ()))
        return _Doubt("other_unified_code", (Candidate(entity, ("same_number",)),)) if other else None
    own_name, *former = _keys(row)
    by_name = _candidates(row, own, own_name, register, terms)
    by_former = _candidates(row, own, former[0], register, terms) if former else {}
    if by_name:
        return _Doubt("same_name_in_register", tuple((by_former | by_name).values()))
    return _Doubt("former_name_in_register", tuple(by_former.values())) if by_former else None


def _candidates(
    row: ReadRow, own: Sequence[tuple[str, str]], key: str, register: Register, terms: Terms
) -> dict[int, Candidate]:
    """Those of a name, here or in the county, whom no number tells apart from the row."""
    return {
        one.entity: Candidate(one.entity, _likeness(row, one, key, terms))
        for one in register.namesakes.get(key, ())
        if one.org == terms.org.pk or one.county == terms.county_of(row)
        if not says_another_firm(own, register.numbers.get(one.entity, ()))
    }


def _same_by_name(
    row: ReadRow, own: Sequence[tuple[str, str]], register: Register, terms: Terms, found: Comparison
) -> int | None:
    """The one member here with the row's name as written, where neither has a number and the row says nothing new: a
    row of our own export that comes back. There is nothing to book and so nothing to ask.
    """
    if own or "uscc_precision_lost" in row.warnings:
        return None
    here = {one.entity for one in register.namesakes.get(row.record["name_key"], ()) if one.org == terms.org.pk}
    if len(here) != 1:
        return None
    (entity,) = here
    known = register.known[entity]
    if known.name != row.record["name"] or register.numbers.get(entity) or entity in found.compared:
        return None
    return None if otherwise(row.record, known, register.standings.get(entity), terms.on) else entity


def _likeness(row: ReadRow, one: Namesake, key: str, terms: Terms) -> tuple[str, ...]:
    """In what a namesake agrees with the row."""
    own_name = key == row.record["name_key"]
    agrees = {
        "same_name": own_name and not one.earlier,
        "same_earlier_name": own_name and one.earlier,
        "same_former_name": not own_name,
        "same_org": one.org == terms.org.pk,
        "same_county": one.county == terms.county_of(row),
        "same_legal_rep": bool(one.legal_rep) and one.legal_rep == row.record.get("legal_rep"),
        "same_phone": bool(set(one.phones) & set(row.record.get("phones") or ())),
    }
    return tuple(code for code, holds in agrees.items() if holds)


def _doubt_when(row: ReadRow, entity: int, register: Register, terms: Terms, taken: set[int]) -> tuple[str, str]:
    """(verdict, code of a doubt about the days) of a row whose entity is known; both empty: it is to be booked."""
    day = terms.day_of(row)
    stays = [stay for stay in register.stays.get(entity, []) if stay.until is None or stay.until > day]
    here = [stay for stay in stays if stay.org == terms.org.pk]
    if any(stay.covers(terms.on) for stay in here):
        return ALREADY_BOOKED, ""
    if entity in taken:
        return DOUBTFUL, "second_row_of_one_member"
    if here:
        return DOUBTFUL, "member_on_other_days"
    homes = [stay for stay in stays if stay.home]
    if homes and not (homes[0].covers(day) and _lasts(homes)):
        return DOUBTFUL, "home_on_other_days"
    return "", ""


def _lasts(homes: Sequence[Stay]) -> bool:
    """Whether these days of home follow each other without a gap and never end."""
    return homes[-1].until is None and all(first.until == second.since for first, second in pairwise(homes))


def _remark_on_known(
    row: ReadRow, entity: int, own: Sequence[tuple[str, str]], register: Register, found: Comparison, *,
    to_book: bool, terms: Terms,
) -> None:  # fmt: skip
    """A number the register lacks, a membership elsewhere: for every row that is this entity."""
    if any(number not in register.by_number for number in own):
        known = register.numbers.setdefault(entity, [])
        free = [number for number in own if number not in register.by_number]
        for scheme, value in numbers_to_add(free, known):
            found.to_add.append((entity, scheme, value, row.id))
            known.append((scheme, value))
            register.by_number[scheme, value] = entity
            found.remark(row, "number_added")
    day = terms.day_of(row)
    others = [stay.org for stay in register.stays.get(entity, ()) if stay.covers(day) and stay.org != terms.org.pk]
    if to_book and others:
        found.elsewhere[row.id] = (row.record["name"], others)
        found.remark(row, "also_elsewhere")


def _change_known(row: ReadRow, entity: int, verdict: str, register: Register, found: Comparison, terms: Terms) -> None:
    """What the row says otherwise than the register did on the roster's day. Of two rows about one entity the first."""
    known = register.known[entity]
    standing = register.standings.get(entity) if verdict == ALREADY_BOOKED else None
    says = otherwise(row.record, known, standing, terms.on)
    if not says:
        return
    if entity in found.compared:
        found.remark(row, "changed_by_another_row")
        return
    if says.too_late:
        found.remark(row, "later_entries_stand")
    if Field.NAME in says.facts:
        found.remark(row, "name_changed", known.name)
        found.renamed.append((known.name, row.record["name"]))
    found.note_changes(row, entity, says)
    if standing and says.counted:
        found.recounted.append((row.id, standing, says.counted))
    if says.changes and verdict == ALREADY_BOOKED:
        found.verdicts[row.id] = CHANGED
