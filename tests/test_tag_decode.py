"""Label probabilities to mentions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reftel.tag.decode import Scheme, best_path, runs

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
SCHEME = Scheme(LABELS)


def chances(*rows: str, sure: float = 0.9) -> np.ndarray:
    """Probabilities of words whose likeliest labels are given."""
    table = np.full((len(rows), len(LABELS)), (1 - sure) / (len(LABELS) - 1), np.float32)
    for at, label in enumerate(rows):
        table[at, LABELS.index(label)] = sure
    return table


def found(table: np.ndarray, *sizes: int) -> list[tuple[int, int, str]]:
    first, last, label, _ = runs(table, np.array(sizes, np.int64), SCHEME)
    return [(a, b, LABELS[kind][2:]) for a, b, kind in zip(first, last, label, strict=True)]


def test_labels_become_runs_of_words() -> None:
    assert found(chances("B-PER", "I-PER", "O", "B-LOC", "B-LOC"), 5) == [(0, 2, "PER"), (3, 4, "LOC"), (4, 5, "LOC")]


def test_a_mention_ends_with_its_window() -> None:
    table = chances("B-PER", "I-PER")
    table[1, LABELS.index("B-PER")] = 0.8
    assert found(table, 1, 1) == [(0, 1, "PER"), (1, 2, "PER")]


def test_a_label_that_goes_on_with_another_type_is_never_chosen() -> None:
    table = chances("B-LOC", "I-PER", sure=0.5)
    assert found(table, 2) in ([(0, 2, "PER")], [(0, 2, "LOC")], [(0, 1, "LOC")])


def test_the_score_is_that_of_the_least_sure_decision() -> None:
    table = chances("B-PER", "I-PER", "O")
    table[1, LABELS.index("I-PER")] = 0.6
    table[2, LABELS.index("I-PER")] = 0.3
    assert np.isclose(runs(table, np.array([3]), SCHEME).score, 0.6)
    table[2, LABELS.index("I-PER")] = 0.45
    assert np.isclose(runs(table, np.array([3]), SCHEME).score, 0.55)


def test_what_follows_in_another_window_does_not_count() -> None:
    table = chances("B-PER", "I-PER")
    assert np.isclose(runs(table, np.array([1, 1]), SCHEME).score[0], 0.9)


def test_no_words_and_no_windows_give_no_mentions() -> None:
    nothing = np.zeros((0, len(LABELS)), np.float32)
    assert found(nothing) == []
    assert found(nothing, 0) == []
    assert found(chances("B-PER"), 0, 1, 0) == [(0, 1, "PER")]


def _probability(table: np.ndarray, path: tuple[int, ...]) -> float:
    return float(np.log(table[np.arange(len(path)), list(path)]).sum())


@given(st.lists(st.lists(st.integers(1, 50), min_size=3, max_size=3), min_size=1, max_size=5), st.integers(1, 5))
def test_the_path_is_the_likeliest_consistent_one(rows: list[list[int]], first: int) -> None:
    scheme = Scheme(LABELS[:3])
    table = np.array(rows, np.float32)
    table /= table.sum(1, keepdims=True)
    sizes = [min(first, len(rows)), len(rows) - min(first, len(rows))]
    path = best_path(table, np.array(sizes), scheme)
    for begin, size in ((0, sizes[0]), (sizes[0], sizes[1])):
        own = table[begin : begin + size]
        allowed = [
            candidate
            for candidate in np.ndindex(*[3] * size)
            if all(b != 2 or a in {1, 2} for a, b in zip((0, *candidate), candidate, strict=False))
        ]
        best = max(_probability(own, candidate) for candidate in allowed)
        assert np.isclose(_probability(own, tuple(path[begin : begin + size])), best, atol=1e-4)
