"""Places on a map of the world, in the Equal Earth projection (Šavrič, Patterson and Jenny 2018), as SVG."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH, TOP, HEIGHT = 960, -10, 424
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_EQUATOR, _SCALE = 222, 480 / 2.7066  # where the equator stands, and units of the map for one of the projection
_LARGEST = 22
_NAMED, _FIRST = 16, 5  # spots with their names, at most; and those named where there is little room
_LETTER, _LINE = 6.3, 15  # width of a letter and height of a line, in units of the map
_KIND = re.compile(r"(?:Embassy|Consulate(?: General)?|Mission|US Interests Section|US Office) (?=[A-Z])")


_Box = tuple[float, float, float, float]  # left, top, right, bottom


class Spot(NamedTuple):
    """A place to show: its name, where it leads, where it is, how much there is of it."""

    name: str
    address: str
    latitude: float
    longitude: float
    cables: int


class Circle(NamedTuple):
    """A place on the map."""

    spot: Spot
    x: float
    y: float
    radius: float
    label: str
    is_lesser: bool


class WorldMap(NamedTuple):
    """The circles, the largest first, so that small ones lie on top. The land is a picture of the same size."""

    circles: tuple[Circle, ...]
    width: int = WIDTH
    top: int = TOP
    height: int = HEIGHT


def world_map(spots: Iterable[Spot]) -> WorldMap | None:
    """The map of these places; None where there is none."""
    ranked = sorted(spots, key=lambda spot: (-spot.cables, spot.name))
    if not ranked:
        return None
    most = ranked[0].cables
    circles: list[Circle] = []
    boxes: list[_Box] = []
    for spot in ranked:
        x, y = project(spot.latitude, spot.longitude)
        radius = max(2.5, _LARGEST * math.sqrt(spot.cables / most))
        label = _KIND.sub("", spot.name)
        box = (x + radius, y - _LINE / 2, x + radius + 4 + len(label) * _LETTER, y + _LINE / 2)
        is_named = len(boxes) < _NAMED and box[2] < WIDTH and not any(_meet(box, other) for other in boxes)
        circles.append(
            Circle(spot, round(x, 1), round(y, 1), round(radius, 1), label if is_named else "", len(boxes) >= _FIRST)
        )
        if is_named:
            boxes.append(box)
    return WorldMap(tuple(circles))


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place stands on the map."""
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    y = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    return WIDTH / 2 + x * _SCALE, _EQUATOR - y * _SCALE
