"""Where the network of an entity has its nodes: those that stand together side by side, those of most cables near."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")

from reftel.archive.told import Brief, Told
from reftel.web.company import Companion, network
from reftel.web.layout import HEIGHT, WIDTH


def entity(number: int) -> Brief:
    return Brief(number, f"e{number}", "PER", f"E {number}", None, None, None, 9)


MIDDLE = Told(0, "e0", "PER", "E 0", None, None, None, None, 9, 9, None, None, ())


def around(places: dict[int, set[int]]) -> list[tuple[float, float]]:
    """Angle and distance from the middle of each of the others, in their order."""
    companions = [Companion(entity(number), len(cables)) for number, cables in places.items()]
    net = network(MIDDLE, companions, places)
    assert net is not None
    assert (net.nodes[0].x, net.nodes[0].y) == (WIDTH / 2, HEIGHT / 2)
    width, height = WIDTH / 2 - 110, HEIGHT / 2 - 40
    spots = [((node.x - WIDTH / 2) / width, (node.y - HEIGHT / 2) / height) for node in net.nodes[1:]]
    return [(math.atan2(y, x), math.hypot(x, y)) for x, y in spots]


def test_those_of_the_same_cables_stand_side_by_side() -> None:
    one, other = set(range(6)), set(range(6, 12))
    found = around({number: one if number % 2 else other for number in range(1, 9)})
    order = sorted(range(8), key=lambda node: found[node][0])
    sides = [node % 2 for node in order]
    assert sum(side != sides[place - 1] for place, side in enumerate(sides)) == 2


def test_the_first_stands_nearest_and_the_last_at_the_edge() -> None:
    distances = [far for _, far in around({number: {number, 99} for number in range(1, 6)})]
    assert distances == sorted(distances)
    assert distances[-1] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("others", [1, 2, 3])
def test_few_have_places_of_their_own(others: int) -> None:
    found = around({number: {1, 2} for number in range(1, others + 1)})
    assert len({(round(angle, 3), round(far, 3)) for angle, far in found}) == others


def test_nobody_makes_no_network() -> None:
    assert network(MIDDLE, [], {}) is None


def test_a_long_name_is_cut_between_its_words() -> None:
    long = entity(1)._replace(name="Directorate for the Painting of Buoys and Beacons")
    net = network(MIDDLE, [Companion(long, 2)], {1: {1, 2}})
    assert net is not None
    assert net.nodes[1].label == "Directorate for the…"
