"""Pieces: headings, and what one number and one mark cover."""

from __future__ import annotations

from reftel.model import Marking
from reftel.parse.noise import find_noise
from reftel.parse.paragraph_numbers import Numbering
from reftel.parse.pieces import Piece, find_pieces, opened, skip_blanks
from reftel.parse.rows import find_rows


def pieces(text: str) -> list[tuple[int | None, str]]:
    rows = find_rows(text, 0, len(text), find_noise(text, 0, len(text)))
    return [(p.number, text[p.start : p.end]) for p in find_pieces(text, rows, Numbering())]


def test_a_number_begins_a_piece_that_lasts_to_the_next_number() -> None:
    assert pieces("1. (C) One.\n\nStill one.\n\n2. (C) Two.") == [(1, "One.\n\nStill one."), (2, "Two.")]


def test_a_heading_is_a_piece_of_its_own() -> None:
    assert pieces("1. One.\n\nNext Steps\n----------\n\n2. Two.") == [(1, "One."), (None, "Next Steps"), (2, "Two.")]


def test_a_paragraph_may_begin_inside_a_row() -> None:
    assert pieces("1. (C) They met. 2. (C) They parted.") == [(1, "They met."), (2, "They parted.")]


def test_text_before_the_first_number_has_none() -> None:
    assert pieces("The post reports.\n\n1. (C) They met.") == [(None, "The post reports."), (1, "They met.")]


def test_mark_and_label_are_taken_off_in_either_order() -> None:
    for text in ("(C) Summary: They met.", "Summary: (C) They met."):
        piece = opened(text, Piece(0, len(text)))
        assert (text[piece.start :], piece.marking, piece.label) == ("They met.", Marking("CONFIDENTIAL"), "summary")


def test_the_ornaments_of_a_heading_are_taken_off() -> None:
    text = "// NEXT STEPS //"
    piece = opened(text, Piece(0, len(text), "heading"))
    assert text[piece.start : piece.end] == "NEXT STEPS"


def test_blanks_and_line_feeds_are_skipped_up_to_the_end() -> None:
    assert (skip_blanks(" \n a", 0, 4), skip_blanks("   ", 0, 2)) == (3, 2)


def test_an_opening_given_twice_is_taken_off_twice() -> None:
    assert pieces("1. (C) Summary. 1. (C) Summary. They met.\n\n2. (C) They parted.") == [
        (1, "They met."),
        (2, "They parted."),
    ]
