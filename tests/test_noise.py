"""What is not the author's: page lines, repeated headers, strewn captions, rules, stamps, text sent twice."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.parse.noise import Noise, find_noise

BODY = "¶1. (C) The Minister met the Ambassador on Monday and said that talks {}would resume in the spring.\n"


def found(text: str) -> tuple[Noise, ...]:
    return find_noise(text, 0, len(text))


def without(text: str, kinds: set[str] | None = None) -> str:
    """The text with its noise dropped and one blank in its place."""
    parts, at = [], 0
    for noise in found(text):
        if kinds is None or noise.kind in kinds:
            parts.append(text[at : noise.start])
            at = noise.end
    return " ".join([*parts, text[at:]])


@pytest.mark.parametrize(
    "page",
    [
        "\n\nBAKU 00001835  002.2 OF 003\n\n\n",
        " \n \nBAKU 00001835  002 OF 003 \n \n \n",
        "\nBAKU 00001835 002 OF 003\n",
        " BAKU 00001835 002 OF 003 ",
        "\n\nBaku 00001835 002 of 003\n\n\n",
        "\n\nPORT AU PR 00000408 002 OF 007\n\n\n",
        "\n\nXXXXXXXXXXXX  002 OF 002\n\n",
        " BAKU 00001835 \n001.2 OF 003\n",
        "\nCONFIDENTIAL\nCONFIDENTIAL\nPAGE 02        CAPE T  00097  01 OF 03\n\n",
        "\n \nCONFIDENTIAL \n \nPAGE 02 BONN 08226 01 OF 03 121643Z\n",
        "\nPAGE 02        STATE   050524  131535Z\n",
        "\n\n\nPAGE 02 RUEHFRA0170 S E C R E T \n",
        "  CONFIDENTIAL\nPAGE 04 HARARE 06677 01 OF 03 291400Z ",
    ],
)
def test_a_page_line_goes_with_the_white_space_around_it(page: str) -> None:
    text = BODY.format("\0").replace(" \0", page)
    assert {noise.kind for noise in found(text)} <= {"page-line", "publisher"}
    assert "and said that talks would resume" in without(text, {"page-line"})


def test_the_post_of_a_glued_page_line_is_told_by_the_head() -> None:
    head = "FM AMCONSUL RIO DE JANEIRO\nTO SECSTATE\n\nUNCLAS SECTION 01 OF 02 RIO DE JANEIRO 000440\n\n"
    text = head + BODY.format("with the USG RIO DE JAN 00000440 002 OF 002 ")
    assert "talks with the USG would resume" in without(text, {"page-line"})


def test_the_first_page_line_is_no_noise() -> None:
    text = "CONFIDENTIAL\n\nPAGE 01        BONN  08226  01 OF 03  121643Z\n\n1. Text of it.\n"
    assert found(text) == ()


REPEATED = """

CONFIDENTIAL


R 171512Z JAN 90
FM AMCONSUL CAPE TOWN
TO SECSTATE WASHDC 5366
INFO AMEMBASSY PRETORIA
AMCONSUL DURBAN

C O N F I D E N T I A L SECTION 02 OF 03 CAPE TOWN 00097

LONDON FOR POLITICAL, PARIS FOR ECONOMIC

E.O. 12356:  DECL:  OADR
TAGS: PGOV PHUM SF
SUBJECT:  A LAWYER TALKS ABOUT OTHER TOPICS


"""


def test_a_header_repeated_at_a_section_is_noise_from_its_first_line_to_its_last() -> None:
    text = BODY.format(REPEATED)
    assert "and said that talks would resume in the spring." in " ".join(without(text, {"header"}).split())


def test_a_second_section_of_the_1970s_leads_on_with_the_sentence_on_its_line() -> None:
    text = "1. THE EMBASSY SAYS THAT NO ONE IS FOUND WHO WILL SIGN FOR SUCH A LARGE AND\nFM AMEMBASSY KABUL\n"
    text += "TO SECSTATE WASHDC 7344\nAMEMBASSY TEHRAN\nS E C R E T SECTION 2 OF 2 KABUL 3173 VERY OLD BODY OF MEN.\n"
    assert (
        without(text)
        == "1. THE EMBASSY SAYS THAT NO ONE IS FOUND WHO WILL SIGN FOR SUCH A LARGE AND VERY OLD BODY OF MEN.\n"
    )


def test_the_first_head_of_the_body_is_no_noise() -> None:
    head = REPEATED.replace("02 OF 03", "01 OF 03").lstrip("\nCONFIDETAL")
    text = head + BODY.format("")
    assert {noise.kind for noise in found(text)} == {"publisher"}


def test_lines_of_the_first_head_are_known_again_in_the_second() -> None:
    head = "S E C R E T SECTION 01 OF 02 OSLO 000123\nSIPDIS\nTHE HAGUE ALSO\nSUBJECT: TWO THINGS\n\n"
    again = "\n\nS E C R E T SECTION 02 OF 02 OSLO 000123\nSIPDIS\nTHE HAGUE ALSO\nSUBJECT: TWO THINGS\n\n"
    text = head + BODY.format(again)
    assert "said that talks would resume" in without(text, {"header"})


def test_a_subject_at_the_top_of_a_page_goes_with_the_page_line() -> None:
    page = "\n\nOSLO 00000123  002 OF 003\n\nSUBJECT: TWO THINGS THAT THE\nMINISTER SAID\n\n"
    assert "said that talks would resume" in without(BODY.format(page), {"page-line", "header"}).replace("  ", " ")


@pytest.mark.parametrize("caption", ["\n\nSIPDIS\n", "\nSIPDIS ", " \n \nSipdis \n", "\nNOFORN\n", "\nS E C R E T\n"])
def test_a_caption_strewn_into_a_sentence_is_noise(caption: str) -> None:
    assert "and said that talks would resume" in without(BODY.format("\0").replace(" \0", caption), {"caption"})


def test_a_caption_in_the_head_or_in_the_run_of_a_sentence_stays() -> None:
    assert found("S E C R E T OSLO 000123\n\nNOFORN\nSIPDIS\n\nSUBJECT: TWO THINGS\n") == ()
    assert found("1. The cable was NOFORN and is\nNOFORN today.\n") == ()


@pytest.mark.parametrize(
    "rule",
    ["-------", "--------------------------------------------- ---", "- - - - -", "=====", "‐‐‐‐‐‐", "*****", "-"],
)
def test_a_line_of_dashes_is_a_rule_and_only_that(rule: str) -> None:
    text = f"Comment\n{rule}\n\n1. Text -- with a dash - in it.\n"
    assert [(noise.kind, text[noise.start : noise.end]) for noise in found(text)] == [("rule", rule)]


def test_a_rule_on_the_line_of_its_heading_is_found() -> None:
    text = "1. Text of it. ------- COMMENT ------- More text.\n"
    assert [text[n.start : n.end] for n in found(text)] == ["-------", "-------"]


@pytest.mark.parametrize(
    "trace",
    [
        "Declassified/Released US Department of State EO\nSystematic Review 05 JUL 2006",
        "*** Current Classification *** SECRET",
        "NNNN",
        "Nnnn",
        "NNNNMAFVVZCZ",
        "End Cable Text",
        "Track impresión: una persona @ Sat Dec 4. Este documento es propiedad de un diario",
        "2004OSLO02200 - CONFIDENTIAL",
        "...",
    ],
)
def test_what_a_publisher_or_archive_added_is_noise(trace: str) -> None:
    text = f"1. Text of it.\nHOLT\n\n{trace}"
    assert [(noise.kind, text[noise.start : noise.end]) for noise in found(text)] == [("publisher", trace)]


def test_a_pilcrow_is_the_publishers() -> None:
    text = "REF: A. OSLO 1\n¶B. BONN 2\n"
    assert [text[n.start : n.end] for n in found(text)] == ["¶"]


@pytest.mark.parametrize("between", [" \nQ", "\nQ", " Q"])
def test_a_q_and_the_same_words_again_are_text_sent_twice(between: str) -> None:
    words = "whether the two would meet in the spring, and they"
    text = f"1. He asked\n{words}{between}{words} \nwould answer.\n"
    (noise,) = found(text)
    assert noise.kind == "garble"
    assert text[: noise.start] + text[noise.end :] == f"1. He asked\n{words} \nwould answer.\n"


def test_a_q_before_other_words_stays() -> None:
    assert (
        found("1. They asked about Qatar, Quito and Qom; Question of the day: whether they asked about Qatar.\n") == ()
    )


@given(st.text(alphabet="aA1 .\n-=¶(CQS)OF:0ET", max_size=300), st.integers(0, 20), st.integers(0, 20))
def test_noise_is_sorted_disjoint_and_within_bounds(text: str, low: int, high: int) -> None:
    start, end = min(low, len(text)), max(min(low, len(text)), len(text) - high)
    spans = find_noise(text, start, end)
    edges = [edge for noise in spans for edge in (noise.start, noise.end)]
    assert edges == sorted(edges)
    assert all(noise.start < noise.end for noise in spans)
    assert not spans or (start <= edges[0] and edges[-1] <= end)


@pytest.mark.parametrize(
    "piece", ["a", " ", "\n", " \n", "-", "- ", "=", "¶", "Q", "(", "SIPDIS\n", "C O N F I D E N T I A L ", "1 OF 1 "]
)
def test_a_megabyte_of_one_thing_takes_seconds_at_most(piece: str) -> None:
    text = "1. Text.\n" + piece * (1_000_000 // len(piece))
    begun = time.process_time()
    find_noise(text, 0, len(text))
    assert time.process_time() - begun < 5
