"""Joints: what becomes of a gap between two words."""

from __future__ import annotations

import pytest

from reftel.parse.gaps import Gap
from reftel.parse.joints import Words, joint


def joined(text: str, elsewhere: str = "") -> tuple[str, str]:
    at = text.index("\n")
    return joint(Gap(text, 0, at, at + 1, len(text)), Words(f"{text} {elsewhere}", 0))


def test_a_wrap_becomes_a_blank() -> None:
    assert joined("They met\nin the hall.") == (" ", "wrap")


def test_a_hyphen_of_a_pair_stays_and_no_blank_follows_it() -> None:
    assert joined("the anti-\ncorruption drive, which the ministry began") == ("", "wrap")


def test_a_word_that_the_text_has_whole_was_divided_at_its_hyphen() -> None:
    assert joined("his jur-\nisdiction over them", "the jurisdiction") == ("", "hyphen")


def test_a_hyphen_before_and_is_followed_by_a_blank() -> None:
    assert joined("short-\nand long-term") == (" ", "wrap")


def test_a_piece_of_a_word_that_the_text_has_whole_is_joined() -> None:
    assert joined("they re\nported it", "was reported") == ("", "word")
    assert joined("they re\nported it") == (" ", "wrap")


@pytest.mark.parametrize("text", ["(they met\n) and", "they met\n, and", "the and/\nor of it"])
def test_no_blank_stands_inside_brackets_or_before_a_comma_or_behind_a_slash(text: str) -> None:
    assert joined(text) == ("", "word")


def test_a_word_counts_only_where_it_stands_alone() -> None:
    assert Words("The Ministry met.", 0).has("ministry")
    assert not Words("The ministries met.", 0).has("minist")
