"""Finding a member: two characters anywhere in the name, one at its beginning, or a number from its beginning."""

from django.db.models import F, Q, QuerySet, Value

from shanglian.common.core.names import name_key
from shanglian.members.models import Bigrams, Entity, Identifier

SHORTEST_NUMBER = 4


def entities_named(text: str) -> QuerySet[Entity]:
    """Entities whose name contains the text (the bigram index narrows, the text itself decides)."""
    key = name_key(text)
    if len(key) < 2:
        return Entity.objects.filter(name_key__startswith=key)
    return Entity.objects.alias(pieces=Bigrams(F("name_key"))).filter(
        pieces__contains=Bigrams(Value(key)), name_key__contains=key
    )


def matching(text: str) -> Q:
    """The condition on a span's entity for what was typed into the search field."""
    found = Q(entity__in=entities_named(text).values("pk"))
    number = name_key(text).upper()
    if len(number) >= SHORTEST_NUMBER and number.isascii() and number.isalnum():
        found |= Q(entity__in=Identifier.objects.filter(value__startswith=number).values("entity"))
    return found
