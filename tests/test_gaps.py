"""Gaps: runs of white space and noise, and what stands around them."""

from __future__ import annotations

from reftel.parse.gaps import FIELD_CUT, Gap, find_clusters, last_word, start_of_line
from reftel.parse.noise import Noise


def gap(text: str, at: int, to: int) -> Gap:
    return Gap(text, 0, at, to, len(text))


def test_single_blanks_between_words_are_no_cluster() -> None:
    text = "They met  in the\nhall"
    assert [text[c.start : c.end] for c in find_clusters(text, 0, len(text), ())] == ["  ", "\n"]


def test_noise_and_the_white_space_around_it_are_one_cluster_of_its_kind() -> None:
    text = "They\nPAGE 2\nmet"
    (cluster,) = find_clusters(text, 0, len(text), (Noise("page-line", 5, 11),))
    assert cluster == (4, 12, "page-line")


def test_a_field_is_cut_at_a_fixed_column() -> None:
    text = "Classified By: Ambassador ".ljust(FIELD_CUT, "x") + " rest of it"
    assert [c.start for c in find_clusters(text, 0, len(text), ())] == [FIELD_CUT]
    assert gap(text, FIELD_CUT, FIELD_CUT + 1).is_cut


def test_a_gap_knows_the_words_and_lines_around_it() -> None:
    found = gap("One\nthey met\nin the hall", 12, 13)
    assert (found.left, found.right, found.next_line) == ("met", "in", "in the hall")
    assert (found.line_start, found.column, found.white, found.breaks) == (4, 8, True, True)


def test_the_start_of_a_line_and_a_last_word_are_found_backwards() -> None:
    assert (start_of_line("One\ntwo", 6), last_word("One two", 0, 7)) == (4, "two")
