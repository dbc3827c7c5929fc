"""Spans: grouped by unit, overlaps, cuts, tags around them and the way back into the raw text."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Cable, Edit, Mention, Span, Unit
from reftel.write.spans import by_unit, cut, edges, raw_spans, without_overlaps, woven

# Pieces of raw text, each with what became of it: itself, or an edit.
PIECES = st.lists(st.tuples(st.text("ab \n", max_size=4), st.none() | st.text("xy ", max_size=3)), max_size=8)
SPANS = st.lists(st.builds(Span, st.just(0), st.integers(0, 20), st.integers(0, 20)), max_size=8)


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


def test_spans_are_grouped_by_unit_in_their_order() -> None:
    assert by_unit([Span(2, 5, 6), Span(0, 1, 2), Span(2, 0, 1)]) == {
        2: [Span(2, 5, 6), Span(2, 0, 1)],
        0: [Span(0, 1, 2)],
    }


@given(SPANS)
def test_of_overlapping_spans_the_longer_is_kept_and_of_two_as_long_the_first(spans: list[Span]) -> None:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if span.start < span.end and all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    assert without_overlaps(spans) == sorted(kept, key=lambda span: span.start)


def test_of_mentions_of_one_span_the_first_is_kept() -> None:
    mentions = [Mention(0, 0, 3, "PER", "Oda", "e1"), Mention(0, 0, 3, "LOC", "Oda", "e2")]
    assert without_overlaps(mentions) == mentions[:1]


@given(SPANS, SPANS)
def test_cut_spans_are_the_same_spans_in_pieces_without_an_edge_inside(spans: list[Span], others: list[Span]) -> None:
    whole = [(span.start, span.end) for span in without_overlaps(spans)]
    places = edges(without_overlaps(others))
    pieces = list(cut(whole, places))
    assert {*chain(*pieces)} - set(places) <= {*chain(*whole)}
    assert [at for piece in pieces for at in range(*piece)] == [at for span in whole for at in range(*span)]
    assert not any(start < place < end for start, end in pieces for place in places)


def test_tags_nest_and_only_the_text_between_them_is_changed() -> None:
    cable = Cable(
        units=(Unit("body", "see abcdef go"), Unit("body", "go")),
        mentions=(Mention(0, 4, 7, "PER", "abc"), Mention(0, 7, 10, "LOC", "def"), Mention(0, 5, 6, "LOC", "b")),
        redactions=(Span(0, 6, 13),),
    )
    written = woven(cable, name_tags=lambda name: (f"<{name.type}>", "</n>"), gap_tags=("<g>", "</g>"), shown=str.upper)
    assert list(written) == ["SEE <PER>AB<g>C</g></n><LOC><g>DEF</g></n><g> GO</g>", "GO"]
