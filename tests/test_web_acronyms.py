"""Short words of the trade are explained where somebody points at them, and nothing else is."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
from markupsafe import Markup

from reftel.web.acronyms import explained, meaning_of


def test_an_acronym_is_explained_where_it_is_no_name() -> None:
    text = Markup('The DCM, two poloffs and the <a class="n ORG" href="/">MFA</a> met &amp; left at 8 AM.')
    told = explained(text, "PE")
    assert '<abbr title="Deputy Chief of Mission">DCM</abbr>' in told
    assert '<abbr title="political officer">poloffs</abbr>' in told
    assert 'href="/">MFA</a>' in told
    assert "&amp; left at 8 AM." in told


def test_an_acronym_means_what_it_means_in_the_country_of_the_post() -> None:
    assert meaning_of("GOI", "IZ") == "Government of Iraq"
    assert meaning_of("GOI", "IN") == "Government of India"
    for word in ("charge", "in", "The", "State", "STATE", "President"):
        assert meaning_of(word, "IZ") is None, word


def test_of_words_in_capitals_only_those_of_a_post_are_explained() -> None:
    told = explained(Markup("WHO MAY SAY WHERE HE AND THE DCM MET xxxxxxxxxxxx"), "UK")
    assert told == 'WHO MAY SAY WHERE HE AND THE <abbr title="Deputy Chief of Mission">DCM</abbr> MET xxxxxxxxxxxx'


def test_dollars_are_no_under_secretary() -> None:
    for text in ("It cost USD 700 million.", "It cost 20 million USD.", "It cost USD $5."):
        assert "<abbr" not in explained(Markup(text), None)
    assert "Under Secretary" in explained(Markup("Our host asked when USD would visit."), None)
