"""Whom pronouns and titles without a name mean."""

from __future__ import annotations

import re

import pytest

from reftel.model import Cable, Entity, Mention, Officer, Unit
from reftel.relate import relate

_TAG = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\]]+)\]")


def sources(*texts: str, signed: str | None = None, classified: str | None = None) -> list[str]:
    """The sources of all statements in order; a name is an entity whose id is its last word."""
    units, mentions = [], []
    for index, text in enumerate((*texts, f"[PER {signed}]") if signed else texts):
        plain, at = "", 0
        for match in _TAG.finditer(text):
            plain += text[at : match.start()]
            start, at = len(plain), match.end()
            plain += match[2]
            mentions.append(Mention(index, start, len(plain), match[1], match[2], match[2].split(" ")[-1]))  # type: ignore[arg-type]
        is_signature = signed is not None and index == len(texts)
        is_line = classified is not None and index == 0
        units.append(Unit("signature" if is_signature else "classified_by" if is_line else "body", plain + text[at:]))
    entities = {m.entity or "": Entity(m.entity or "", m.type, m.text) for m in reversed(mentions)}
    officer = Officer(None, classified) if classified else None
    found = Cable(
        units=tuple(units), mentions=tuple(mentions), entities=tuple(entities.values()), classified_by=officer
    )
    return [each.source for each in relate(found).statements]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("[PER Adra] said yes. He added that the port was closed.",), ["Adra", "Adra"]),
        (("[PER Adra] said yes.", "On other issues, he said no."), ["Adra", "Adra"]),
        (("[PER Adra] told [PER Bell] yes. He added that the port was closed.",), ["Adra", "Adra"]),
        (("[PER Adra] asked [PER Bell] about it. He replied that the port was closed.",), ["Adra", "Bell"]),
        (("We met [PER Bell], who confirmed it. He added that the port was closed.",), ["Bell", "Bell"]),
        (("According to [PER Bell], [PER Adra] was ill. He claimed the port was closed.",), ["Bell", "Bell"]),
        (("[PER Adra] said he believed the port was closed.",), ["Adra"]),
        (("The [ORG MOI] said yes. They added that the port was closed.",), ["MOI", "MOI"]),
    ],
)
def test_a_pronoun_is_whom_the_text_is_about(texts: tuple[str, ...], found: list[str]) -> None:
    assert sources(*texts) == found


@pytest.mark.parametrize(
    "text",
    [
        "[PER Adra] said yes. XXXXXXXXXXXX said no. He added that the port was closed.",
        "[PER Adra] said yes. A businessman said no. He added that the port was closed.",
    ],
)
def test_he_is_nobody_with_a_name_after_somebody_without_one(text: str) -> None:
    assert sources(text) == ["Adra"]


def test_a_name_behind_a_pronoun_is_not_whom_it_means() -> None:
    assert sources("He described [PER Adra] as ill.") == []


def test_she_is_a_woman_where_title_or_name_tells() -> None:
    assert sources("Mrs. [PER Adra] met King [PER Bell]. She said the port was closed.") == ["Adra"]
    assert sources("In a talk with [PER Maria Adra], she said the port was closed.") == ["Adra"]


def test_i_in_a_quotation_is_who_is_quoted() -> None:
    assert sources("[PER Adra] said, “We closed the port. I asked you to come.”") == ["Adra", "Adra"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Governor [PER Adra] came. The Governor said the port was closed.", ["Adra"]),
        ("Vice President [PER Adra] and President [PER Bell] came. The President said no.", ["Bell"]),
        ("Vice President [PER Adra] and President [PER Bell] came. The Vice President said no.", ["Adra"]),
        ("PM [PER Adra] came. The Prime Minister said no.", ["Adra"]),
        ("[PER Adra], Minister of Trade, came. The Minister said no.", ["Adra"]),
        ("The [ORG ISAF] commander came. The commander said no.", ["ISAF"]),
        ("The Minister said no.", []),
        ("Governor [PER Adra] came. A minister said no.", []),
    ],
)
def test_a_title_without_a_name_means_who_bears_it(text: str, found: list[str]) -> None:
    assert sources(text) == found


def test_the_ambassador_is_the_post_s_own() -> None:
    assert sources("Ambassador [PER Adra] came. The Ambassador said no.") == ["Adra"]
    assert sources("The Ambassador said no.", signed="ADRA") == ["ADRA"]
    assert sources("[MISC British] Ambassador [PER Bell] came. The Ambassador said no.", signed="ADRA") == ["ADRA"]
    assert sources("The Ambassador said no.") == []


def test_who_classified_the_cable_bears_the_title_of_that_line() -> None:
    assert sources("DCM [PER Ada Quill], reason 1.4 (b).", "The DCM said no.", classified="DCM") == ["Quill"]
