"""Windows: runs of whole neighbouring sentences of one cable that the tagger reads at once.

A window never reaches over two cables. Within a cable it may reach over several units (a heading,
the signature and the paragraphs around them explain each other); a separator piece stands between
units. The sentences here only decide where a window may be cut, so a wrong break costs some
context and nothing else.

Cables are read by the thousand, so the words of one are held in columns, not one by one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reftel.tag.wordpiece import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from reftel.tag.wordpiece import Columns, WordPiece

LIMIT = 192
"""Most pieces of a window, the special pieces included, where the caller names no other limit."""

STEP = 8
"""A window is filled up to a multiple of so many pieces, with padding that the network reads like any piece.

The network was trained with it, so it needs no mask, and a window's answer cannot depend on what it stands with.
"""

PADDING = 0  # the id of [PAD]
SEPARATOR_CASE = CASES.index("other")

_SPECIAL = 2  # [CLS] before, [SEP] after
_BREAK = re.compile(r"""[.!?;:]["'”’)\]]*\s+(?=["'“‘(\[-]*[^\Wa-z_])""")
_NO_BREAK = re.compile(
    r"""(?:^|[\s("'/])(?:[A-Z]|[A-Z]\.[A-Z]|mr|mrs|ms|dr|prof|gen|col|maj|capt|lt|sgt|adm|amb|min
    |sec|sen|rep|gov|pres|hon|rev|st|no|nos|art|vs|etc|jr|sr|inc|ltd|co|corp|dept|govt|e\.g|i\.e)\.$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some unit texts, in columns.

    Of each word: the index of its text, its half-open offsets in it, its first piece and the end of its pieces
    (indices in `pieces`). Of each piece: its id and the case class of its word; separators between units are among
    them. `sentences` holds the index of each sentence's first word.
    """

    units: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    pieces: NDArray[np.int32]
    cases: NDArray[np.int32]
    sentences: list[int]


class Window(NamedTuple):
    """The words `first` to `last` (half-open), their pieces from `piece` to `end` in `Words.pieces`."""

    first: int
    last: int
    piece: int
    end: int

    @property
    def size(self) -> int:
        """How many pieces the network gets, the special ones and the padding included."""
        return -(-(self.end - self.piece + _SPECIAL) // STEP) * STEP


def sentence_starts(text: str) -> list[int]:
    """Return the offsets at which sentences of `text` start, the first being 0."""
    starts = [0]
    for match in _BREAK.finditer(text):
        before = text[max(starts[-1], match.start() - 12) : match.start() + 1]
        if not _NO_BREAK.search(before):
            starts.append(match.end())
    return starts


def read_words(texts: Sequence[str], split: WordPiece, limit: int = LIMIT) -> Words:
    """Return the words of unit texts; no sentence has more pieces than a window of `limit` holds."""
    starts, ends, ids, cases, units = list[int](), list[int](), list[tuple[int, ...]](), list[int](), list[int]()
    sentences: list[int] = []
    for unit, text in enumerate(texts):
        own = split.words(text)
        sentences += (len(starts) + first for first in _sentences(text, own, limit - _SPECIAL - 1))
        starts += own.starts
        ends += own.ends
        ids += own.ids
        cases += own.cases
        units += [unit] * len(own.starts)
    column = np.array(units, np.int32)
    spots = np.array(starts, np.int32), np.array(ends, np.int32)
    return Words(column, *spots, *_pieces(ids, cases, column, split.id("[SEP]")), sentences)


def _sentences(text: str, words: Columns, most: int) -> Iterator[int]:
    """Yield the index of each sentence's first word; a sentence of more than `most` pieces is cut."""
    count = len(words.starts)
    firsts = {bisect_left(words.starts, start) for start in sentence_starts(text)}
    for first, last in pairwise([*sorted(firsts - {count}), count]):
        yield first
        sizes = list(map(len, words.ids[first:last]))
        if sum(sizes) > most:
            yield from (first + cut for cut in _cuts(sizes, most))


def _cuts(sizes: Sequence[int], most: int) -> Iterator[int]:
    """Yield where words of such sizes must be parted so that no part has more than `most` pieces."""
    held = 0
    for at, size in enumerate(sizes):
        if held + size > most:
            yield at
            held = 0
        held += size


def _pieces(
    ids: Sequence[tuple[int, ...]], cases: Sequence[int], units: NDArray[np.int32], separator: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return the columns of `Words` that are about pieces."""
    sizes = np.fromiter(map(len, ids), np.int32, len(ids))
    separators = np.cumsum(np.diff(units, prepend=units[:1]) != 0, dtype=np.int32)  # that stand before each word
    firsts = np.cumsum(sizes, dtype=np.int32) - sizes + separators
    places = np.arange(sizes.sum()) + np.repeat(separators, sizes)
    pieces = np.full(places[-1] + 1 if ids else 0, separator, np.int32)
    kinds = np.full(len(pieces), SEPARATOR_CASE, np.int32)
    pieces[places] = np.fromiter(chain.from_iterable(ids), np.int32, len(places))
    kinds[places] = np.repeat(np.array(cases, np.int32), sizes)
    return firsts, firsts + sizes, pieces, kinds


def windows(words: Words, counts: Sequence[int], limit: int = LIMIT) -> Iterator[Window]:
    """Yield the windows of cables with so many units each, in order.

    Every word is in just one of them. `limit` is the most pieces of a window, at least 104. A cable is cut into as
    few windows as will do, of about equal size, so that no window is left with little context.
    """
    sentences = sentences_of(words)
    firsts = [int(words.units[sentence.first]) for sentence in sentences]
    borders = np.searchsorted(firsts, [0, *np.cumsum(counts)]).tolist()
    for first, last in pairwise(borders):
        yield from pack(sentences[first:last], limit)


def sentences_of(words: Words) -> list[Window]:
    """Return each sentence as a window."""
    firsts = np.array(words.sentences, np.int64)
    lasts = np.append(firsts[1:], len(words.units)).astype(np.int64)[: len(firsts)]
    columns = firsts, lasts, words.firsts[firsts], words.lasts[lasts - 1]
    return [Window(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def pack(sentences: Sequence[Window], limit: int) -> Iterator[Window]:
    """Yield windows of at most `limit` pieces over neighbouring sentences, which are given as windows."""
    room = limit - _SPECIAL
    needs = [sentence.end - sentence.piece + 1 for sentence in sentences]
    target = sum(needs) / max(1, -(-sum(needs) // room))
    first, size, done = 0, 0, 0
    for number, need in enumerate(needs):
        full = size + need > room
        enough = done + size + need / 2 > target * max(1, round((done + size) / target))
        if size and (full or (enough and size >= target / 2)):
            yield _joined(sentences[first], sentences[number - 1])
            first, done, size = number, done + size, 0
        size += need
    if size:
        yield _joined(sentences[first], sentences[-1])


def _joined(first: Window, last: Window) -> Window:
    return Window(first.first, last.last, first.piece, last.end)


def rows(words: Words, some: Sequence[Window], special: tuple[int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the pieces and case classes (windows, pieces) of windows of one size; `special` are [CLS] and [SEP]."""
    pieces = np.full((len(some), some[0].size), PADDING, np.int32)
    cases = np.full(pieces.shape, SEPARATOR_CASE, np.int32)
    for row, (_, _, piece, end) in enumerate(some):
        size = end - piece
        pieces[row, 0], pieces[row, size + 1] = special
        pieces[row, 1 : size + 1] = words.pieces[piece:end]
        cases[row, 1 : size + 1] = words.cases[piece:end]
    return pieces, cases


def at_words(words: Words, window: Window) -> NDArray[np.int32]:
    """Return where in its row each word of a window has its first piece."""
    return words.firsts[window.first : window.last] - window.piece + 1
