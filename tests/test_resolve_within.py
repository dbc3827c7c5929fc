"""Within one cable: from mentions to entities. The cables are invented."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Cable, Entity, Mention, Officer, Span, Tag, Unit
from reftel.resolve import resolve

_MARKED = re.compile(r"\[(PER|LOC|ORG|MISC) ([^\[\]]+)\]")


def a_cable(*texts: str, post: str = "Embassy Tashkent", **fields: Any) -> Cable:
    """A cable of body units with marked mentions; a text that begins with "KIND:" is a unit of that kind."""
    units: list[Unit] = []
    mentions: list[Mention] = []
    for text in texts:
        kind, colon, rest = text.partition(": ")
        is_kind = colon and kind in {"subject", "classified_by", "signature", "comment"}
        marked = rest if is_kind else text
        plain, at = "", 0
        for match in _MARKED.finditer(marked):
            plain += marked[at : match.start()]
            mentions.append(Mention(len(units), len(plain), len(plain) + len(match[2]), match[1], match[2]))  # type: ignore[arg-type]
            plain, at = plain + match[2], match.end()
        units.append(Unit(kind if is_kind else "body", plain + marked[at:]))  # type: ignore[arg-type]
    return Cable(post=post, units=tuple(units), mentions=tuple(mentions), **fields)


def groups(cable: Cable) -> list[list[str]]:
    """The texts of each entity's mentions, entity by entity."""
    done = resolve(cable)
    return [[m.text for m in done.mentions if m.entity == entity.id] for entity in done.entities]


def entity(cable: Cable, name: str) -> Entity:
    """The entity of that name."""
    return next(found for found in resolve(cable).entities if found.name == name)


def test_full_and_partial_names_are_one_person() -> None:
    cable = a_cable("[PER Rustam al-Karimi] spoke. [PER Karimi]'s aide listened. [PER al-Karimi] left.")
    assert groups(cable) == [["Rustam al-Karimi", "Karimi", "al-Karimi"]]


def test_ids_count_the_entities_in_the_order_of_appearance() -> None:
    done = resolve(a_cable("[PER Karimi] went to [LOC Samarkand].", "[LOC Samarkand] received [PER Yusupov]."))
    assert [m.entity for m in done.mentions] == ["e1", "e2", "e2", "e3"]
    assert [e.id for e in done.entities] == ["e1", "e2", "e3"]


def test_the_name_is_the_fullest_form_and_the_others_are_aliases_in_order() -> None:
    found = entity(a_cable("[PER Karimi] and later [PER Rustam Karimi], once [PER R. Karimi]."), "Rustam Karimi")
    assert found.aliases == ("Karimi", "R. Karimi")


def test_a_subject_in_capitals_gives_the_name_only_where_the_text_has_no_other() -> None:
    cable = a_cable("subject: [PER KARIMI] MEETS [PER OSTROV]", "[PER Karimi] was friendly.")
    assert {e.name for e in resolve(cable).entities} == {"Karimi", "OSTROV"}
    assert entity(cable, "Karimi").aliases == ()


def test_a_possessive_is_no_part_of_the_name() -> None:
    assert entity(a_cable("[PER Karimi's] plan, [PER Morales'] plan"), "Karimi").aliases == ()


def test_a_title_in_front_is_the_role_and_a_nationality_its_country() -> None:
    found = entity(a_cable("We met [MISC Iranian] Foreign Minister [PER Karimi]."), "Karimi")
    assert (found.role, found.country) == ("Foreign Minister", "IR")


def test_a_position_behind_the_name_is_the_role() -> None:
    cable = a_cable("[PER Rustam Karimi], secretary of the [ORG Supreme Water Council], agreed.")
    assert entity(cable, "Rustam Karimi").role == "secretary of the Supreme Water Council"


def test_a_position_in_brackets_is_the_role() -> None:
    assert entity(a_cable("[PER Karimi] (the deputy minister) agreed."), "Karimi").role == "deputy minister"


def test_the_longest_role_in_mixed_case_is_given() -> None:
    cable = a_cable("subject: DEPUTY FOREIGN MINISTER [PER KARIMI]", "FM [PER Karimi]. Foreign Minister [PER Karimi].")
    assert entity(cable, "Karimi").role == "Foreign Minister"


def test_the_classifier_has_the_title_of_the_line() -> None:
    cable = a_cable(
        "classified_by: Charge d'Affaires [PER Ada Berg]",
        classified_by=Officer("Ada Berg", "Charge d'Affaires, a.i."),
    )
    assert entity(cable, "Ada Berg").role == "Charge d'Affaires, a.i."


def test_a_signature_is_the_ambassador_of_the_text() -> None:
    cable = a_cable("Ambassador [PER Berg] met [PER Karimi].", "signature: [PER BERG]")
    assert groups(cable)[0] == ["Berg", "BERG"]
    assert entity(cable, "Berg").role == "Ambassador"


def test_a_signature_is_not_somebody_of_another_calling() -> None:
    assert groups(a_cable("Journalist [PER Lee Berg] wrote.", "signature: [PER BERG]")) == [["Lee Berg"], ["BERG"]]


@pytest.mark.parametrize(
    ("mrn", "post", "role"),
    [
        (None, "Embassy Tashkent", "chief of mission"),
        (None, "Consulate Lagos", "principal officer"),
        ("09STATE12", "Secretary of State", "Secretary of State"),
    ],
)
def test_a_signature_alone_has_the_role_of_who_signs_at_the_post(mrn: str | None, post: str, role: str) -> None:
    found = entity(a_cable("signature: [PER BERG]", mrn=mrn, post=post), "BERG")
    assert (found.role, found.country) == (role, "US")


def test_an_acronym_in_brackets_is_the_same_organisation_in_both_orders() -> None:
    cable = a_cable("The [ORG Water Users Council] ([ORG WUC]) and [ORG ACF] ([ORG Aral Coast Fund]). [ORG WUC] left.")
    assert groups(cable) == [["Water Users Council", "WUC", "WUC"], ["ACF", "Aral Coast Fund"]]


def test_an_acronym_without_brackets_is_the_one_name_with_those_initials() -> None:
    assert groups(a_cable("[ORG Polar Star Airlines] flew. [ORG PSA] landed.")) == [["Polar Star Airlines", "PSA"]]
    both = "[ORG Polar Star Airlines], [ORG Pamir Steel Agency]. [ORG PSA] landed."
    assert ["PSA"] in groups(a_cable(both))


def test_a_nickname_in_brackets_names_the_person_from_then_on() -> None:
    cable = a_cable("Crown Prince [PER Hamid bin Rashid] ([PER HbR]) spoke.", "[PER HbR] left. [PER Hamid] returned.")
    assert groups(cable) == [["Hamid bin Rashid", "HbR", "HbR", "Hamid"]]


def test_a_slip_of_spelling_is_the_same_person() -> None:
    cable = a_cable("[PER Rustam Akhunzada] and [PER Rustam Akhundzada]; [PER Akunzada] too.")
    assert len(groups(cable)) == 1


def test_two_given_names_are_two_persons() -> None:
    assert len(groups(a_cable("[PER Ali Karimi] met [PER Rustam Karimi]."))) == 2


def test_a_family_is_not_one_of_its_members() -> None:
    cable = a_cable(
        "[PER Rustam Obeidi] spoke for the [PER Obeidi] family. [PER Obeidi] left. The [PER Obeidis] stayed."
    )
    assert groups(cable) == [["Rustam Obeidi", "Obeidi"], ["Obeidi", "Obeidis"]]


def test_a_family_in_the_subject_is_the_one_of_the_text() -> None:
    cable = a_cable("subject: [PER OBEIDIS] RISE", "The [PER Obeidis] rose. [PER Rustam Obeidi] did not.")
    assert groups(cable) == [["OBEIDIS", "Obeidis"], ["Rustam Obeidi"]]


def test_a_surname_in_two_parts_is_not_the_wifes() -> None:
    cable = a_cable("President [PER Ben Salim] spoke. His wife [PER Leila Ben Salim] did not. [PER Ben Salim] left.")
    assert groups(cable) == [["Ben Salim", "Ben Salim"], ["Leila Ben Salim"]]


def test_of_two_khans_the_title_decides() -> None:
    cable = a_cable(
        "General [PER Omar Khan] met Judge [PER Amin Khan].", "General [PER Khan] and Judge [PER Khan] agreed."
    )
    assert groups(cable) == [["Omar Khan", "Khan"], ["Amin Khan", "Khan"]]


def test_of_two_khans_the_last_one_in_the_paragraph_is_meant() -> None:
    cable = a_cable("[PER Omar Khan] spoke. [PER Khan] smiled. [PER Amin Khan] replied. [PER Khan] left.")
    assert groups(cable) == [["Omar Khan", "Khan"], ["Amin Khan", "Khan"]]


def test_in_the_next_paragraph_who_is_usually_called_so_is_meant() -> None:
    first = "[PER Omar Khan] spoke. [PER Khan] smiled. [PER Khan] left."
    assert groups(a_cable(first, "He knew [PER Amin Khan].", "[PER Khan] returned."))[1] == ["Amin Khan"]


def test_mister_and_missis_are_two() -> None:
    assert groups(a_cable("Mr. [PER Karimi] came with Mrs. [PER Karimi].")) == [["Karimi"], ["Karimi"]]


def test_a_relative_is_apart_from_who_shares_the_surname() -> None:
    cable = a_cable("President [PER Karimi]'s nephew, [PER Anvar Karimi], called. [PER Karimi] was silent.")
    assert groups(cable) == [["Karimi", "Karimi"], ["Anvar Karimi"]]


def test_a_king_is_nobody_with_that_name_as_a_surname() -> None:
    assert len(groups(a_cable("King [PER Abdullah] received [PER Rashid Abdullah]."))) == 2


def test_president_hu_is_hu_with_the_given_name_behind() -> None:
    assert len(groups(a_cable("President [PER Hu] spoke. [PER Hu Liangmin] left."))) == 1


def test_two_persons_in_one_word_are_neither() -> None:
    cable = a_cable("The [PER Karimi-Ostrov] talks. [PER Karimi] left, [PER Ostrov] stayed.")
    assert groups(cable) == [["Karimi-Ostrov"], ["Karimi"], ["Ostrov"]]


def test_a_name_that_a_redaction_cuts_is_its_own() -> None:
    text = "XXXXXXXXXXXX [PER Khan] spoke, xxxxx [PER Khan] too. [PER Omar Khan] left."
    cable = a_cable(text, redactions=(Span(0, 0, 12), Span(0, 25, 30)))
    assert groups(cable) == [["Khan"], ["Khan"], ["Omar Khan"]]


def test_the_names_of_a_country_are_one_place_and_its_government_another_thing() -> None:
    cable = a_cable(
        "[LOC U.S.], [LOC United States], [LOC US]; [ORG USG]; [LOC Iran] and [LOC Islamic Republic of Iran]."
    )
    assert groups(cable) == [["U.S.", "United States", "US"], ["USG"], ["Iran", "Islamic Republic of Iran"]]
    assert entity(cable, "United States").key == "country:US"


def test_a_people_is_one_entity_named_by_the_adjective() -> None:
    cable = a_cable("[MISC Iranians] and [MISC Iranian-made] goods from [LOC Iran]")
    found = entity(cable, "Iranian")
    assert (found.key, found.country, found.aliases) == ("people:IR", "IR", ("Iranians", "Iranian-made"))


def test_goi_is_the_government_of_the_post_or_of_the_tags() -> None:
    text = "The [ORG GOI] and the [ORG Government of Iraq] agreed."
    assert entity(a_cable(text, post="Embassy Baghdad"), "Government of Iraq").key == "government:IZ"
    assert entity(a_cable("[ORG GOI]", post="Embassy New Delhi"), "GOI").country == "IN"
    tags = (Tag("IZ", "geography", "Iraq"),)
    assert entity(a_cable("[ORG GOI]", mrn="09STATE12", tags=tags), "GOI").country == "IZ"


def test_a_ministry_named_with_another_country_is_another_ministry() -> None:
    cable = a_cable("The [ORG MFA] called. The [MISC French] [ORG MFA] did not.", post="Embassy Baghdad")
    assert groups(cable)[0] == ["MFA"]
    assert len(groups(cable)) == 3


def test_an_army_without_its_country_is_the_one_at_home() -> None:
    cable = a_cable("The [ORG Colombian Coast Guard] and the [ORG Coast Guard].", post="Embassy Bogota")
    assert len(groups(cable)) == 1


def test_an_adherent_is_not_the_party() -> None:
    assert len(groups(a_cable("The [ORG Socialist Party] and the [MISC Socialists]."))) == 2


def test_one_string_under_two_types_is_one_thing_where_one_type_prevails() -> None:
    cable = a_cable("[ORG Zarya] [ORG Zarya] [ORG Zarya] [MISC Zarya]")
    assert [e.type for e in resolve(cable).entities] == ["ORG"]


def test_mentions_keep_all_but_their_entity() -> None:
    cable = a_cable("[PER Karimi] met [PER Rustam Karimi] in [LOC Samarkand].")
    plain = [(m.unit, m.start, m.end, m.type, m.text) for m in cable.mentions]
    assert [(m.unit, m.start, m.end, m.type, m.text) for m in resolve(cable).mentions] == plain


def test_a_cable_without_mentions_has_no_entities() -> None:
    assert resolve(Cable()).entities == ()


_NAMES = st.sampled_from(
    [
        *("Karimi", "Rustam Karimi", "R. Karimi", "KARIMI", "Ostrov", "Anna Ostrova", "HbR", "Hamid bin Rashid"),
        *("xxxxx Khan", "Iran", "Iranian", "Iranians", "GOI", "Water Users Council", "WUC", "U.S."),
        *("the", "a", "-", "'s", "Ünal", "É"),
    ]
)
_TYPES = st.sampled_from(["PER", "LOC", "ORG", "MISC"])
_BETWEEN = st.sampled_from(
    [" and ", ", ", " (", ") ", "'s brother ", ". President ", " -- ", " XXXXXXXXXXXX ", "\n", " Mrs. "]
)
_KINDS = st.sampled_from(["subject: ", "", "", "signature: ", "classified_by: "])


@st.composite
def cables(draw: st.DrawFn) -> Cable:
    """Cables of any names in any order."""
    texts = []
    for _ in range(draw(st.integers(0, 4))):
        pieces = draw(st.lists(st.tuples(_TYPES, _NAMES, _BETWEEN), max_size=8))
        texts.append(draw(_KINDS) + "".join(f"[{kind} {name}]{between}" for kind, name, between in pieces))
    return a_cable(*texts)


@given(cables())
def test_every_mention_has_an_entity_that_exists_and_every_entity_a_mention(cable: Cable) -> None:
    done = resolve(cable)
    assert {m.entity for m in done.mentions} == {e.id for e in done.entities}
    assert [e.id for e in done.entities] == [f"e{n}" for n in range(1, len(done.entities) + 1)]


@given(cables())
def test_resolving_twice_gives_the_same(cable: Cable) -> None:
    once = resolve(cable)
    assert resolve(once) == once
    assert resolve(cable) == once


@given(cables())
def test_aliases_are_other_forms_once_each(cable: Cable) -> None:
    for found in resolve(cable).entities:
        forms = Counter(alias.casefold() for alias in found.aliases)
        assert found.name.casefold() not in forms
        assert set(forms.values()) <= {1}


@given(cables())
def test_a_redacted_name_is_alone(cable: Cable) -> None:
    done = resolve(cable)
    uses = Counter(m.entity for m in done.mentions)
    assert all(uses[m.entity] == 1 for m in done.mentions if m.type == "PER" and "xxxx" in m.text)
