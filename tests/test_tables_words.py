"""Titles and the parts of names."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel import tables
from reftel.tables.titles import ModifierKind, TitleKind


@pytest.mark.parametrize(
    ("written", "expansion", "kind", "staff"),
    [
        ("FM", "Foreign Minister", "office", False),
        ("PM", "Prime Minister", "office", False),
        ("DefMin", "Defense Minister", "office", False),
        ("A/S", "Assistant Secretary", "office", False),
        ("PDAS", "Principal Deputy Assistant Secretary", "office", False),
        ("Lt. Gen.", "Lieutenant General", "rank", False),
        ("LTC", "Lieutenant Colonel", "rank", False),
        ("Shaykh", "Sheikh", "religious", False),
        ("Crown Prince", "Crown Prince", "royal", False),
        ("MR.", "Mr", "honorific", False),
        ("DCM", "Deputy Chief of Mission", "staff", True),
        ("poloffs", "political officer", "staff", True),
        ("EmbOff", "embassy officer", "staff", True),
        ("Chargé", "Charge d'Affaires", "staff", True),
    ],
)
def test_a_title_has_its_expansion_and_kind(written: str, expansion: str, kind: TitleKind, staff: bool) -> None:
    found = tables.title(written)
    assert found is not None
    assert (found.expansion, found.kind, found.staff) == (expansion, kind, staff)


def test_another_word_is_no_title() -> None:
    assert tables.title("hat") is None
    assert tables.title("") is None


def test_title_words_are_in_lower_case_without_dots() -> None:
    assert {"lieutenant colonel", "lt gen", "fm", "dcm"} <= tables.title_words()
    assert all(word == tables.folded(word) for word in tables.title_words())


def test_titles_and_modifiers_have_a_known_kind() -> None:
    for row in tables.rows("titles.csv"):
        assert row["kind"] in get_args(TitleKind), row
        assert row["staff"] in {"", "yes"}
    for row in tables.rows("title_modifiers.csv"):
        assert row["kind"] in get_args(ModifierKind), row


@pytest.mark.parametrize("table", ["titles.csv", "title_modifiers.csv"])
def test_no_word_leads_to_two_titles(table: str) -> None:
    seen: dict[str, str] = {}
    for row in tables.rows(table):
        for word in {tables.folded(w) for w in (row["word"], *tables.cells(row["also"]))}:
            assert seen.setdefault(word, row["word"]) == row["word"], word


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Deputy", "before"),
        ("former", "time"),
        ("then-", "time"),
        ("Minister of", "head"),
        ("Director General for", "head"),
        ("designate", "side"),
    ],
)
def test_a_modifier_has_its_kind(written: str, kind: ModifierKind) -> None:
    found = tables.title_modifier(written)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("written", "sex"),
    [("José", "male"), ("MOHAMED", "male"), ("Condoleezza", "female"), ("Fatemeh", "female"), ("Leslie", None)],
)
def test_a_given_name_has_its_sex_where_only_one_bears_it(written: str, sex: str | None) -> None:
    found = tables.given_name(written)
    assert found is not None
    assert found.sex == sex


def test_a_surname_is_no_given_name() -> None:
    assert tables.given_name("Satterthwaite") is None


def test_romanisations_of_a_name_have_one_root() -> None:
    assert {tables.name_root(n) for n in ("Mohammed", "Muhammad", "MOHAMAD")} == {"muhammad"}
    assert {tables.name_root(n) for n in ("Yusuf", "Youssef", "Yousif")} == {"yusuf"}
    assert tables.name_root("Gaddafi") == tables.name_root("Qadhafi")
    assert tables.name_root("Hussein") == tables.name_root("Husayn")
    assert "yousif" in tables.name_variants("Youssef")


def test_the_same_name_in_another_language_is_a_cognate_only() -> None:
    assert tables.name_root("Miguel") != tables.name_root("Mikhail")
    assert tables.name_root("Miguel", cognates=True) == tables.name_root("Mikhail", cognates=True)


def test_no_spelling_leads_to_two_names() -> None:
    seen: dict[str, str] = {}
    for row in tables.rows("name_variants.csv"):
        for form in {
            tables.folded(f) for f in (row["name"], *tables.cells(row["variants"]), *tables.cells(row["cognates"]))
        }:
            assert seen.setdefault(form, row["name"]) == row["name"], form


def test_given_names_have_one_row_each_and_particles_too() -> None:
    for table, column in (("given_names.csv", "name"), ("particles.csv", "particle")):
        names = [tables.folded(row[column]) for row in tables.rows(table)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("word", ["al", "Al-", "bin", "Ibn", "abu", "von", "van der", "de la", "dos", "ul", "Mc"])
def test_particles_of_names_are_known(word: str) -> None:
    assert tables.is_particle(word)


@given(st.text())
def test_no_text_makes_a_word_raise(text: str) -> None:
    tables.title(text)
    tables.title_modifier(text)
    tables.given_name(text)
    tables.name_root(text, cognates=True)
    tables.name_variants(text)
    tables.is_particle(text)
