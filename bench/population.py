"""An invented population of any size, entered by COPY through the real constraints and triggers.

One chunk is one booking in one transaction: the members of a few organisations with their whole history. What is in can
be counted, so a generator that was stopped (Ctrl-C) goes on with the next chunk. The same terms give the same register.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign
from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.directory.models import User
from shanglian.members.actions.booking import book, copy_rows, intern_profiles, new_ids, open_memberships, take_stamp
from shanglian.members.core.counting import ProfileKey
from shanglian.members.core.kinds import Kind
from shanglian.members.core.legs import Counted, Draft, Seat, joined, left, reclassified
from shanglian.members.models import Entity

FIRST, LAST_YEAR, LAST = date(2003, 1, 1), date(2017, 1, 1), date(2017, 12, 31)
CHUNK = 20_000
RECENT = 1 / 15  # of all members join in the last year, and are entered last
LEAVING = 0.22
SIGNS = [chr(0x4E00 + number * 31) for number in range(400)]
TRADES = ("商贸", "科技", "机械", "建材", "餐饮管理", "物流", "置业", "广告", "软件", "农业")
CATEGORIES = ("enterprise",) * 44 + ("individual",) * 54 + ("group",) * 2
KIND_OF = {"enterprise": "enterprise", "individual": "person", "group": "association"}


@dataclass(frozen=True)
class Place:
    """An organisation members are entered at."""

    org: int
    area: str
    name: str


@dataclass(frozen=True)
class Part:
    """Members number `first` to `first + count` of one place; `recent`: of the last year."""

    place: Place
    first: int
    count: int
    recent: bool


def plan(places: Sequence[Place], total: int, *, start: int = 0) -> list[list[Part]]:
    """Chunks of about CHUNK members that together hold `total`; places differ in size. `start`: their first number."""
    chance = Random(total)
    weights = [chance.lognormvariate(0, 0.6) for _ in places]
    sizes = [round(total * weight / sum(weights)) for weight in weights]
    sizes[0] += total - sum(sizes)
    parts: list[Part] = []
    for recent in (False, True):
        for place, size in zip(places, sizes, strict=True):
            late = round(size * RECENT)
            first, count = (start + size - late, late) if recent else (start, size - late)
            parts += [Part(place, first + begin, min(CHUNK, count - begin), recent) for begin in range(0, count, CHUNK)]
    return list(_gathered(parts))


def _gathered(parts: Sequence[Part]) -> Iterator[list[Part]]:
    chunk: list[Part] = []
    for part in parts:
        if chunk and (sum(p.count for p in chunk) + part.count > CHUNK or chunk[-1].recent != part.recent):
            yield chunk
            chunk = []
        chunk.append(part)
    yield chunk


def populate(chunks: Sequence[Sequence[Part]], *, before: int, actor: User) -> None:
    """Enter what is missing of the chunks. `before`: entities that were there before the first of them."""
    done = Entity.objects.count() - before
    total = sum(part.count for chunk in chunks for part in chunk)
    profiles = list(intern_profiles(_profiles()).values())
    entered = 0
    for chunk in chunks:
        entered += sum(part.count for part in chunk)
        if entered <= done:
            continue
        enter(chunk, profiles, actor)
        print(f"[{entered * 100 // total:3d}%] {entered:,} / {total:,}", file=sys.stderr, flush=True)


def _profiles() -> list[ProfileKey]:
    return [
        ProfileKey(section=section, edition="2011", size=size, attribution=attribution)
        for section in "ABCDEFGHIJKLMNOPQRST"
        for size in ("large", "medium", "small", "micro")
        for attribution in ("direct", "chamber")
    ]


@transaction.atomic
def enter(chunk: Sequence[Part], profiles: Sequence[int], actor: User) -> None:
    """One chunk as one booking."""
    stamp = take_stamp()
    members = [(part, number) for part in chunk for number in range(part.first, part.first + part.count)]
    ids = new_ids("members_entity", len(members))
    chances = [Random(f"{part.place.area}:{number}") for part, number in members]
    categories = [chance.choice(CATEGORIES) for chance in chances]
    copy_rows(
        "members_entity",
        ("id", "kind", "name", "name_key", "sort_key", "legal_rep", "phones", "address", "sample", "recorded_at"),
        (
            _entity(pk, part, KIND_OF[category], chance, stamp.at)
            for pk, (part, _number), category, chance in zip(ids, members, categories, chances, strict=True)
        ),
    )
    copy_rows(
        "members_identifier",
        ("entity_id", "scheme", "value", "state"),
        ((pk, "uscc", _code(part, number), "valid") for pk, (part, number) in zip(ids, members, strict=True)),
    )
    memberships = open_memberships([(pk, part.place.org) for pk, (part, _n) in zip(ids, members, strict=True)])
    drafts: list[Draft] = []
    for membership, (part, _number), category, chance in zip(memberships, members, categories, chances, strict=True):
        drafts += _life(membership, part, category, profiles, chance)
    book(stamp, drafts, actor=actor)


def _entity(pk: int, part: Part, kind: str, chance: Random, at: object) -> tuple[object, ...]:
    name = f"{part.place.name}{''.join(chance.choices(SIGNS, k=3))}示例{chance.choice(TRADES)}有限公司"
    key, sort = name_key(name), sort_key(name)
    return pk, kind, name, key, sort, f"示例{chance.choice(SIGNS)}", ["17000000000"], "示例路", True, at


def _code(part: Part, number: int) -> str:
    subject = f"YX{number:06}"
    first = f"91{part.place.area}{subject}{org_code_check_sign(subject)}"
    return first + uscc_check_sign(first)


def _life(membership: int, part: Part, category: str, profiles: Sequence[int], chance: Random) -> Iterator[Draft]:
    """Joining, being counted otherwise now and then, leaving; about 3.6 entries a membership."""
    start = LAST_YEAR if part.recent else FIRST
    day = start + timedelta(days=chance.randrange((LAST - start).days))
    seat = Seat(membership, part.place.org, Counted(category, chance.choice(profiles), part.place.area), home=True)
    yield Draft(Kind.JOINED, day, joined(seat))
    for _time in range(chance.choice((1, 1, 2, 2, 2)) if not part.recent else chance.choice((0, 1))):
        day = day + timedelta(days=chance.randrange(1, 900))
        if day > LAST:
            return
        other = next(p for p in iter(lambda: chance.choice(profiles), None) if p != seat.counted.profile)
        counted = Counted(category, other, part.place.area)
        yield Draft(Kind.RECLASSIFIED, day, reclassified(seat, counted))
        seat = Seat(membership, seat.org, counted, home=True)
    if chance.random() < LEAVING * 1.4 and (end := day + timedelta(days=chance.randrange(30, 2000))) <= LAST:
        yield Draft(Kind.LEFT, end, left(seat))
