"""The map of the areas below as a grid of tiles: a schema, not a boundary. Where each tile lies is said in
policies/divisions/*.yaml (`tile: [column, row]`); an area without one, a zone for instance, is not on the map.

Where the installation has boundaries it may show, the same file names them (`city: {geojson: maps/FILE}`, a file in
the folder of policies whose features carry `code`); none is shipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanglian.common.core.numbers import decimal_text
from shanglian.common.core.shapes import values
from shanglian.common.policy_files import Version, own_or_shipped, policy_text, version_of
from shanglian.directory.models import Org
from shanglian.members.core.policies import DIVISION
from shanglian.members.reading import DIVISIONS
from shanglian.reports.below import Line

FAR_AHEAD, FAR_BEHIND = Fraction(2, 100), Fraction(-5, 100)
LEVEL = Fraction(5, 10_000)  # what prints as 0.0 %
UNKNOWN = 0
LEAST_WIDTH = 6  # columns; a map of three areas does not fill the card
UP, DOWN, EVEN, NONE = "▲", "▼", "＝", "—"

# class of the tile, the best first -> (its sign, its words)
CLASSES: dict[int, tuple[str, Promise]] = {
    5: (UP, _("ahead, 2% or more")),
    4: (UP, _("ahead")),
    3: (EVEN, _("level")),
    2: (DOWN, _("behind")),
    1: (DOWN, _("behind, more than 5%")),
    UNKNOWN: (NONE, _("no data")),
}


@dataclass(frozen=True)
class Tile:
    """One area. `level` is the class of its colour; the sign and the figure say the same without colour."""

    line: Line
    level: int

    @property
    def sign(self) -> str:
        return CLASSES[self.level][0]

    @property
    def word(self) -> Promise:
        return CLASSES[self.level][1]

    @property
    def figure(self) -> str:
        lead = self.line.standing.lead if self.line.standing and self.level else None
        return "" if lead is None else decimal_text(abs(lead) * 100, 1)

    @property
    def mark(self) -> str:
        return f"{self.sign} {self.figure}".strip()


@dataclass(frozen=True)
class TileMap:
    """Rows of tiles from the north, None where there is no area; and how many tiles each class has."""

    rows: list[list[Tile | None]]
    legend: list[tuple[int, str, Promise, int]]


def tile_map(lines: Sequence[Line]) -> TileMap | None:
    """The areas that have a place on the map; None where none has."""
    places = tile_places()
    tiles = {places[line.org.code]: Tile(line, level_of(line)) for line in lines if line.org.code in places}
    if not tiles:
        return None
    width = max(LEAST_WIDTH, *(x + 1 for x, _y in tiles))
    columns, height = range(width), range(max(y for _x, y in tiles) + 1)
    counts = [tile.level for tile in tiles.values()]
    legend = [
        (level, sign, word, counts.count(level))
        for level, (sign, word) in CLASSES.items()
        if level != UNKNOWN or UNKNOWN in counts
    ]
    return TileMap([[tiles.get((x, y)) for x in columns] for y in height], legend)


def level_of(line: Line) -> int:
    """Five classes by the distance from what is due, as a share of it; 0 where it is not known."""
    lead = line.standing.lead if line.standing and line.standing.is_known else None
    if lead is None:
        return UNKNOWN
    if abs(lead) < LEVEL:
        return 3
    if lead > 0:
        return 5 if lead >= FAR_AHEAD else 4
    return 1 if lead < FAR_BEHIND else 2


def tile_places() -> Mapping[str, tuple[int, int]]:
    """Code of an area -> (column, row), from the division files."""
    return _read(_versions())[0]


def boundary_file(org: Org) -> str:
    """The GeoJSON file a city's division file names; "" for none."""
    return _read(_versions())[1].get(org.code, "")


def _versions() -> tuple[tuple[Path, Version], ...]:
    """The division files as they are now, so that a changed one is read again."""
    return tuple((path, version_of(path)) for path in own_or_shipped(DIVISIONS))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[Path, Version], ...]) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    places, maps = {}, {}
    for path, _version in files:
        division = values(policy_text(path), DIVISION)
        for area in division["areas"]:
            if "tile" in area:
                column, row = area["tile"]
                places[area["code"]] = (int(column), int(row))
        city = division["city"]
        if "geojson" in city:
            maps[city["code"]] = city["geojson"]
    return places, maps
