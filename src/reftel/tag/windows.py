"""Windows: runs of whole neighbouring sentences of one cable that the tagger reads at once.

A window never reaches over two cables. Within a cable it may reach over several units (a heading,
the signature and the paragraphs around them explain each other); a separator piece stands between
units. The sentences here only decide where a window may be cut, so a wrong break costs some
context and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.tag.wordpiece import Word, WordPiece

LIMIT = 192
"""Most pieces of a window, the special pieces included, where the caller names no other limit."""

_SPECIAL = 2  # [CLS] before, [SEP] after
_BREAK = re.compile(r"""[.!?;:]["'”’)\]]*\s+(?=["'“‘(\[-]*[^\Wa-z_])""")
_NO_BREAK = re.compile(
    r"""(?:^|[\s("'/])(?:[A-Z]|[A-Z]\.[A-Z]|mr|mrs|ms|dr|prof|gen|col|maj|capt|lt|sgt|adm|amb|min
    |sec|sen|rep|gov|pres|hon|rev|st|no|nos|art|vs|etc|jr|sr|inc|ltd|co|corp|dept|govt|e\.g|i\.e)\.$""",
    re.IGNORECASE | re.VERBOSE,
)


class Place(NamedTuple):
    """Where a word of a window stands: unit, half-open offsets in its text, its first piece."""

    unit: int
    start: int
    end: int
    piece: int


@dataclass(frozen=True, slots=True)
class Window:
    """Piece ids and case classes of equal length, and the place of each word."""

    pieces: list[int]
    cases: list[int]
    places: list[Place]


class _Sentence(NamedTuple):
    unit: int
    words: Sequence[Word]
    size: int


def sentence_starts(text: str) -> list[int]:
    """Return the offsets at which sentences of `text` start, the first being 0."""
    starts = [0]
    for match in _BREAK.finditer(text):
        before = text[max(starts[-1], match.start() - 12) : match.start() + 1]
        if not _NO_BREAK.search(before):
            starts.append(match.end())
    return starts


def windows(texts: Sequence[str], split: WordPiece, limit: int = LIMIT) -> Iterator[Window]:
    """Yield the windows of one cable's unit texts, in order; every word is in just one of them.

    `limit` is the most pieces of a window, at least 104. The cable is cut into as few windows as
    will do, of about equal size, so that no window is left with little context.
    """
    yield from pack(list(_sentences(texts, split, limit - _SPECIAL - 1)), split, limit)


def pack(sentences: Sequence[_Sentence], split: WordPiece, limit: int) -> Iterator[Window]:
    """Yield windows of at most `limit` pieces over neighbouring sentences."""
    room = limit - _SPECIAL
    total = sum(s.size + 1 for s in sentences)
    target = total / max(1, -(-total // room))
    held: list[_Sentence] = []
    size = done = 0
    for sentence in sentences:
        need = sentence.size + 1
        full = size + need > room
        enough = done + size + need / 2 > target * max(1, round((done + size) / target))
        if held and (full or (enough and size >= target / 2)):
            yield _window(held, split)
            held, done, size = [], done + size, 0
        held.append(sentence)
        size += need
    if held:
        yield _window(held, split)


def _sentences(texts: Iterable[str], split: WordPiece, most: int) -> Iterator[_Sentence]:
    for unit, text in enumerate(texts):
        starts = [*sentence_starts(text)[1:], len(text) + 1]
        held: list[Word] = []
        size = turn = 0
        for word in split.words(text):
            if held and (word.start >= starts[turn] or size + len(word.pieces) > most):
                yield _Sentence(unit, held, size)
                held, size = [], 0
            while word.start >= starts[turn]:
                turn += 1
            held.append(word)
            size += len(word.pieces)
        if held:
            yield _Sentence(unit, held, size)


def _window(sentences: Sequence[_Sentence], split: WordPiece) -> Window:
    separator = split.id("[SEP]")
    pieces, cases, places = [split.id("[CLS]")], [_SEPARATOR_CASE], []
    unit = sentences[0].unit
    for sentence in sentences:
        if sentence.unit != unit:
            pieces.append(separator)
            cases.append(_SEPARATOR_CASE)
            unit = sentence.unit
        for word in sentence.words:
            places.append(Place(unit, word.start, word.end, len(pieces)))
            pieces.extend(word.pieces)
            cases.extend([word.case] * len(word.pieces))
    pieces.append(separator)
    cases.append(_SEPARATOR_CASE)
    return Window(pieces, cases, places)


_SEPARATOR_CASE = 7  # wordpiece.CASES: "other"
