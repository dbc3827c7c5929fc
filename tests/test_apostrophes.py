"""Apostrophes: commas and letters that stand for them and for quotation marks."""

from __future__ import annotations

import pytest

from reftel.parse.apostrophes import find_apostrophes


def mended(text: str) -> str:
    for start, end, mark in sorted(find_apostrophes(text, 0, len(text)), reverse=True):
        text = text[:start] + mark + text[end:]
    return text


@pytest.mark.parametrize("text", ["the minister's view", "they didn't go", "Cote d'Ivoire", "Mr. O'Example"])
def test_a_comma_inside_a_word_stands_for_an_apostrophe(text: str) -> None:
    assert mended(text.replace("'", ",")) == text


@pytest.mark.parametrize("text", ["Oslo,Bonn and Rome", "one, two", "they met,but"])
def test_other_commas_stay(text: str) -> None:
    assert mended(text) == text


def test_a_pair_of_letters_stands_for_quotation_marks() -> None:
    assert mended("the Qnew planQ was") == 'the "new plan" was'
    assert mended("the &new plan8 was") == 'the "new plan" was'


def test_a_letter_inside_a_word_stands_for_an_apostrophe() -> None:
    assert mended("the ministerQs view") == "the minister's view"


def test_three_question_marks_in_an_irish_name_stand_for_one_apostrophe() -> None:
    assert mended("Mr. O???Example") == "Mr. O'Example"


def test_a_letter_without_its_pair_stays() -> None:
    assert mended("the &new plan and Q clearance") == "the &new plan and Q clearance"
