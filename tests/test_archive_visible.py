"""Cables cut down to what a clearance allows."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.archive.clearance import LEVELS, Clearance, unit_controls, unit_level
from reftel.archive.visible import visible
from reftel.model import (
    Cable,
    Edit,
    Entity,
    Marking,
    Meeting,
    Mention,
    RawCable,
    Repair,
    Span,
    Statement,
    Unit,
    UnitKind,
)

LOW = Clearance("UNCLASSIFIED", frozenset())
SECRET, OPEN = Marking("SECRET"), Marking("UNCLASSIFIED")
CABLE = Cable(
    mrn="09LILONGWE12",
    classification="SECRET",
    subject="ODA AND THE LAKE",
    units=(
        Unit("subject", "ODA AND THE LAKE"),
        Unit("heading", "The plan", marking=SECRET),
        Unit("body", "Minister Kenji Oda met Lind in Zomba.", 1, SECRET, "The plan"),
        Unit("body", "Oda left with Tina Berg. He spoke.", 2, OPEN, "The plan"),
        Unit("body", "Berg is chief.", 3, OPEN, "The end", 10, 24, (Edit("wrap", 4, "\n", " "),)),
    ),
    mentions=(
        Mention(2, 9, 18, "PER", "Kenji Oda", "e1"),
        Mention(2, 23, 27, "PER", "Lind", "e2"),
        Mention(2, 31, 36, "LOC", "Zomba", "e3"),
        Mention(3, 0, 3, "PER", "Oda", "e1"),
        Mention(3, 14, 23, "PER", "Tina Berg", "e4"),
        Mention(4, 0, 4, "PER", "Berg", "e4"),
    ),
    entities=(
        Entity("e1", "PER", "Kenji Oda", ("Oda",), "Minister", "Malawi", "person:oda"),
        Entity("e2", "PER", "Lind"),
        Entity("e3", "LOC", "Zomba"),
        Entity("e4", "PER", "Tina Berg", ("Berg",), "chief"),
    ),
    redactions=(Span(2, 0, 3), Span(3, 0, 3)),
    meetings=(Meeting(3, 0, 24, ("e1", "e2", "e4"), "e3"), Meeting(2, 0, 10, ("e1",))),
    statements=(
        Statement(3, 0, 24, "e1", "said", addressee="e2", within="e2"),
        Statement(3, 0, 24, "e2", "said"),
        Statement(4, 0, 4, "e4", "said", addressee="poloff"),
    ),
    outer_repairs=(Repair("page-line", None, None, "PAGE 02 SECRET ODA", ""),),
    raw=RawCable("a", "text", "the raw text"),
)


def test_the_full_clearance_sees_the_cable_itself() -> None:
    assert visible(CABLE, Clearance()) is CABLE


def test_units_above_the_clearance_are_absent_and_the_others_counted_anew() -> None:
    cut = visible(CABLE, LOW)
    assert [unit.number for unit in cut.units] == [2, 3]
    assert [mention.unit for mention in cut.mentions] == [0, 0, 1]
    assert cut.redactions == (Span(0, 0, 3),)


def test_the_header_stays_and_the_subject_goes_with_its_unit() -> None:
    cut = visible(CABLE, LOW)
    assert (cut.mrn, cut.classification, cut.subject) == ("09LILONGWE12", "SECRET", None)
    marked = replace(CABLE, units=(replace(CABLE.units[0], marking=OPEN), *CABLE.units[1:]))
    assert visible(marked, LOW).subject == "ODA AND THE LAKE"
    assert visible(Cable(subject="ODA", classification="SECRET"), LOW).subject is None


def test_a_cut_cable_has_no_raw_text_and_no_repairs() -> None:
    cut = visible(CABLE, LOW)
    assert cut.raw is None
    assert cut.repairs == ()
    assert cut.units[1].raw_end == 0


def test_the_tail_of_a_cable_is_as_secret_as_the_cable() -> None:
    cable = Cable(classification="SECRET", units=(Unit("body", "Oda", marking=OPEN),), raw=CABLE.raw)
    assert visible(cable, LOW).raw is None
    assert visible(replace(cable, classification="UNCLASSIFIED"), LOW).raw is CABLE.raw


def test_an_entity_has_only_the_names_and_the_role_that_can_be_read() -> None:
    assert visible(CABLE, LOW).entities == (Entity("e1", "PER", "Oda"), CABLE.entities[3])


def test_a_heading_is_as_secret_as_the_unit_that_it_comes_from() -> None:
    assert [unit.heading for unit in visible(CABLE, LOW).units] == [None, "The end"]


def test_meetings_and_statements_lose_whom_the_reader_may_not_know() -> None:
    cut = visible(CABLE, LOW)
    assert cut.meetings == (Meeting(0, 0, 24, ("e1", "e4")),)
    assert cut.statements == (
        Statement(0, 0, 24, "e1", "said"),
        Statement(1, 0, 4, "e4", "said", addressee="poloff"),
    )


@pytest.mark.parametrize("caption", ["NOFORN", "EXDIS"])
def test_controls_hide_what_the_level_would_show(caption: str) -> None:
    cable = Cable(classification="UNCLASSIFIED", captions=(caption,), units=(Unit("body", "Oda"),))
    assert visible(cable, LOW).units == ()
    assert visible(cable, replace(LOW, captions=frozenset({caption}))) is cable


MARKINGS = st.none() | st.builds(
    Marking, st.sampled_from(LEVELS) | st.none(), st.sampled_from([(), ("NOFORN",), ("SBU",), ("NODIS",)])
)
CLEARANCES = st.builds(
    Clearance, st.sampled_from(LEVELS), st.none() | st.sampled_from([frozenset[str](), frozenset({"NOFORN"})])
)
KINDS: st.SearchStrategy[UnitKind] = st.sampled_from(["subject", "summary", "body", "heading", "comment"])


@st.composite
def cables(draw: st.DrawFn) -> Cable:
    """A cable in which every word stands in one unit only: the word tells the unit that it was told in."""
    entities, units, mentions, meetings, statements, words = 3, [], [], [], [], count()
    names: dict[int, list[str]] = {number: [] for number in range(entities)}
    for index in range(draw(st.integers(0, 5))):
        text = ""
        for number in draw(st.lists(st.integers(0, entities - 1), max_size=3)):
            name = f"u{index}w{next(words)}"
            mentions.append(Mention(index, len(text), len(text) + len(name), "PER", name, f"e{number}"))
            names[number].append(name)
            text += f"{name} "
        heading = draw(st.sampled_from([None, f"u{index}heading"]))
        units.append(
            Unit(draw(KINDS), text, index, draw(MARKINGS), heading, edits=(Edit("wrap", 0, f"u{index}e", ""),))
        )
        ids = st.sampled_from([f"e{number}" for number in range(entities)])
        meetings.append(Meeting(index, 0, 1, tuple(draw(st.lists(ids, max_size=3))), draw(st.none() | ids)))
        statements.append(Statement(index, 0, 1, draw(ids), f"u{index}cue", addressee=draw(st.none() | ids)))
    return Cable(
        classification=draw(st.none() | st.sampled_from(LEVELS)),
        captions=draw(st.sampled_from([(), ("NOFORN",), ("EXDIS",)])),
        units=tuple(units),
        mentions=tuple(mentions),
        entities=tuple(
            Entity(f"e{number}", "PER", max(found, key=len), tuple(found), found[0])
            for number, found in names.items()
            if found
        ),
        meetings=tuple(meetings),
        statements=tuple(statements),
        raw=RawCable("a", "text", " ".join(f"u{index}" for index in range(len(units)))),
    )


@given(cables(), CLEARANCES)
def test_no_word_of_a_hidden_unit_is_left_anywhere(cable: Cable, clearance: Clearance) -> None:
    shown = repr(visible(cable, clearance))
    for index, unit in enumerate(cable.units):
        if not clearance.allows(unit_level(unit, cable), unit_controls(unit, cable)):
            assert f"u{index}w" not in shown
            assert f"u{index}h" not in shown
            assert f"u{index}c" not in shown
            assert f"u{index}e" not in shown


@given(cables(), CLEARANCES)
def test_every_word_of_the_other_units_is_left(cable: Cable, clearance: Clearance) -> None:
    seen = [unit for unit in cable.units if clearance.allows(unit_level(unit, cable), unit_controls(unit, cable))]
    cut = visible(cable, clearance)
    assert [unit.text for unit in cut.units] == [unit.text for unit in seen]
    assert all(cut.units[each.unit].text[each.start : each.end] == each.text for each in cut.mentions)
    known = {entity.id for entity in cut.entities}
    assert {each.entity for each in cut.mentions} == known or cut is cable


@given(cables(), CLEARANCES)
def test_what_was_cut_once_is_not_cut_again(cable: Cable, clearance: Clearance) -> None:
    cut = visible(cable, clearance)
    assert visible(cut, clearance) == cut


@given(cables(), CLEARANCES)
def test_units_of_a_cut_cable_are_as_secret_as_before(cable: Cable, clearance: Clearance) -> None:
    cut = visible(cable, clearance)
    assert all(clearance.allows(unit_level(unit, cut), unit_controls(unit, cut)) for unit in cut.units)
