"""Titles: whether the words of a block can be a heading."""

from __future__ import annotations

import pytest

from reftel.parse.titles import can_be_heading, is_title, joined


@pytest.mark.parametrize(
    "block", ["Next Steps", "NEXT STEPS", "The Talks on the River", "What comes next?", "(C) Next Steps"]
)
def test_capitals_and_questions_make_a_title(block: str) -> None:
    assert is_title(block)
    assert can_be_heading(block)


def test_a_line_of_small_words_is_no_title() -> None:
    assert not is_title("The talks on the river went on")


@pytest.mark.parametrize(
    "block",
    [
        "They met in the hall.",
        "next steps",
        "- Next Steps",
        "12/5/2008",
        "XXXXXXXXXXXX",
        "END SUMMARY",
        "a@example.org",
    ],
)
def test_sentences_items_addresses_and_redactions_are_no_headings(block: str) -> None:
    assert not can_be_heading(block)


def test_a_mark_for_the_entire_text_is_no_heading() -> None:
    assert not can_be_heading("CONFIDENTIAL - ENTIRE TEXT")


def test_a_block_is_joined_on_one_line() -> None:
    assert joined("The Talks \n on the River\n", 0, 26) == "The Talks on the River"
