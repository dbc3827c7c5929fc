import pytest

from reftel.model import MentionType
from reftel.tag.rules import Span, agree, apply, bounds, capitalised, in_full, known, never, outside, part, repeat


def at(text: str, name: str, kind: MentionType = "LOC", score: float = 0.95) -> Span:
    start = text.index(name)
    return Span(start, start + len(name), kind, score)


def shown(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.type) for s in spans]


@pytest.mark.parametrize(
    ("text", "name", "kind", "whole"),
    [
        ("the Iranian-made rockets", "Iranian", "MISC", ("Iranian-made", "MISC")),
        ("a U.S.-based firm", "U.S.", "LOC", ("U.S.-based", "MISC")),
        ("a U.S.-based firm", "U.S.-", "LOC", ("U.S.-based", "MISC")),
        ("an anti-Iranian mood", "Iranian", "MISC", ("anti-Iranian", "MISC")),
        ("to UNIT-I now", "UNIT-", "ORG", ("UNIT-I", "ORG")),
        ("Mrs. Carter-Holm said", "Carter", "PER", ("Carter-Holm", "PER")),
        ("Peru's coast", "Peru's", "LOC", ("Peru", "LOC")),
        ("Okonjo,s staff", "Okonjo,s", "PER", ("Okonjo", "PER")),
        ("the ministers' Lima talks.", "Lima talks.", "MISC", ("Lima talks", "MISC")),
        ("in the U.S.", "U.S.", "LOC", ("U.S.", "LOC")),
        ("by Peter Okonjo, Jr. today", "Peter Okonjo, Jr.", "PER", ("Peter Okonjo, Jr.", "PER")),
        ("(Peru)", "(Peru)", "LOC", ("Peru", "LOC")),
        ("in the U.A.E. According to", "U.A.E", "LOC", ("U.A.E.", "LOC")),
        ("the Shi'a vote", "Shi", "MISC", ("Shi'a", "MISC")),
        ("the Shi,a vote", "Shi", "MISC", ("Shi,a", "MISC")),
        ("at Washington, DC, today", "Washington", "LOC", ("Washington, DC", "LOC")),
        ("under UNSCRs 1718, 1737, and 1747, to", "UNSCRs 1718", "MISC", ("UNSCRs 1718, 1737, and 1747", "MISC")),
        ("the Lima airport", "Lima airport", "LOC", ("Lima", "LOC")),
        ("the Andean trade talks", "Andean trade talks", "MISC", ("Andean", "MISC")),
        ("the Chaco war", "Chaco war", "MISC", ("Chaco war", "MISC")),
        ("told USAID EconOff that", "USAID EconOff", "ORG", ("USAID", "ORG")),
    ],
)
def test_a_mention_ends_where_the_name_ends(text: str, name: str, kind: MentionType, whole: tuple[str, str]) -> None:
    assert shown(text, bounds(text, [at(text, name, kind)])) == [whole]


def test_two_halves_of_a_hyphened_pair_become_one() -> None:
    text = "a U.S.-Peru accord"
    assert shown(text, bounds(text, [at(text, "U.S."), at(text, "Peru")])) == [("U.S.-Peru", "MISC")]


def test_a_mention_of_punctuation_alone_is_dropped() -> None:
    assert bounds("Peru -- Lima", [at("Peru -- Lima", "--")]) == []


@pytest.mark.parametrize("name", ["S", "C", "S/NF", "S//NF", "SBU", "C/REL NATO"])
def test_a_portion_mark_is_never_a_name(name: str) -> None:
    text = f"({name}) Peru agreed."
    assert never(text, at(text, name, "ORG"))


@pytest.mark.parametrize("name", ["xxxxxxxxxxxx", "XXXXXXXXXXXX", "E.O. 12958", "DECL", "NOFORN", "1984", "reftel"])
def test_redactions_orders_and_captions_are_never_names(name: str) -> None:
    text = f"see {name} there"
    assert never(text, at(text, name, "ORG"))


@pytest.mark.parametrize("name", ["DCM", "Poloffs", "EconOff", "PolCouns", "Pol-Mil", "PM", "UNSYG"])
def test_a_title_of_the_staff_is_never_a_name(name: str) -> None:
    text = f"the {name} said"
    assert never(text, at(text, name, "ORG"))


@pytest.mark.parametrize("name", ["Post", "Embassy", "MINISTRY", "Task Force", "NGOs", "IED"])
def test_a_common_noun_in_capitals_is_never_a_name(name: str) -> None:
    text = f"the {name} said"
    assert never(text, at(text, name, "ORG"))


@pytest.mark.parametrize("name", ["FONOFF", "Embassy Lima", "Congress", "Coffee Board"])
def test_an_organisation_that_looks_like_a_title_is_a_name(name: str) -> None:
    text = f"the {name} said"
    assert not never(text, at(text, name, "ORG"))


def test_a_mention_in_small_letters_is_dropped_where_names_have_capitals() -> None:
    texts = ["Okonjo spoke coyly of Peru."]
    assert capitalised(texts, [[at(texts[0], "coyly", "PER")]]) == [[]]


def test_a_name_in_small_letters_stays_in_a_text_of_small_letters() -> None:
    texts = ["okonjo went to peru and said nothing of it."]
    spans = [[at(texts[0], "okonjo", "PER"), at(texts[0], "peru")]]
    assert capitalised(texts, spans) == spans


def test_a_name_in_small_letters_stays_where_the_cable_has_it_with_a_capital() -> None:
    texts = ["Peru agreed, and peru signed. THE END"]
    spans = [[at(texts[0], "Peru"), at(texts[0], "peru")]]
    assert capitalised(texts, spans) == spans


def test_a_slashed_pair_is_parted_where_both_are_named_alone() -> None:
    texts = ["NU and ALF met.", "NU/ALF talks", "CDR/CSR talks"]
    spans = [[at(texts[0], "NU"), at(texts[0], "ALF")], [at(texts[1], "NU/ALF")], [at(texts[2], "CDR/CSR")]]
    answer = part(texts, spans)
    assert shown(texts[1], answer[1]) == [("NU", "LOC"), ("ALF", "LOC")]
    assert answer[2] == spans[2]


def test_two_names_side_by_side_are_parted_where_the_network_is_unsure() -> None:
    texts = ["NU and Peru met.", "the NU Peru desk", "the NU Peru desk"]
    spans = [
        [at(texts[0], "NU", "ORG"), at(texts[0], "Peru")],
        [at(texts[1], "NU Peru", "ORG", 0.4)],
        [at(texts[2], "NU Peru", "ORG", 0.8)],
    ]
    answer = part(texts, spans)
    assert shown(texts[1], answer[1]) == [("NU", "ORG"), ("Peru", "ORG")]
    assert answer[2] == spans[2]


def test_a_given_name_or_an_initial_is_one_name_with_what_follows() -> None:
    text = "Winifred Aldous and H. Karimi met Peter, Aldous and Mullah Karimi."
    spans = [
        *(at(text, name, "PER") for name in ("Winifred", "Aldous", "H.", "Karimi", "Peter")),
        Span(text.rindex("Aldous"), text.rindex("Aldous") + 6, "PER", 0.9),
        at(text, "Mullah", "PER"),
        Span(text.rindex("Karimi"), text.rindex("Karimi") + 6, "PER", 0.9),
    ]
    names = [name for name, _ in shown(text, in_full(text, spans))]
    assert names == ["Winifred Aldous", "H. Karimi", "Peter", "Aldous", "Mullah", "Karimi"]


def test_the_mission_to_the_un_is_one_name() -> None:
    text = "US UN STRONGLY FEELS THAT THE UN SHOULD ASK THE US"
    spans = [at(text, "US"), at(text, "UN", "ORG"), Span(30, 32, "ORG", 0.9), Span(48, 50, "LOC", 0.9)]
    assert shown(text, apply([text], [spans])[0]) == [("US UN", "ORG"), ("UN", "ORG"), ("US", "LOC")]


def test_a_demonym_with_its_government_is_one_organisation() -> None:
    text = "the Peruvian Government agreed"
    assert shown(text, bounds(text, [at(text, "Peruvian", "MISC")])) == [("Peruvian Government", "ORG")]


def test_a_seat_of_government_is_a_place() -> None:
    text = "the Kremlin agreed"
    assert agree([text], [[at(text, "Kremlin", "ORG")]])[0][0].type == "LOC"


@pytest.mark.parametrize("name", ["GOI", "GoI", "GOSL", "USG"])
def test_the_short_name_of_a_government_is_an_organisation(name: str) -> None:
    text = f"the {name} agreed"
    assert agree([text], [[at(text, name, "LOC")]])[0][0].type == "ORG"


def test_the_countries_of_a_portion_mark_are_no_names() -> None:
    text = "(S//REL CHINA, PERU) Posts in Peru should ask."
    spans = [at(text, "CHINA"), at(text, "PERU"), at(text, "Peru")]
    assert shown(text, outside(text, spans)) == [("Peru", "LOC")]


def test_a_bracketed_acronym_is_a_name() -> None:
    text = "the Nile Union (NU) met"
    assert not never(text, at(text, "NU", "ORG"))


def test_the_cable_s_majority_decides_the_type() -> None:
    texts = ["Tavira sells jets.", "Tavira hopes so.", "In Tavira's view"]
    kinds: tuple[MentionType, ...] = ("ORG", "ORG", "LOC")
    spans = [[at(t, "Tavira", kind)] for t, kind in zip(texts, kinds, strict=True)]
    assert {s.type for own in agree(texts, spans) for s in own} == {"ORG"}


def test_a_full_name_votes_for_the_last_name() -> None:
    texts = ["Antonio Tavira spoke.", "Tavira left."]
    spans = [[at(texts[0], "Antonio Tavira", "PER")], [at(texts[1], "Tavira", "LOC", 0.5)]]
    assert agree(texts, spans)[1][0].type == "PER"


def test_an_even_split_leaves_the_types_alone() -> None:
    texts = ["Georgia voted.", "Georgia spoke."]
    spans = [[at(texts[0], "Georgia", "LOC")], [at(texts[1], "Georgia", "PER")]]
    assert agree(texts, spans) == spans


def test_a_sure_name_is_tagged_wherever_it_stands_again() -> None:
    texts = ["Tavira sells jets.", "A firm (Tavira) said Tavirans differ from Tavira-1."]
    answer = repeat(texts, [[at(texts[0], "Tavira", "ORG")], []])
    assert shown(texts[1], answer[1]) == [("Tavira", "ORG")]


def test_a_name_mostly_left_out_stays_left_out() -> None:
    texts = ["Post agrees.", "Post thinks so; Post will ask; Post reports."]
    assert repeat(texts, [[at(texts[0], "Post", "ORG")], []])[1] == []


def test_an_unsure_name_is_not_repeated() -> None:
    texts = ["Tavira sells jets.", "Tavira said so."]
    assert repeat(texts, [[at(texts[0], "Tavira", "ORG", 0.5)], []])[1] == []


def test_a_name_is_not_repeated_into_a_portion_mark() -> None:
    texts = ["CHINA AND PERU TALK", "(S//REL CHINA) Go."]
    assert repeat(texts, [[at(texts[0], "CHINA")], []])[1] == []


def test_a_repeated_name_never_overlaps_a_longer_mention() -> None:
    texts = ["Tavira spoke.", "Bank of Tavira said so."]
    spans = [[at(texts[0], "Tavira")], [at(texts[1], "Bank of Tavira", "ORG")]]
    assert repeat(texts, spans) == spans


def test_a_country_and_its_people_are_known_for_what_they_are() -> None:
    text = "Tashkent met a Tajik in Uzbekistan."
    spans = [at(text, "Tashkent", "PER"), at(text, "Tajik", "PER"), at(text, "Uzbekistan", "ORG")]
    assert [s.type for s in known([text], [spans])[0]] == ["LOC", "MISC", "LOC"]


def test_a_person_who_bears_the_name_of_a_country_stays_one() -> None:
    text = "Ada Jordan called. Jordan was calm."
    spans = [at(text, "Ada Jordan", "PER"), Span(19, 25, "PER", 0.9)]
    assert known([text], [spans])[0] == spans


def test_no_mentions_give_no_mentions() -> None:
    assert apply(["Nothing."], [[]]) == [[]]
    assert apply([], []) == []
