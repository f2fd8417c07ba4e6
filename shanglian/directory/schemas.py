"""Organisations as the API tells them."""

from datetime import date

from ninja import Schema

from shanglian.common.schemas import Moment


class OrgLineOut(Schema):
    """An organisation of a day's tree. `since`: as a body; null for an area without a federation."""

    code: str
    name: str
    short_name: str
    kind: str
    depth: int
    since: date | None
    sample: bool


class OrgsOut(Schema):
    """In printing order: each below its parent."""

    on: date
    organisations: list[OrgLineOut]


class NameOut(Schema):
    """`until` is the first day on which it no longer holds."""

    name: str
    since: date
    until: date | None


class PlaceOut(Schema):
    parent: str | None
    since: date
    until: date | None


class LifeOut(Schema):
    since: date
    until: date | None


class ChangeOut(Schema):
    """What was recorded: the day it took effect, and when it was entered."""

    what: str
    on: date
    reason: str
    recorded_at: Moment


class OrgOut(Schema):
    """One organisation on a day, with its history as known at a moment."""

    code: str
    name: str
    kind: str
    sample: bool
    on: date
    alive: bool
    parent: str | None
    children: list[str]
    names: list[NameOut]
    places: list[PlaceOut]
    lives: list[LifeOut]
    changes: list[ChangeOut]
