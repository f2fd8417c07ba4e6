"""The words for this room's codes, in the reader's language; the one place where codes become labels."""

from django.utils.translation import gettext as _

from shanglian.plans.core.arithmetic import State
from shanglian.plans.core.plan import BaseKind, SoftWord


def state_label(state: State) -> str:
    return {
        State.AHEAD: _("Ahead"),
        State.MET: _("Met"),
        State.NEAR: _("Near"),
        State.BEHIND: _("Behind"),
        State.OVERDUE: _("Overdue"),
        State.UNKNOWN: _("Unknown"),
    }[state]


def base_label(kind: BaseKind) -> str:
    return {
        BaseKind.GIVEN: _("given by the plan"),
        BaseKind.DERIVED: _("derived"),
        BaseKind.UNKNOWN: _("unknown"),
        BaseKind.SAMPLE: _("sample"),
    }[kind]


def soft_word_label(word: SoftWord | None) -> str:
    if word is None:
        return ""
    return {
        SoftWord.ABOUT: _("about"),
        SoftWord.NEARLY: _("nearly"),
        SoftWord.STRIVE_FOR: _("strive for"),
        SoftWord.AT_LEAST: _("at least"),
    }[word]


def standing_label(official: bool) -> str:
    """Whether a figure was issued to the organisation, or carried over from the issuer's path by us."""
    return _("official") if official else _("reckoned, not official")


def unit_label(unit: str) -> str:
    """The word after a figure; a plan's own unit that is not listed stands as it is written there."""
    return {"members": _("members"), "percent": "%", "chambers": _("chambers"), "firms": _("firms")}.get(unit, unit)
