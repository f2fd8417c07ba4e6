"""Texts of plan files in the reader's language."""

from django.utils.translation import get_language

from shanglian.plans.core.plan import Label


def in_language(label: Label) -> str:
    return label.zh if (get_language() or "").startswith("zh") else label.en
