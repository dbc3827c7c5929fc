"""Portion marks: which brackets in front of a text are one."""

from __future__ import annotations

import pytest

from reftel.model import Marking
from reftel.parse.portion_marks import entire_text_at, mark_at


@pytest.mark.parametrize("mark", ["(C)", "[C]", "C)", "(CONFIDENTIAL)", "( C )"])
def test_a_mark_may_be_written_in_many_ways(mark: str) -> None:
    text = f"{mark} They met."
    assert mark_at(text, 0, len(text)) == (Marking("CONFIDENTIAL"), len(mark))


def test_a_stop_behind_the_mark_belongs_to_it() -> None:
    assert mark_at("(C): They met.", 0, 14)[1] == 4


@pytest.mark.parametrize("text", ["(Cairo) They met.", "They met.", "(C) OSLO 123", ""])
def test_other_brackets_and_the_letters_of_references_are_none(text: str) -> None:
    assert mark_at(text, 0, len(text)) == (None, 0)


def test_a_mark_for_the_entire_text_is_no_portion_mark() -> None:
    text = "(C - ENTIRE TEXT) They met."
    assert mark_at(text, 0, len(text)) == (None, 0)
    assert entire_text_at(text, 0, len(text)) == (Marking("CONFIDENTIAL"), 18)


def test_without_such_a_mark_there_is_none() -> None:
    assert entire_text_at("(C) They met.", 0, 13) is None
