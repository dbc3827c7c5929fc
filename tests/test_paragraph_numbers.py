"""Paragraph numbers: how they are written, and which of them open a paragraph."""

from __future__ import annotations

import pytest

from reftel.parse.paragraph_numbers import NUMBER, Numbering, follows


@pytest.mark.parametrize("number", ["12. Text", "12) Text", "¶12. Text", "¶ 12 . Text", "12, (C) Text", "12 (C) Text"])
def test_a_number_may_be_written_in_many_ways(number: str) -> None:
    match = NUMBER.match(number)
    assert match
    assert match[2] == "12"


@pytest.mark.parametrize("text", ["12 men", "1.5 million", "2008. A year", "May 12."])
def test_amounts_and_years_are_no_paragraph_numbers(text: str) -> None:
    assert not NUMBER.match(text)


def accepts(numbering: Numbering, number: int, *, marked: bool = False) -> bool:
    return numbering.accepts(number, marked=marked, pilcrow=False, after_heading=False)


def test_the_next_number_opens_a_paragraph_and_one_far_away_does_not() -> None:
    assert accepts(Numbering(last=2), 3)
    assert not accepts(Numbering(last=2), 30)


def test_a_list_that_begins_again_at_one_counts_for_itself() -> None:
    numbering = Numbering(last=4, marked=True)
    assert [accepts(numbering, number) for number in (1, 2)] == [False, False]
    assert accepts(numbering, 5, marked=True)


def test_what_does_not_follow_is_a_doubt() -> None:
    numbering = Numbering()
    for number in (1, 3, 3, 2):
        numbering.open(number, marked=False)
    said = [doubt.text.removeprefix("paragraph number ") for doubt in numbering.doubts]
    assert said == ["skipped: 3 after 1", "doubled: 3 after 3", "out of order: 2 after 3"]


def test_inside_a_row_a_number_follows_only_the_end_of_a_sentence() -> None:
    numbering = Numbering(last=1)
    assert follows("they met.", 2, numbering, marked=False)
    assert not follows("they met", 2, numbering, marked=False)
    assert not follows("see para", 2, numbering, marked=True)
