"""Sightings, kinship, second names, places and organisations: what resolving a cable stands on. All are invented."""

from __future__ import annotations

import pytest

from reftel.model import Cable, Mention, Span, Unit
from reftel.resolve.acronyms import introduced
from reftel.resolve.kinship import family_of, is_relative, kept_apart
from reftel.resolve.names import parse_name
from reftel.resolve.organizations import initials, label_organization, name_key, short_forms
from reftel.resolve.places import label_people, label_place, same_places
from reftel.resolve.sightings import Sighting, sightings, written
from reftel.resolve.words import known


def seen(text: str, kind: str = "PER", redactions: tuple[Span, ...] = ()) -> list[Sighting]:
    """The mentions of a text, marked with brackets."""
    mentions, plain = [], ""
    for at, piece in enumerate(text.replace("]", "[").split("[")):
        if at % 2:
            mentions.append(Mention(0, len(plain), len(plain) + len(piece), kind, piece))  # type: ignore[arg-type]
        plain += piece
    return sightings(Cable(units=(Unit("body", plain),), mentions=tuple(mentions), redactions=redactions))


def test_a_mention_is_written_on_one_line_without_possessive_and_quotes() -> None:
    assert written('"Rustam \n Karimi\'s"') == "Rustam Karimi"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Steinov\nWHA", "Steinov"),
        ("Karimi-supporters", "Karimi"),
        ("Kim Jong-nam", "Kim Jong-nam"),
        ("FS Karimi", "Karimi"),
        ("Charge Brushov", "Brushov"),
        ("Philip Ostrov PA", "Philip Ostrov"),
        ("a.k.a. Karim", "Karim"),
        ("von Ostrov", "von Ostrov"),
    ],
)
def test_a_persons_name_is_without_what_the_tagger_took_with_it(text: str, name: str) -> None:
    assert seen(f"[{text}]")[0].text == name


def test_what_surrounds_a_person_ends_at_the_next_one() -> None:
    one, other = seen("President [Karimi] and FM [Ostrov] left.")
    assert (one.before, one.after, one.next_is_person) == ("President ", " and FM ", True)
    assert (other.before, other.after, other.next_is_person) == (" and FM ", " left.", False)


def test_a_redaction_beside_a_name_makes_it_partial() -> None:
    assert seen("XXXXXX [Khan]", redactions=(Span(0, 0, 6),))[0].is_partial
    assert not seen("XXXXXX, [Khan]", redactions=(Span(0, 0, 6),))[0].is_partial
    assert seen("[xxxxx Khan]")[0].is_partial


def test_a_family_is_told_by_its_word_or_its_plural() -> None:
    surnames = frozenset({"obeidi"})
    for text in ("the [Obeidi] family", "the [Obeidis] left", "both [Obeidis]", "the [Obeidi] brothers"):
        sighting = seen(text)[0]
        assert family_of(sighting, parse_name(sighting.text), surnames) == "obeidi"
    sighting = seen("the [Burns] visit")[0]
    assert family_of(sighting, parse_name("Burns"), surnames) is None


def test_relatives_are_told_in_front_and_behind() -> None:
    assert is_relative(seen("his son [Karim]")[0])
    assert is_relative(seen("[Karim], the President's nephew, left")[0])
    assert not is_relative(seen("the minister [Karim]")[0])


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("[Karimi]'s nephew [Anvar Karimi]", True),
        ("[Anvar Karimi], a nephew of President [Karimi]", True),
        ("[Karimi] and [Anvar Karimi]", True),
        ("After meeting [Anvar Karimi], [Karimi] left", False),
        ("[Anvar Karimi] said so. [Karimi] left", False),
    ],
)
def test_neighbours_that_the_text_makes_two(text: str, apart: bool) -> None:
    found = [(sighting, parse_name(sighting.text)) for sighting in seen(text)]
    assert bool(kept_apart(found)) is apart


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[Water Users Council] ([WUC])", "ORG"),
        ("[WUC] ([Water Users Council])", "ORG"),
        ("the [Water Users Council]'s ([WUC]) plan", "ORG"),
        ("the [Water Users Council], [WUC], said", "ORG"),
        ("[Office of Banks] ([OFIBAN])", "ORG"),
        ("[Kara Valley Industrial Zone] ([KVIZ])", "LOC"),
        ("[Rustam Karimi] (aka [Timur])", "PER"),
        ('[Rustam Karimi] ("[Timur]")', "PER"),
        ("[Hamid bin Rashid] ([HbR])", "PER"),
    ],
)
def test_a_second_name_is_introduced(text: str, kind: str) -> None:
    found = seen(text, kind)
    plain = text.replace("[", "").replace("]", "")
    assert introduced(found, [plain]) == [(found[0], found[1])]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[Rustam Karimi] ([Ostrov])", "PER"),
        ("[Samarkand] ([Bukhara])", "LOC"),
        ("the [Water Users Council], [WUC], and others", "ORG"),
        ("[Rustam Karimi] met [RK]", "PER"),
    ],
)
def test_no_second_name(text: str, kind: str) -> None:
    assert introduced(seen(text, kind), [text.replace("[", "").replace("]", "")]) == []


def test_places_have_the_label_of_their_country_or_their_bare_name() -> None:
    assert label_place("U.S.", "UZ") == label_place("United States", "UZ") == "country:US"
    assert label_place("Zarafsh District", None) == label_place("Zarafsh", None) == "loc zarafsh"


def test_an_acronym_of_a_place_is_not_looked_up_among_cities() -> None:
    assert label_place("KIC", "KS") == "loc kic"


def test_peoples_have_the_label_of_their_country() -> None:
    assert label_people("Iranians", None) == label_people("anti-Iranian", None) == label_people("Iranian-made", None)
    assert label_people("Iranian", None) == "people:IR"
    assert label_people("Halloween", None) is None


def test_places_in_two_spellings_are_paired() -> None:
    assert same_places(["Zarafshonabad", "Zarafshanabad", "Bukhoro"]) == [("Zarafshonabad", "Zarafshanabad")]


def test_an_organisation_has_its_key_or_its_folded_name() -> None:
    assert label_organization("GOI", ["IZ"]) == ("government:IZ", "IZ")
    assert label_organization("The Zarya Fund", [None]) == ("org zaryafund", None)
    assert name_key("PRTs") == name_key("PRT")


def test_initials_are_with_and_without_small_words() -> None:
    assert initials("Center for Arctic Studies") == {"cfas", "cas"}
    assert initials("Zarya") == set()


def test_short_forms_lead_to_the_one_full_name() -> None:
    names = {("Zarya Airlines", "ORG"): "a", ("Zarya", "ORG"): "b", ("Zarya", "MISC"): "c"}
    assert short_forms(names, None) == [("b", "a")]
    assert short_forms(names | {("Zarya Bank", "ORG"): "d"}, None) == []


def test_word_classes_are_sets_of_small_words() -> None:
    assert "bin" in known("particle")
    with pytest.raises(KeyError):
        known("no such class")
