"""From label probabilities to mentions: the best consistent BIO labels, in numpy for many windows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_NEVER = -1e9


class Runs(NamedTuple):
    """Mentions in columns: words `first` to `last` (half-open), the label of the first, a raw score from 0 to 1."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    label: NDArray[np.int64]
    score: NDArray[np.float32]


class Scheme:
    """BIO labels: which begin a mention, which go on with one, and which may follow which."""

    def __init__(self, labels: Sequence[str]) -> None:
        """Take the labels in the order of the network's answers: "O", "B-PER", "I-PER" and so on."""
        self.begins = np.array([label.startswith("B-") for label in labels])
        self.inside = np.array([label.startswith("I-") for label in labels])
        kinds = [label[2:] for label in labels]
        self.continued = np.array([labels.index(f"I-{kind}") if kind else 0 for kind in kinds])
        alike = np.array([[one == other for other in kinds] for one in kinds])
        self.allowed = ~self.inside[None, :] | alike
        self.transitions = np.where(self.allowed, 0, _NEVER).astype(np.float32)
        self.first = np.where(self.inside, _NEVER, 0).astype(np.float32)


def runs(chances: NDArray[np.float32], sizes: NDArray[np.int64], scheme: Scheme) -> Runs:
    """Return the mentions of windows from the label probabilities (words, labels) of all their words.

    `sizes` counts each window's words. The raw score is the smallest probability among the decisions that make up the
    mention: the label of each word, and that the mention does not go on after its last word.
    """
    path = best_path(chances, sizes, scheme)
    first = np.flatnonzero(scheme.begins[path])
    stops = np.append(np.flatnonzero(~scheme.inside[path]), len(path))
    last = stops[np.searchsorted(stops, first, side="right")]
    own = np.append(chances[np.arange(len(path)), path], np.float32(1))
    score = np.minimum.reduceat(own, np.stack([first, last], 1).ravel())[::2] if len(first) else own[:0]
    follows = np.append(np.repeat(np.arange(len(sizes)), sizes), -1)
    on = np.append(chances, np.zeros_like(chances[:1], shape=(1, chances.shape[1])), axis=0)
    going_on = on[last, scheme.continued[path[first]]]
    score = np.where(follows[last] == follows[first], np.minimum(score, 1 - going_on), score)
    return Runs(first, last, path[first], score)


def best_path(chances: NDArray[np.float32], sizes: NDArray[np.int64], scheme: Scheme) -> NDArray[np.int64]:
    """Return the likeliest consistent label of each word.

    In nearly every window the likeliest label of each word is consistent; only the others need a search.
    """
    path: NDArray[np.int64] = chances.argmax(axis=1)
    begins = np.cumsum(sizes) - sizes
    before = np.roll(path, 1)
    before[begins[sizes > 0]] = 0
    broken = ~scheme.allowed[before, path]
    window = np.repeat(np.arange(len(sizes)), sizes)
    for number in np.unique(window[broken]):
        own = slice(begins[number], begins[number] + sizes[number])
        path[own] = _search(np.log(chances[own] + 1e-9), scheme)
    return path


def _search(logs: NDArray[np.float32], scheme: Scheme) -> NDArray[np.int64]:
    """Viterbi's path through one window."""
    score = logs[0] + scheme.first
    back = np.zeros(logs.shape, np.int64)
    for at in range(1, len(logs)):
        step = score[:, None] + scheme.transitions
        back[at] = step.argmax(axis=0)
        score = step.max(axis=0) + logs[at]
    path = np.zeros(len(logs), np.int64)
    path[-1] = score.argmax()
    for at in range(len(logs) - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path
