"""Spans: overlaps and the way back into the raw text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Edit, Unit
from reftel.write.spans import raw_spans, without_overlaps

# Pieces of raw text, each with what became of it: itself, or an edit.
PIECES = st.lists(st.tuples(st.text("ab \n", max_size=4), st.none() | st.text("xy ", max_size=3)), max_size=8)
SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.just("PER")), max_size=8)


def unit_of(pieces: list[tuple[str, str | None]]) -> Unit:
    text, edits, raw = "", [], ""
    for before, after in pieces:
        if after is not None:
            edits.append(Edit("garble", len(text), before, after))
        text += before if after is None else after
        raw += before
    return Unit("body", text, raw_start=7, raw_end=7 + len(raw), edits=tuple(edits))


@given(PIECES)
def test_a_span_begins_and_ends_where_its_characters_lie_in_the_raw_text(pieces: list[tuple[str, str | None]]) -> None:
    unit = unit_of(pieces)
    for at in range(len(unit.text)):
        ((start, end),) = raw_spans(unit, [(at, at + 1)])
        assert start == unit.to_raw(at)
        edited = [edit for edit in unit.edits if edit.start <= at < edit.start + len(edit.after)]
        assert unit.undo()[start - 7 : end - 7] == (edited[0].before if edited else unit.text[at])


@given(SPANS)
def test_what_is_kept_of_overlapping_spans_does_not_overlap_and_is_in_order(spans: list[tuple[int, int, str]]) -> None:
    kept = without_overlaps(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(kept))
    assert all(span in spans and span[0] < span[1] for span in kept)
    for start, end, _ in spans:
        assert end <= start or any(
            start < last and first < end and last - first >= end - start for first, last, _ in kept
        )
