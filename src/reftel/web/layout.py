"""Where the nodes of a network stand, so that those that stand together are side by side and every name can be read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Spots = NDArray[np.float64]  # shape (nodes, 2)

WIDTH, HEIGHT = 960, 560
_MIDDLE = np.array([WIDTH, HEIGHT]) / 2
_NEAREST = 0.45  # how far the nearest stands from the middle, of the farthest
_STAGGERED, _CROWD = 0.8, 8  # how far every second node stands, of the others, where more than so many stand around
_FAINTLY = 0.05  # what pulls all nodes together, so that those without an edge have a side, too
_LETTER, _LINE = 6.8, 20  # width of a letter and height of a label, in units of the picture
_ROUNDS = 60  # of making room


def laid_out(edges: Iterable[tuple[int, int, float]], sizes: Sequence[float], labels: Sequence[str]) -> Spots:
    """Where the nodes stand: the first in the middle, the others around it, the first of them nearest.

    Edges are two nodes' numbers and a weight, sizes radii; a label stands under its node. The same network looks
    the same every time.
    """
    spots = _around(_angles(edges, len(sizes) - 1))
    wide = [max(size, _LETTER * len(label) / 2) for size, label in zip(sizes, labels, strict=True)]
    high = [size + _LINE / 2 for size in sizes]
    return _apart(spots, np.stack([wide, high], axis=1))


def _angles(edges: Iterable[tuple[int, int, float]], others: int) -> NDArray[np.float64]:
    """The angles of the nodes around the first: those with edges between them have like ones.

    They are two eigenvectors of the Laplacian of these edges, which pull linked nodes to one side (Hall 1970).
    """
    pull = np.zeros((others, others))
    for a, b, weight in edges:
        if a and b:
            pull[a - 1, b - 1] = pull[b - 1, a - 1] = weight
    pull += _FAINTLY / max(others, 1)
    vectors = np.linalg.eigh(np.diag(pull.sum(axis=1)) - pull).eigenvectors
    angles = np.arctan2(vectors[:, 2], vectors[:, 1]) if others > 2 else np.zeros(others)
    return np.round(angles, 6)  # what is the same but for the last digits keeps the order of the nodes


def _around(angles: NDArray[np.float64]) -> Spots:
    """The middle, and a spot for each node: angles evened out in their order, nearer and farther in turn."""
    others = len(angles)
    order = np.argsort(np.argsort(angles, kind="stable"), kind="stable")
    even = -math.pi + 2 * math.pi * (order + 0.5) / max(others, 1)
    reach = _NEAREST + (1 - _NEAREST) * np.sqrt((np.arange(others) + 1) / max(others, 1))
    reach *= np.where(order % 2, 1, _STAGGERED) if others > _CROWD else 1
    around = np.stack([np.cos(even), np.sin(even)], axis=1) * reach[:, None]
    return np.concatenate([_MIDDLE[None, :], _MIDDLE + around * (_MIDDLE - np.array([110, 40]))])


def _apart(spots: Spots, boxes: Spots) -> Spots:
    """The spots moved as little as it takes that no box of a node and its name lies on another; the first stays."""
    limits = np.array([WIDTH, HEIGHT]) - boxes - 4
    for _ in range(_ROUNDS):
        between = spots[:, None, :] - spots[None, :, :]
        over = boxes[:, None, :] + boxes[None, :, :] - np.abs(between)
        lies: NDArray[np.bool_] = np.all(over > 0, axis=2)
        np.fill_diagonal(lies, val=False)
        if not lies.any():
            break
        is_beside = over[:, :, 0] < over[:, :, 1]  # the shorter way out
        ways = np.stack([is_beside, ~is_beside], axis=2) & lies[:, :, None]
        move = (np.where(between < 0, -1, 1) * (over + 1) * ways * 0.4).sum(axis=1)
        move[0] = 0
        spots = np.clip(spots + move, boxes + 4, limits)
    return spots
