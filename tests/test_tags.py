"""The TAGS line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Repair, Tag
from reftel.parse.tags import TagsLine, parse_tags


def codes(value: str) -> list[str]:
    return [tag.code for tag in parse_tags(value).tags]


@pytest.mark.parametrize(
    "value", ["PREL, PGOV, IZ", "PREL PGOV IZ", "PREL PGOV,IZ", "PREL; PGOV; IZ.", "prel, pgov\niz", " PREL/PGOV IZ \n"]
)
def test_codes_stand_between_commas_blanks_or_both(value: str) -> None:
    assert parse_tags(value) == TagsLine(
        (
            Tag("PREL", "subject", "External Political Relations"),
            Tag("PGOV", "subject", "Internal Governmental Affairs"),
            Tag("IZ", "geography", "Iraq"),
        )
    )


def test_a_doubled_code_counts_once_in_the_place_of_the_first() -> None:
    assert codes("PREL PGOV VT PGOV PREL VT VE") == ["PREL", "PGOV", "VT", "VE"]


@pytest.mark.parametrize("value", ["N/A", " n/a ", "NONE", "", "\n \n", ".", ",,;"])
def test_an_empty_line_has_no_tags(value: str) -> None:
    assert parse_tags(value) == TagsLine()


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("KFRDKIRFCVISCMGTKOCIASECPHUMSMIGEG", "KFRD KIRF CVIS CMGT KOCI ASEC PHUM SMIG EG"),
        ("ETRDEINVECINPGOVCS", "ETRD EINV ECIN PGOV CS"),
        ("PHUMBA", "PHUM BA"),
        ("ITPHUM", "IT PHUM"),
    ],
)
def test_glued_codes_are_split_where_no_letter_is_left_over(glued: str, parts: str) -> None:
    line = parse_tags(glued)
    assert [tag.code for tag in line.tags] == parts.split()
    assert line.repairs == (Repair("tag", None, None, glued, parts),)


@pytest.mark.parametrize("word", ["PHUMBAX", "SOCIAL", "POLITICAL", "COUNTERTERRORISM"])
def test_a_word_with_letters_left_over_is_not_split(word: str) -> None:
    assert parse_tags(word).tags == (Tag(word, "unknown"),)


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("POGOV", "PGOV"),
        ("MOPPS", "MOPS"),
        ("KNPP", "KNNP"),
        ("AGMT", "AMGT"),
        ("PECON", "ECON"),
        ("PGOF", "PGOV"),
        ("UNDESCO", "UNESCO"),
    ],
)
def test_a_code_with_one_slip_is_mended_and_the_repair_recorded(garbled: str, meant: str) -> None:
    line = parse_tags(f"ASEC, {garbled}")
    assert [tag.code for tag in line.tags] == ["ASEC", meant]
    assert line.repairs == (Repair("tag", None, None, garbled, meant),)


@pytest.mark.parametrize("garbled", ["ETRA", "PINL", "KDEV", "FINR", "TIP", "QZXW"])
def test_a_code_that_could_be_two_others_or_none_stays_as_written(garbled: str) -> None:
    assert parse_tags(garbled) == TagsLine((Tag(garbled, "unknown"),))


def test_another_list_s_country_letters_become_the_department_s() -> None:
    line = parse_tags("PREL RU JP")
    assert [tag.name for tag in line.tags] == ["External Political Relations", "Russia", "Japan"]
    assert line.repairs == (Repair("tag", None, None, "RU", "RS"), Repair("tag", None, None, "JP", "JA"))


def test_a_code_broken_by_a_blank_is_put_together() -> None:
    line = parse_tags("P REL, PGOV")
    assert [tag.code for tag in line.tags] == ["PREL", "PGOV"]
    assert line.repairs == (Repair("tag", None, None, "P REL", "PREL"),)


@pytest.mark.parametrize(
    ("value", "person"),
    [
        ("OVIP (MORROW, ALICE B.), PREL", Tag("MORROW, ALICE B.", "person", "Alice B. Morrow")),
        ("ovip (morrow,\nalice b.), prel", Tag("MORROW, ALICE B.", "person", "Alice B. Morrow")),
        ("OVIP MORROW ALICE PREL", Tag("MORROW ALICE", "person", "Alice Morrow")),
        ("OVIP, MORROW, ALICE B., PREL", Tag("MORROW, ALICE B.", "person", "Alice B. Morrow")),
        ("OVIP (MORROW, ALICE, PREL", Tag("MORROW, ALICE", "person", "Alice Morrow")),
        ("OVIP (MORROW), PREL", Tag("MORROW", "person", "Morrow")),
        (
            "OVIP (O'MORROW, SEAN MCPARTLAND, JR.) PREL",
            Tag("O'MORROW, SEAN MCPARTLAND, JR.", "person", "Sean McPartland O'Morrow Jr."),
        ),
    ],
)
def test_a_traveller_is_named_after_the_code_for_the_visit(value: str, person: Tag) -> None:
    assert parse_tags(value).tags == (
        Tag("OVIP", "subject", "Visits and Travel of Prominent Individuals and Leaders"),
        person,
        Tag("PREL", "subject", "External Political Relations"),
    )


def test_several_travellers_share_one_bracket_or_have_one_each() -> None:
    people = ["MORROW, ALICE", "QUILL, PETER"]
    assert codes("OREP (MORROW, ALICE; QUILL, PETER), UR") == ["OREP", *people, "UR"]
    assert codes("OREP (MORROW, ALICE) (QUILL, PETER), UR") == ["OREP", *people, "UR"]


def test_in_the_1970s_a_name_in_brackets_followed_any_code() -> None:
    assert parse_tags("PFOR, UR, US (MORROW, ALICE B)").tags[-1] == Tag("MORROW, ALICE B", "person", "Alice B Morrow")


def test_a_redacted_traveller_gets_no_name() -> None:
    assert parse_tags("OVIP (XXXXXXXXXXXX)").tags[-1] == Tag("XXXXXXXXXXXX", "person", None)


def test_codes_in_brackets_are_codes_and_a_portion_mark_is_none() -> None:
    assert codes("(U) KNNP (NPT, IAEA), PARM") == ["KNNP", "NPT", "IAEA", "PARM"]


@pytest.mark.parametrize(
    ("value", "phrases"),
    [
        ("PHUM, HUMAN RIGHTS, IZ", ["HUMAN RIGHTS"]),
        ("PTER YM COUNTER TERRORISM", ["COUNTER TERRORISM"]),
        ("TIP IN TURKEY", ["TIP IN TURKEY"]),
        ("IS, GOI EXTERNAL", ["GOI EXTERNAL"]),
        ("ECON PGOV ECONOMY AND FINANCE", ["ECONOMY AND FINANCE"]),
    ],
)
def test_a_phrase_is_one_tag_of_unknown_kind(value: str, phrases: list[str]) -> None:
    assert [tag for tag in parse_tags(value).tags if tag.kind == "unknown"] == [
        Tag(phrase, "unknown") for phrase in phrases
    ]


def test_a_distribution_caption_among_the_tags_is_dropped_and_recorded() -> None:
    line = parse_tags("ECON CA MX SIPDIS")
    assert [tag.code for tag in line.tags] == ["ECON", "CA", "MX"]
    assert line.repairs == (Repair("caption", None, None, "SIPDIS", ""),)


@pytest.mark.parametrize(
    "page_line",
    [
        "\nBAKU 00000478 001.2 OF 003\n",
        "      SECRET       PAGE 02        LIMA  02475   ",
        "\nPAGE 02 LA PAZ 03608 01 OF 02 231530Z\n",
    ],
)
def test_a_page_line_within_the_tags_is_dropped_and_recorded(page_line: str) -> None:
    line = parse_tags(f"PINR, PE{page_line}PREL")
    assert [tag.code for tag in line.tags] == ["PINR", "PE", "PREL"]
    assert line.repairs == (Repair("page-line", None, None, page_line.strip(), ""),)


def test_the_next_label_ends_the_tags() -> None:
    assert codes("PREL, IZ SUBJECT: PGOV AND ECON") == ["PREL", "IZ"]


@pytest.mark.parametrize(
    "value", ["A" * 10_000_000, "PREL " * 1_000_000, "(" * 1_000_000, "PHUM" * 1_000_000, "A. " * 100_000]
)
def test_a_hostile_line_is_read_in_no_time(value: str) -> None:
    assert len(parse_tags(value).tags) <= 1


@given(st.text(alphabet="ABCKEPRIZOV (),;./'-\n0x", max_size=200) | st.text())
def test_no_text_makes_it_raise_or_name_a_code_twice(text: str) -> None:
    found = codes(text)
    assert len(found) == len(set(found))
