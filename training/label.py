"""A teacher's reading of unlabelled cables, as windows to train a smaller net on.

The teacher's mentions go through the package's rules, which make a cable agree with itself, and
through a vote over all cables, which mends a name read in two ways. A word's target is half the
teacher's probabilities and half the label that came out of this.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from data import LABELS, Document, Unit
from fit import Example, label_words, probabilities
from reftel.tag import decode, rules, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from encoder import Net
    from reftel.tag.wordpiece import WordPiece

_LIMITS = (128, 160, 192, 224)
_COUNT, _SHARE, _DOUBT = 6.0, 0.85, 0.9
_HARD = 0.5


@dataclass
class Reading:
    """A cable: its texts, its windows, their probabilities, its mentions unit by unit."""

    texts: Sequence[str]
    windows: list[windows.Window]
    chances: list[np.ndarray] = field(default_factory=list)
    spans: list[list[rules.Span]] = field(default_factory=list)


def soft_halves(  # noqa: PLR0913
    teachers: Sequence[Net],
    cables: Sequence[Sequence[str]],
    split: WordPiece,
    *,
    seed: int = 11,
    bf16: bool = True,
    report=print,  # noqa: ANN001
) -> list[list[Example]]:
    """Return the windows of every second cable and of the others, with their targets."""
    rng = random.Random(seed)
    readings = [
        Reading(texts, [w for w in windows.windows(texts, split, rng.choice(_LIMITS)) if w.places])
        for texts in cables
    ]
    for start in range(0, len(readings), 64):
        some = readings[start : start + 64]
        _read(teachers, some, bf16=bf16)
        report(f"labelled {start + len(some)} of {len(readings)} cables")
    changed = vote(readings)
    report(f"{changed} mentions got another type by the vote over all cables")
    halves = readings[::2], readings[1::2]
    return [[e for reading in half for e in _examples(reading)] for half in halves]


def _read(teachers: Sequence[Net], readings: Sequence[Reading], *, bf16: bool) -> None:
    listed = [w for r in readings for w in r.windows]
    answers = [probabilities(t, listed, bf16=bf16) for t in teachers]
    means = iter([np.mean(some, axis=0, dtype=np.float32) for some in zip(*answers, strict=True)])
    for reading in readings:
        reading.chances = [next(means) for _ in reading.windows]
        found: list[list[rules.Span]] = [[] for _ in reading.texts]
        for window, chances in zip(reading.windows, reading.chances, strict=True):
            _decode(window, chances, found)
        reading.spans = rules.apply(reading.texts, found)


def _decode(window: windows.Window, chances: np.ndarray, found: list[list[rules.Span]]) -> None:
    logs = np.log(chances + 1e-9)[None].astype(np.float32)
    path = decode.best_paths(logs, np.array([len(chances)]), LABELS)[0].tolist()
    for run in decode.runs(path, chances, LABELS):
        first, last = window.places[run.first], window.places[run.last]
        if first.unit == last.unit:
            found[first.unit].append(rules.Span(first.start, last.end, run.type, run.score))


def vote(readings: Sequence[Reading]) -> int:
    """Give doubtful mentions the type that the name nearly always has; return how many changed."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for reading in readings:
        for text, own in zip(reading.texts, reading.spans, strict=True):
            for span in own:
                votes[text[span.start : span.end].casefold()][span.type] += span.score
    changed = 0
    for reading in readings:
        for text, own in zip(reading.texts, reading.spans, strict=True):
            for number, span in enumerate(own):
                count = votes[text[span.start : span.end].casefold()]
                best = max(count, key=lambda kind: count[kind])
                total = sum(count.values())
                clear = total >= _COUNT and count[best] >= _SHARE * total
                if clear and best != span.type and span.score < _DOUBT:
                    own[number] = replace(span, type=best)
                    changed += 1
    return changed


def _examples(reading: Reading) -> list[Example]:
    units = tuple(
        Unit(text, tuple((s.start, s.end, s.type) for s in own))
        for text, own in zip(reading.texts, reading.spans, strict=True)
    )
    document = Document("", units)
    examples = []
    for window, chances in zip(reading.windows, reading.chances, strict=True):
        labels = label_words(document, window.places)
        targets = (1 - _HARD) * chances + _HARD * np.eye(len(LABELS), dtype=np.float32)[labels]
        firsts = [p.piece for p in window.places]
        examples.append(
            Example(window.pieces, window.cases, firsts, labels, True, 1.0, targets.astype(np.float32))
        )
    return examples
