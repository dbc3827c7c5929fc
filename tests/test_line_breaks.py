"""Line breaks: which the author meant, which are plain wraps."""

from __future__ import annotations

import pytest

from reftel.parse.gaps import Gap
from reftel.parse.line_breaks import BULLET, is_meant, is_plain_wrap

LINE = "The minister said in a long talk that he would come to the meeting"


def meant(above: str, below: str, between: str = "\n") -> bool:
    text = above + between + below
    return is_meant(Gap(text, 0, len(above), len(above + between), len(text)), None)


@pytest.mark.parametrize("item", ["- one", "-- one", "* one", "(a) one", "1) one", "A. One", "Q: Why?"])
def test_an_item_keeps_its_line(item: str) -> None:
    assert BULLET.match(item)
    assert meant(LINE, item)


def test_a_letter_in_open_brackets_is_no_item() -> None:
    assert not meant("as they said (ref", "A) in the hall")


def test_a_blank_line_is_meant_where_no_sentence_runs_over_it() -> None:
    assert meant(f"{LINE}.", "Then they met.", "\n\n")
    assert not meant(LINE, "and then they met.", "\n\n")


def test_rows_of_a_table_keep_their_lines() -> None:
    assert meant("Oslo      12      40", "Bonn      13      41")


def test_a_wrap_in_running_prose_is_not_meant() -> None:
    assert not meant(LINE, "There were many of them.")


def test_a_plain_wrap_is_told_at_a_glance() -> None:
    text = f"{LINE}\nwhich was held"
    assert is_plain_wrap(text, -1, len(LINE), len(LINE) + 1)
    assert not is_plain_wrap("Short\nwhich was held", -1, 5, 6)
