"""Who appears with an entity: the others in the same cables, as a table and as a network."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from reftel.web.sighted import some_members, told

if TYPE_CHECKING:
    from reftel.archive.told import Told
    from reftel.web.visit import Visit

READ = 150  # cables read, those that came in last
SHOWN, LISTED = 24, 48  # others in the network, in the table
WIDTH, HEIGHT = 960, 560
_STEPS = 140
_NEAREST = 0.22  # how far the nearest stand from the middle, of the farthest


class Companion(NamedTuple):
    """Another entity, and in how many of the cables read it stands as well."""

    entity: Told
    cables: int


class Node(NamedTuple):
    """An entity in the network: its place and size."""

    entity: Told
    cables: int
    x: float
    y: float
    radius: float


class Network(NamedTuple):
    """The nodes, the entity itself first, and the edges between them: two nodes' numbers, and a width."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int, float], ...]


def company(visit: Visit, entity: Told, *, kind: str = "") -> tuple[list[Companion], dict[int, set[int]]]:
    """The others, those first who stand with it more than with others; and in which cables those of the network do."""
    cables = ", ".join(map(str, some_members(visit, entity.id, READ)))
    others = (
        "FROM cable_entities AS other JOIN entities ON entities.id = other.entity_id"
        f" WHERE other.cable_id IN ({cables}) AND other.entity_id <> ?"
        " AND entities.type <> 'MISC' AND (? IN ('', entities.type))"
        f" AND {visit.sight.entity('other')}"
    )
    # Together oftener than chance would have it: the square root of all its cables keeps what stands everywhere from
    # the top. Compared by their squares, as not every SQLite has the root. In how many cables each stands in all is
    # not for who does not see them.
    often = "1.0 * shared * shared / (entities.cables + 3)" if visit.sight.is_full else "shared"
    rows = visit.archive.execute(
        f"SELECT other.entity_id, count(DISTINCT other.cable_id) AS shared {others} GROUP BY 1"
        f" ORDER BY {often} DESC, 1 LIMIT ?",
        (entity.id, kind, LISTED),
    ).fetchall()
    companions = [Companion(view, row[1]) for row in rows if (view := told(visit, row[0]))]
    shown = ", ".join(str(each.entity.id) for each in companions[:SHOWN])
    pairs = visit.archive.execute(
        f"SELECT DISTINCT other.entity_id, other.cable_id {others} AND other.entity_id IN ({shown})",
        (entity.id, kind),
    )
    places: dict[int, set[int]] = {each.entity.id: set() for each in companions[:SHOWN]}
    for other, cable in pairs:
        places[other].add(cable)
    return companions, places


def network(entity: Told, companions: list[Companion], places: dict[int, set[int]]) -> Network | None:
    """The network of the first of them; None where there is nobody."""
    shown = companions[:SHOWN]
    if not shown:
        return None
    pairs = Counter(
        {
            (a + 1, b + 1): len(places[shown[a].entity.id] & places[shown[b].entity.id])
            for a, b in combinations(range(len(shown)), 2)
        }
    )
    strongest = [pair for pair, count in pairs.most_common(2 * SHOWN) if count > 1]
    most = max(each.cables for each in shown)
    edges = [(0, number + 1, each.cables / most) for number, each in enumerate(shown)]
    edges += [(a, b, 0.6 * pairs[a, b] / most) for a, b in strongest]
    spots = _spots(len(shown) + 1, edges)
    sizes = [26.0, *(7 + 13 * math.sqrt(each.cables / most) for each in shown)]
    held = [entity, *(each.entity for each in shown)]
    counts = [entity.cables, *(each.cables for each in shown)]
    nodes = tuple(
        Node(view, count, round(float(x), 1), round(float(y), 1), round(size, 1))
        for view, count, (x, y), size in zip(held, counts, spots, sizes, strict=True)
    )
    return Network(nodes, tuple((a, b, round(0.75 + 3 * weight, 2)) for a, b, weight in edges))


def _spots(count: int, edges: list[tuple[int, int, float]]) -> Any:
    """Where the nodes stand: springs pull along edges, all push each other off, the first stays in the middle.

    Begun on a spiral, not at random, so that a page looks the same twice. Springs tell the direction; the distance is
    then evened out, since those in most cables would all stand upon the middle.
    """
    numbers = np.arange(count)
    angle = numbers * 2.39996  # the golden angle
    reach = np.sqrt(numbers / count)
    spots = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)
    pull = np.zeros((count, count))
    for a, b, weight in edges:
        pull[a, b] = pull[b, a] = 0.15 + weight
    for step in range(_STEPS):
        between = spots[:, None, :] - spots[None, :, :]
        distance = np.maximum(np.sqrt((between**2).sum(axis=2)), 0.02)
        push = 0.045 / distance**2
        force = (between / distance[:, :, None] * (push - pull * distance * 0.55)[:, :, None]).sum(axis=1)
        force[0] = 0
        spots += np.clip(force, -1, 1) * 0.09 * (1 - step / _STEPS)
    return _evened(spots)


def _evened(spots: Any) -> Any:
    """The spots in rings around the first, ranked by their distance from it, at angles that keep their order."""
    others = spots[1:] - spots[0]
    angles = np.arctan2(others[:, 1], others[:, 0])
    far = np.argsort(np.argsort(np.linalg.norm(others, axis=1), kind="stable"), kind="stable")
    order = np.argsort(np.argsort(angles, kind="stable"), kind="stable")
    even = -math.pi + 2 * math.pi * (order + 0.5) / len(others)
    turned = angles + 0.8 * (even - angles)
    reach = _NEAREST + (1 - _NEAREST) * np.sqrt((far + 1) / len(others))
    around = np.stack([np.cos(turned), np.sin(turned)], axis=1) * reach[:, None]
    middle = np.array([WIDTH, HEIGHT]) / 2
    return np.concatenate([middle[None, :], middle + around * (middle - np.array([110, 40]))])
