"""An invented map for tests: a field of slanted areas, one for each code. No boundary of any place looks like this."""

from typing import Any

# Where each area lies, column and row from the north-west; a code that is not here goes on in a row of its own.
FIELD = ("410106 410108 410122", "410181 410182 410102 410105", "410185 410183 410103 410104", "410184")
WEST, NORTH, SIZE = 113.0, 34.9, 0.25


def invented_areas(*codes: str) -> dict[str, Any]:
    """A GeoJSON collection of these areas, or of the whole field."""
    places = {code: (x, y) for y, row in enumerate(FIELD) for x, code in enumerate(row.split())}
    return {"type": "FeatureCollection", "features": [_area(code, *places[code]) for code in codes or places]}


def _area(code: str, x: int, y: int) -> dict[str, Any]:
    ring = [_corner(x + dx, y + dy) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _corner(x: int, y: int) -> list[float]:
    """Neighbours share their corners; the field leans and waves a little."""
    return [round(WEST + SIZE * (x + 0.25 * (y % 2)), 4), round(NORTH - SIZE * 0.8 * (y + 0.15 * (x % 2)), 4)]
