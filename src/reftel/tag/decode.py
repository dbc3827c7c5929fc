"""From label probabilities to spans: the best consistent BIO path, in numpy for many windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reftel.model import MentionType

_NEVER = -1e9


class Run(NamedTuple):
    """Words `first` to `last` (both inside) of a window, a type, a raw score from 0 to 1."""

    first: int
    last: int
    type: MentionType
    score: float


def transitions(labels: Sequence[str]) -> NDArray[np.float32]:
    """Return the (from, to) penalties: 0, or a very low number where I- may not follow."""
    size = len(labels)
    table = np.zeros((size, size), np.float32)
    for to, label in enumerate(labels):
        if label.startswith("I-"):
            for before, other in enumerate(labels):
                if other[2:] != label[2:]:
                    table[before, to] = _NEVER
    return table


def best_paths(logs: NDArray[np.float32], lengths: NDArray[np.int64], labels: Sequence[str]) -> NDArray[np.int64]:
    """Return the likeliest consistent labels (windows, words) of log-probabilities.

    `logs` has the shape (windows, words, labels); `lengths` counts each window's real words. What
    stands after them in the answer has no meaning.
    """
    table = transitions(labels)
    first = np.array([_NEVER if label.startswith("I-") else 0 for label in labels], np.float32)
    longest = logs.shape[1]
    score = logs[:, 0] + first if longest else logs.sum(axis=1)
    back = np.zeros(logs.shape, np.int8)
    for at in range(1, longest):
        step = score[:, :, None] + table
        back[:, at] = step.argmax(axis=1)
        live = (at < lengths)[:, None]
        score = np.where(live, step.max(axis=1) + logs[:, at], score)
    return _trace(back, score.argmax(axis=1), lengths)


def _trace(back: NDArray[np.int8], last: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    count, longest = back.shape[:2]
    paths = np.zeros((count, longest), np.int64)
    rows = np.arange(count)
    now = last.astype(np.int64)
    for at in range(longest - 1, -1, -1):
        paths[:, at] = now
        now = np.where(at < lengths, back[rows, at, now], now)
    return paths


def runs(path: Sequence[int], chances: NDArray[np.float32], labels: Sequence[str]) -> list[Run]:
    """Return the mentions of one window.

    `path` holds a label number for each word, `chances` (words, labels) their probabilities. The
    raw score is the smallest probability among the decisions that make up the mention: the label of
    each word, and that the mention does not go on after its last word.
    """
    found: list[Run] = []
    first = -1
    for at, number in enumerate([*path, 0]):
        label = labels[number]
        if first >= 0 and not label.startswith("I-"):
            found.append(_run(first, at - 1, path, chances, labels))
            first = -1
        if label.startswith("B-"):
            first = at
    return found


def _run(
    first: int,
    last: int,
    path: Sequence[int],
    chances: NDArray[np.float32],
    labels: Sequence[str],
) -> Run:
    kind = cast("MentionType", labels[path[first]][2:])
    score = min(float(chances[at, path[at]]) for at in range(first, last + 1))
    if last + 1 < len(path):
        score = min(score, 1.0 - float(chances[last + 1, labels.index(f"I-{kind}")]))
    return Run(first, last, kind, score)
