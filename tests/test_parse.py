"""The whole parse: the parts of a cable put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

import reftel
from reftel.model import Cable, RawCable, RawMention

HEADER = """VZCZCXRO4711
PP RUEHTN
DE RUEHTU #0812/01 0631200
ZNY CCCCC ZZH
P 041200Z MAR 09
FM AMEMBASSY TUNIS
TO RUEHC/SECSTATE WASHDC PRIORITY 4711
INFO RUEHRB/AMEMBASSY RABAT 0077"""
BODY = """C O N F I D E N T I A L SECTION 01 OF 02 TUNIS 000812

NOFORN
SIPDIS, NEA/MAG

DEPARTMENT FOR NEA/PPD

E.O. 12958: DECL: 03/04/2019
TAGS: PREL PGOV TS
SUBJECT: (C) A PORT REOPENS AND
A MINISTER SMILES

REF: A. TUNIS 801
     B. 08 RABAT 77

Classified By: DCM Ada Quill for reasons 1.4 (b) and (d).

1. (C) Summary: The port of Bizerte reopened on March 3, and Minister
Haddad smiled. End summary.

2. (S/NF) Haddad told xxxxxxxxxxxx that Emil
Rupf (strictly protect) had paid.
WINTERBOTTOM
"""
PAGE = RawCable(
    source="09TUNIS812.html",
    reader="page",
    text=f"{HEADER}\n\n{BODY}",
    body_start=len(HEADER) + 2,
    claimed_mrn="09TUNIS812",
    claimed_sent=datetime(2009, 3, 4, 11, 4, tzinfo=UTC),
    claimed_post="Embassy Tunis",
    claimed_classification="CONFIDENTIAL//NOFORN",
)


@pytest.fixture(scope="module", params=["page", "text"])
def cable(request: pytest.FixtureRequest) -> Cable:
    """The same cable from a page, whose parts are known, and from plain text, where parse finds them."""
    return reftel.parse(PAGE if request.param == "page" else PAGE.text)


def test_the_number_comes_from_header_and_first_line(cable: Cable) -> None:
    assert cable.mrn == "09TUNIS812"
    assert cable.doubts == ()


def test_the_date_time_group_is_in_utc(cable: Cable) -> None:
    assert cable.sent == datetime(2009, 3, 4, 12, 0, tzinfo=UTC)


def test_the_post_has_its_name(cable: Cable) -> None:
    assert cable.post == "Embassy Tunis"


def test_the_addressees_are_told_apart(cable: Cable) -> None:
    assert [(a.name, a.route, a.precedence, a.mcn) for a in cable.action] == [
        ("SECSTATE WASHDC", "RUEHC", "PRIORITY", "4711")
    ]
    assert [(a.name, a.mcn) for a in cable.info] == [("AMEMBASSY RABAT", "0077")]


def test_classification_captions_and_passing_lines_are_told_apart(cable: Cable) -> None:
    assert (cable.classification, cable.captions, cable.sections) == ("CONFIDENTIAL", ("NOFORN", "SIPDIS"), 2)
    assert cable.passing == ("NEA/MAG", "DEPARTMENT FOR NEA/PPD")


def test_the_subject_stands_without_its_mark(cable: Cable) -> None:
    assert cable.subject == "A PORT REOPENS AND A MINISTER SMILES"
    marking = cable.units[0].marking
    assert marking is not None
    assert marking.classification == "CONFIDENTIAL"


def test_references_take_the_year_of_the_cable(cable: Cable) -> None:
    assert [r.mrn for r in cable.references] == ["09TUNIS801", "08RABAT77"]


def test_the_classifier_is_known_by_name_and_title(cable: Cable) -> None:
    assert cable.classified_by is not None
    assert (cable.classified_by.name, cable.classified_by.title) == ("Ada Quill", "DCM")
    assert cable.reasons == ("1.4(b)", "1.4(d)")
    assert (cable.executive_order, cable.declassify_on) == ("12958", "2019-03-04")


def test_units_come_in_the_order_of_the_text(cable: Cable) -> None:
    assert [(u.kind, u.number) for u in cable.units] == [
        ("subject", None),
        ("classified_by", None),
        ("summary", 1),
        ("body", 2),
        ("signature", None),
    ]
    assert cable.signature == "WINTERBOTTOM"


def test_each_unit_leads_back_to_the_raw_text(cable: Cable) -> None:
    assert cable.raw is not None
    assert all(u.undo() == cable.raw.text[u.raw_start : u.raw_end] for u in cable.units)


def test_redactions_and_protected_names_are_spans(cable: Cable) -> None:
    assert [cable.units[s.unit].text[s.start : s.end] for s in cable.redactions] == ["xxxxxxxxxxxx"]
    assert [cable.units[s.unit].text[s.start : s.end] for s in cable.protected] == ["Emil Rupf"]


def test_a_body_filed_under_another_number_is_reported() -> None:
    cable = reftel.parse(replace(PAGE, text=PAGE.text.replace("TUNIS 000812", "CAIRO 000055")))
    assert cable.mrn == "09TUNIS812"
    assert [d.kind for d in cable.doubts] == ["body"]


def test_a_lost_first_line_leaves_classification_to_the_claim() -> None:
    cable = reftel.parse(
        replace(PAGE, text=PAGE.text.replace("C O N F I D E N T I A L SECTION 01 OF 02 TUNIS 000812", ""))
    )
    assert (cable.classification, cable.captions) == ("CONFIDENTIAL", ("NOFORN", "SIPDIS"))
    assert cable.sections is None


def test_a_classifier_named_in_the_first_paragraph_is_found() -> None:
    body = BODY.replace("Classified By: DCM Ada Quill for reasons 1.4 (b) and (d).\n\n", "")
    cable = reftel.parse(body.replace("1. (C)", "1. (U) Classified by Ambassador Ivo Perk. Reason 1.5 (b).\n\n1. (C)"))
    assert cable.classified_by is not None
    assert cable.classified_by.name == "Ivo Perk"
    assert cable.reasons == ("1.5(b)",)


def test_a_reference_line_alone_is_relative_to_the_number_given() -> None:
    assert [r.mrn for r in reftel.parse("REF: BAGHDAD 91", mrn="09BAGHDAD197").references] == ["09BAGHDAD91"]


def test_a_header_alone_is_a_cable() -> None:
    cable = reftel.parse(HEADER)
    assert (cable.sent, cable.post, cable.units) == (datetime(2009, 3, 4, 12, 0, tzinfo=UTC), "Embassy Tunis", ())


def test_a_text_without_a_header_is_a_body() -> None:
    cable = reftel.parse("THE MINISTER CALLED TWICE. HE SAID NO.\n\nWINTERBOTTOM\n")
    assert cable.mrn is None
    assert [u.kind for u in cable.units] == ["body", "signature"]


def test_the_tags_of_a_bracket_file_become_mentions_of_their_own_origin() -> None:
    at = PAGE.text.index("Haddad told")
    raw = replace(PAGE, reader="brackets", mentions=(RawMention(at, at + 6, "PER"), RawMention(0, 4, "ORG")))
    found = reftel.parse(raw).mentions
    assert [(m.text, m.type, m.origin, m.unit) for m in found] == [("Haddad", "PER", "brackets", 3)]


@pytest.mark.parametrize(
    "text", ["", " \n\n", "\x00", "¶", "SUBJECT:", "TAGS:", "REF:", "1.", "\udcff", "Classified By:", "E.O. 12958:"]
)
def test_odd_scraps_are_empty_cables(text: str) -> None:
    cable = reftel.parse(text)
    assert cable.mrn is None
    assert cable.subject is None


def test_units_keep_the_order_of_a_head_that_has_it_otherwise() -> None:
    cable = reftel.parse(
        "E.O. 12958: DECL: 01/01/2019\nClassified By: DCM Ann Poe\nTAGS: PREL\nSUBJECT: A VISIT\n\n1. (C) It was."
    )
    assert [u.kind for u in cable.units] == ["classified_by", "subject", "body"]
    assert cable.subject == "A VISIT"


def test_a_mark_for_the_entire_text_in_the_head_marks_every_paragraph() -> None:
    text = "C O N F I D E N T I A L TUNIS 812\n\n(C - ENTIRE TEXT)\n\nSUBJ: PORT\n\n1. IT OPENED.\n\n2. (U) IT SHUT.\n"
    marks = [u.marking.classification for u in reftel.parse(text).units if u.marking]
    assert marks == ["CONFIDENTIAL", "UNCLASSIFIED"]


def test_a_short_last_section_in_capitals_is_text_and_no_header() -> None:
    text = (
        "R 121643Z MAY 74\nFM AMEMBASSY BONN\nTO SECSTATE WASHDC 1234\n\n"
        "C O N F I D E N T I A L SECTION 01 OF 02 BONN 08226\n\nE.O. 11652: GDS\nTAGS: PINT, GW\nSUBJ: A VISIT\n\n"
        '1. (C - ENTIRE TEXT) KRUSE CALLED.\n\n2. HE SAID "NO".\n\n'
        "CONFIDENTIAL\nC O N F I D E N T I A L SECTION 02 OF 02 BONN 08226\n\n"
        "3. COMMENT: KRUSE IS USUALLY WELL INFORMED.\n\nQUILL\n\nCONFIDENTIAL\nNNNN\n"
    )
    cable = reftel.parse(text)
    assert [u.number for u in cable.units if u.kind in {"body", "comment"}] == [1, 2, 3]
    assert cable.signature == "QUILL"
