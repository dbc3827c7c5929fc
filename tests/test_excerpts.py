"""Excerpts: the best paragraph of a hit, and the marks in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.archive.excerpts import Excerpt, excerpts_of
from reftel.archive.folding import places
from reftel.archive.marks import marks
from reftel.archive.matching import Term
from reftel.archive.postings import Found
from reftel.archive.units import ReadableUnit

_NOWHERE = Found(np.zeros(1, np.uint16), np.zeros(1, np.uint16))


def term(*forms: str, is_prefix: bool = False) -> Term:
    return Term(tuple(tuple(form.split()) for form in forms), is_prefix, _NOWHERE)


def units(*texts: str) -> list[ReadableUnit]:
    kinds = ["subject", *["body"] * len(texts)]
    return [ReadableUnit(n, kinds[n], n or None, text, 0, "[]") for n, text in enumerate(texts)]


def marked(excerpt: Excerpt) -> str:
    text = excerpt.text
    for start, end in reversed(excerpt.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def best(texts: list[str], *terms: Term, count: int = 1) -> list[str]:
    return [marked(each) for each in excerpts_of(units("", *texts), terms, [1.0] * len(terms), count)[1]]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Tea for two, TEA for teams.", [term("tea")], "[Tea] for two, [TEA] for teams."),
        ("Teams and tea.", [term("tea", is_prefix=True)], "[Teams] and [tea]."),
        ("Free trade, free  trade; trade free.", [term("free trade")], "[Free trade], [free  trade]; trade free."),
        ("Free-trade accords", [term("free trad", is_prefix=True)], "[Free-trade] accords"),
        ("Señor Núñez", [term("senor"), term("nunez")], "[Señor] [Núñez]"),
        ("Sen\u0303or x", [term("senor")], "[Sen\u0303or] x"),
        ("U.S. and US", [term("u s")], "[U.S]. and US"),
        ("Khaled, Khalid", [term("khalid", "khaled")], "[Khaled], [Khalid]"),
        ("free trade of tea", [term("free"), term("free trade")], "[free trade] of tea"),
        ("nothing", [term("tea")], "nothing"),
    ],
)
def test_marks_stand_around_the_words_of_the_search(text: str, terms: list[Term], expected: str) -> None:
    found = marks([text], terms)[0]
    assert marked(Excerpt(0, "body", 1, 0, text, tuple((m.start, m.end) for m in found), False)) == expected  # noqa: FBT003  # whether it is cut


@given(st.text("aAbBéÉ.\u0301 -█ñ\ue000", max_size=40), st.text("abe", min_size=1, max_size=2))
def test_a_word_is_marked_just_where_the_index_finds_it(text: str, word: str) -> None:
    expected = [(start, end) for found, start, end in places(text) if found == word]
    assert [(m.start, m.end) for m in marks([text], [term(word)])[0]] == expected
    prefixed = [(start, end) for found, start, end in places(text) if found.startswith(word)]
    assert [(m.start, m.end) for m in marks([text], [term(word, is_prefix=True)])[0]] == prefixed


def test_the_best_paragraph_has_most_of_the_words() -> None:
    paragraphs = ["Tea, tea and tea.", "Tea came with coffee.", "Neither."]
    assert best(paragraphs, term("tea"), term("coffee")) == ["[Tea] came with [coffee]."]
    assert best(paragraphs, term("tea"), term("coffee"), count=3)[1:] == ["[Tea], [tea] and [tea]."]


def test_a_rarer_word_decides_between_paragraphs() -> None:
    listed = units("", "Only tea.", "Only coffee.")
    found = excerpts_of(listed, [term("tea"), term("coffee")], [0.5, 3.0], 1)[1]
    assert marked(found[0]) == "Only [coffee]."


def test_a_long_paragraph_is_cut_around_the_words_at_blanks() -> None:
    text = "word " * 200 + "the tea and the coffee came " + "more " * 200
    found = excerpts_of(units("", text), [term("tea"), term("coffee")], [1.0, 1.0], 1)[1][0]
    assert "[tea] and the [coffee]" in marked(found)
    assert len(found.text) <= 320
    assert text[found.start :].startswith(found.text)
    assert text[found.start - 1] == " "
    assert text[found.start + len(found.text)] == " "
    assert found.is_cut_behind


def test_an_excerpt_says_where_it_stands() -> None:
    found = excerpts_of(units("TEA", "Nothing.", "The tea."), [term("tea")], [1.0], 1)[1][0]
    assert (found.unit, found.kind, found.number, found.start, found.marks) == (2, "body", 2, 0, ((4, 7),))


def test_the_subject_is_given_in_full_with_marks() -> None:
    found = excerpts_of(units("TEA AND " + "SHIPS " * 100), [term("tea"), term("ships")], [1.0, 1.0], 1)[0]
    assert found is not None
    assert len(found.marks) == 101
    assert excerpts_of([], [term("tea")], [1.0], 1) == (None, ())


def test_without_a_word_the_cable_begins() -> None:
    listed = [ReadableUnit(0, "classified_by", None, "By someone.", 0, "[]"), *units("S", "First.", "Second.")]
    assert [each.text for each in excerpts_of(listed, [], [], 1)[1]] == ["First."]
    assert excerpts_of(units("S"), [], [], 1)[1] == ()


def test_a_signature_or_heading_gives_way_to_a_paragraph() -> None:
    listed = [
        ReadableUnit(0, "heading", None, "Tea", 0, "[]"),
        ReadableUnit(1, "body", 1, "He spoke of tea.", 0, "[]"),
        ReadableUnit(2, "signature", None, "TEA", 0, "[]"),
    ]
    assert excerpts_of(listed, [term("tea")], [1.0], 1)[1][0].unit == 1


def test_a_mark_stands_in_its_own_text_and_never_across_two() -> None:
    found = marks(["free", "trade of te", "tea free trade"], [term("free trade"), term("te", is_prefix=True)])
    assert [[mark[:2] for mark in listed] for listed in found] == [[], [(9, 11)], [(0, 3), (4, 14)]]


def test_a_word_said_again_and_again_is_marked_each_time() -> None:
    assert [mark[:2] for mark in marks(["xa a a"], [term("a a")])[0]] == [(3, 6)]
