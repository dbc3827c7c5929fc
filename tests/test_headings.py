"""Headings: which rows are headings rather than prose."""

from __future__ import annotations

import pytest

from reftel.parse.headings import heading_end, is_numbered_heading
from reftel.parse.noise import find_noise
from reftel.parse.rows import Row, find_rows


def rows(text: str) -> list[Row]:
    return find_rows(text, 0, len(text), find_noise(text, 0, len(text)))


def end(text: str, k: int = 0) -> int:
    return heading_end(text, rows(text), k, after_heading=k == 0, is_numbered=k > 0)


@pytest.mark.parametrize(
    "heading", ["Next Steps\n----------", "// NEXT STEPS //", "--- Next Steps ---", "SUMMARY", "Next Steps"]
)
def test_each_way_to_set_off_a_heading_is_known(heading: str) -> None:
    assert end(f"{heading}\n\n1. (C) The talks went on.") == 1


def test_a_heading_may_have_two_lines() -> None:
    assert end("The Talks on the River and\nWhat May Come of Them\n----------\n1. (C) They went on.") == 2


def test_a_sentence_is_no_heading() -> None:
    assert end("The talks on the river went on.\n\n1. (C) They went on.") == 0


def test_a_row_of_a_list_of_names_is_no_heading() -> None:
    assert end("Present were\n\nPeter Example\n\nPaul Example\n\n2. (C) They met.", 1) == 1


def test_a_number_may_stand_before_an_underlined_heading() -> None:
    text = "2. Next Steps\n----------\nNone are known."
    assert is_numbered_heading(text, rows(text), 0, 3)
    plain = "2. Next Steps\nare not known."
    assert not is_numbered_heading(plain, rows(plain), 0, 3)
