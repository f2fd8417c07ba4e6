"""The GeoJSON file an installation names for its map: read and judged before a browser is asked to draw it."""

import json
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shanglian.directory.models import Org
from shanglian.reports.tiles import boundary_file

SHAPES = ("Polygon", "MultiPolygon")


def boundaries(org: Org) -> Path | None:
    """The file of a city's areas, where one is named and there."""
    name = boundary_file(org)
    return next((path for folder in settings.POLICY_DIRS if name and (path := Path(folder) / name).is_file()), None)


def boundary_problem(org: Org, areas: Collection[str]) -> str:
    """What is wrong with the file that is named, where, and the remedy; "" if nothing is, or none is named."""
    name, path = boundary_file(org), boundaries(org)
    if not name:
        return ""
    if path is None:
        return _("%(file)s is not there: put it into the folder of policies, or take its name out of divisions.") % {
            "file": name
        }
    code, values = _judged(path, path.stat().st_mtime_ns, tuple(areas))
    sentences = {
        "": "",
        "not_json": _("%(file)s, line %(line)s: this is not valid JSON in UTF-8; export the file again as GeoJSON."),
        "no_collection": _("%(file)s: a FeatureCollection with its features is expected; export it as GeoJSON."),
        "no_code": _("%(file)s, feature %(n)s: its properties carry no code; write the area's code as text."),
        "no_shape": _("%(file)s, feature %(n)s: a Polygon or MultiPolygon in degrees is expected; export its area."),
        "missing": _("%(file)s: there is no feature with the code %(codes)s; add one for each area."),
    }
    return sentences[code] % {"file": name, **values}


@lru_cache(maxsize=8)
def _judged(path: Path, _version: int, areas: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """(what is wrong, where) of the file as it is now."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        return "not_json", {"line": error.lineno}
    except UnicodeDecodeError:
        return "not_json", {"line": 1}
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        return "no_collection", {}
    codes = set()
    for n, feature in enumerate(features, 1):
        own = feature if isinstance(feature, dict) else {}
        code = (own.get("properties") or {}).get("code")
        if not isinstance(code, str):
            return "no_code", {"n": n}
        shape = own.get("geometry") or {}
        if shape.get("type") not in SHAPES or not _in_degrees(shape.get("coordinates")):
            return "no_shape", {"n": n}
        codes.add(code)
    left = [code for code in areas if code not in codes]
    return ("missing", {"codes": ", ".join(left)}) if left else ("", {})


def _in_degrees(part: Any) -> bool:
    """Points are numbers within the globe; what was left in metres is not drawn as if it were degrees."""
    if isinstance(part, list) and part and all(isinstance(one, int | float) for one in part):
        return len(part) > 1 and abs(part[0]) <= 180 and abs(part[1]) <= 90
    return isinstance(part, list) and bool(part) and all(map(_in_degrees, part))
