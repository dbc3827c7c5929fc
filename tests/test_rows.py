"""Rows: lines cut at noise, with what stands above and below each."""

from __future__ import annotations

from reftel.parse.noise import find_noise
from reftel.parse.rows import Row, closes, find_rows, head_rows, starts_paragraph


def rows(text: str) -> list[Row]:
    return find_rows(text, 0, len(text), find_noise(text, 0, len(text)))


def words(text: str) -> list[str]:
    return [text[row.start : row.end] for row in rows(text)]


def test_a_row_is_a_line_without_the_blanks_around_it() -> None:
    assert words("  One line \n\n another\n") == ["One line", "another"]


def test_a_blank_line_sets_a_row_apart() -> None:
    assert [row.apart for row in rows("One\ntwo\n\nthree")] == [True, False, True]


def test_a_rule_is_no_row_but_marks_the_rows_at_both_sides() -> None:
    above, below = rows("Background\n----------\nThe talks went on.")
    assert (above.ruled_below, below.ruled_above) == (True, True)


def test_a_heading_glued_to_a_sentence_becomes_a_row_of_its_own() -> None:
    text = "They will meet again in the spring. Next Steps\n----------\nNone are known."
    assert words(text) == ["They will meet again in the spring.", "Next Steps", "None are known."]


def test_rows_that_still_belong_to_the_head_are_counted() -> None:
    text = "Derived from: Multiple sources\n\n1. (C) The talks went on."
    assert head_rows(text, rows(text)) == 1


def test_a_number_or_a_portion_mark_starts_a_paragraph() -> None:
    text = "1. One\n(C) Two\nThree"
    assert [starts_paragraph(text, row) for row in rows(text)] == [True, True, False]


def test_a_stop_or_a_colon_closes_a_row() -> None:
    text = "One.\nTwo:\nThree"
    assert [closes(text, row) for row in rows(text)] == [True, True, False]
