from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read import read as read_source
from reftel.read.brackets import read_brackets

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = (
    "<code><pre>C O N F I D E N T I A L SECTION 01 OF 02 [LOC LISBON  ] 000012 NOFORN SIPDIS DEPARTMENT FOR EUR/WE "
    "E.O. 12958: DECL: 01/25/2019 TAGS: <a href='/tag/PREL_0.html'>PREL</a> <a href='/tag/PO_0.html'>PO</a> "
    "SUBJECT: [PER DUARTE  ] ON TALKS REF: A. [LOC MADRID  ] 91 <a id='parB' href='#parB'>¶</a>B . \n"
    "[LOC OSLO  ] 7 Classified By: DCM [PER Ana Reed  ] for reasons 1.4 ( b-d ) . <a id='par1' href='#par1'>¶</a>1 . \n"
    '( C ) Minister [PER Rui Duarte  ] said that " talks " in [LOC U.S.  ] cities , '
    "[LOC Spain  ] 's view , went on . \n"
    "He called them \" good . \n\" He left ( early ) ; see [ORG NATO/EU  ] notes. <a id='par2' href='#par2'>¶</a>2 . \n"
    "( C ) The [MISC Dutch  ] asked why ? \nLISBON 00000012 002 OF 002 -------- COMMENT -------- "
    "( C ) He may return . \n"
    "DALY</pre></code> \n"
)
TEXT = """\
C O N F I D E N T I A L SECTION 01 OF 02 LISBON 000012
NOFORN
SIPDIS
DEPARTMENT FOR EUR/WE
E.O. 12958: DECL: 01/25/2019
TAGS: PREL PO
SUBJECT: DUARTE ON TALKS
REF: A. MADRID 91
¶B. OSLO 7
Classified By: DCM Ana Reed for reasons 1.4 (b-d).

¶1. (C) Minister Rui Duarte said that "talks" in U.S. cities, Spain's view, went on. \
He called them "good." He left (early); see NATO/EU notes.

¶2. (C) The Dutch asked why?
LISBON 00000012 002 OF 002
--------
COMMENT
--------
(C) He may return.
DALY"""


def read(text: str, name: str = "09LISBON12.txt") -> list[RawCable]:
    found = list(read_brackets(text.splitlines(keepends=True), name))
    assert all(isinstance(item, RawCable) for item in found)
    return [item for item in found if isinstance(item, RawCable)]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_text_is_put_back_together() -> None:
    (cable,) = read(LAYOUT)
    assert cable.text == TEXT
    assert (cable.reader, cable.claimed_mrn) == ("brackets", "09LISBON12")


def test_the_tags_are_mentions_of_the_text_put_together() -> None:
    (cable,) = read(LAYOUT)
    found = [(cable.text[mention.start : mention.end], mention.type) for mention in cable.mentions]
    assert found == [
        ("LISBON", "LOC"),
        ("DUARTE", "PER"),
        ("MADRID", "LOC"),
        ("OSLO", "LOC"),
        ("Ana Reed", "PER"),
        ("Rui Duarte", "PER"),
        ("U.S.", "LOC"),
        ("Spain", "LOC"),
        ("NATO/EU", "ORG"),
        ("Dutch", "MISC"),
    ]


def test_the_markup_stays_where_it_touched_the_text() -> None:
    (cable,) = read(LAYOUT)
    places = [(tag.text, cable.text[tag.at : tag.at + 4]) for tag in cable.markup]
    assert places[0] == ("<a href='/tag/PREL_0.html'>", "PREL")
    assert places[1] == ("</a>", " PO\n")
    assert ("<a id='par1' href='#par1'>", "¶1. ") in places


def test_the_layout_of_a_page_without_names_gives_the_same_text() -> None:
    (cable,) = read(re.sub(r"\[(?:PER|LOC|ORG|MISC) |  \]", "", LAYOUT))
    assert cable.text == TEXT
    assert cable.mentions == ()


def test_no_character_but_blanks_is_changed() -> None:
    (cable,) = read(LAYOUT)
    plain = re.sub(r"\[(?:PER|LOC|ORG|MISC) |  \]|</?(?:code|pre|a)\b[^>]*>", "", LAYOUT)
    assert bare(cable.text) == bare(plain)


def test_files_put_end_to_end_are_as_many_cables() -> None:
    first, second = read(LAYOUT + LAYOUT.replace("DALY", "REED"))
    assert second.text.endswith("REED")
    assert (first.source, first.claimed_mrn) == ("09LISBON12.txt line 1", None)


def test_numbered_paragraphs_without_pilcrows_begin_where_the_count_goes_on() -> None:
    (cable,) = read(
        "1 . \n[PER AHN  ] AGREED TO 2 . \n2 . \nHE LEFT IN 1973 . \n3 . \nSEE PARA 2 . \nOWUSU \n", "x.txt"
    )
    assert cable.text == "1. AHN AGREED TO 2.\n\n2. HE LEFT IN 1973.\n\n3. SEE PARA 2.\nOWUSU"


def test_the_lines_of_a_routing_header_are_lines_again() -> None:
    text = (
        "VZCZCXRO5259 PP RUEHBC RUEHDE DE RUEHLI #0012/01 0261657 ZNY CCCCC ZZH P 261657Z JAN 09 "
        "FM AMEMBASSY [LOC LISBON  ] "
        "TO RUEHC/SECSTATE WASHDC PRIORITY 1402 INFO RUEHMD/AMEMBASSY MADRID RUEHNO/USMISSION USNATO "
        "C O N F I D E N T I A L LISBON 000012 SUBJECT: TALKS 1 . \n( C ) He left . \nDALY \n"
    )
    assert read(text)[0].text.split("\n") == [
        "VZCZCXRO5259",
        "PP RUEHBC RUEHDE",
        "DE RUEHLI #0012/01 0261657",
        "ZNY CCCCC ZZH",
        "P 261657Z JAN 09",
        "FM AMEMBASSY LISBON",
        "TO RUEHC/SECSTATE WASHDC PRIORITY 1402",
        "INFO RUEHMD/AMEMBASSY MADRID",
        "RUEHNO/USMISSION USNATO",
        "C O N F I D E N T I A L LISBON 000012",
        "SUBJECT: TALKS",
        "",
        "1. (C) He left.",
        "DALY",
    ]


def test_a_gold_file_gives_its_units_with_the_words_that_parse_knows_them_by() -> None:
    text = (
        "# SUBJECT\n[PER:e1 DUARTE] ON TALKS\n# CLASSIFIED BY\nDCM [PER:e2 Ana Reed] for reasons 1.4 (b).\n"
        "# PARA 1\n(C) Minister [PER:e1 Rui Duarte] left [sic].\n# SIGNATURE\nDALY\n"
    )
    (cable,) = read(text)
    assert cable.text == (
        "SUBJECT: DUARTE ON TALKS\n\nClassified By: DCM Ana Reed for reasons 1.4 (b).\n\n"
        "1. (C) Minister Rui Duarte left [sic].\n\nDALY\n\n"
    )
    assert [cable.text[m.start : m.end] for m in cable.mentions] == ["DUARTE", "Ana Reed", "Rui Duarte"]


@pytest.mark.parametrize(
    "text", ["[PER Ahn left", "[PER   ] a", "[PER [LOC Oslo  ]  ]", "  ] a [ORG ", "<code><pre>[LOC x  ]"]
)
def test_brackets_that_do_not_pair_do_no_harm(text: str) -> None:
    (cable,) = read(text)
    assert all(0 <= mention.start < mention.end <= len(cable.text) for mention in cable.mentions)


def test_an_empty_layout_is_an_error() -> None:
    (error,) = read_brackets(["<code><pre></pre></code> \n"], "x.txt")
    assert isinstance(error, InputError)


@given(st.data())
def test_a_mutated_layout_keeps_mentions_and_markup_within_the_text(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(LAYOUT)))
    end = data.draw(st.integers(begin, len(LAYOUT)))
    text = LAYOUT[:begin] + data.draw(st.sampled_from(["", "[PER ", "  ]", "¶", "²", "\n", '"', "<a "])) + LAYOUT[end:]
    for item in read_brackets(text.splitlines(keepends=True), "x.txt"):
        if isinstance(item, RawCable):
            assert all(0 <= mention.start < mention.end <= len(item.text) for mention in item.mentions)
            assert all(0 <= tag.at <= len(item.text) for tag in item.markup)


def test_the_specimen_gives_its_pages_text_but_for_line_ends(shared: Path) -> None:
    (cable,) = read_source(shared / "specimen" / "specimen.txt")
    (page,) = read_source(shared / "specimen" / "09BAGHDAD197.html")
    assert cable.text.split() == page.text[page.body_start :].split()
    assert [tag.text for tag in cable.markup] == [tag.text for tag in page.markup]


def test_the_specimens_mentions_are_its_brackets(shared: Path) -> None:
    (cable,) = read_source(shared / "specimen" / "specimen.txt")
    written = (shared / "specimen" / "specimen.txt").read_text("utf-8")
    brackets = [(kind, bare(name)) for kind, name in re.findall(r"\[(PER|LOC|ORG|MISC) (.*?)  \]", written, re.DOTALL)]
    assert [(m.type, bare(cable.text[m.start : m.end])) for m in cable.mentions] == brackets


def test_every_gold_file_is_read_with_all_its_mentions(shared: Path) -> None:
    for path in sorted((shared / "gold").glob("*/*.txt")):
        (cable,) = read_source(path)
        brackets = re.findall(r"\[(?:PER|LOC|ORG|MISC)(?::\w+)? ([^\]]*)\]", path.read_text("utf-8"))
        assert [cable.text[m.start : m.end] for m in cable.mentions] == brackets, path
