"""Who a row of a roster is: its numbers and its name against the register, and what a person decided about doubts.

Numbers decide, in this order: the unified code; the organisation code, which also stands inside unified codes; the
15-digit number. A name alone never does: a namesake that nothing tells apart is a doubt with candidates, unless the
row says nothing the register does not say. What a known row says otherwise is found by changes.py. Reads only;
actions/rosters.py books what comes out, under the ledger lock that it took before.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shanglian.imports.kinds import (
    ALREADY_BOOKED,
    CHANGED,
    DOUBTFUL,
    LEFT_OUT,
    MOVED,
    Candidate,
    Change,
    Decided,
    Finding,
    ReadRow,
)
from shanglian.members.changes import Otherwise, Standing, otherwise
from shanglian.members.core.moving import home_to_leave, lasts
from shanglian.members.core.particulars import CountedAs, Field
from shanglian.members.core.roster_rules import choices_of, identifiers, numbers_to_add, says_another_firm
from shanglian.members.register import Namesake, Register, Terms, name_keys


@dataclass
class Comparison:
    """The roster against the register: verdicts by row, and the rows to book with their entity where it is known.

    A whole roster is many rows: what is noted of each is little, and the row itself is not kept.
    """

    verdicts: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, tuple[str, ...]] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    to_book: "array[int]" = field(default_factory=lambda: array("q"))  # places of the rows
    known_as: dict[int, int] = field(default_factory=dict)  # place → entity, of rows to book that are no new one
    to_move: list[tuple[ReadRow, int, Standing]] = field(default_factory=list)  # row, entity, its home elsewhere
    to_add: list[tuple[int, str, str, int]] = field(default_factory=list)  # entity, scheme, value, row id
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

    def note_places(self, terms: Terms) -> None:
        """Where the rows belong about which a person may decide, if that is not the roster's own organisation."""
        for row, org in terms.places.of_row.items():
            if row in self.findings and org != terms.org:
                self.findings[row] = replace(self.findings[row], lands=org.pk)

    def note_changes(self, row: ReadRow, entity: int, found: Otherwise) -> None:
        """What the row changes, to be booked; shown with the row as old → new."""
        self.facts += [(entity, field, value, row.id) for field, value in found.facts.items()]
        if found.changes:
            finding = self.findings.get(row.id, Finding())
            self.findings[row.id] = replace(finding, changes=(*finding.changes, *found.changes))

    def note_move(self, row: ReadRow, entity: int, leaves: int, register: Register, terms: Terms) -> None:
        """A person said that the home goes from where it is to the row's place."""
        self.to_move.append((row, entity, register.standings[entity, leaves]))
        names = [register.org_names[org] for org in (leaves, terms.org_of(row).pk)]
        self.findings[row.id] = replace(self.findings[row.id], changes=(Change("org", *names),))


@dataclass(frozen=True, slots=True)
class _Doubt:
    code: str
    candidates: tuple[Candidate, ...]


def compare(
    rows: Iterable[ReadRow],
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
    for place, row in enumerate(rows):
        own = identifiers(row.record)
        if row.outcome != "accept":
            found.note_named(row, register.holders(own))
            continue
        if row.id in terms.places.strays:
            found.note_named(row, register.holders(own))
            found.verdicts[row.id], found.reasons[row.id] = "reject", (terms.places.strays[row.id],)
            continue
        verdict, entity = _judge(row, own, register, terms, booked_before, taken, decisions, found)
        if not verdict and entity is not None:
            verdict = _judge_home(row, entity, register, terms, decisions.get(row.id), found)
        found.note_judged(row, verdict, entity)
        if verdict:
            found.verdicts[row.id] = verdict
        else:
            found.to_book.append(place)
            if entity is not None:
                found.known_as[place] = entity
        if entity is None or verdict in {DOUBTFUL, LEFT_OUT}:
            continue
        if not booked_before.get(row.id):
            _change_known(row, entity, verdict, register, found, terms)
        found.compared.add(entity)
        _remark_on_known(row, entity, own, register, found, to_book=not verdict, terms=terms)
        if verdict in {"", MOVED}:
            taken.add(entity)
    found.note_places(terms)
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
    choices, before = choices_of(doubt.code, [one.leaves for one in doubt.candidates]), found.findings.get(row.id)
    found.findings[row.id] = before or Finding(doubt.candidates, choices)
    if decision and decision.choice == "skip":
        found.reasons[row.id] = (doubt.code,)
        return LEFT_OUT, None
    if decision and decision.choice in choices:
        if decision.choice == "different":
            return "", None
        if _means_one_of(doubt.candidates, decision):
            return "", decision.target
    found.reasons[row.id] = (doubt.code, "decision_outdated") if decision and not before else (doubt.code,)
    return DOUBTFUL, None


def _means_one_of(candidates: Sequence[Candidate], decision: Decided) -> bool:
    """Whether what was decided for is still there; of a move, also the home that was to be left."""
    leaves = decision.leaves if decision.choice == MOVED else None
    return any(
        one.target == decision.target and (decision.choice != MOVED or one.leaves == leaves) for one in candidates
    )


def _judge_home(
    row: ReadRow, entity: int, register: Register, terms: Terms, decision: Decided | None, found: Comparison
) -> str:
    """The verdict of a row to book whose entity is known, by where its home is and what a person said of it.

    Without a word it becomes a further membership; only a roster that is for both organisations asks of itself.
    """
    leaves = _home_to_leave(entity, row, register, terms)
    if row.id not in found.findings:  # else who it is was decided, and where with it
        same = Candidate(entity, ("same_number",), leaves)
        if decision and decision.target == entity and decision.choice == MOVED and leaves != decision.leaves:
            found.findings[row.id] = Finding((same,), choices_of("home_elsewhere", [leaves]))
            found.reasons[row.id] = ("home_elsewhere", "decision_outdated")
            return DOUBTFUL
        if leaves is None:
            return ""
        choices = choices_of("home_elsewhere", [leaves])
        said = decision is not None and (decision.choice == "skip" or decision.target == entity)
        if not said and not terms.asks_about(leaves):
            found.findings[row.id] = Finding((same,), offers=choices)
            return ""
        found.findings[row.id] = Finding((same,), choices, proposed=MOVED if terms.complete else "")
        if not said:
            found.reasons[row.id] = ("home_elsewhere",)
            return DOUBTFUL
        if decision and decision.choice == "skip":
            found.reasons[row.id] = ("home_elsewhere",)
            return LEFT_OUT
    if decision is None or decision.choice != MOVED or leaves is None:
        return ""
    found.note_move(row, entity, leaves, register, terms)
    return MOVED


def _home_to_leave(entity: int, row: ReadRow, register: Register, terms: Terms) -> int | None:
    home = home_to_leave(register.stays.get(entity, ()), terms.org_of(row).pk, terms.on)
    return home.org if home else None


def _doubt_who(
    row: ReadRow, own: Sequence[tuple[str, str]], entities: set[int], register: Register, terms: Terms
) -> _Doubt | None:
    """Why it is not plain who the row is; None when it is."""

    def numbered(entity: int) -> Candidate:
        return Candidate(entity, ("same_number",), _home_to_leave(entity, row, register, terms))

    if len(entities) > 1:
        return _Doubt("numbers_of_several_members", tuple(map(numbered, sorted(entities))))
    if entities:
        (entity,) = entities
        other = says_another_firm(own, register.numbers.get(entity, ()))
        return _Doubt("other_unified_code", (numbered(entity),)) if other else None
    own_name, *former = name_keys(row)
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
        one.entity: Candidate(
            one.entity, _likeness(row, one, key, terms), _home_to_leave(one.entity, row, register, terms)
        )
        for one in register.namesakes.get(key, ())
        if one.org == terms.org_of(row).pk or one.county == terms.county_of(row)
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
    org = terms.org_of(row).pk
    here = {one.entity for one in register.namesakes.get(row.record["name_key"], ()) if one.org == org}
    if len(here) != 1:
        return None
    (entity,) = here
    known = register.known[entity]
    if known.name != row.record["name"] or register.numbers.get(entity) or entity in found.compared:
        return None
    return None if otherwise(row.record, known, register.standings.get((entity, org)), terms.on) else entity


def _likeness(row: ReadRow, one: Namesake, key: str, terms: Terms) -> tuple[str, ...]:
    """In what a namesake agrees with the row."""
    own_name = key == row.record["name_key"]
    agrees = {
        "same_name": own_name and not one.earlier,
        "same_earlier_name": own_name and one.earlier,
        "same_former_name": not own_name,
        "same_org": one.org == terms.org_of(row).pk,
        "same_county": one.county == terms.county_of(row),
        "same_legal_rep": bool(one.legal_rep) and one.legal_rep == row.record.get("legal_rep"),
        "same_phone": bool(set(one.phones) & set(row.record.get("phones") or ())),
    }
    return tuple(code for code, holds in agrees.items() if holds)


def _doubt_when(row: ReadRow, entity: int, register: Register, terms: Terms, taken: set[int]) -> tuple[str, str]:
    """(verdict, code of a doubt about the days) of a row whose entity is known; both empty: it is to be booked."""
    day = terms.day_of(row)
    stays = [stay for stay in register.stays.get(entity, []) if stay.until is None or stay.until > day]
    here = [stay for stay in stays if stay.org == terms.org_of(row).pk]
    if any(stay.covers(terms.on) for stay in here):
        return ALREADY_BOOKED, ""
    if entity in taken:
        return DOUBTFUL, "second_row_of_one_member"
    if here:
        return DOUBTFUL, "member_on_other_days"
    homes = [stay for stay in stays if stay.home]
    if homes and not (homes[0].covers(day) and lasts(homes)):
        return DOUBTFUL, "home_on_other_days"
    return "", ""


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
    org = terms.org_of(row).pk
    others = [stay.org for stay in register.stays.get(entity, ()) if stay.covers(day) and stay.org != org]
    if to_book and others:
        found.elsewhere[row.id] = (row.record["name"], others)
        found.remark(row, "also_elsewhere")


def _change_known(row: ReadRow, entity: int, verdict: str, register: Register, found: Comparison, terms: Terms) -> None:
    """What the row says otherwise than the register did on the roster's day. Of two rows about one entity the first."""
    known = register.known[entity]
    here = entity, terms.org_of(row).pk
    standing = register.standings.get(here) if verdict == ALREADY_BOOKED else None
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
    found.note_changes(row, entity, says)
    if standing and says.counted:
        found.recounted.append((row.id, standing, says.counted))
    if says.changes and verdict == ALREADY_BOOKED:
        found.verdicts[row.id] = CHANGED
