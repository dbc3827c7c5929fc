"""Spans: which of the overlapping ones count, and from places in a unit's text back to places in the raw text."""

from __future__ import annotations

from bisect import bisect, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reftel.model import Unit

TypedSpan = tuple[int, int, str]


def without_overlaps(spans: Iterable[TypedSpan]) -> list[TypedSpan]:
    """The spans in order, empty ones left out: of two that overlap the longer, of two as long the first."""
    taken: list[TypedSpan] = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        index = bisect(taken, span)
        free_from = taken[index - 1][1] if index else 0
        free_to = taken[index][0] if index < len(taken) else span[1]
        if free_from <= span[0] < span[1] <= free_to:
            taken.insert(index, span)
    return taken


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
