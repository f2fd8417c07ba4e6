"""Constraints that hold a column to its closed list of words."""

from collections.abc import Iterable

from django.db.models import Q


def one_of(field: str, vocabulary: Iterable[str]) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in vocabulary]})
