"""Masking of names that a cable marks to be protected."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reftel.model import (
    Cable,
    Doubt,
    Edit,
    Entity,
    Markup,
    Mention,
    Officer,
    RawCable,
    Reference,
    Repair,
    Span,
    Tag,
    Unit,
)
from reftel.write import FORMATS, mask, to_json

RAW = (
    "SUBJECT: MEETING WITH ODA \n\n1. Kenji \nOda (strictly protect) met Ken\nji Lind. "
    "\nPAGE 02 ODA\nOdan \nOda left.\nBERG"
)
SUBJECT, BODY = "MEETING WITH ODA", "Kenji Oda (strictly protect) met Kenji Lind. Odan Oda left."
EDITS = (
    Edit("wrap", 5, " \n", " "),
    Edit("word", 36, "\n", ""),
    Edit("page-line", 44, " \nPAGE 02 ODA\n", " "),
    Edit("wrap", 49, " \n", " "),
)


def places(text: str, *names: str) -> tuple[Span, ...]:
    return tuple(Span(1, text.index(name), text.index(name) + len(name)) for name in names)


@pytest.fixture
def cable() -> Cable:
    units = (
        Unit("subject", SUBJECT, raw_start=RAW.index(SUBJECT), raw_end=RAW.index(SUBJECT) + len(SUBJECT)),
        Unit("body", BODY, 1, None, "Oda on trade", RAW.index("Kenji"), RAW.index("\nBERG"), EDITS),
    )
    assert units[1].undo() == RAW[units[1].raw_start : units[1].raw_end]
    return Cable(
        subject=SUBJECT,
        units=units,
        protected=(Span(1, 0, 9), Span(1, BODY.rindex("Oda"), BODY.rindex("Oda") + 3)),
        raw=RawCable("oda.txt", "text", RAW),
    )


def test_a_cable_that_protects_no_name_is_left_as_it_is() -> None:
    cable = Cable(subject="Oda")
    assert mask(cable) is cable


def test_a_protected_name_is_masked_character_by_character(cable: Cable) -> None:
    assert mask(cable).units[1].text == "█████ ███ (strictly protect) met Kenji Lind. Odan ███ left."


def test_the_same_words_are_masked_wherever_they_stand(cable: Cable) -> None:
    masked = mask(
        replace(
            cable,
            references=(Reference("A", "email", None, "ODA-LIND E-MAIL"),),
            tags=(Tag("ODA, KENJI", "person"),),
            classified_by=Officer("Lind", "Friend of Oda"),
            doubts=(Doubt("name", "Oda or Odan."),),
            outer_repairs=(Repair("word", None, None, "Kenji \nOda", "Kenji Oda"),),
        )
    )
    assert masked.subject == masked.units[0].text == "MEETING WITH ███"
    assert masked.units[1].heading == "███ on trade"
    assert masked.references[0].text == "███-LIND E-MAIL"
    assert masked.tags[0].code == "████ █████"
    assert masked.classified_by == Officer("Lind", "Friend of ███")
    assert masked.doubts[0].text == "███ or Odan."
    assert masked.outer_repairs[0].before == "█████ \n███"


def test_a_masked_unit_still_leads_back_to_the_masked_raw_text(cable: Cable) -> None:
    masked = mask(cable)
    assert masked.raw is not None
    assert cable.raw is not None
    assert masked.raw.source == "oda.txt"
    assert "Oda " not in masked.raw.text
    assert "ODA" not in masked.raw.text
    assert len(masked.raw.text) == len(cable.raw.text)
    for unit in masked.units:
        assert unit.undo() == masked.raw.text[unit.raw_start : unit.raw_end]


def test_what_a_repair_took_out_of_a_name_is_masked_with_it() -> None:
    raw = "Met Od?a (protect)"
    unit = Unit("body", "Met Oda (protect)", raw_end=len(raw), edits=(Edit("garble", 4, "Od?a", "Oda"),))
    cable = Cable(units=(unit,), protected=(Span(0, 4, 7),), raw=RawCable("test", "text", raw))
    masked = mask(cable)
    assert masked.raw is not None
    assert masked.raw.text == "Met ████ (protect)"
    assert masked.repairs == (Repair("garble", 0, 4, "████", "███"),)


def test_a_person_whose_name_is_protected_is_masked_in_every_mention(cable: Cable) -> None:
    mentions = (
        Mention(1, 0, 9, "PER", "Kenji Oda", "e1"),
        Mention(1, BODY.index("Kenji Lind"), BODY.index("Kenji Lind") + 10, "PER", "Kenji Lind", "e2"),
        Mention(1, BODY.index("Odan"), BODY.index("Odan") + 4, "PER", "Odan", "e1"),
    )
    entities = (Entity("e1", "PER", "Kenji Oda", ("Odan",), "Minister"), Entity("e2", "PER", "Kenji Lind"))
    masked = mask(replace(cable, mentions=mentions, entities=entities))
    assert [mention.text for mention in masked.mentions] == ["█████ ███", "Kenji Lind", "████"]
    assert masked.entities == (Entity("e1", "PER", "█████ ███", ("████",), "Minister"), entities[1])
    assert all(each.text == masked.units[each.unit].text[each.start : each.end] for each in masked.mentions)


def test_a_name_in_the_sources_tags_is_masked() -> None:
    raw = RawCable("test", "page", "Oda (protect)", body_start=0, markup=(Markup(0, "<a href='/tag/ODA_0.html'>"),))
    unit = Unit("body", raw.text, raw_end=len(raw.text))
    masked = mask(Cable(units=(unit,), protected=(Span(0, 0, 3),), raw=raw))
    assert masked.raw is not None
    assert masked.raw.markup[0].text == "<a href='/tag/███_0.html'>"


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_protected_name_unless_told_to(form: str, cable: Cable) -> None:
    assert not re.search(r"oda\b", FORMATS[form](cable), re.IGNORECASE)
    assert "Oda" in FORMATS[form](cable, masked=False) or form == "brat"  # an .ann holds only mentions


def test_the_spans_of_protected_names_stay_in_the_record(cable: Cable) -> None:
    assert '"protected": [{"unit": 1, "start": 0, "end": 9}' in to_json(cable)
