"""Running text from a raw stretch: wraps, broken words, noise, garbles; and every change can be undone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Unit
from reftel.parse.noise import find_noise
from reftel.parse.repairs import Clean, clean


def made(text: str, *, keep_breaks: bool = False) -> Clean:
    return clean(text, 0, len(text), find_noise(text, 0, len(text)), keep_breaks=keep_breaks)


def undone(text: str, result: Clean) -> bool:
    unit = Unit("body", result.text, raw_start=result.raw_start, raw_end=result.raw_end, edits=result.edits)
    return unit.undo() == text[result.raw_start : result.raw_end]


def kinds(result: Clean) -> list[str]:
    return [edit.kind for edit in result.edits]


def test_a_wrap_is_one_blank_and_the_ends_are_trimmed() -> None:
    result = made("  The Minister \nsaid that talks\nwould  resume. \n\n")
    assert result.text == "The Minister said that talks would resume."
    assert kinds(result) == ["wrap", "wrap", "space"]


def test_offsets_of_a_part_are_those_of_the_whole_text() -> None:
    text = "Head\n\n One \n two. \nTail"
    result = clean(text, 4, 18)
    assert (result.text, text[result.raw_start : result.raw_end]) == ("One two.", "One \n two.")


def test_noise_between_words_leaves_one_blank_and_at_the_ends_nothing() -> None:
    result = made("¶the US or Israel\n\nBAKU 00001835  002.2 OF 003\n\n\nincrease\n-----\n")
    assert result.text == "the US or Israel increase"
    assert kinds(result) == ["page-line"]


def test_a_pilcrow_between_words_goes_without_a_trace() -> None:
    assert made("see para ¶5 there").text == "see para 5 there"


@pytest.mark.parametrize(
    ("before", "after", "mended"),
    [
        ("Military Affairs Norma ", "n Petrel for reasons 1.4 (b-d).", "Norman Petrel for reasons"),
        ("Jo Vale for reas ", "ons 1.4 (b) and (d).", "for reasons 1.4"),
        ("JO VALE, FOR REAS", "ONS 1.4 B/D", "FOR REASONS 1.4"),
        ("Jo Vale; reasons 1.", "4 (b) and (d).", "reasons 1.4 (b)"),
        ("reasons 1.4 (b) a", "nd (d).", "(b) and (d)"),
        ("reasons 1.4 (b/d", ").", "(b/d)."),
        ("reasons 1.4 (", "b) and (d).", "1.4 (b) and (d)"),
        ("Economic Affai", "rs Jo Vale, 1.4 (b/", "Economic Affairs Jo Vale"),
    ],
)
@pytest.mark.parametrize("feed", ["\n", " "])
def test_a_field_cut_by_machine_in_mid_word_is_put_together(before: str, after: str, mended: str, feed: str) -> None:
    line = "Classified By: Counselor " + "x" * (71 - 25 - 1 - len(before.rstrip())) + " " + before.rstrip()
    text = line + feed + after + " And so on."
    result = made(text)
    assert len(line) == 71
    assert mended in result.text
    assert undone(text, result)


def test_two_words_at_the_cut_of_a_field_stay_two() -> None:
    text = "Classified By: Deputy Chief of Mission of the Embassy A. Jo Vale for\nreasons 1.4 (b) and (d)."
    line, _, _ = text.partition("\n")
    assert "for reasons" in made(text.replace("Deputy", "x" * (71 - len(line)) + "Deputy")).text


def test_half_a_word_before_a_wrap_is_joined_only_where_the_cable_has_the_word_whole() -> None:
    first = "They agreed on a concept of reform and said that the conc\nept would be sent to the Ministry."
    assert "the concept would" in made(first.replace("conc\nept", "c\noncept")).text
    assert "of h imself" in made("He spoke for a long while of the past of the country and also of h\nimself.").text


def test_two_real_words_are_never_joined() -> None:
    text = "The Minister of the interior met us in\nto the evening; he went into the house with an\nd old man."
    assert made(text).text == " ".join(text.split())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("THE HIGH SEAS JURIS-\nDICTION OF THE COURT WAS DISPUTED.", "JURISDICTION"),
        ("THE US-\nLATIN AMERICAN RELATIONSHIP IS GOOD.", "US-LATIN AMERICAN"),
        ("SPANISH AND LIBYAN TALKS WENT WELL. SPANISH-\nLIBYAN RELATIONS IMPROVE.", "SPANISH-LIBYAN"),
        ("TWO MUTUALLY-\nEXCLUSIVE DESIRES.", "MUTUALLY-EXCLUSIVE"),
        ("THE COUNTERPRO- POSAL WAS A COUNTERPROPOSAL.", "THE COUNTERPROPOSAL"),
        ("a long-\nterm plan", "long-term plan"),
        ("their respective organ- \nizations", "respective organizations"),
        ("al-\nQaida", "al-Qaida"),
        ("pro- \nand anti-war", "pro- and anti-war"),
        ("the years 100-\n160", "100-160"),
        ("it was --\nhe said -- late", "it was -- he said"),
    ],
)
def test_a_hyphen_at_a_wrap_goes_only_where_it_divides_a_word(raw: str, text: str) -> None:
    result = made(raw)
    assert text in result.text
    assert undone(raw, result)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Serrano,s appeal", "Serrano's appeal"),
        ("LEBANON,S POLICY", "LEBANON'S POLICY"),
        ("they didn,t and DON,T", "they didn't and DON'T"),
        ("we,re, you,ll, they,ve, I,m", "we're, you'll, they've, I'm"),
        ("Cote d,Ivoire and the Conseil d,Etat", "Cote d'Ivoire and the Conseil d'Etat"),
        ("Hendrik O,Hara and O???HARA", "Hendrik O'Hara and O'HARA"),
        ("al-Qa,ida,s men, the Shi,a", "al-Qa'ida's men, the Shi'a"),
        ("AlgeriaQ,s goal, itQs anyoneQs guess", "Algeria's goal, it's anyone's guess"),
        ("the QGreen BombersQ and Qgo hang,Q he said", 'the "Green Bombers" and "go hang," he said'),
        ("a &middle power8 and &we,re working on it.8", 'a "middle power" and "we\'re working on it."'),
    ],
)
def test_a_sign_that_stands_for_an_apostrophe_or_quotation_mark_is_mended(raw: str, text: str) -> None:
    result = made(raw)
    assert result.text == text
    assert undone(raw, result)


@pytest.mark.parametrize(
    "text",
    [
        "reasons 1.4 (b,d) and 1.5 (a,b,s)",
        "Paris,Rome and the winner or,if not, the loser",
        "R&D and AT&T in G8; Q2 of 2008",
        "Qatar, Qom, A.Q. Khan and Q: What?",
        "the students, rights",
    ],
)
def test_a_comma_letter_or_sign_that_means_itself_stays(text: str) -> None:
    assert made(text).text == text


def test_words_sent_twice_are_dropped_once() -> None:
    words = "whether they faced any charges at home. If not, they"
    result = made(f"the GOI would say \n{words} \nQ{words} \nwould be released.")
    assert result.text == f"the GOI would say {words} would be released."
    assert "garble" in kinds(result)


BREAKS = """Points to make: \n
-- The first point runs over two lines of the page, since it
is long. \n
- The second.
* A third.
A. A fourth.
1) A fifth (see ref
A) of it.\n \n
After a blank line it goes
on and
on.
Senator Vale
Senator Holt
 \n
BAKU 00001835  002 OF 003
 \n
ends."""


def test_breaks_are_kept_where_the_author_meant_them() -> None:
    assert made(BREAKS, keep_breaks=True).text.split("\n") == [
        "Points to make:",
        "-- The first point runs over two lines of the page, since it is long.",
        "- The second.",
        "* A third.",
        "A. A fourth.",
        "1) A fifth (see ref A) of it.",
        "After a blank line it goes on and on.",
        "Senator Vale",
        "Senator Holt ends.",
    ]


def test_rows_of_a_table_keep_their_lines() -> None:
    text = "State     2007     2008\nSonora     137     252\nSinaloa     426     1156\n"
    assert made(text, keep_breaks=True).text == "State 2007 2008\nSonora 137 252\nSinaloa 426 1156"


def test_a_blank_line_in_mid_sentence_is_no_break() -> None:
    text = "The Ambassador raised with the Minister the\n\nIraqi question, and he spoke of the\n\nwar.\n"
    assert "\n" not in made(text, keep_breaks=True).text


def test_nothing_at_all_is_clean() -> None:
    assert made(" \n ") == Clean("", 3, 3, ())
    assert made("") == Clean("", 0, 0, ())


MARKS = ("¶", "1. ", "(C) ", "Q", "&", "8 ", ",s ", "(", ")", "\t", "-----\n", "   ", "\xa0", ". ", "* ", "\u2028")
WORDS = ("word ", "wo", "rd\n", " \n", "\n\n", "-", "--", "AB", "CON-\n", "SIPDIS\n", "BAKU 00001835 002 OF 003\n")
PIECES = st.sampled_from([*WORDS, *MARKS, "Classified By: " + "x" * 55 + " a "])


@given(st.lists(PIECES, max_size=40).map("".join), st.booleans(), st.integers(0, 12), st.integers(0, 12))
def test_every_change_can_be_undone(text: str, keep_breaks: bool, low: int, high: int) -> None:
    start, end = min(low, len(text)), max(min(low, len(text)), len(text) - high)
    result = clean(text, start, end, find_noise(text, 0, len(text)), keep_breaks=keep_breaks)
    assert start <= result.raw_start <= result.raw_end <= end
    assert undone(text, result)
    assert result.text == result.text.strip()


@pytest.mark.parametrize(
    "piece", ["a", " ", "\n", "ab\ncd", "AB-\n", "a,s ", "&a", "Qa ", "a  b", "a   b\n", "(ref\nA) ", "(Q"]
)
def test_a_megabyte_of_one_thing_takes_seconds_at_most(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begun = time.process_time()
    clean(text, 0, len(text), keep_breaks=True)
    assert time.process_time() - begun < 8
