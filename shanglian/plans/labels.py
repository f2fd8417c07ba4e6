"""The words for this room's codes, in the reader's language; the one place where codes become labels."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanglian.plans.core.arithmetic import State
from shanglian.plans.core.plan import BaseKind, Indicator, SoftWord
from shanglian.plans.core.series import Quality
from shanglian.plans.core.status import Unknown


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
        SoftWord.AT_MOST: _("at most"),
    }[word]


def standing_label(official: bool) -> str:
    """Whether a figure was issued to the organisation, or carried over from the issuer's path by us."""
    return _("official") if official else _("reckoned, not official")


def unknown_label(why: Unknown | None) -> str:
    """Why a target has no state."""
    if why is None:
        return ""
    return {
        Unknown.NOT_MEASURED: _("no figure is collected for this yet"),
        Unknown.NO_FIGURE: _("nothing is recorded by this day"),
        Unknown.NOT_CLASSIFIED: _("the members' types are not recorded yet"),
        Unknown.NO_DENOMINATOR: _("the number it is divided by is not known"),
        Unknown.NO_BASE: _("the base is not known"),
        Unknown.BEFORE_BASE: _("before the base day nothing is due"),
    }[why]


def quality_label(quality: Quality) -> str:
    """What kind of source an outside figure has."""
    return {
        Quality.OFFICIAL: _("official figure"),
        Quality.PUBLISHED: _("published figure, not checked"),
        Quality.DERIVED: _("reckoned figure, not official"),
        Quality.SAMPLE: _("sample figure"),
    }[quality]


def unit_label(unit: str) -> str:
    """The word after a figure; a unit that is not listed stands as it is written."""
    units = {
        "members": _("members"),
        "memberships": _("memberships"),
        "chambers": _("chambers"),
        "organisations": _("organisations"),
        "firms": _("firms"),
        "percent": "%",
    }
    return units.get(unit, unit)


def unit_of(indicator: Indicator) -> str:
    """The word after an indicator's figure; a plan may bring its own."""
    own = indicator.unit_name
    if own is None:
        return unit_label(indicator.unit)
    return own.zh if (get_language() or "").startswith("zh") else own.en
