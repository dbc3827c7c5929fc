"""Roles in front of a name and behind it. The cables are invented."""

from __future__ import annotations

import pytest

from reftel.model import Cable, Mention, Unit
from reftel.resolve.roles import Role, country_of_people, role_after, role_before, roles_of, titles_in
from reftel.resolve.sightings import Sighting, sightings


def before(text: str) -> Role:
    """The role in front of the first mention."""
    role = role_before(seen(text))
    assert role
    return role


def seen(text: str) -> Sighting:
    """The first mention, marked with brackets; a second pair of brackets is a person too."""
    mentions, plain = [], ""
    for at, piece in enumerate(text.replace("]", "[").split("[")):
        if at % 2:
            mentions.append(Mention(0, len(plain), len(plain) + len(piece), "PER", piece))
        plain += piece
    return sightings(Cable(units=(Unit("body", plain),), mentions=tuple(mentions)))[0]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("They saw National Security Advisor [Karimi].", "National Security Advisor"),
        ("They saw Minister of Defense [Karimi].", "Minister of Defense"),
        ("They saw former Samarkand governor [Karimi].", "former Samarkand governor"),
        ("They saw PM [Karimi].", "PM"),
        ("On Tuesday President [Karimi] left.", "President"),
        ("He told Foreign Minister [Karimi] no.", "Foreign Minister"),
        ("A SPEECH BY DEPUTY MINISTER [KARIMI]", "DEPUTY MINISTER"),
        ("It was late. President [Karimi] left.", "President"),
        ("They work in Samarkand under President [Karimi].", "President"),
        ("They saw Foreign Under Secretary [Karimi].", "Foreign Under Secretary"),
        ("They saw Charge [Karimi].", "Charge"),
    ],
)
def test_a_role_in_front(text: str, role: str) -> None:
    found = role_before(seen(text))
    assert found
    assert found.text == role


@pytest.mark.parametrize(
    "text",
    ["He met [Karimi].", "They would charge [Karimi].", "the visit of [Karimi]", "in Tashkent, [Karimi]", "([Karimi])"],
)
def test_no_role_in_front(text: str) -> None:
    assert role_before(seen(text)) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("[Karimi], secretary of the Water Council, left.", "secretary of the Water Council"),
        ("[Karimi], the deputy minister, left.", "deputy minister"),
        ("[Karimi] (the deputy minister) left.", "deputy minister"),
        ("[Karimi], a former minister.", "former minister"),
        ("[Karimi], head of the Aral Coast Fund, who left", "head of the Aral Coast Fund"),
    ],
)
def test_a_role_behind(text: str, role: str) -> None:
    found = role_after(seen(text))
    assert found
    assert found.text == role


@pytest.mark.parametrize(
    "text",
    ["[Karimi], President [Ostrov] and others", "[Karimi], the Ambassador said no", "[Karimi] left.", "[Karimi] (PDS)"],
)
def test_no_role_behind(text: str) -> None:
    assert role_after(seen(text)) is None


def test_a_nationality_and_a_country_are_the_country_of_the_role() -> None:
    assert before("French Foreign Minister [Karimi]").country == "FR"
    after = role_after(seen("[Karimi], President of Chile, left"))
    assert after
    assert after.country == "CI"
    assert country_of_people("Uzbek") == "UZ"
    assert country_of_people("Tashkent") is None


def test_a_mere_mister_is_no_role_but_tells_the_gender() -> None:
    (role,) = roles_of(seen("They saw Mrs. [Karimi]."))
    assert (role.text, role.gender) == ("", "f")


def test_an_abbreviated_office_is_known_in_full() -> None:
    assert "foreign minister" in before("They saw FM [Karimi].").titles


def test_heads_and_rulers() -> None:
    assert before("then President [Karimi]").is_head
    assert not before("Vice President [Karimi]").is_head
    assert before("King [Jamshid]").is_ruler
    assert before("Prince [Jamshid]").is_royal


def test_a_joined_title_has_two_title_words() -> None:
    assert titles_in("Minister-Counselor") == ("minister", "counselor")
    assert titles_in("Damascus") == ()
