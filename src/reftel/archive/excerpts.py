"""The best paragraphs of a hit: where most of the search's words stand, with marks around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.archive.marks import Mark, marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.archive.matching import Term
    from reftel.archive.units import ReadableUnit

    _Marked = tuple[ReadableUnit, Sequence[Mark]]

_LENGTH = 320  # characters of an excerpt
_LEAD = 60  # characters before its first mark, where there are as many
_LESS = frozenset({"classified_by", "signature", "heading"})  # units that say little
_AGAIN = 0.1  # what a word counts for that stands once more


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of one unit's text: `start` is its offset there; `marks` are half-open spans of `text` itself.

    `unit` is the unit's index in the cable, `number` the paragraph's. Protected names are masked in `text`.
    """

    unit: int
    kind: str
    number: int | None
    start: int
    text: str
    marks: tuple[tuple[int, int], ...]
    is_cut_behind: bool  # whether the unit goes on behind it


def excerpts_of(
    units: Sequence[ReadableUnit], terms: Sequence[Term], weights: Sequence[float], count: int
) -> tuple[Excerpt | None, tuple[Excerpt, ...]]:
    """The subject in full, None where the reader sees none; and the paragraphs with most of the words, best first.

    Without any, the summary or the first paragraph.
    """
    found = marks([unit.text for unit in units], terms) if terms else [[] for _ in units]
    subject = next((n for n, unit in enumerate(units) if unit.kind == "subject"), None)
    shown = None if subject is None else _cut(units[subject], found[subject], len(units[subject].text))
    paragraphs = [pair for pair in zip(units, found, strict=True) if pair[0].kind != "subject"]
    return shown, tuple(_best(paragraphs, weights, count))


def _best(paragraphs: Sequence[_Marked], weights: Sequence[float], count: int) -> Iterator[Excerpt]:
    marked = [(_value(unit, found, weights), unit, found) for unit, found in paragraphs if found]
    if marked:
        marked.sort(key=lambda one: (-one[0], one[1].position))
        yield from (_cut(unit, found, _LENGTH) for _, unit, found in marked[:count])
    elif count:
        telling = [unit for unit, _ in paragraphs if unit.kind not in _LESS]
        yield from (_cut(unit, [], _LENGTH) for unit in sorted(telling, key=_opening)[:1])


def _opening(unit: ReadableUnit) -> tuple[bool, bool, int]:
    """Summaries before numbered paragraphs before other text, each in order."""
    return unit.kind != "summary", unit.number is None, unit.position


def _value(unit: ReadableUnit, found: Sequence[Mark], weights: Sequence[float]) -> float:
    """The weights of the words that stand there, each once and a little for every other time."""
    different = {mark.term for mark in found}
    value = sum([weights[term] for term in different]) + _AGAIN * sum([weights[mark.term] for mark in found[:50]])
    return value / 2 if unit.kind in _LESS else value


def _cut(unit: ReadableUnit, found: Sequence[Mark], length: int) -> Excerpt:
    start = _start(unit.text, found, length)
    end = _end(unit.text, start, length)
    inside = tuple((m.start - start, m.end - start) for m in found if start <= m.start and m.end <= end)
    cut_behind = end < len(unit.text)
    return Excerpt(unit.position, unit.kind, unit.number, start, unit.text[start:end], inside, cut_behind)


def _start(text: str, found: Sequence[Mark], length: int) -> int:
    """Where a stretch begins that has the most different words, and then the most of them."""
    if len(text) <= length or not found:
        return 0
    best = max(range(len(found)), key=lambda first: (*_inside(found, first, length - _LEAD), -first))
    start = max(0, found[best].start - _LEAD)
    if len(text) - start < length:
        start = max(0, min(len(text) - length, found[best].start))
    if start == 0 or not text[start - 1].isalnum():
        return start
    blank = text.find(" ", start, found[best].start)
    return blank + 1 if blank >= 0 else start


def _inside(found: Sequence[Mark], first: int, length: int) -> tuple[int, int]:
    end = found[first].start + length
    inside = [mark.term for mark in found[first : first + 40] if mark.end <= end]
    return len(set(inside)), len(inside)


def _end(text: str, start: int, length: int) -> int:
    end = start + length
    if end >= len(text):
        return len(text)
    blank = text.rfind(" ", start + length // 2, end)
    return blank if blank > 0 else end
