"""Who appears with an entity: the others in the same cables, as a table and as a network."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reftel.archive.entities import entities_in
from reftel.web.layout import laid_out
from reftel.web.sighted import brief, some_members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reftel.archive.told import Brief, Told
    from reftel.web.visit import Visit

READ = 100  # cables read, those that came in last
SHOWN, LISTED = 24, 48  # others in the network, in the table
_LONGEST = 28  # characters of a label
_COMPARED = 1000  # others, those in most of the cables read


class Companion(NamedTuple):
    """Another entity, and in how many of the cables read it stands as well."""

    entity: Brief
    cables: int


class Node(NamedTuple):
    """An entity in the network: its label, place and size."""

    entity: Brief | Told
    label: str
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
    read = some_members(visit, entity.id, READ)
    which = f"entity_id <> {entity.id} AND type {'=' if kind else '<>'} '{kind or 'MISC'}'"
    ids, cables = entities_in(visit.archive, visit.sight, read, which=which)
    others, first, shared = np.unique(ids, return_index=True, return_counts=True)
    near = np.argsort(-shared, kind="stable")[:_COMPARED]
    counts = dict(zip(others[near].tolist(), shared[near].tolist(), strict=True))
    companions = [
        Companion(view, counts[each]) for each in _closest(visit, counts, kind) if (view := brief(visit, each))
    ]
    places = {}
    for each in companions[:SHOWN]:
        place = int(np.searchsorted(others, each.entity.id))
        places[each.entity.id] = set(cables[first[place] : first[place] + shared[place]].tolist())
    return companions, places


def _closest(visit: Visit, counts: Mapping[int, int], kind: str) -> list[int]:
    """The ids of those who stand with it oftener than chance would have it, of those in so many of the cables read.

    The square root of all its cables keeps what stands everywhere from the top. In how many cables each stands in all
    is not for who does not see them.
    """
    listed = ", ".join(map(str, counts))
    rows = visit.archive.execute(
        f"SELECT id, cables FROM entities WHERE id IN ({listed}) AND type <> 'MISC' AND ? IN ('', type)",  # noqa: S608  # numbers
        (kind,),
    )
    often = {
        each: counts[each] / math.sqrt(cables + 3) if visit.sight.is_full else counts[each] for each, cables in rows
    }
    return sorted(often, key=lambda each: (-often[each], each))[:LISTED]


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
    sizes = [26.0, *(7 + 13 * math.sqrt(each.cables / most) for each in shown)]
    held: list[Brief | Told] = [entity, *(each.entity for each in shown)]
    labels = [_label(view.name) for view in held]
    spots = laid_out(edges, sizes, labels)
    counts = [entity.cables, *(each.cables for each in shown)]
    nodes = tuple(
        Node(view, label, count, round(float(x), 1), round(float(y), 1), round(size, 1))
        for view, label, count, (x, y), size in zip(held, labels, counts, spots, sizes, strict=True)
    )
    return Network(nodes, tuple((a, b, round(0.75 + 3 * weight, 2)) for a, b, weight in edges))


def _label(name: str) -> str:
    """The name, or the words of it that there is room for."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
