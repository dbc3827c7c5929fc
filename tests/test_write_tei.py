"""TEI P5."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from reftel.model import (
    Addressee,
    Cable,
    Doubt,
    Entity,
    Marking,
    Mention,
    Officer,
    Reference,
    Span,
    Tag,
    Unit,
)
from reftel.write import to_tei

NS = {"": "http://www.tei-c.org/ns/1.0"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
CABLE = Cable(
    mrn="09LILONGWE12",
    sent=datetime(2009, 2, 3, 16, 57, tzinfo=UTC),
    dtg="031657Z FEB 09",
    post="Embassy Lilongwe",
    classification="SECRET",
    captions=("NOFORN", "SIPDIS"),
    precedence="PRIORITY",
    action=(Addressee("SECSTATE WASHDC"),),
    info=(Addressee("AMEMBASSY ACCRA"), Addressee("AMEMBASSY BONN")),
    exempt=(Addressee("AMEMBASSY LIMA"),),
    tags=(Tag("PREL", "subject", "External Political Relations"), Tag("XQZZ", "unknown")),
    subject="VISIT BY ODA",
    references=(Reference("A", "cable", "09LILONGWE9", "LILONGWE 9"), Reference(None, "email", None, "BERG E-MAIL")),
    classified_by=Officer("Tina Berg", "Counselor"),
    reasons=("1.4(b)",),
    sections=2,
    signature="LIND",
    partial=True,
    corrected="(TEXT)",
    units=(
        Unit("subject", "VISIT BY ODA"),
        Unit("summary", "Oda left.", 1, Marking("SECRET", ("NOFORN",))),
        Unit("heading", "The lake"),
        Unit("body", "The Lodge:\n- one", 2, None, "The lake"),
        Unit("comment", "So be it.", 2, None, "The lake"),
        Unit("quotation", "Dear friend", heading="The letter"),
        Unit("note", "End.", 3),
        Unit("signature", "LIND"),
    ),
    mentions=(
        Mention(0, 9, 12, "PER", "ODA", "e1"),
        Mention(3, 4, 9, "LOC", "Lodge", "e2"),
        Mention(4, 0, 2, "ORG", "So", "e9"),
        Mention(5, 0, 4, "MISC", "Dear"),
    ),
    entities=(
        Entity("e1", "PER", "Kenji Oda", ("Oda",), "Chief"),
        Entity("e2", "LOC", "Lodge"),
        Entity("e3", "ORG", "Lodge Twelve"),
        Entity("e4", "MISC", "Treaty", ("Pact",)),
    ),
    doubts=(Doubt("number", "The header says 13."),),
)


def root(cable: Cable) -> ET.Element:
    return ET.fromstring(to_tei(cable, masked=False))


def written(element: ET.Element, path: str) -> list[str]:
    """The found elements as they are written, without the namespace."""
    found = (ET.tostring(each, "unicode").strip() for each in element.iterfind(path, NS))
    return [each.replace(f' xmlns:ns0="{NS[""]}"', "").replace("ns0:", "") for each in found]


def paragraph(text: str, **fields: object) -> str:
    """The one paragraph of a cable with this text."""
    cable = replace(Cable(units=(Unit("body", text),)), **fields)  # type: ignore[arg-type]  # the fields of a cable
    return written(root(cable), ".//body/div/p")[0]


def test_the_header_says_what_the_document_is_and_what_it_was_made_from() -> None:
    assert [each.tag.partition("}")[2] for each in root(CABLE).iterfind("teiHeader/*", NS)] == [
        *("fileDesc", "encodingDesc", "profileDesc"),
    ]
    assert written(root(CABLE), ".//titleStmt/title") == ["<title>VISIT BY ODA</title>"]
    assert written(root(CABLE), ".//sourceDesc/bibl/*") == [
        "<author><orgName>Embassy Lilongwe</orgName></author>",
        "<title>VISIT BY ODA</title>",
        '<idno type="mrn">09LILONGWE12</idno>',
        '<date when="2009-02-03T16:57:00Z">031657Z FEB 09</date>',
    ]


def test_fields_without_an_element_are_notes_of_their_name() -> None:
    notes = [(each.get("type"), "".join(each.itertext())) for each in root(CABLE).iterfind(".//notesStmt/note", NS)]
    assert notes == [
        *(("classification", "SECRET"), ("sections", "2"), ("captions", "NOFORN"), ("captions", "SIPDIS")),
        *(("reasons", "1.4(b)"), ("classified_by", "Tina Berg, Counselor"), ("corrected", "(TEXT)")),
        *(("partial", "A partial extract of the original cable."), ("doubt", "The header says 13.")),
    ]


def test_the_correspondence_is_described() -> None:
    assert written(root(CABLE), ".//correspDesc/*") == [
        (
            '<correspAction type="sent"><orgName>Embassy Lilongwe</orgName><persName>LIND</persName>'
            '<date when="2009-02-03T16:57:00Z">031657Z FEB 09</date></correspAction>'
        ),
        '<correspAction type="received" subtype="action"><orgName>SECSTATE WASHDC</orgName></correspAction>',
        (
            '<correspAction type="received" subtype="info"><orgName>AMEMBASSY ACCRA</orgName>'
            "<orgName>AMEMBASSY BONN</orgName></correspAction>"
        ),
        (
            '<correspContext><ref type="cable" n="A" cRef="09LILONGWE9">LILONGWE 9</ref>'
            '<ref type="email">BERG E-MAIL</ref></correspContext>'
        ),
        '<note type="precedence">PRIORITY</note>',
        '<note type="exempt"><orgName>AMEMBASSY LIMA</orgName></note>',
    ]


def test_tags_are_keywords() -> None:
    assert written(root(CABLE), ".//keywords/*") == [
        '<term type="subject" key="PREL">External Political Relations</term>',
        '<term type="unknown" key="XQZZ">XQZZ</term>',
    ]


def test_entities_stand_off_the_text() -> None:
    assert written(root(CABLE), "standOff/*/*") == [
        (
            '<person xml:id="e1"><persName>Kenji Oda</persName><persName type="alias">Oda</persName>'
            '<note type="role">Chief</note></person>'
        ),
        '<place xml:id="e2"><placeName>Lodge</placeName></place>',
        '<org xml:id="e3"><orgName>Lodge Twelve</orgName></org>',
        '<nym xml:id="e4"><form><orth>Treaty</orth></form><form><orth>Pact</orth></form></nym>',
    ]
    assert root(Cable()).find("standOff", NS) is None


def test_the_body_has_a_div_for_each_run_of_one_kind_under_one_heading() -> None:
    body = root(CABLE).find("text/body", NS)
    assert body is not None
    assert written(body, "head") == ['<head>VISIT BY <persName ref="#e1">ODA</persName></head>']
    assert [(each.get("type"), each.findtext("head", None, NS)) for each in body.iterfind("div", NS)] == [
        *(("summary", None), ("body", "The lake"), ("comment", None), ("quotation", "The letter"), ("note", None)),
    ]
    assert written(body, "div/p") == [
        '<p n="1" xml:id="par1"><label>(S/NOFORN)</label> Oda left.</p>',
        '<p n="2" xml:id="par2">The <placeName ref="#e2">Lodge</placeName>:<lb />- one</p>',
        '<p n="2" xml:id="par2-2"><orgName>So</orgName> be it.</p>',
    ]
    assert written(body, "div/quote/p") == ['<p><name type="misc">Dear</name> friend</p>']
    assert written(body, "div/note/p") == ['<p n="3" xml:id="par3">End.</p>']
    assert written(body, "closer") == ["<closer><signed>LIND</signed></closer>"]


def test_a_heading_opens_the_div_of_the_paragraph_right_under_it() -> None:
    cable = Cable(units=(Unit("heading", "One"), Unit("heading", "Summary"), Unit("summary", "He left.")))
    assert [(each.get("type"), len(each)) for each in root(cable).iterfind(".//div", NS)] == [(None, 1), ("summary", 2)]


def test_a_cable_of_which_nothing_is_known_has_a_title_and_a_body() -> None:
    assert written(root(Cable()), ".//titleStmt/title") == ["<title>Cable without a number</title>"]
    assert written(root(Cable()), ".//body/div/*") == ["<p />"]
    assert root(Cable()).find(".//correspDesc", NS) is None


def test_a_redaction_is_a_gap_cut_where_a_name_begins_or_ends() -> None:
    gap = '<gap reason="redacted"><desc>{}</desc></gap>'.format
    shown = paragraph("Mr XXXX XXXX", mentions=(Mention(0, 0, 7, "PER", ""),), redactions=(Span(0, 3, 12),))
    assert shown == f"<p><persName>Mr {gap('XXXX')}</persName>{gap(' XXXX')}</p>"


def test_of_two_overlapping_mentions_the_longer_is_written() -> None:
    mentions = (Mention(0, 0, 5, "LOC", "Lodge"), Mention(0, 0, 12, "ORG", "Lodge of Oda"))
    assert paragraph("Lodge of Oda", mentions=mentions) == "<p><orgName>Lodge of Oda</orgName></p>"


def test_protected_names_are_masked_unless_told_otherwise() -> None:
    cable = Cable(units=(Unit("body", "Oda left"),), protected=(Span(0, 0, 3),))
    assert "<p>███ left</p>" in to_tei(cable)
    assert "<p>Oda left</p>" in to_tei(cable, masked=False)


def test_characters_that_xml_has_not_are_replaced() -> None:
    assert paragraph("a\x00b\ud83dc\uffff & <d>") == "<p>a\ufffdb\ufffdc\ufffd &amp; &lt;d&gt;</p>"


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_any_text_is_well_formed_and_kept(text: str, spans: list[tuple[int, int]]) -> None:
    places = [(min(start, len(text)), min(end, len(text))) for start, end in spans]
    cable = Cable(
        mrn=text,
        dtg=text,
        signature=text,
        tags=(Tag(text, "person", text),),
        references=(Reference(text, "other", text, text),),
        units=(Unit("body", text, heading=text), Unit("signature", text)),
        mentions=tuple(Mention(0, start, end, "PER", "", text) for start, end in places),
        redactions=tuple(Span(0, start, end) for start, end in reversed(places)),
    )
    found = root(cable).find(".//div/p", NS)
    assert found is not None
    assert len("".join(found.itertext())) == len(text) - text.count("\n")
    assert [each.get(XML_ID) for each in found.iter()].count(None) == len(list(found.iter()))
