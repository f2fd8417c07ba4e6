"""Finding a member by what is typed into one field: part of a name, the first letters of its syllables, a number, a
legal representative.

Each way has its own index and gives ids; they are put together as a union, for an OR over several tables is answered
by reading the whole register. How many are looked for is capped: a common word is not counted to its end.
"""

import re
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.lookups import StartsWith

from shanglian.common.core.names import name_key
from shanglian.members.models import Bigrams, Entity, Identifier

CAP = 1_000
SHORTEST_NUMBER = 4
_INITIALS = re.compile(r"[a-z0-9]{2,}")
_PERSON = re.compile(r"[\u3400-\u9fff·]{2,10}")


class Initials(Func):
    """SQL function initials(text): the first letter of each syllable of a sort key."""

    function = "initials"
    output_field = TextField()


def entities_named(text: str) -> QuerySet[Entity]:
    """Entities whose name contains the text (the bigram index narrows, the text itself decides)."""
    key = name_key(text)
    if len(key) < 2:
        return Entity.objects.filter(name_key__startswith=key)
    return Entity.objects.alias(pieces=Bigrams(F("name_key"))).filter(
        pieces__contains=Bigrams(Value(key)), name_key__contains=key
    )


def ways(text: str) -> list[QuerySet[Any, int]]:
    """For each way in which the text may mean a member: the ids of entities it leads to, unordered."""
    key = name_key(text)
    found: list[QuerySet[Any, int]] = [entities_named(text).values_list("pk", flat=True)]
    if number := _number(key):
        found.append(Identifier.objects.filter(value__startswith=number).values_list("entity_id", flat=True))
    if letters := _letters(key):
        named = Entity.objects.alias(letters=Initials(F("sort_key"))).filter(letters__startswith=letters)
        found.append(named.values_list("pk", flat=True))
    if _PERSON.fullmatch(key):
        known = Entity.objects.exclude(legal_rep="")  # as the index does: nothing else proves that it may be used
        found.append(known.filter(legal_rep__startswith=key).values_list("pk", flat=True))
    return found


def _number(key: str) -> str:
    number = key.upper()
    return number if number.isascii() and number.isalnum() and len(number) >= SHORTEST_NUMBER else ""


def _letters(key: str) -> str:
    return key.lower() if _INITIALS.fullmatch(key.lower()) else ""


def matching(text: str) -> Q:
    """The condition on a span's entity for what was typed into the search field."""
    first, *more = ways(text)
    return Q(entity__in=first.union(*more) if more else first)


def walked(text: str) -> Q:
    """The same condition for a walk along the order of names: right for a common word, of which the first rows are
    found soon; for a rare one it would read the whole register.
    """
    key = name_key(text)
    found = Q(entity__name_key__contains=key) if len(key) > 1 else Q(entity__name_key__startswith=key)
    if number := _number(key):
        found |= Q(Exists(Identifier.objects.filter(entity=OuterRef("entity"), value__startswith=number)))
    if letters := _letters(key):
        found |= Q(StartsWith(Initials(F("entity__sort_key")), Value(letters)))
    if _PERSON.fullmatch(key):
        found |= Q(entity__legal_rep__startswith=key)
    return found
