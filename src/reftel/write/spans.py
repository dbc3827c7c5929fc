"""Spans: by unit, which of those that overlap count, woven into a text as tags, and back to places in the raw text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import accumulate, pairwise
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, TypeVar

from reftel.model import Mention, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reftel.model import Cable, Unit

# The opening and the closing tag of an element.
Tags = tuple[str, str]
# A tag that goes into a unit's text: where, after those of lower rank there, and the tag.
_Insert = tuple[int, int, str]
_CLOSING_GAP, _CLOSING_NAME, _OPENING_NAME, _OPENING_GAP = range(4)

_Span = TypeVar("_Span", Mention, Span)


def by_unit(spans: Iterable[_Span]) -> defaultdict[int, list[_Span]]:
    """The spans of each unit, by its index, in their order."""
    found: defaultdict[int, list[_Span]] = defaultdict(list)
    for span in spans:
        found[span.unit].append(span)
    return found


def without_overlaps(spans: Iterable[_Span]) -> list[_Span]:
    """The spans of one text in order, empty ones left out: of two that overlap the longer, of two as long the first."""
    proper = [span for span in spans if 0 <= span.start < span.end]
    ranks = {place: rank for rank, place in enumerate(sorted(set(edges(proper))))}
    covered = bytearray(len(ranks))
    taken: list[_Span] = []
    for span in sorted(proper, key=lambda span: (span.start - span.end, span.start)):
        first, last = ranks[span.start], ranks[span.end]
        # Those taken before are at least as long, so one that overlaps it covers its first place or its last.
        if not covered[first] and not covered[last - 1]:
            covered[first:last] = b"\1" * (last - first)
            taken.append(span)
    return sorted(taken, key=attrgetter("start"))


def edges(spans: Iterable[_Span]) -> list[int]:
    """Where the spans start and end."""
    return [edge for span in spans for edge in (span.start, span.end)]


def cut(spans: Iterable[tuple[int, int]], edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Half-open, non-empty spans, cut at the edges that lie inside them; the edges are in order."""
    for start, end in spans:
        first, last = bisect_right(edges, start), bisect_left(edges, end)
        if first < last:
            yield from pairwise(dict.fromkeys((start, *edges[first:last], end)))
        else:
            yield start, end


def woven(
    cable: Cable, *, name_tags: Callable[[Mention], Tags], gap_tags: Tags, shown: Callable[[str], str]
) -> Iterator[str]:
    """Each unit's text with tags around its names and redactions, and what stands between the tags as `shown` gives it.

    Of two mentions that overlap the longer is written, else the first. A redaction is cut where a name begins or ends
    inside it, so that it is an element inside the name's.
    """
    mentions, redactions = by_unit(cable.mentions), by_unit(cable.redactions)
    for index, unit in enumerate(cable.units):
        names = without_overlaps(mentions[index])
        gaps = cut([(gap.start, gap.end) for gap in without_overlaps(redactions[index])], edges(names))
        tags = [*_around_names(names, name_tags), *_around_gaps(gaps, gap_tags)]
        yield _with_tags(unit.text, sorted(tags, key=itemgetter(0, 1)), shown)


def _around_names(names: Iterable[Mention], name_tags: Callable[[Mention], Tags]) -> Iterator[_Insert]:
    for name in names:
        opening, closing = name_tags(name)
        yield name.start, _OPENING_NAME, opening
        yield name.end, _CLOSING_NAME, closing


def _around_gaps(gaps: Iterable[tuple[int, int]], gap_tags: Tags) -> Iterator[_Insert]:
    opening, closing = gap_tags
    for start, end in gaps:
        yield start, _OPENING_GAP, opening
        yield end, _CLOSING_GAP, closing


def _with_tags(text: str, tags: Iterable[_Insert], shown: Callable[[str], str]) -> str:
    parts: list[str] = []
    here = 0
    for at, _, tag in tags:
        parts += [shown(text[here:at]), tag]
        here = at
    return "".join([*parts, shown(text[here:])])


def raw_spans(unit: Unit, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The half-open raw spans of half-open, non-empty spans of the unit's text.

    The same as `Unit.to_raw` of the first and the last character, for many spans at once. One that begins or ends
    inside a repaired stretch takes all of it; what was dropped just before or just after one is not in it.
    """
    ends = [edit.start + len(edit.after) for edit in unit.edits]
    growth = (len(edit.before) - len(edit.after) for edit in unit.edits)
    shifts = list(accumulate(growth, initial=unit.raw_start))

    def place(offset: int) -> tuple[int, int]:
        """Where the character at `offset` comes from: one character, or the stretch that it is a part of."""
        index = bisect_right(ends, offset)
        at = offset + shifts[index]
        if index < len(ends) and unit.edits[index].start <= offset:
            at = unit.edits[index].start + shifts[index]
            return at, at + len(unit.edits[index].before)
        return at, at + 1

    return [(place(start)[0], place(end - 1)[1]) for start, end in spans]
