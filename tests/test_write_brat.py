"""brat standoff."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Cable, Entity, Mention, MentionType, Span, Unit
from reftel.write import to_brat, to_brat_text, write

CABLE = Cable(
    units=(Unit("subject", "VISIT BY ODA"), Unit("summary", "Oda left Malawi\nLake.", 1)),
    mentions=(
        Mention(1, 9, 20, "LOC", "Malawi\nLake"),
        Mention(0, 9, 12, "PER", "ODA", "e1"),
        Mention(1, 0, 3, "PER", "Oda", "e1"),
    ),
    entities=(Entity("e1", "PER", "Kenji\nOda"),),
    protected=(Span(1, 0, 3),),
)


def loaded(cable: Cable) -> list[tuple[str, str]]:
    """What an .ann says of its .txt: type and text of each mention, its text checked against its offsets."""
    text = to_brat_text(cable, masked=False)
    found: list[tuple[str, str]] = []
    for line in to_brat(cable, masked=False).split("\n")[:-1]:
        name, data, covered = line.split("\t")
        kind, _, pairs = data.partition(" ")
        spans = [tuple(map(int, pair.split(" "))) for pair in pairs.split(";")]
        assert name == f"T{len(found) + 1}"
        assert " ".join(text[start:end] for start, end in spans) == covered
        found.append((kind, covered))
    return found


def test_units_stand_a_blank_line_apart() -> None:
    assert to_brat_text(CABLE, masked=False) == "VISIT BY ODA\n\nOda left Malawi\nLake.\n"


def test_mentions_are_numbered_by_place_and_a_line_feed_parts_them() -> None:
    assert to_brat(CABLE, masked=False) == (
        "T1\tPER 9 12\tODA\nT2\tPER 14 17\tOda\nT3\tLOC 23 29;30 34\tMalawi Lake\n"
        "N1\tReference T1 entity:e1\tKenji Oda\nN2\tReference T2 entity:e1\tKenji Oda\n"
        "A1\tProtected T2\n"
    )


def test_masked_names_keep_their_places() -> None:
    assert "T2\tPER 14 17\t███\n" in to_brat(CABLE)
    assert to_brat_text(CABLE)[14:17] == "███"


def test_an_entity_that_the_cable_does_not_list_is_not_referred_to() -> None:
    cable = Cable(units=(Unit("body", "Oda"),), mentions=(Mention(0, 0, 3, "PER", "Oda", "e9"),))
    assert to_brat(cable) == "T1\tPER 0 3\tOda\n"


def test_a_mention_is_protected_where_it_meets_a_protected_span() -> None:
    cable = Cable(
        units=(Unit("body", "Kenji Oda, Tina Berg, Lind"),),
        mentions=(Mention(0, 0, 9, "PER", ""), Mention(0, 11, 20, "PER", ""), Mention(0, 22, 26, "PER", "")),
        protected=(Span(0, 20, 22), Span(0, 6, 7), Span(0, 0, 11), Span(0, 25, 26)),
    )
    assert re.findall(r"Protected (T\d)", to_brat(cable)) == ["T1", "T3"]


def test_of_two_overlapping_mentions_the_longer_is_written() -> None:
    mentions = (Mention(0, 0, 5, "LOC", "Lodge"), Mention(0, 0, 12, "ORG", "Lodge of Oda"))
    assert loaded(Cable(units=(Unit("body", "Lodge of Oda"),), mentions=mentions)) == [("ORG", "Lodge of Oda")]


def test_a_cable_without_mentions_has_an_empty_file() -> None:
    assert write(Cable(units=(Unit("body", "He left."),)), "brat") == ""


def test_other_breaks_and_tabs_are_blanks_and_control_characters_are_replaced() -> None:
    cable = Cable(units=(Unit("body", "a\tb\rc\u2028d\x0be\x00f\ud83dg"),))
    assert to_brat_text(cable) == "a b c d e\ufffdf\ufffdg\n"


@given(st.lists(st.tuples(st.text("aé \n\t\r\x00\u2028\ud83d😀", max_size=12), st.sampled_from(["PER", "MISC"]))))
def test_every_line_can_be_loaded_with_its_text(parts: list[tuple[str, MentionType]]) -> None:
    units = tuple(Unit("body", text) for text, _ in parts)
    mentions = tuple(Mention(index, 0, len(text), kind, text) for index, (text, kind) in enumerate(parts))
    shown = loaded(Cable(units=units, mentions=mentions))
    assert [kind for kind, _ in shown] == [kind for text, kind in parts if text.strip()]
    assert all(not covered or covered.isprintable() or "\ufffd" in covered for _, covered in shown)
