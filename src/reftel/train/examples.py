"""Windows to train on, cut anew in every epoch and varied: in capitals, in small letters, without portion marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reftel.tag.windows import Window, Words, at_words, pack, read_words, rows, sentences_of
from reftel.tag.wordpiece import CASES, GLUED, WordPiece
from reftel.train.documents import unmarked

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from reftel.train.documents import Document
    from reftel.train.fit import Settings

LABELS = ("O", *(f"{mark}-{kind}" for kind in ("PER", "LOC", "ORG", "MISC") for mark in "BI"))

_SENTENCE = 104  # so that any limit drawn holds a sentence
_FEW = 6  # sentences that are not worth parting
_LOWER, _TITLE, _UPPER, _LETTER, _MIXED = (CASES.index(n) for n in ("lower", "title", "upper", "letter", "mixed"))
_CAPITALS = np.arange(2 * GLUED)
_CAPITALS[[_LOWER, _TITLE, _MIXED]] = _UPPER
_CAPITALS[GLUED:] = _CAPITALS[:GLUED] + GLUED
_SMALL = np.arange(2 * GLUED)
_SMALL[[_UPPER, _TITLE, _MIXED, _LETTER]] = _LOWER
_SMALL[GLUED:] = _SMALL[:GLUED] + GLUED


@dataclass(slots=True)
class Example:
    """A window ready for the net; `labels` and `firsts` have one entry for each word.

    `targets` (words, labels) are a teacher's probabilities, where there is one.
    """

    pieces: NDArray[np.int32]
    cases: NDArray[np.int32]
    firsts: NDArray[np.int32]
    labels: NDArray[np.int64]
    misc: bool = True
    weight: float = 1.0
    targets: NDArray[np.float32] | None = None


class _Read:
    """A document cut into words and sentences once, its words labelled."""

    def __init__(self, given: Document, split: WordPiece) -> None:
        self.misc, self.weight = given.misc, given.weight
        self.words = read_words([unit.text for unit in given.units], split, _SENTENCE)
        self.sentences = sentences_of(self.words)
        self.labels = label_words(given, self.words)


class Corpus:
    """Documents as new windows for every epoch; `share` of them without portion marks and labels."""

    def __init__(self, documents: Sequence[Document], split: WordPiece, share: float = 0.5) -> None:
        self.special = split.id("[CLS]"), split.id("[SEP]")
        self.share = share
        self._read = [(_Read(given, split), _Read(unmarked(given), split)) for given in documents]

    def examples(self, rng: random.Random, limits: tuple[int, int]) -> Iterator[Example]:
        """Yield windows of all documents, cut at limits drawn anew."""
        for plain, bare in self._read:
            read = bare if rng.random() < self.share else plain
            skip, limit = rng.randrange(len(read.sentences) or 1), rng.randint(*limits)
            skip = skip if len(read.sentences) > _FEW else 0
            for part in (read.sentences[:skip], read.sentences[skip:]):
                for window in pack(part, limit):
                    yield self._example(read, window)

    def _example(self, read: _Read, window: Window) -> Example:
        pieces, cases = (row[0] for row in rows(read.words, [window], self.special))
        labels = read.labels[window.first : window.last]
        return Example(pieces, cases, at_words(read.words, window), labels, read.misc, read.weight)


def label_words(given: Document, words: Words) -> NDArray[np.int64]:
    """Return a label for each word: a word belongs to the name that it overlaps."""
    owners = [_owners(len(unit.text), unit.marks) for unit in given.units]
    labels, last = [], (-1, -1)
    for unit, start, end in zip(words.units.tolist(), words.starts.tolist(), words.ends.tolist(), strict=True):
        number = max(owners[unit][start], owners[unit][end - 1])
        mark = "I" if last == (unit, number) else "B"
        labels.append(LABELS.index(f"{mark}-{given.units[unit].marks[number][2]}") if number >= 0 else 0)
        last = (unit, number)
    return np.array(labels, np.int64)


def _owners(size: int, marks: Sequence[tuple[int, int, str]]) -> list[int]:
    """The number of the name that each character belongs to, or -1."""
    owners = [-1] * size
    for number, (start, end, _) in enumerate(marks):
        owners[start:end] = [number] * (end - start)
    return owners


def recased(cases: NDArray[np.int32], settings: Settings, rng: random.Random) -> NDArray[np.int32]:
    """Return the case classes as if the window had been put in capitals or in small letters, at random.

    The pieces are uncased, so nothing else of the window changes.
    """
    draw = rng.random()
    if draw < settings.upper:
        cases = _CAPITALS[cases].astype(np.int32)
        if rng.random() < settings.unglue:
            loose = np.array([rng.random() < settings.loose for _ in cases])
            cases = np.where(loose, cases % GLUED, cases).astype(np.int32)
    elif draw < settings.upper + settings.lower:
        cases = _SMALL[cases].astype(np.int32)
    return cases
