"""The page of a cable."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import (
    Addressee,
    Cable,
    Doubt,
    Edit,
    Entity,
    Marking,
    Mention,
    Officer,
    Reference,
    Span,
    Tag,
    Unit,
    UnitKind,
)
from reftel.write import to_html

CABLE = Cable(
    mrn="09LILONGWE12",
    sent=datetime(2009, 2, 3, 16, 57, tzinfo=UTC),
    post="Embassy Lilongwe",
    classification="TOP SECRET",
    captions=("NOFORN",),
    precedence="PRIORITY",
    action=(Addressee("SECSTATE WASHDC"),),
    tags=(Tag("PREL", "subject", "External Political Relations"),),
    subject="VISIT BY ODA",
    references=(Reference("A", "cable", "09LILONGWE9", "LILONGWE 9"),),
    classified_by=Officer("Tina Berg", "Counselor"),
    sections=2,
    units=(
        Unit("subject", "VISIT BY ODA"),
        Unit("summary", "Oda left.", 1, Marking("SECRET", ("NOFORN",))),
        Unit("heading", "The lake"),
        Unit("body", "He came back.", 2, None, "The lake"),
        Unit("quotation", "Dear friend", 2, None, "The lake"),
        Unit("signature", "LIND"),
    ),
    mentions=(Mention(0, 9, 12, "PER", "ODA"), Mention(1, 0, 3, "PER", "Oda", "e1")),
    entities=(Entity("e1", "PER", "Kenji Oda", role='"Chief"'),),
    doubts=(Doubt("number", "The header says 13."),),
)
VOID = {"meta"}


class Page(HTMLParser):
    """A page read: its elements in balance, its texts, its ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.seen if name in attributes]


def body(*units: Unit, **fields: object) -> str:
    """What is written between the card and the foot."""
    page = to_html(replace(Cable(units=units), **fields))  # type: ignore[arg-type]  # the fields of a cable
    return page.partition("</header>\n")[2].partition("<footer>")[0]


def test_the_card_says_what_from_where_when_how_secret_and_about_what() -> None:
    text = " ".join("".join(Page(to_html(CABLE)).texts).split())
    assert "09LILONGWE12 Embassy Lilongwe · 2009-02-03 16:57 UTC TOP SECRET · NOFORN PRIORITY · 2 sections" in text
    assert "VISIT BY ODA ToSECSTATE WASHDC TagsPREL External Political Relations" in text
    assert "ReferencesA. LILONGWE 9 09LILONGWE9 Classified byTina Berg Counselor persons 2" in text
    assert '<main class="top-secret">' in to_html(CABLE)
    assert "<title>09LILONGWE12 · VISIT BY ODA</title>" in to_html(CABLE)


def test_a_cable_of_which_nothing_is_known_has_a_page_all_the_same() -> None:
    texts = Page(to_html(Cable())).texts
    assert "(no number)" in texts
    assert "(no subject)" in texts
    assert "A diplomatic cable" in texts


def test_the_page_asks_for_nothing_and_allows_only_its_own_style() -> None:
    page = to_html(CABLE)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert not re.search(r"<script|<link|<img|url\(|@import|https?:| style=| on\w+=", page)
    assert all(href and href.startswith("#") for href in Page(page).values("href"))


def test_each_paragraph_links_to_itself_and_ids_are_there_once() -> None:
    page = Page(to_html(CABLE))
    assert page.values("id") == ["par1", "par2", "par2-2"]
    assert page.values("href") == ["#par1", "#par2", "#par2-2"]


def test_a_paragraph_has_its_number_and_mark_in_the_margin() -> None:
    assert body(Unit("body", "He left.", 3, Marking("SECRET", ("NOFORN",)))) == (
        '<div class="unit" id="par3"><div class="margin"><a href="#par3" aria-label="Paragraph 3">3</a>'
        '<span title="SECRET · NOFORN">(S/NF)</span></div><p>He left.</p></div>\n'
    )
    assert ">(SBU)<" in body(Unit("body", "He left.", 3, Marking("UNCLASSIFIED", ("SBU",))))


@pytest.mark.parametrize("kind", ["summary", "comment", "note"])
def test_what_a_paragraph_is_stands_over_it_where_no_heading_says_it(kind: UnitKind) -> None:
    assert body(Unit(kind, "One."), Unit(kind, "Two.")).count(f"<h2>{kind.capitalize()}</h2>") == 1
    assert "<h2>In short</h2>" in body(Unit(kind, "One.", heading="In short"))
    assert body(Unit("heading", kind.upper()), Unit(kind, "One.")).count("<h2>") == 1
    assert body(Unit("heading", "The lake"), Unit(kind, "One.")).count("<h2>") == 2


def test_a_heading_stands_once_and_with_its_names() -> None:
    units = (Unit("heading", "Oda"), Unit("body", "One.", heading="Oda"), Unit("body", "Two.", heading="Oda"))
    written = body(*units, mentions=(Mention(0, 0, 3, "PER", "Oda"),))
    assert written.count("<h2>") == 1
    assert '<h2><span class="PER">Oda</span></h2>' in written


def test_names_are_told_apart_and_an_entity_says_who_it_is() -> None:
    page = to_html(CABLE)
    assert '<h1>VISIT BY <span class="PER">ODA</span></h1>' in page
    assert '<span class="PER" title="Kenji Oda, &quot;Chief&quot;">Oda</span> left.' in page
    assert '<li><span class="PER">persons</span> 2</li>' in page


def test_of_two_overlapping_mentions_the_longer_is_written() -> None:
    mentions = (Mention(0, 0, 5, "LOC", "Lodge"), Mention(0, 0, 12, "ORG", "Lodge of Oda"))
    assert '<p><span class="ORG">Lodge of Oda</span></p>' in body(Unit("body", "Lodge of Oda"), mentions=mentions)


def test_a_redaction_is_cut_where_a_name_begins_or_ends() -> None:
    written = body(
        Unit("body", "Mr XXXX XXXX"), mentions=(Mention(0, 0, 7, "PER", "Mr XXXX"),), redactions=(Span(0, 3, 12),)
    )
    gap = '<span class="gap" title="redacted">'
    assert f'<p><span class="PER">Mr {gap}XXXX</span></span>{gap} XXXX</span></p>' in written


def test_protected_names_read_protected_unless_told_otherwise() -> None:
    cable = Cable(subject="ODA", units=(Unit("body", "Kenji Oda left."),), protected=(Span(0, 0, 9), Span(0, 6, 9)))
    assert '<p><span class="protected">protected</span> left.</p>' in to_html(cable)
    assert "<title>[protected]</title>" in to_html(cable)
    assert "Kenji Oda" in to_html(cable, masked=False)


def test_a_quoted_document_and_the_signature_are_marked() -> None:
    page = to_html(CABLE)
    assert "<blockquote>Dear friend</blockquote>" in page
    assert '<p class="signature">LIND</p>' in page


def test_who_classified_stands_as_written_where_it_could_not_be_read() -> None:
    assert "<li>By nobody</li>" in to_html(Cable(units=(Unit("classified_by", "By nobody"),)))


def test_doubts_and_the_number_of_repairs_stand_at_the_foot() -> None:
    assert "<h2>In doubt</h2>\n<ul><li>The header says 13.</li></ul>" in to_html(CABLE)
    assert "with one repair." in to_html(Cable(units=(Unit("body", "a b", edits=(Edit("space", 1, "  ", " "),)),)))
    assert "<h2>" not in to_html(Cable())


def test_control_characters_are_replaced() -> None:
    assert "<p>a\ufffdb\ufffd</p>" in body(Unit("body", "a\x1bb\ud83d"))


TEXT = st.text("<>&\"'aB \n\x00█é/!-", max_size=40)


@given(TEXT, TEXT, st.integers(0, 40), st.integers(0, 40))
def test_no_text_can_change_the_page(text: str, name: str, start: int, end: int) -> None:
    cable = Cable(
        mrn=name,
        subject=text,
        post=text,
        tags=(Tag(text, "person", text),),
        references=(Reference(text, "other", text, text),),
        units=(Unit("heading", text), Unit("body", text, 1, Marking(None, (text,)), text)),
        mentions=(Mention(1, min(start, len(text)), min(end, len(text)), "PER", "", "e1"),),
        entities=(Entity("e1", "PER", name),),
        doubts=(Doubt("", text),),
    )
    page = Page(to_html(cable, masked=False))
    kinds = {tag for tag, _ in page.seen}
    assert kinds <= {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "p", "span", "code", "h1", "h2", "dl"),
        *("dt", "dd", "ul", "li", "div", "a", "footer"),
    }
    assert {"class", "id", "href", "title", "aria-label"} >= {
        key for tag, attributes in page.seen for key in attributes if tag not in {"html", "meta"}
    }
