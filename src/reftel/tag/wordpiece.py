"""Uncased WordPiece, as BERT's tokenizer does it, with every piece's place in the original text.

The text is cut at white space into chunks; a chunk is cut at punctuation and CJK characters into
words; a word is lower-cased, loses its accents and is split greedily into the longest pieces that
the vocabulary holds (Devlin et al. 2019, `tokenization.py` of google-research/bert). Most chunks of
a text were seen before, so the answer for a chunk is kept.

Three things differ from the original on purpose: offsets are kept (half-open, in code points of the
text as given); a form feed or another separating control character parts two words where the
original would glue them; and a word that the end of a line broke ("BANG- KOK") is read as one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CASES = ("lower", "title", "upper", "letter", "mixed", "digit", "punct", "other")
"""Letter-case classes of a word; `letter` is one capital alone, `other` has no letter or digit."""

GLUED = len(CASES)
"""Added to a word's class when no white space stands before it."""

_Word = tuple[int, int, tuple[int, ...], int]


class Columns(NamedTuple):
    """Words in columns, as there are millions: start and end (half-open, code points), piece ids, case class."""

    starts: list[int]
    ends: list[int]
    ids: list[tuple[int, ...]]
    cases: list[int]


_CHUNK = re.compile(r"\S+")
_MAYBE_BROKEN = re.compile(r"[^\W\d_]- [^\W\d_]")
_LONGEST_WORD = 100
_LONGEST_KEPT = 40
_MOST_KEPT = 200_000
_LINKS = frozenset(("and", "or", "to", "but", "not"))
_PUNCT, _CJK, _LETTER, _DROP = range(4)
_CJK_BLOCKS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Splits text into words and pieces by a vocabulary, one piece a line in BERT's `vocab.txt`."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the pieces in the order of their ids; `[UNK]` must be among them (else KeyError)."""
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown = self._ids["[UNK]"]
        self._longest = max(map(len, vocabulary))
        self._kept: dict[str, tuple[_Word, ...]] = {}

    def __len__(self) -> int:
        """Return the number of pieces in the vocabulary."""
        return len(self._ids)

    def id(self, piece: str) -> int:
        """Return the id of a piece, the unknown piece's where the vocabulary lacks it."""
        return self._ids.get(piece, self.unknown)

    def words(self, text: str) -> Columns:
        """Return the words of `text` in order; offsets are code points of `text`."""
        found = Columns([], [], [], [])
        starts, ends, ids, cases = found
        kept = self._kept
        for match in _CHUNK.finditer(text):
            chunk, at = match.group(), match.start()
            words = kept.get(chunk)
            if words is None:
                words = self._split(chunk)
            for start, end, own, case in words:
                starts.append(at + start)
                ends.append(at + end)
                ids.append(own)
                cases.append(case)
        return self._joined(text, found) if _MAYBE_BROKEN.search(text) else found

    def _joined(self, text: str, words: Columns) -> Columns:
        """Return the words with those put together that a line's end had broken: "BANG- KOK"."""
        kept: list[_Word] = []
        for word in zip(*words, strict=True):
            if len(kept) > 1 and self._broken(text, kept[-2], kept[-1], word):
                start, end, _, case = kept[-2]
                whole = text[start:end] + text[word[0] : word[1]]
                kept[-2:] = [(start, word[1], self._pieces(normal(whole)), case)]
            else:
                kept.append(word)
        return Columns(*map(list, zip(*kept, strict=True)))

    def _broken(self, text: str, first: _Word, hyphen: _Word, last: _Word) -> bool:
        """Say whether three words are one that was broken at its hyphen.

        They are where the whole is in the vocabulary, or one half is not: "NON- STARTER" is not.
        """
        if text[first[1] : last[0]] != "- " or first[1] != hyphen[0]:
            return False
        head, tail = text[first[0] : first[1]], text[last[0] : last[1]]
        if not (head.isalpha() and tail.isalpha() and (tail.islower() or (head + tail).isupper())):
            return False
        head, tail = normal(head), normal(tail)
        halves = head in self._ids and tail in self._ids
        return tail not in _LINKS and (head + tail in self._ids or not halves)

    def _split(self, chunk: str) -> tuple[_Word, ...]:
        words = tuple(self._words_of(chunk))
        if len(chunk) <= _LONGEST_KEPT:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[chunk] = words
        return words

    def _words_of(self, chunk: str) -> Iterator[_Word]:
        for start, end in _cut(chunk):
            word = chunk[start:end]
            plain = normal(word)
            if plain:
                case = case_of(word) + (GLUED if start else 0)
                yield start, end, self._pieces(plain), case

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self.unknown,)
        pieces: list[int] = []
        at = 0
        while at < len(word):
            end, number = self._longest_at(word, at)
            if end == at:
                return (self.unknown,)
            pieces.append(number)
            at = end
        return tuple(pieces)

    def _longest_at(self, word: str, at: int) -> tuple[int, int]:
        """Return the end and the id of the longest piece at `at`; `at` itself where none fits."""
        prefix = "##" if at else ""
        for end in range(min(len(word), at + self._longest), at, -1):
            number = self._ids.get(prefix + word[at:end])
            if number is not None:
                return end, number
        return at, self.unknown


def normal(word: str) -> str:
    """Return `word` lower-cased, without accents and without control characters."""
    if word.isascii():
        return word.lower() if word.isprintable() else _printable(word.lower())
    bare = unicodedata.normalize("NFD", word.lower())
    return _printable("".join(c for c in bare if unicodedata.category(c) != "Mn"))


def case_of(word: str) -> int:
    """Return the case class of a word: an index into `CASES`."""
    if word.islower():
        name = "lower"
    elif word.isupper():
        name = "upper" if len(word) > 1 else "letter"
    elif word[0].isupper() and word[1:].islower():
        name = "title"
    elif any(c.isdigit() for c in word):
        name = "digit"
    elif word.isalpha():
        name = "mixed"
    else:
        name = "punct" if word.isascii() else "other"
    return CASES.index(name)


def _printable(word: str) -> str:
    return "".join(c for c in word if _kind(c) != _DROP)


def _cut(chunk: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word of a chunk: punctuation and CJK stand alone."""
    if chunk.isalnum() and chunk.isascii():
        yield 0, len(chunk)
        return
    start = 0
    for at, char in enumerate(chunk):
        if _kind(char) in (_PUNCT, _CJK):
            if start < at:
                yield start, at
            yield at, at + 1
            start = at + 1
    if start < len(chunk):
        yield start, len(chunk)


@lru_cache(maxsize=4096)
def _kind(char: str) -> int:
    code = ord(char)
    category = unicodedata.category(char)
    if category[0] == "C" or char == "\ufffd":
        return _DROP
    if category[0] == "P" or (code < 0x80 and not char.isalnum()):
        return _PUNCT
    if any(low <= code <= high for low, high in _CJK_BLOCKS):
        return _CJK
    return _LETTER
