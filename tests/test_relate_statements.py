"""Statements: whom a cable gives as the source of what, by which words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.model import Cable, Entity, Mention, Statement, Unit, UnitKind
from reftel.relate import relate

_TAG = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\]]+)\]")


def cable(*texts: str, kind: UnitKind = "body", entities: tuple[Entity, ...] = ()) -> Cable:
    """A cable of units with names in brackets; a name is an entity whose id is its last word."""
    units, mentions = [], []
    for index, text in enumerate(texts):
        plain, at = "", 0
        for match in _TAG.finditer(text):
            plain += text[at : match.start()]
            name, start, at = match[2], len(plain), match.end()
            plain += name
            kind_of_name = match[1]
            mentions.append(Mention(index, start, len(plain), kind_of_name, name, name.split(" ")[-1]))  # type: ignore[arg-type]
        units.append(Unit(kind, plain + text[at:]))
    found = {m.entity or "": Entity(m.entity or "", m.type, m.text) for m in reversed(mentions)}
    found |= {entity.id: entity for entity in entities}
    return Cable(units=tuple(units), mentions=tuple(mentions), entities=tuple(found.values()))


def statements(*texts: str, kind: UnitKind = "body", entities: tuple[Entity, ...] = ()) -> tuple[Statement, ...]:
    return relate(cable(*texts, kind=kind, entities=entities)).statements


def sources(*texts: str, kind: UnitKind = "body") -> list[tuple[str, str]]:
    return [(each.source, each.cue) for each in statements(*texts, kind=kind)]


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("[PER Adra] said the port would open.", "Adra", "said"),
        ("The port would open, [PER Adra] said.", "Adra", "said"),
        ('"We will open the port," said [PER Adra].', "Adra", "said"),
        ("Foreign Minister [PER Lena Adra] told the press that the port would open.", "Adra", "told"),
        ("[PER Adra], who had come from the coast, warned that the port was closed.", "Adra", "warned"),
        ("[PER Adra] (strictly protect) confided that the port was closed.", "Adra", "confided"),
        ("[PER Adra], a lawyer from the coast, denied that the port was closed.", "Adra", "denied"),
        ("The pilot, [PER Adra], told the crew that the port was closed.", "Adra", "told"),
        ("[PER Adra] for his part claimed that the port was closed.", "Adra", "claimed"),
        ("[PER Adra] on May 8 asked that the port be closed.", "Adra", "asked"),
        ("[PER Adra] has repeatedly stressed that the port is closed.", "Adra", "stressed"),
        ("[PER Adra] thanked the crew and visited the port.", "Adra", "thanked"),
        ("[PER Adra] called a meeting and expressed his displeasure.", "Adra", "expressed"),
        ("[PER Adra] left for the coast, saying that the port was closed.", "Adra", "saying"),
        ("The crew was told by [PER Adra] that the port was closed.", "Adra", "told"),
        ("According to [PER Adra], the port was closed.", "Adra", "According to"),
        ("The port was closed, according to [PER Adra].", "Adra", "according to"),
        ("In [PER Adra]'s view, the port should be closed.", "Adra", "view"),
        ("[PER Adra]'s claim that the port was closed surprised many.", "Adra", "claim"),
        ("A question from [PER Adra] remained open.", "Adra", "question"),
        ("[PER Adra] was worried about the port.", "Adra", "worried"),
        ("[PER Adra] was quoted as saying that the port was closed.", "Adra", "quoted as saying"),
        ("[PER Adra] called econoff to report that the port was closed.", "Adra", "report"),
        ("[PER Adra] refused to say who closed the port.", "Adra", "say"),
        ("[PER Adra] would like the port to be closed.", "Adra", "like"),
    ],
)
def test_a_source_stands_before_behind_or_beside_its_cue(text: str, source: str, cue: str) -> None:
    assert sources(text) == [(source, cue)]


@pytest.mark.parametrize(
    "text",
    [
        "[ORG MOI] officials said the port was closed.",
        "The [ORG MOI] spokesman said the port was closed.",
        "A senior official of the [ORG MOI] said the port was closed.",
        "An official at the [ORG MOI] said the port was closed.",
        "The [ORG MOI] believes the port was closed.",
        "The port was closed, according to an [ORG MOI] official who saw it.",
        "An [ORG MOI] statement said the port was closed.",
    ],
)
def test_an_unnamed_official_stands_for_the_organisation(text: str) -> None:
    assert [source for source, _ in sources(text)] == ["MOI"]


@pytest.mark.parametrize(
    "text",
    [
        "[LOC Brazil] believes the port was closed.",
        "The [MISC Iraqis] said the port was closed.",
        "Poloff said the port was closed.",
        "We told the crew that the port was closed.",
        "XXXXXXXXXXXX said that the port was closed.",
        "A businessman told us that the port was closed.",
        "A friend of [PER Adra] said the port was closed.",
        "The port was closed, and the crew of [PER Adra] went home.",
        "[PER Adra] will say that the port is closed.",
        "If [PER Adra] asks for more, the port will be closed.",
        "[PER Adra] was told that the port was closed.",
        "When asked, the crew of the [LOC Atlas] had no answer.",
        "[PER Adra] was unable to announce a new port.",
        "[PER Adra] is expected to meet the crew.",
        "[PER Adra] raised two children.",
        "[PER Adra] hails from the coast and is chairman of a bank.",
        "The [ORG MOI] report was late.",
    ],
)
def test_places_peoples_the_unnamed_and_the_unreal_are_no_sources(text: str) -> None:
    assert sources(text) == []


def test_two_sources_of_a_sentence_are_two_statements_and_two_cues_of_one_source_are_one() -> None:
    assert sources("[PER Adra] said yes, but [PER Bell] argued that the port was closed.") == [
        ("Adra", "said"),
        ("Bell", "argued"),
    ]
    assert sources("[PER Adra] said yes, and added that the port was closed.") == [("Adra", "said")]
    assert sources("[PER Adra] and [PER Bell] agreed that the port was closed.") == [
        ("Adra", "agreed"),
        ("Bell", "agreed"),
    ]


def test_a_source_inside_what_another_says_is_within_that_one() -> None:
    outer, inner = statements("[PER Adra] said that [PER Bell] believes the port is closed.")
    assert (outer.source, outer.within) == ("Adra", None)
    assert (inner.source, inner.within) == ("Bell", "Adra")
    assert (outer.start, outer.end) == (inner.start, inner.end)


def test_a_clause_of_its_own_is_not_within_the_one_before() -> None:
    assert [each.within for each in statements("[PER Adra] said yes, but [PER Bell] argued for no.")] == [None, None]


def test_a_heading_has_a_source_where_it_is_a_sentence() -> None:
    assert sources("[PER ADRA] CLAIMS PORT IS CLOSED", kind="subject") == [("ADRA", "CLAIMS")]
    assert sources("[PER ADRA] EXPECTED TO CLOSE PORT", kind="subject") == []


def test_a_sentence_without_a_cue_has_no_statement() -> None:
    assert sources("[PER Adra] said the port was closed. The crew had gone home.") == [("Adra", "said")]


def test_a_denial_and_what_is_not_said_are_marked_as_denied() -> None:
    assert [each.denied for each in statements("[PER Adra] denied that the port was closed.")] == [True]
    assert [each.denied for each in statements("[PER Adra] did not say that the port was closed.")] == [True]
    assert [each.denied for each in statements("[PER Adra] said that the port was closed.")] == [False]


def test_the_classification_line_and_the_signature_say_nothing() -> None:
    assert sources("[PER Adra] said so.", kind="classified_by") == sources("[PER ADRA] SAID SO", kind="signature") == []


def test_statements_that_a_cable_had_are_replaced() -> None:
    once = relate(cable("[PER Adra] said the port was closed."))
    assert relate(once) == once


def test_a_cable_without_resolved_names_has_no_statements() -> None:
    assert (
        relate(Cable(units=(Unit("body", "Adra said so."),), mentions=(Mention(0, 0, 4, "PER", "Adra"),))).statements
        == ()
    )


_PIECES = (
    "[PER Adra]", "[PER Lena Bell]", "[ORG MOI]", "[LOC Tunis]", "[MISC Iraqi]", "he", "she", "they", "who", "said",
    "told", "that", "believed", "according", "to", "by", "and", ",", ".", "(", ")", '"', "“", "”", "the", "Minister",
    "official", "of", "met", "with", "in", "on", "May", "8", "was", "not", "will", "saying", "view", "'s",
    "xxxxxxxxxxxx", "others", "meeting", "between", "\n", ":", "Participants", "as",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_PIECES), max_size=40), max_size=3))
def test_no_text_raises_and_every_offset_lies_in_its_text(texts: list[list[str]]) -> None:
    related = relate(cable(*(" ".join(words) for words in texts)))
    known = {entity.id: entity.type for entity in related.entities}
    for each in related.statements:
        text = related.units[each.unit].text
        assert 0 <= each.start < each.end <= len(text)
        assert known[each.source] in {"PER", "ORG"}
        assert each.cue_start is not None
        assert text[each.cue_start :].startswith(each.cue)
        assert each.start <= each.cue_start < each.end
        if each.content_start is not None:
            assert each.content_end is not None
            assert each.start <= each.content_start < each.content_end <= each.end
        assert 0 < each.score <= 1
        assert each.within != each.source
    assert relate(related) == related


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_odd_characters_never_raise(text: str) -> None:
    names = tuple(Mention(0, at, at + 2, "PER", text[at : at + 2], "e1") for at in range(0, max(len(text) - 2, 0), 7))
    relate(Cable(units=(Unit("body", text),), mentions=names, entities=(Entity("e1", "PER", "x"),)))


def test_an_endless_sentence_is_read_in_linear_time() -> None:
    assert len(statements("[PER Adra] said and (x) and others " * 4000)) > 0
