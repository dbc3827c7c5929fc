"""Meetings: who met whom, where and when, and what was only planned."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.model import Cable, Entity, Meeting, Mention, Unit
from reftel.relate import relate

_TAG = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\]]+)\]")
SENT = datetime(2009, 1, 26, 16, 57, tzinfo=UTC)


def cable(*texts: str, sent: datetime | None = SENT) -> Cable:
    """A cable of paragraphs with names in brackets; a name is an entity whose id is its last word."""
    units, mentions = [], []
    for index, text in enumerate(texts):
        plain, at = "", 0
        for match in _TAG.finditer(text):
            plain += text[at : match.start()]
            start, at = len(plain), match.end()
            plain += match[2]
            mentions.append(Mention(index, start, len(plain), match[1], match[2], match[2].split(" ")[-1]))  # type: ignore[arg-type]
        units.append(Unit("body", plain + text[at:]))
    entities = {m.entity or "": Entity(m.entity or "", m.type, m.text) for m in reversed(mentions)}
    return Cable(sent=sent, units=tuple(units), mentions=tuple(mentions), entities=tuple(entities.values()))


def meetings(*texts: str) -> tuple[Meeting, ...]:
    return relate(cable(*texts)).meetings


def people(*texts: str) -> list[tuple[str, ...]]:
    return [each.participants for each in meetings(*texts)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[PER Adra] met with [PER Bell].", "meeting"),
        ("[PER Adra] met [PER Bell] on May 8.", "meeting"),
        ("[PER Adra] met on May 8 with Foreign Minister [PER Bell].", "meeting"),
        ("In a meeting with [PER Bell], [PER Adra] praised the port.", "meeting"),
        ("During his January 5 meeting with [PER Bell], [PER Adra] praised the port.", "meeting"),
        ("[PER Adra] spoke by phone with [PER Bell].", "conversation"),
        ("[PER Adra] called [PER Bell] to complain.", "phone"),
        ("[PER Adra] called on [PER Bell] on May 8.", "call"),
        ("[PER Adra] had dinner with [PER Bell].", "meal"),
        ("[PER Adra] hosted [PER Bell] for talks.", "meeting"),
        ("[PER Adra] briefed [PER Bell] on the port.", "meeting"),
        ("[PER Adra]'s May 8 meeting with [PER Bell] was short.", "meeting"),
        ("A meeting between [PER Adra] and [PER Bell] was short.", "meeting"),
        ("[PER Adra] delivered the demarche to [PER Bell].", "demarche"),
        ("[PER Adra] discussed the port with [PER Bell].", "conversation"),
        ("[PER Adra] told [PER Bell] on January 5 that the port was closed.", "conversation"),
    ],
)
def test_an_encounter_is_told_by_a_verb_or_a_noun(text: str, kind: str) -> None:
    found = meetings(text)
    assert [set(each.participants) for each in found] == [{"Adra", "Bell"}]
    assert found[0].kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "[PER Adra] called [PER Bell] a liar.",
        '[PER Adra] called [PER Bell] "a liar."',
        "[PER Adra] saw [PER Bell] as a liar.",
        "The offer met [ORG MOI] expectations.",
        "[PER Adra] regularly meets with [PER Bell].",
        "[PER Adra] called on the [ORG MOI] to close the port.",
        "[PER Adra] told [PER Bell] that the port was closed.",
        "[PER Adra] is open to discussion with [PER Bell].",
        "[PER Adra] travelled to [LOC Cairo].",
        "If [PER Adra] met [PER Bell], nobody saw it.",
    ],
)
def test_other_senses_habits_and_travel_are_no_encounter(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("[PER Adra] will meet with [PER Bell].", "planned"),
        ("[PER Adra] is scheduled to meet with [PER Bell].", "planned"),
        ("[PER Adra] is due in [LOC Cairo] for meetings with [PER Bell].", "planned"),
        ("[PER Adra] will raise it in his meeting with [PER Bell].", "planned"),
        ("[PER Adra] hopes to meet with [PER Bell].", "proposed"),
        ("[PER Adra] requested a meeting with [PER Bell].", "proposed"),
        ("[PER Adra] should meet with [PER Bell].", "proposed"),
        ("[PER Adra] cancelled a meeting with [PER Bell].", "cancelled"),
        ("[PER Adra] did not meet with [PER Bell].", "denied"),
        ("[PER Adra] refused to meet with [PER Bell].", "denied"),
        ("[PER Adra] held no meeting with [PER Bell].", "denied"),
    ],
)
def test_what_did_not_take_place_is_kept_apart_with_its_status(text: str, status: str) -> None:
    related = relate(cable(text))
    assert related.meetings == ()
    assert [each.status for each in related.meetings_not_held] == [status]


def test_staff_without_a_name_are_not_participants() -> None:
    (found,) = meetings("Poloff met with [PER Bell].")
    assert (found.participants, found.staff) == (("Bell",), ("Poloff",))


def test_an_encounter_without_any_name_is_none() -> None:
    assert people("Poloff met with a lawyer.") == []


def test_an_apposition_takes_no_part() -> None:
    assert people("Poloff met with [PER Bell], advisor to President [PER Cole].") == [("Bell",)]
    assert people("Poloff met with [PER Bell], secretary of the [ORG MOI], and [PER Dunn].") == [("Bell", "Dunn")]


def test_whom_a_traveller_meets_he_meets_one_by_one() -> None:
    text = "During his visit to [LOC Cairo], [PER Adra] met with [PER Bell], [PER Cole] and [PER Dunn]."
    assert people(text) == [("Adra", "Bell"), ("Adra", "Cole"), ("Adra", "Dunn")]
    assert people("[PER Adra] met with [PER Bell] and [PER Cole].") == [("Adra", "Bell", "Cole")]


def test_a_second_group_was_met_on_its_own() -> None:
    text = "[PER Adra] met with [PER Bell] in [LOC Basra], and with [PER Cole] in [LOC Baghdad]."
    assert [(each.participants, each.place) for each in meetings(text)] == [
        (("Adra", "Bell"), "Basra"),
        (("Adra", "Cole"), "Baghdad"),
    ]


def test_an_encounter_told_again_is_one_meeting_with_what_both_tell() -> None:
    (found,) = meetings("[PER Adra] met with [PER Bell].", "On January 5, [PER Adra] met [PER Bell] in [LOC Cairo].")
    assert (found.unit, found.date, found.place) == (0, "2009-01-05", "Cairo")


def test_encounters_on_different_days_are_different() -> None:
    assert len(meetings("[PER Adra] met [PER Bell] on January 5.", "[PER Adra] met [PER Bell] on January 7.")) == 2


@pytest.mark.parametrize(
    ("text", "day", "until"),
    [
        ("[PER Adra] met with [PER Bell] on January 22.", "2009-01-22", None),
        ("[PER Adra] met with [PER Bell] December 30.", "2008-12-30", None),
        ("[PER Adra] met with [PER Bell] yesterday.", "2009-01-25", None),
        ("[PER Adra] met with [PER Bell] last week.", "2009-01-19", "2009-01-25"),
        ("During a January 19-22 visit to [LOC Cairo] [PER Adra] met with [PER Bell].", "2009-01-19", "2009-01-22"),
        ("[PER Adra] met with [PER Bell], who said that the port closed on January 3.", None, None),
        ("[PER Adra] met with [PER Bell].", None, None),
    ],
)
def test_the_day_is_that_of_its_clause(text: str, day: str | None, until: str | None) -> None:
    assert [(each.date, each.until) for each in meetings(text)] == [(day, until)]


def test_without_the_cable_s_date_a_day_without_a_year_is_unknown() -> None:
    (found,) = relate(cable("[PER Adra] met with [PER Bell] on January 22.", sent=None)).meetings
    assert found.date is None


def test_a_list_of_participants_is_a_meeting() -> None:
    units = ("March 20, 2008, [LOC Washington].", "Participants: U.S.: [PER Adra] [PER Bell] Brazil: [PER Cole]")
    (alone,) = meetings(*units)
    assert (alone.participants, alone.date, alone.place) == (("Adra", "Bell", "Cole"), "2008-03-20", "Washington")
    (told,) = meetings(*units, "[PER Adra] met with [PER Cole].")
    assert (told.unit, told.participants) == (2, ("Adra", "Cole", "Bell"))


_PIECES = (
    "[PER Adra]", "[PER Lena Bell]", "[ORG MOI]", "[LOC Tunis]", "he", "we", "poloff", "met", "meeting", "called", "on",
    "with", "between", "and", ",", ".", "dinner", "interview", "will", "not", "to", "the", "Minister", "of", "visit",
    "January 22", "May 5-3", "February 30", "yesterday", "last week", "participants:", "in", "told", "an", "'s", "\n",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_PIECES), max_size=40), max_size=3))
def test_no_text_raises_and_every_meeting_lies_in_its_text(texts: list[list[str]]) -> None:
    related = relate(cable(*(" ".join(words) for words in texts)))
    known = {entity.id: entity.type for entity in related.entities}
    for each in (*related.meetings, *related.meetings_not_held):
        assert 0 <= each.start < each.end <= len(related.units[each.unit].text)
        assert each.participants
        assert {known[one] for one in each.participants} <= {"PER", "ORG"}
        assert each.place is None or known[each.place] == "LOC"
        assert each.until is None or (each.date is not None and each.date < each.until)
        assert 0 < each.score <= 1
    assert all(each.status == "held" for each in related.meetings)
    assert all(each.status != "held" for each in related.meetings_not_held)
