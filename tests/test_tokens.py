"""Tokens and sentences of cable prose; every text here is invented."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.tokens import sentence_tokens, sentences, tokens

# Made of what the rules look at, so that chance finds their corners.
PIECES = st.lists(
    st.sampled_from([*"aAx1.,:;?!'’\"“”()[]-–—/…¶@$\n \t", "xxxx", "U.S.", "Mr", "No", "'s", "http://", "www."])
)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


def lines(text: str, **options: bool) -> list[str]:
    return [text[line[0][0] : line[-1][1]] for line in sentence_tokens(text, **options)]


@pytest.mark.parametrize(
    "whole",
    [
        "U.S.-Iraq",
        "al-Rubaie",
        "S/NF",
        "EUR/WE",
        "haven't",
        "O'Hara",
        "Qur’an",
        "1,500.50",
        "12:30",
        "$1.5",
        "AT&T",
        "5%",
        "'08",
        "l.ahn@post.example.org",
        "https://example.org/a.b?c=1,2",
        "El???do",
        "-40",
        "¶12",
    ],
)
def test_a_word_with_marks_inside_is_one_token(whole: str) -> None:
    assert words(f"before {whole}, after") == ["before", whole, ",", "after"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Iraq's", "Iraq 's"),
        ("IRAQ'S", "IRAQ 'S"),
        ("Iraq’s,", "Iraq ’s ,"),
        ("Iraqis' view", "Iraqis ' view"),
        ("1.4(b)", "1.4 ( b )"),
        ("(S/NF)", "( S/NF )"),
        ('the "Lodge 3" men', 'the " Lodge 3 " men'),
        ("the “Lodge” ‘men’", "the “ Lodge ” ‘ men ’"),
        ("Summary: none", "Summary : none"),
        ("word--word", "word -- word"),
        ("word—word", "word — word"),
        ("table...we", "table ... we"),
        ("-Iran", "- Iran"),
        ("yes?!", "yes ?!"),
        ("one;two", "one ; two"),
        ("------- COMMENT", "------- COMMENT"),
    ],
)
def test_marks_at_the_ends_of_a_word_are_tokens(text: str, parts: str) -> None:
    assert words(text) == parts.split()


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Ahn and Dr. J. Berg met Amb. Lind.",
        "Lt. Gen. Oda came to St. Petersburg.",
        "See para. 4, No. 12 and ref. A of Jan. 3.",
        "The U.S. Embassy and the U.S. (in Geneva) agreed.",
        "Acme Inc. Chairman Berg, Jr. Deputy to no one.",
        "It was e.g. Mali vs. Chad, i.e. Africa.",
        "THE U.S. IN GENEVA, GEN. ODA AND AMB. LIND LEFT.",
        "E.O. 12958 holds.",
        '"Why?" asked Berg.',
        "The talks (see ref A.), he said, failed.",
        "He paid approx. 300 of them.",
    ],
)
def test_an_abbreviation_holds_its_sentence_open(text: str) -> None:
    assert lines(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "He left in 2008.|Then 15 men came.|15 stayed.",
        "He left the U.S.|The Embassy closed.",
        "We met at 5 p.m.|Berg left.",
        "He said no.|They agreed.",
        'He said "Go."|Then he left.',
        "He said “Go.”|Then he left.",
        "(He left.)|She stayed.",
        "Why?!|Yes!|No...|Well.",
        "It fell.|$5 million was lost.",
        "He spoke.|al-Hadi left.",
        "He spoke.|xxxxxxxxxxxx left.",
        "HE SAID NO.|IT WAS GEN. ODA.|THE U.S.|THE END.",
        "End summary.|(C) He left.",
        "In text.|-- First point.",
        "Plan B.|However, he left.",
    ],
)
def test_a_sentence_ends_where_the_next_can_begin(text: str) -> None:
    assert lines(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize("text", ["election day.|xxxxxxxxxxxx won.", "the end.|Then he left.", "1.|The end."])
def test_a_blank_lost_after_a_full_stop_hides_no_sentence(text: str) -> None:
    assert lines("Before " + text.replace("|", "")) == ("Before " + text).split("|")


def test_a_full_stop_is_a_token_only_where_a_sentence_ends() -> None:
    assert words("Amb. Lind left the talks.") == ["Amb.", "Lind", "left", "the", "talks", "."]
    assert words("He left. and then (b). more") == ["He", "left.", "and", "then", "(", "b", ")", ".", "more"]


def test_an_abbreviation_keeps_its_full_stop_at_the_end_of_a_sentence() -> None:
    assert words("He left the U.S. They saw Acme Inc.") == ["He", "left", "the", "U.S.", "They", "saw", "Acme", "Inc."]


def test_a_line_feed_ends_a_sentence_unless_it_only_wraps_the_line() -> None:
    text = "Points\nWest of Lodge\nEast of it"
    assert lines(text) == ["Points", "West of Lodge", "East of it"]
    assert lines(text, line_breaks=False) == [text]


def test_a_label_at_the_start_of_a_line_belongs_to_its_sentence() -> None:
    assert lines("1. The first.\n2. The second.\na. The third.") == ["1. The first.", "2. The second.", "a. The third."]
    assert lines("before 1. The first.\n2. The second.", line_breaks=False) == [
        "before 1.",
        "The first.",
        "2.",
        "The second.",
    ]


def test_text_without_words_has_no_sentences() -> None:
    assert sentences("") == []
    assert tokens(" \n\t ") == []


@given(PIECES)
def test_every_character_but_blanks_is_in_one_token(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(words(text)) == re.sub(r"\s", "", text)
    assert not any(re.search(r"\s", word) or not word for word in words(text))


@given(PIECES)
def test_sentences_are_their_tokens_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = sentence_tokens(text)
    spans = [span for sentence in found for span in sentence]
    assert all(found)
    assert spans == sorted(spans) == tokens(text)
    assert sentences(text) == [(sentence[0][0], sentence[-1][1]) for sentence in found]


@pytest.mark.parametrize("piece", ["a", "a.", "a-", ".", '"', ".)", "a?", "1,", "www.", "http://", "a'", ". -"])
def test_a_very_long_run_is_read_in_one_go(piece: str) -> None:
    text = piece * 100_000
    assert "".join(words(text)) == text.replace(" ", "")
