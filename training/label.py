"""Nets read unlabelled cables, and their reading becomes windows to train a smaller net on.

The mean of the nets' probabilities goes through the package's rules, which make a cable agree with itself, and through
a vote over all cables, which mends a name read in two ways. A word's target is half the probabilities and half the
label that came out of this.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from reftel.tag import decode, rules
from reftel.tag.windows import (
    PADDING,
    SEPARATOR_CASE,
    STEP,
    Window,
    Words,
    at_words,
    read_words,
    rows,
    windows,
)
from reftel.train.documents import Document, Unit, opening
from reftel.train.examples import LABELS, Example, label_words
from reftel.train.fit import collate, fast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reftel.tag.wordpiece import WordPiece
    from reftel.train.encoder import Net

_LIMITS = (128, 160, 192, 224)
_COUNT, _SHARE, _DOUBT = 6.0, 0.85, 0.9
_HARD = 0.5
_SCHEME = decode.Scheme(LABELS)
_TOGETHER = 32  # cables
_AT_ONCE = 16  # windows


@dataclass
class Reading:
    """A cable: its texts, words and windows, the chances (words, labels) of its words, its mentions by unit."""

    texts: Sequence[str]
    words: Words
    windows: list[Window]
    chances: np.ndarray = field(default_factory=lambda: np.zeros((0, len(LABELS)), np.float32))
    spans: list[list[rules.Span]] = field(default_factory=list)


def read(nets: Sequence[Net], cables: Sequence[Sequence[str]], split: WordPiece, report: Callable[[str], None]) -> list[Reading]:
    """Return the nets' reading of cables, after the rules and the vote."""
    rng = random.Random(11)
    readings = []
    for start in range(0, len(cables), _TOGETHER):
        some = [_cut(texts, split, rng.choice(_LIMITS)) for texts in cables[start : start + _TOGETHER]]
        for reading in some:
            reading.chances = np.mean([_chances(net, reading, split) for net in nets], axis=0, dtype=np.float32)
            reading.spans = rules.apply(reading.texts, _decoded(reading))
        readings += some
        report(f"{len(readings)} of {len(cables)} cables read")
    report(f"{vote(readings)} mentions got another type by the vote over all cables")
    return readings


def _cut(texts: Sequence[str], split: WordPiece, limit: int) -> Reading:
    words = read_words(texts, split, limit)
    return Reading(texts, words, list(windows(words, [len(texts)], limit)))


@torch.no_grad()
def _chances(net: Net, reading: Reading, split: WordPiece) -> np.ndarray:
    """Return the label probabilities of a cable's words."""
    net.eval()
    found = [np.zeros((0, len(LABELS)), np.float32)]
    for start in range(0, len(reading.windows), _AT_ONCE):
        some = [_example(reading, window, split) for window in reading.windows[start : start + _AT_ONCE]]
        batch = collate(some, [e.cases for e in some])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast()):
            logits = net.head(net.states(batch.pieces, batch.cases, batch.real)[batch.rows, batch.cols])
        found.append(logits.float().softmax(-1).numpy())
    return np.concatenate(found)


def _example(reading: Reading, window: Window, split: WordPiece) -> Example:
    pieces, cases = (row[0] for row in rows(reading.words, [window], (split.id("[CLS]"), split.id("[SEP]"))))
    return Example(pieces, cases, at_words(reading.words, window), np.zeros(window.last - window.first, np.int64))


def _decoded(reading: Reading) -> list[list[rules.Span]]:
    found: list[list[rules.Span]] = [[] for _ in reading.texts]
    words = reading.words
    sizes = np.array([window.last - window.first for window in reading.windows])
    for first, last, label, score in zip(*decode.runs(reading.chances, sizes, _SCHEME), strict=True):
        if words.units[first] == words.units[last - 1]:
            span = rules.Span(int(words.starts[first]), int(words.ends[last - 1]), LABELS[label][2:], float(score))
            found[words.units[first]].append(span)
    return found


def spans(net: Net, texts: Sequence[str], split: WordPiece, limit: int) -> list[list[rules.Span]]:
    """Return what a net finds in the texts of one cable, without the rules."""
    reading = _cut(texts, split, limit)
    reading.chances = _chances(net, reading, split)
    return _decoded(reading)


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


def examples(reading: Reading, split: WordPiece, weight: float) -> Iterator[tuple[Example, Example]]:
    """Yield each window as it is, and as it is where paragraphs have lost portion marks and labels."""
    units = (
        Unit(text, tuple((s.start, s.end, s.type) for s in own))
        for text, own in zip(reading.texts, reading.spans, strict=True)
    )
    labels = label_words(Document("", tuple(units)), reading.words)
    targets = (1 - _HARD) * reading.chances + _HARD * np.eye(len(LABELS), dtype=np.float32)[labels]
    openings = np.array([opening(text) for text in reading.texts])
    kept = reading.words.starts >= openings[reading.words.units]
    for window in reading.windows:
        own = slice(window.first, window.last)
        plain = replace(
            _example(reading, window, split),
            labels=labels[own],
            weight=weight,
            targets=targets[own].astype(np.float16),
        )
        yield plain, _without(plain, kept[own])


def _without(plain: Example, kept: np.ndarray) -> Example:
    """Return the window without the words that are not kept."""
    if kept.all() or not kept.any():
        return plain
    end = int(np.flatnonzero(plain.pieces)[-1])  # the last separator
    ends = np.append(plain.firsts[1:], end)
    gone = np.arange(len(plain.pieces)) > end
    for first, last in zip(plain.firsts[~kept], ends[~kept], strict=True):
        gone[first:last] = True
    fill = (0, -int((~gone).sum()) % STEP)
    return replace(
        plain,
        pieces=np.pad(plain.pieces[~gone], fill, constant_values=PADDING),
        cases=np.pad(plain.cases[~gone], fill, constant_values=SEPARATOR_CASE),
        firsts=(np.cumsum(~gone) - 1)[plain.firsts[kept]],
        labels=plain.labels[kept],
        targets=plain.targets[kept],
    )
