"""Where in the texts of a cable the words of a search stand."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.folding import ACCENT, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.archive.matching import Term

_MOST = 1000  # marks of one spelling in one cable
# In a folded text what is not ASCII is part of a word. Written by what is left out: `[a-z0-9\x80-\U0010ffff]` says the
# same, but takes a hundred times as long to compile.
_LETTER = r"[^\x00-/:-`{-\x7f]"
_BETWEEN = r"[\x00-/:-`{-\x7f]+"


class Mark(NamedTuple):
    """A half-open stretch of a text that has a word or phrase of the search, and the number of its term."""

    start: int
    end: int
    term: int


def marks(texts: Sequence[str], terms: Sequence[Term]) -> list[list[Mark]]:
    """For each text the words and phrases of the terms in it, in order and apart; of two that overlap the first."""
    plain = [_plain(text) for text in texts]
    starts = list(accumulate((len(text) + 1 for text, _ in plain), initial=0))
    found: list[list[Mark]] = [[] for _ in texts]
    number = 0
    for start, end, term in _marks("\n".join([text for text, _ in plain]), terms):
        while start >= starts[number + 1]:
            number += 1
        if end < starts[number + 1]:  # else it goes on in the next text
            found[number].append(_mark(start - starts[number], end - starts[number], term, plain[number][1]))
    return found


def _mark(start: int, end: int, term: int, places: Sequence[int]) -> Mark:
    return Mark(places[start], places[end], term) if places else Mark(start, end, term)


def _marks(plain: str, terms: Sequence[Term]) -> Iterator[tuple[int, int, int]]:
    """Start, end and term of what stands there, in order and apart."""
    found = [
        (match.start(), -match.end(), number)
        for number, term in enumerate(terms)
        for form in term.forms
        for match in islice(_pattern(form, is_prefix=term.is_prefix).finditer(plain), _MOST)
    ]
    found.sort()
    last = 0
    for start, end, number in found:
        if start >= last:
            yield start, -end, number
            last = -end


@lru_cache(maxsize=1024)
def _pattern(form: tuple[str, ...], *, is_prefix: bool) -> re.Pattern[str]:
    """The words one after the other in a folded text. The first word comes first of all, to be found fast."""
    first, *others = map(re.escape, form)
    end = f"{_LETTER}*" if is_prefix else f"(?!{_LETTER})"
    return re.compile(f"{first}(?<!{_LETTER}{first})" + "".join(f"{_BETWEEN}{word}" for word in others) + end)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text folded; and, where accents fell out, the place in the text of each of its characters, else nothing."""
    if text.isascii():
        return text.lower(), []
    plain = folded(text)
    if ACCENT not in plain:
        return plain, []
    kept = [place for place, character in enumerate(plain) if character != ACCENT]
    return plain.replace(ACCENT, ""), [*kept, len(plain)]
